"""The journal: what a sync set out to do, written before it begins, gone when it is done.

``refs/nbpull/pending`` keeps upstream's objects; the file beside it says what was to be done
with them. A sync that finds a journal first completes what it tells.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from nbpull_sync.operations import Operation
from nbpull_sync.workspace import PENDING, Memory, Workspace, write_whole

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """What a sync set out to do.

    Attributes:
        base: The commit that the workspace was synced to, None where it had no base.
        upstream: The commit that it is being synced to.
        memory: What the workspace is to remember of upstream.
        operations: What is done to the workspace, in this order.
        files: What is reported of each path.
        restore_point: The restore point that was written for it.
    """

    base: str | None
    upstream: str
    memory: Memory
    operations: tuple[Operation, ...]
    files: tuple[dict[str, Any], ...] = ()
    restore_point: str | None = None


def journal_file(workspace: Workspace) -> Path:
    """Give the place of the journal."""
    return workspace.desk / "pending.json"


def write(workspace: Workspace, journal: Journal) -> None:
    """Write the journal; from now on a kill is followed up by the next sync."""
    workspace.set_ref(PENDING, journal.upstream)
    told = {
        "base": journal.base,
        "upstream": journal.upstream,
        "memory": asdict(journal.memory),
        "operations": [operation.to_list() for operation in journal.operations],
        "files": journal.files,
        "restore_point": journal.restore_point,
    }
    write_whole(journal_file(workspace), json.dumps(told).encode())


def read(workspace: Workspace) -> Journal | None:
    """Give the journal of a sync that did not end, None where the last one did."""
    try:
        data = json.loads(journal_file(workspace).read_bytes())
        return Journal(
            base=data["base"],
            upstream=data["upstream"],
            memory=Memory(**data["memory"]),
            operations=tuple(map(Operation.from_list, data["operations"])),
            files=tuple(data["files"]),
            restore_point=data["restore_point"],
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None


def close(workspace: Workspace) -> None:
    """End the journal: what it told is done."""
    journal_file(workspace).unlink(missing_ok=True)
