"""The values that the steps of a sync hand to each other."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import Literal

FILE, EXECUTABLE, SYMLINK, SUBMODULE = "100644", "100755", "120000", "160000"


@dataclass(frozen=True, slots=True)
class Entry:
    """One path of a tree: its mode as git writes it, and the id of its content."""

    mode: str
    oid: str

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file, executable or not."""
        return self.mode in {FILE, EXECUTABLE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What upstream did to one path between base and theirs.

    Attributes:
        path: The path in theirs; for a deletion the path in base.
        base: What base has, None where upstream added the path.
        theirs: What theirs has, None where upstream deleted the path.
        moved_from: The path in base, where upstream moved it.
    """

    path: str
    base: Entry | None
    theirs: Entry | None
    moved_from: str | None = None


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the file system says of a file: enough to see that it is still the one we looked at."""

    kind: int
    size: int
    modified: int
    changed: int
    inode: int
    mode: int

    @classmethod
    def of(cls, found: os.stat_result) -> Stamp:
        """Take the stamp of what `os.lstat` gave."""
        return cls(
            stat.S_IFMT(found.st_mode),
            found.st_size,
            found.st_mtime_ns,
            found.st_ctime_ns,
            found.st_ino,
            stat.S_IMODE(found.st_mode),
        )

    def to_list(self) -> list[int]:
        """Give the fields in their order."""
        return [self.kind, self.size, self.modified, self.changed, self.inode, self.mode]


Kind = Literal["absent", "file", "symlink", "directory", "special"]


@dataclass(frozen=True, slots=True)
class Found:
    """What stands at one path of the workspace.

    Attributes:
        kind: What it is.
        stamp: Its stamp when it was inspected, None where nothing is there.
        entry: What git would call it; None for what no tree holds (a directory, a pipe) or
            where its content was not needed.
        blocked_by: The parent that is no directory (a file, a link), None where all are.
        contents: What a directory holds, as paths of the workspace.
    """

    kind: Kind
    stamp: Stamp | None = None
    entry: Entry | None = None
    blocked_by: str | None = None
    contents: tuple[str, ...] = ()


ABSENT = Found("absent")


def shown(path: str) -> str:
    """Give a path for people and JSON: its bytes as UTF-8, what is none of it escaped."""
    return os.fsencode(path).decode(errors="backslashreplace")
