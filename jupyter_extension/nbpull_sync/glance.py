"""The first comparison of the workspace with base, made while the network is waited for."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbpull_sync import desk
from nbpull_sync.git import GitError
from nbpull_sync.inspect import Differences, comparing
from nbpull_sync.workspace import BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from nbpull_sync.model import Found
    from nbpull_sync.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Seen:
    """Where the workspace differed from base at some moment of this sync.

    Attributes:
        differences: The differences.
        until: When a file was changed at the latest for them to be believed of it, in
            nanoseconds of the file system's clock; None where they are younger than any stamp.
    """

    differences: Differences
    until: int | None = None

    def is_clean(self, path: str, found: Found) -> bool:
        """Tell whether a file that was stamped still has the content of base."""
        if path in self.differences.changed or path in self.differences.gone:
            return False
        changed = found.stamp.changed if found.stamp is not None else 0
        return self.until is None or changed < self.until


class Glance:
    """A comparison with base that goes on until it is asked for."""

    def __init__(self, index: Path, until: int, result: Callable[[], Differences]) -> None:
        self._index = index
        self._until = until
        self._result = result
        self._seen: Seen | None = None

    def at(self, index: Path) -> Seen | None:
        """Give what was seen; None where base is another now, or its index cannot be read."""
        if index == self._index and self._seen is None:
            try:
                self._seen = Seen(self._result(), self._until)
            except GitError:
                return None  # the index is damaged; the long way makes it anew
        return self._seen if index == self._index else None


@contextmanager
def glancing(workspace: Workspace, base: str | None) -> Iterator[Glance | None]:
    """Begin to compare the workspace with base, where an index of it is there."""
    index = workspace.index(base)
    if base is None or not index.is_file():
        yield None
        return
    desk.prepare(workspace)
    # What was changed before the last sync ended is seen by this comparison. A time that is yet
    # to come tells nothing: the clock was set back.
    ended = max(map(_written, (index, workspace.common_dir / BASE)))
    with comparing(workspace, index) as result:
        yield Glance(index, ended if ended < time.time_ns() else 0, result)


def _written(file: Path) -> int:
    return file.stat().st_mtime_ns if file.is_file() else 0
