"""Foreseeable trouble with git and the file system, in words for a person."""

from __future__ import annotations

import errno
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nbpull_links.redaction import redact
from nbpull_sync.errors import SyncError
from nbpull_sync.git import GitError, GitMissingError

if TYPE_CHECKING:
    from collections.abc import Iterator

_FULL = {errno.ENOSPC, errno.EDQUOT}
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}
_FULL_WORDS = ("No space left on device", "Disk quota exceeded", "unable to write")
_DENIED_WORDS = ("Permission denied", "Read-only file system", "insufficient permission")
_LOCKED_WORDS = (".lock': File exists",)
_HOSTILE_WORDS = ("error: invalid path",)


@contextmanager
def telling() -> Iterator[None]:
    """Turn what git and the file system refuse into errors for a person.

    Raises:
        SyncError: In place of a `GitError` or an `OSError` of the block.
    """
    try:
        yield
    except GitError as error:
        raise of_git(error) from error
    except OSError as error:
        raise of_file_system(error) from error


def of_git(error: GitError) -> SyncError:
    """Give the error for a git command that failed where it should not."""
    said = error.stderr.strip()
    if isinstance(error, GitMissingError):
        return SyncError(
            "git-missing",
            "Git is not installed on this server.",
            who="admin",
            hint="Install git 2.34 or newer.",
        )
    if error.status == -signal.SIGXFSZ:  # ended by a limit on the size of files
        return disk_full()
    for words, make in (
        (_FULL_WORDS, disk_full),
        (_DENIED_WORDS, lambda: not_writable(said.splitlines()[-1])),
        (_LOCKED_WORDS, lambda: locked(said.splitlines()[0])),
        (_HOSTILE_WORDS, lambda: hostile(said.splitlines()[-1])),
    ):
        if any(word in said for word in words):
            return make()
    return SyncError(
        "git-failed",
        f"Git could not do its part ({error.command}): {_last(said)}",
        who="admin",
        hint="Sync again; if it stays so, show this to whoever runs the hub.",
        status=error.status,
    )


def of_file_system(error: OSError) -> SyncError:
    """Give the error for what the file system refused."""
    what = redact(f"{error.strerror or error}: {error.filename or ''}").rstrip(": ")
    if error.errno in _FULL:
        return disk_full()
    if error.errno in _DENIED:
        return not_writable(what)
    return SyncError(
        "file-system",
        f"The file system refused: {what}.",
        who="admin",
        hint="Sync again; if it stays so, show this to whoever runs the hub.",
    )


def disk_full() -> SyncError:
    """Give the error for a disk without room; the code is that of a full disk in a transfer."""
    return SyncError(
        "disk-full",
        "There is no room left on the disk for the content.",
        who="you",
        hint="Delete what you no longer need (and empty the trash), then try again.",
    )


def not_writable(what: str) -> SyncError:
    """Give the error for a place that we may not write to."""
    return SyncError(
        "not-writable",
        f"The workspace cannot be written: {what}.",
        who="you",
        hint="Give yourself permission to write there (chmod -R u+w), or ask the hub's "
        "administrator, then sync again.",
    )


def locked(what: str) -> SyncError:
    """Give the error for a lock that a running git holds."""
    return SyncError(
        "git-is-busy",
        f"Another git is at work in this workspace: {_last(what)}",
        who="you",
        hint="Let it finish or end it, then sync again.",
    )


def hostile(what: str) -> SyncError:
    """Give the error for content that would be written where it must not be."""
    return SyncError(
        "unsafe-content",
        f"The repository holds a file name that must not be written: {_last(what)}",
        who="author",
        hint="Ask whoever gave you the link to remove that file.",
    )


def _last(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[-1][:500] if lines else "it gave no reason"
