"""What is done to the workspace, one file at a time, each so that a kill leaves it done or not.

Everything that will be written lies ready in the stage, and whatever goes is moved to the trash
first, both inside the repository and on the same file system. So each operation is one rename,
and after a kill the stage and the trash tell which ones were done.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from nbpull_sync.model import Stamp

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

Verb = Literal["aside", "remove", "write", "submodule"]
Seen = Literal["done", "changed"]

_TELL_AFTER = 25  # operations; to tell of each would cost more than some of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One change of the workspace.

    Attributes:
        verb: What is done.
        path: The path that it is done to.
        stamp: What stood there when it was inspected, None where nothing did.
        ready: The name of its file in the stage (write) or in the trash (remove); where the
            learner's thing goes to (aside).
        owner: The path of upstream's that it is done for, where that is another one.
    """

    verb: Verb
    path: str
    stamp: Stamp | None
    ready: str
    owner: str

    def to_list(self) -> list[Any]:
        """Give the operation for the journal, which may hold thousands."""
        stamp = self.stamp.to_list() if self.stamp is not None else None
        return [self.verb, self.path, stamp, self.ready, self.owner]

    @classmethod
    def from_list(cls, data: list[Any]) -> Operation:
        """Read the operation from the journal."""
        verb, path, seen, ready, owner = data
        stamp = Stamp(*seen) if seen is not None else None
        return cls(verb=verb, path=path, stamp=stamp, ready=ready, owner=owner)


def carrying(
    directory: Path, desk: Path, operations: Iterable[Operation]
) -> Generator[int, None, set[str]]:
    """Carry operations out, giving now and then how many are done.

    Returns:
        The owners of those for which something had changed.
    """
    changed: set[str] = set()
    hands = Hands(directory, desk / "stage", desk / "trash")
    try:
        for number, operation in enumerate(operations, start=1):
            if operation.owner not in changed and hands.do(operation) == "changed":
                changed.add(operation.owner)
            if number % _TELL_AFTER == 0:
                yield number
    finally:
        hands.close()
    return changed


def carry_out(directory: Path, desk: Path, operations: Iterable[Operation]) -> set[str]:
    """Carry operations out, telling nobody."""
    going = carrying(directory, desk, operations)
    try:
        while True:
            next(going)
    except StopIteration as end:
        return cast("set[str]", end.value)


class Hands:
    """Carries operations out in one workspace, never through a link and never over a change.

    Directories are opened one by one, none of them a link, and files are named relative to
    them: what the learner or a program puts in our way meanwhile cannot lead us elsewhere.
    """

    def __init__(self, directory: Path, stage: Path, trash: Path) -> None:
        self._stage = os.fspath(stage)
        self._trash = os.fspath(trash)
        self._root = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._open: tuple[str, int] = ("", self._root)

    def close(self) -> None:
        """Close what is open."""
        self._forget()
        os.close(self._root)

    def do(self, operation: Operation) -> Seen:
        """Carry one operation out, or see that what it is for has changed.

        One that was carried out before is seen to be done.
        """
        match operation.verb:
            case "write":
                return self._write(operation)
            case "remove":
                return self._remove(operation)
            case "aside":
                return self._aside(operation)
            case "submodule":
                return self._submodule(operation)

    def _write(self, operation: Operation) -> Seen:
        ready = f"{self._stage}/{operation.ready}"
        if not os.path.lexists(ready):
            return "done"
        folder, name = self._parent(operation.path, make=True)
        if folder is None:
            return "changed"
        if operation.stamp is None:
            return self._place(ready, folder, name)
        if _stamp(name, folder) != operation.stamp:
            return "changed"
        os.replace(ready, name, dst_dir_fd=folder)
        return "done"

    def _place(self, ready: str, folder: int, name: str) -> Seen:
        """Put a file where none is; a link never replaces one that appeared meanwhile."""
        try:
            os.link(ready, name, dst_dir_fd=folder, follow_symlinks=False)
        except FileExistsError:
            if not _same(ready, name, folder):
                return "changed"
        except OSError:  # a file system without hard links
            if _stamp(name, folder) is not None:
                return "changed"
            os.replace(ready, name, dst_dir_fd=folder)
            return "done"
        Path(ready).unlink()
        return "done"

    def _remove(self, operation: Operation) -> Seen:
        bin_ = f"{self._trash}/{operation.ready}"
        if os.path.lexists(bin_):
            return "done"
        folder, name = self._parent(operation.path, make=False)
        if folder is None:
            return "done"
        here = _stamp(name, folder)
        if here is None:
            return "done"
        if operation.stamp is not None and stat.S_ISDIR(operation.stamp.kind):
            # Its stamp changes as it is emptied; with anything left in it, it stays.
            with suppress(OSError):
                os.rmdir(name, dir_fd=folder)
            return "done"
        if here != operation.stamp:
            return "changed"
        os.replace(name, bin_, src_dir_fd=folder)
        self._prune(operation.path)
        return "done"

    def _aside(self, operation: Operation) -> Seen:
        assert operation.stamp is not None
        folder, name = self._parent(operation.path, make=False)
        if folder is None:
            return "changed"
        other = operation.ready.rpartition("/")[2]
        moved = _stamp(other, folder)
        if moved is not None:
            return "done" if moved.inode == operation.stamp.inode else "changed"
        here = _stamp(name, folder)
        if here is None or here.inode != operation.stamp.inode:
            return "changed"
        os.rename(name, other, src_dir_fd=folder, dst_dir_fd=folder)
        self._forget()
        return "done"

    def _submodule(self, operation: Operation) -> Seen:
        folder, name = self._parent(operation.path, make=True)
        if folder is None:
            return "changed"
        with suppress(FileExistsError):
            os.mkdir(name, dir_fd=folder)
        return "done"

    def _parent(self, path: str, *, make: bool) -> tuple[int | None, str]:
        """Open the directory that holds a path; None where there is none, or a link or file."""
        above, _, name = path.rpartition("/")
        if self._open[0] == above and self._open[1] >= 0:
            return self._open[1], name
        self._forget()
        folder = self._root
        for part in above.split("/") if above else ():
            following = _step(folder, part, make=make)
            if folder != self._root:
                os.close(folder)
            if following is None:
                return None, name
            folder = following
        self._open = (above, folder)
        return folder, name

    def _forget(self) -> None:
        if self._open[1] not in {-1, self._root}:
            os.close(self._open[1])
        self._open = ("", self._root)

    def _prune(self, path: str) -> None:
        """Remove the directories above a path that went, as far as nothing else is in them."""
        self._forget()
        while path := path.rpartition("/")[0]:
            folder, name = self._parent(path, make=False)
            if folder is None:
                return
            try:
                os.rmdir(name, dir_fd=folder)
            except OSError:
                return
            self._forget()


def _step(folder: int, part: str, *, make: bool) -> int | None:
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    with suppress(FileNotFoundError):
        return _enter(folder, part, flags)
    if not make:
        return None
    with suppress(FileExistsError):
        os.mkdir(part, dir_fd=folder)
    return _enter(folder, part, flags)


def _enter(folder: int, part: str, flags: int) -> int | None:
    try:
        return os.open(part, flags, dir_fd=folder)
    except OSError as error:
        if error.errno in {errno.ENOTDIR, errno.ELOOP}:
            return None
        raise


def _stamp(name: str, folder: int) -> Stamp | None:
    try:
        return Stamp.of(os.stat(name, dir_fd=folder, follow_symlinks=False))
    except FileNotFoundError:
        return None


def _same(ready: str, name: str, folder: int) -> bool:
    here = os.stat(name, dir_fd=folder, follow_symlinks=False)
    return os.path.samestat(here, os.lstat(ready))
