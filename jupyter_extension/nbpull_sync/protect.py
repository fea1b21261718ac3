"""Restore points: commits that keep the workspace as it was before a sync changed it."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from nbpull_sync import refs, trees
from nbpull_sync.git import GitError
from nbpull_sync.hidden import as_parents
from nbpull_sync.inspect import files_under, unreadable
from nbpull_sync.model import EXECUTABLE, FILE, SYMLINK, Entry
from nbpull_sync.workspace import RESTORE, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from nbpull_sync.inspect import Differences

_FORM = "%Y%m%dT%H%M%SZ"


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


def write(workspace: Workspace, index: Path, found: Differences, reason: Reason) -> str:
    """Write a restore point and give its id.

    Args:
        workspace: The workspace.
        index: Our index of base.
        found: Where the workspace differs from base.
        reason: What it is for.
    """
    changes: dict[str, Entry | None] = dict.fromkeys(found.gone)
    changes.update(_store(workspace, [*found.changed, *_files(workspace, reason.paths)]))
    copy = workspace.desk / "protect"
    shutil.copyfile(index, copy)
    try:
        tree = trees.write_tree(workspace.own, str(copy), changes)
    finally:
        copy.unlink(missing_ok=True)
    return _commit(workspace, tree, [workspace.ref("HEAD"), *reason.commits], reason.why)


def _store(workspace: Workspace, paths: Iterable[str]) -> dict[str, Entry]:
    """Write the content of files to the repository and give what a tree says of them."""
    files, entries = [], {}
    for path in dict.fromkeys(paths):
        place = workspace.directory / path
        if place.is_symlink():
            target = trees.store_bytes(workspace.own, os.fsencode(place.readlink()))
            entries[path] = Entry(SYMLINK, target)
        elif place.is_file():
            files.append(path)
    try:
        oids = trees.hash_files(workspace.own, files, store=True)
    except GitError as error:
        for path in files:
            if not os.access(workspace.directory / path, os.R_OK):
                raise unreadable(path) from error
        raise
    for path, oid in oids.items():
        runs = os.access(workspace.directory / path, os.X_OK)
        entries[path] = Entry(EXECUTABLE if runs else FILE, oid)
    return entries


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
        return datetime.fromtimestamp(0, timezone.utc)


def prune(workspace: Workspace, most: int, days: int) -> None:
    """Forget restore points beyond the `most` newest and those older than `days`; 0 keeps all."""
    points = sorted(refs.refs_under(workspace.common_dir, RESTORE), reverse=True)
    oldest = datetime.now(timezone.utc) - timedelta(days=days)
    old = [
        name
        for number, name in enumerate(points)
        if (most and number >= most) or (days and moment(name.removeprefix(RESTORE)) < oldest)
    ]
    if old:
        lines = "".join(f"delete {name}\n" for name in old)
        workspace.real.run("update-ref", "--no-deref", "--stdin", stdin=lines.encode())


def _commit(workspace: Workspace, tree: str, parents: Iterable[str | None], why: str) -> str:
    args = as_parents(parents)
    commit = workspace.real.run("commit-tree", *args, "-m", why, tree).decode().strip()
    now = datetime.now(timezone.utc)
    while workspace.ref(RESTORE + now.strftime(_FORM)) is not None:
        now += timedelta(seconds=1)
    point = now.strftime(_FORM)
    workspace.real.run("update-ref", "--no-deref", RESTORE + point, commit)
    return point
