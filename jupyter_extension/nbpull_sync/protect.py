"""Restore points: commits that keep the workspace as it was before a sync changed it."""

from __future__ import annotations

import os
import stat
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import IO, TYPE_CHECKING, cast

from nbpull_links.redaction import redact
from nbpull_sync import refs, trees
from nbpull_sync.git import GitError
from nbpull_sync.inspect import files_under, unreadable
from nbpull_sync.model import EXECUTABLE, FILE
from nbpull_sync.workspace import RESTORE, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from nbpull_sync.inspect import Differences

_FORM = "%Y%m%dT%H%M%SZ"
_AS_ONE_PACK = {"fastimport.unpackLimit": "1"}
"""Keep the pack, which git has on the disk by then; to unpack it would take a process more."""
_BEGINNING = datetime.fromtimestamp(0, timezone.utc)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What a restore point is written for, and what it must keep beside the files of base.

    Attributes:
        why: What for, in words.
        paths: Paths that base does not have and that will be touched; of a directory, all in it.
        commits: Commits that nothing else may hold soon.
    """

    why: str
    paths: Iterable[str] = ()
    commits: Iterable[str] = ()


def write(workspace: Workspace, base: str | None, found: Differences, reason: Reason) -> str:
    """Write a restore point and give its id.

    Args:
        workspace: The workspace.
        base: The commit that the workspace was synced to.
        found: Where the workspace differs from base.
        reason: What it is for.
    """
    point = _next(workspace)
    head = workspace.ref("HEAD")
    # With base among them it can be told which files are kept as git has them, and which bytes
    # are the learner's, of which no attribute may make others.
    parents = [oid for oid in dict.fromkeys([head, base, *reason.commits]) if oid]
    git = workspace.real.having(settings=_AS_ONE_PACK)
    with git.process("fast-import", "--quiet", "--done", pipe_in=True) as process:
        pipe = cast("IO[bytes]", process.stdin)
        with suppress(BrokenPipeError):  # git says why on its standard error
            _send_head(pipe, RESTORE + point, reason.why, parents)
            if base is None:
                pipe.write(b"deleteall\n")
            elif base != head:
                tree = workspace.real.run("rev-parse", "--verify", f"{base}^{{tree}}")
                pipe.write(b'M 040000 %s ""\n' % tree.strip())
            for path in found.gone:
                pipe.write(b"D " + trees.quoted(path) + b"\n")
            for path in dict.fromkeys([*found.changed, *_files(workspace, reason.paths)]):
                _send_file(pipe, workspace.directory, path)
            pipe.write(b"done\n")
        _, err = process.communicate()
    if process.returncode != 0:
        raise GitError("fast-import", process.returncode, redact(err.decode(errors="replace")))
    return point


def _next(workspace: Workspace) -> str:
    """Give the id of a new restore point, later than every other: the order tells which is new."""
    points = refs.refs_under(workspace.common_dir, RESTORE)
    last = max(map(_written, points), default=_BEGINNING)
    return max(datetime.now(timezone.utc), last + timedelta(seconds=1)).strftime(_FORM)


def _send_head(pipe: IO[bytes], ref: str, why: str, parents: list[str]) -> None:
    words = why.encode()
    pipe.write(
        f"commit {ref}\ncommitter nbpull <nbpull@localhost> {int(time.time())} +0000\n".encode()
    )
    pipe.write(b"data %d\n%s\n" % (len(words), words))
    for word, parent in zip(["from", *["merge"] * len(parents)], parents, strict=False):
        pipe.write(f"{word} {parent}\n".encode())


def _send_file(pipe: IO[bytes], root: Path, path: str) -> None:
    """Send one file or link as it is, piece by piece; what is neither is left out."""
    place = root / path
    if place.is_symlink():
        target = os.fsencode(place.readlink())
        pipe.write(b"M 120000 inline %s\ndata %d\n%s\n" % (trees.quoted(path), len(target), target))
        return
    if not place.is_file():
        return
    try:
        with place.open("rb") as file:
            status = os.fstat(file.fileno())
            mode = EXECUTABLE if status.st_mode & stat.S_IXUSR else FILE
            head = f"M {mode} inline ".encode() + trees.quoted(path)
            pipe.write(b"%s\ndata %d\n" % (head, status.st_size))
            _send(file, pipe, status.st_size)
            pipe.write(b"\n")
    except PermissionError as error:
        raise unreadable(path) from error


def _send(file: IO[bytes], pipe: IO[bytes], size: int) -> None:
    """Send exactly `size` bytes; a file that shrinks meanwhile ends in zeros, which shows."""
    while size > 0:
        piece = file.read(min(size, 1 << 20)) or bytes(min(size, 1 << 20))
        pipe.write(piece)
        size -= len(piece)


def _files(workspace: Workspace, paths: Iterable[str]) -> Iterable[str]:
    for path in paths:
        place = workspace.directory / path
        if place.is_dir() and not place.is_symlink():
            yield from files_under(workspace.directory, path)
        else:
            yield path


def moment(point: str) -> datetime:
    """Give the time at which a restore point was written, from its id."""
    try:
        return datetime.strptime(point, _FORM).replace(tzinfo=timezone.utc)
    except ValueError:
        return _BEGINNING


def _written(name: str) -> datetime:
    return moment(name.removeprefix(RESTORE))


def prune(workspace: Workspace, most: int, days: int) -> None:
    """Forget restore points beyond the `most` newest and those older than `days`; 0 keeps all."""
    points = sorted(refs.refs_under(workspace.common_dir, RESTORE), key=_written, reverse=True)
    oldest = datetime.now(timezone.utc) - timedelta(days=days)
    old = [
        name
        for number, name in enumerate(points)
        if (most and number >= most) or (days and _written(name) < oldest)
    ]
    if old:
        lines = "".join(f"delete {name}\n" for name in old)
        workspace.real.run("update-ref", "--no-deref", "--stdin", stdin=lines.encode())
