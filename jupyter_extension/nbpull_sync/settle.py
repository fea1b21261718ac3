"""The end of a sync: HEAD, the learner's index, what is remembered, and base last of all."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from nbpull_sync import desk, history, journal
from nbpull_sync.committed import committed_tree
from nbpull_sync.scope import hide_the_rest

if TYPE_CHECKING:
    from pathlib import Path

    from nbpull_sync.address import Address
    from nbpull_sync.upstream import Upstream
    from nbpull_sync.workspace import Workspace

_LEFT_BY_GIT = (
    "MERGE_HEAD",
    "MERGE_MSG",
    "MERGE_MODE",
    "MERGE_AUTOSTASH",
    "AUTO_MERGE",
    "SQUASH_MSG",
    "CHERRY_PICK_HEAD",
    "REVERT_HEAD",
    "REBASE_HEAD",
    "BISECT_LOG",
    "BISECT_NAMES",
    "BISECT_START",
    "BISECT_TERMS",
    "BISECT_EXPECTED_REV",
    "BISECT_ANCESTORS_OK",
    "rebase-merge",
    "rebase-apply",
    "sequencer",
)


def settle(
    workspace: Workspace,
    address: Address,
    upstream: Upstream,
    base: str | None,
    new: Path,
) -> bool:
    """Make the repository say what the workspace is now; each step may be done twice.

    Returns:
        Whether HEAD moved or something unfinished was cleared.
    """
    theirs = upstream.commit
    head = workspace.ref("HEAD")
    tip = theirs
    if head is not None and history.own_commits(workspace, head, base, theirs):
        tip = head
        if not history.contains(workspace, head, theirs):
            tree = committed_tree(workspace, base, head, theirs, new)
            tip = history.merge_commit(workspace, tree, head, theirs, upstream.memory.name)
    did = head != tip or bool(workspace.unfinished)
    with history.moving_head(workspace, upstream.memory, tip):
        write_learners_index(workspace, new, tip, theirs)
    _clear_unfinished(workspace)
    known = workspace.recall()
    if known is None or (known.repo, known.name) != (upstream.memory.repo, upstream.memory.name):
        _remember_remote(workspace, address, upstream)
        desk.prepare(workspace)  # what it has seen of the settings is as they are now
    workspace.remember(upstream.memory)
    new.replace(workspace.index(theirs))
    history.move_base(workspace, theirs)
    journal.close(workspace)
    desk.clear(workspace, theirs)
    return did


def write_learners_index(workspace: Workspace, new: Path, tip: str, theirs: str) -> None:
    """Reset the learner's index to HEAD, with what is known of the files."""
    draft = workspace.git_dir / "index.nbpull"
    shutil.copy2(new, draft)  # with its time, as any copy of an index
    if tip != theirs or workspace.scope:
        workspace.own_at(draft).run("read-tree", "-i", "-m", tip)
    if workspace.scope:
        hide_the_rest(workspace, draft, tip)
    draft.replace(workspace.git_dir / "index")


def _clear_unfinished(workspace: Workspace) -> None:
    for name in _LEFT_BY_GIT:
        place = workspace.git_dir / name
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)


def _remember_remote(workspace: Workspace, address: Address, upstream: Upstream) -> None:
    """Have the learner's own git know where the content comes from."""
    git = workspace.real
    wanted = {"remote.origin.url": address.url}
    if upstream.memory.kind == "branch":
        name = upstream.memory.name
        wanted[f"branch.{name}.remote"] = "origin"
        wanted[f"branch.{name}.merge"] = f"refs/heads/{name}"
    pairs = git.run("config", "-z", "--local", "--list").decode("utf-8", "replace").split("\0")
    found = dict(pair.partition("\n")[::2] for pair in pairs)
    if "remote.origin.fetch" not in found:
        wanted["remote.origin.fetch"] = "+refs/heads/*:refs/remotes/origin/*"
    for key, value in wanted.items():
        section, _, last = key.rpartition(".")
        if found.get(f"{section}.{last.lower()}") != value:
            git.run("config", "--replace-all", key, value)
