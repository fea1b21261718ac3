"""Files that a killed checkout of any tool left half-written: they look edited, and are not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nbpull_sync import contents, trees
from nbpull_sync.base import exists

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from nbpull_sync.model import Change, Entry, Found
    from nbpull_sync.workspace import Workspace


def without_torn(
    workspace: Workspace,
    commits: Iterable[str],
    changes: Iterable[Change],
    found: Mapping[str, Found],
) -> dict[str, Found]:
    """Take what a killed checkout wrote for not there; all of it is in one of the commits.

    A file is what it wrote if it holds the beginning of upstream's, or the whole of another
    commit's than the one that the sync goes to.

    Args:
        workspace: The workspace.
        commits: What the checkout may have been of.
        changes: What upstream did, and what else differs from base.
        found: What stands at each path.

    Returns:
        What stands there, those files taken for absent.
    """
    unsure = {
        change.path: found[change.path]
        for change in changes
        if _is_unsure(change, found.get(change.path))
    }
    if not unsure:
        return dict(found)
    versions = _versions(workspace, commits, unsure)
    with trees.blob_reader(workspace.own) as read:
        torn = {
            path: replace(here, kind="absent", entry=None)
            for path, here in unsure.items()
            if _is_torn(workspace, path, versions[path], read)
        }
    return {**found, **torn}


def _is_unsure(change: Change, here: Found | None) -> bool:
    if here is None or here.kind != "file" or here.entry is None or change.moved_from:
        return False
    # With content that is known already it is no half of a file, whatever its mode is.
    return here.entry.oid not in {it.oid for it in (change.base, change.theirs) if it is not None}


def _versions(
    workspace: Workspace, commits: Iterable[str], paths: Iterable[str]
) -> dict[str, list[Entry]]:
    """Give what each path was in the commits."""
    found: dict[str, list[Entry]] = {path: [] for path in paths}
    for commit in dict.fromkeys(commits):
        if not exists(workspace, commit):
            continue
        tree = trees.list_tree(workspace.own, workspace.tree(commit))
        for path, known in found.items():
            if path in tree and tree[path].is_file:
                known.append(tree[path])
    return found


def _is_torn(
    workspace: Workspace,
    path: str,
    versions: Iterable[Entry],
    read: Callable[[str, int], bytes | None],
) -> bool:
    most = contents.largest(path)
    file = workspace.directory / path
    if file.stat().st_size > most:
        return False
    here = file.read_bytes()
    plain = here.replace(b"\r\n", b"\n")
    for entry in versions:
        whole = read(entry.oid, most)
        if whole is not None and whole.startswith((here, plain)):
            return True
    return False
