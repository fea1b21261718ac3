"""What the last sync of a workspace did, kept in it for whoever asks later."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbpull_sync.cancel import Cancel
from nbpull_sync.errors import SyncError
from nbpull_sync.workspace import Workspace, open_workspace, write_whole


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSync:
    """The last sync of a workspace that ended well.

    Attributes:
        ended: When it ended, in seconds since 1970.
        changed: When the last one ended that had something to say, None where none had.
        report: What that one said, in its JSON form.
    """

    ended: float
    changed: float | None = None
    report: dict[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give it in its JSON form."""
        return {"ended": self.ended, "changed": self.changed, "report": self.report}


def last_sync(directory: Path) -> LastSync | None:
    """Give what was kept of the last sync, None where there is nothing that can be read."""
    workspace = _open(directory)
    if workspace is None:
        return None
    with suppress(OSError, ValueError, TypeError):
        return LastSync(**json.loads(_file(workspace).read_text("utf-8")))
    return None


def keep_last(directory: Path, report: dict[str, Any]) -> None:
    """Keep what a sync reported; one that brought nothing leaves what was said before.

    It is a service to the reader and no part of the sync: where it cannot be written, it is not.
    """
    workspace = _open(directory)
    if workspace is None:
        return
    now, before = time.time(), last_sync(directory)
    if report["files"] or report["notes"] or before is None:
        last = LastSync(ended=now, changed=now, report=report)
    else:
        last = LastSync(ended=now, changed=before.changed, report=before.report)
    with suppress(OSError):
        write_whole(_file(workspace), json.dumps(last.to_dict()).encode())


def _open(directory: Path) -> Workspace | None:
    with suppress(SyncError, OSError):
        return open_workspace(Path(directory).absolute(), Cancel())
    return None


def _file(workspace: Workspace) -> Path:
    return workspace.desk / "last.json"
