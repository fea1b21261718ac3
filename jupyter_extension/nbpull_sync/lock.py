"""One sync of a workspace at a time: a lock that dies with the process that holds it."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from nbpull_sync.cancel import Cancel
    from nbpull_sync.events import Event

from nbpull_sync.events import Phase, Progress

_LOOK_AGAIN = 0.05  # seconds; the kernel has no wait that a cancel could end


def lock_file(directory: Path) -> Path:
    """Give the file that is locked: inside the repository, or beside a directory without one."""
    if (directory / ".git").is_dir():
        return directory / ".git" / "nbpull" / "lock"
    return _beside(directory)


def _beside(directory: Path) -> Path:
    return directory.parent / f".{directory.name}.nbpull-lock"


def hold(directory: Path, cancel: Cancel) -> Generator[Event, None, Lock]:
    """Take the lock of a workspace, waiting for another sync of it to end."""
    told = False
    while True:
        lock = Lock(lock_file(directory))
        if lock.take() and lock.path == lock_file(directory):
            _sweep(directory, lock)
            return lock
        lock.release()
        cancel.check()
        if not told:
            told = True
            yield Progress(
                phase=Phase.WAITING, message="Another sync of this workspace is still running"
            )
        time.sleep(_LOOK_AGAIN)


def _sweep(directory: Path, lock: Lock) -> None:
    """Remove the file that a clone left beside the workspace when it was killed."""
    if lock.path != _beside(directory) and _beside(directory).exists():
        other = Lock(_beside(directory))
        other.release(remove=other.take())


def wait(directory: Path, cancel: Cancel) -> Lock:
    """Take the lock of a workspace as `hold` does, telling nobody."""
    waiting = hold(directory, cancel)
    try:
        while True:
            next(waiting)
    except StopIteration as held:
        return cast("Lock", held.value)


class Lock:
    """An exclusive lock on one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Try to take the lock; give whether it is ours now."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._descriptor = descriptor
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        # The holder before us may have removed the file after we opened it.
        try:
            return os.path.samestat(os.fstat(descriptor), self.path.stat())
        except FileNotFoundError:
            return False

    def release(self, *, remove: bool = False) -> None:
        """Give the lock back; `remove` takes its file away while it is still ours."""
        if self._descriptor is None:
            return
        if remove:
            self.path.unlink(missing_ok=True)
        os.close(self._descriptor)
        self._descriptor = None


@contextmanager
def released(lock: Lock) -> Iterator[None]:
    """Give the lock back when the block ends; a file beside the workspace goes with it."""
    try:
        yield
    finally:
        lock.release(remove=lock.path.name != "lock")
