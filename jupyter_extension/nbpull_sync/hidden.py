"""What of the learner's is nowhere in their files: staged content, unfinished work, lost tips."""

from __future__ import annotations

import filecmp
from typing import TYPE_CHECKING

from nbpull_sync import history, refs, trees
from nbpull_sync.git import GitError
from nbpull_sync.mend import has_commit
from nbpull_sync.model import SUBMODULE
from nbpull_sync.workspace import HEADS

if TYPE_CHECKING:
    from pathlib import Path

    from nbpull_sync.workspace import Memory, Workspace

_STRANDED = (
    "MERGE_HEAD",
    "MERGE_AUTOSTASH",
    "CHERRY_PICK_HEAD",
    "REVERT_HEAD",
    "rebase-merge/orig-head",
    "rebase-merge/autostash",
    "rebase-apply/orig-head",
    "rebase-apply/autostash",
)
"""Where git keeps commits of an unfinished operation that no ref may hold."""


def hidden_commits(
    workspace: Workspace, base: str | None, theirs: str, memory: Memory, index: Path
) -> list[str]:
    """Give commits that hold what a sync would make unreachable, for a restore point to keep.

    Args:
        workspace: The workspace.
        base: The commit that was synced to before.
        theirs: Upstream's commit.
        memory: What is known of upstream; HEAD goes to the branch that it names.
        index: Our index of base; the learner's is the same where nothing was staged.
    """
    staged = staged_commit(workspace, index)
    found = ([staged] if staged else []) + _stranded(workspace)
    tip = workspace.ref(HEADS + memory.name) if memory.kind == "branch" else None
    if (
        tip is not None
        and tip != workspace.ref("HEAD")
        and history.own_commits(workspace, tip, base, theirs)
    ):
        found.append(tip)
    return found


def staged_commit(workspace: Workspace, index: Path) -> str | None:
    """Give a commit of what is staged, None where all of it is in the files or in HEAD."""
    learners = workspace.git_dir / "index"
    if not learners.exists() or (index.is_file() and filecmp.cmp(learners, index, shallow=False)):
        return None
    head = workspace.ref("HEAD")
    try:
        if not _only_staged(workspace, head):
            return None
        # Where it finds no file, git compares none with the index, and runs no filter for that.
        elsewhere = workspace.real.having(work_tree=workspace.desk)
        tree = elsewhere.run("write-tree").decode().strip()
        parents = ["-p", head] if head else []
        out = workspace.real.run("commit-tree", *parents, "-m", "What was staged", tree)
    except GitError:
        return _unmerged_commit(workspace, head)
    return out.decode().strip()


def _only_staged(workspace: Workspace, head: str | None) -> bool:
    """Tell whether something was staged that is not in the file any more."""
    tree = head or trees.EMPTY_TREE
    out = workspace.real.run("diff-index", "--cached", "-z", "--raw", "--full-index", tree, "--")
    staged = {
        path: new.oid
        for status, _, new, path, _ in trees.parse_raw(out)
        if new is not None and new.mode != SUBMODULE and status != "U"
    }
    here = [path for path in staged if _is_plain(workspace.directory / path)]
    oids = trees.hash_files(workspace.own, here, store=False)
    return any(oids.get(path) != oid for path, oid in staged.items())


def _is_plain(file: Path) -> bool:
    return file.is_file() and not file.is_symlink()


def _unmerged_commit(workspace: Workspace, head: str | None) -> str | None:
    """Give a commit of an index that a merge left with conflicts: each side under its own name."""
    try:
        out = workspace.real.run("ls-files", "-z", "--stage")
    except GitError:
        return None  # the index cannot be read at all; nothing can be taken from it
    lines = []
    for line in out.split(b"\0"):
        if line:
            meta, path = line.split(b"\t", 1)
            mode, oid, stage = meta.split(b" ")
            side = b"" if stage == b"0" else b".stage-" + stage
            lines.append(mode + b" " + oid + b"\t" + path + side)
    if not lines:
        return None
    scratch = workspace.desk / "unmerged"
    scratch.unlink(missing_ok=True)
    there = workspace.own_at(scratch)
    try:
        there.run("update-index", "-z", "--index-info", stdin=b"\0".join([*lines, b""]))
        tree = there.run("write-tree", "--missing-ok").decode().strip()
    finally:
        scratch.unlink(missing_ok=True)
    parents = ["-p", head] if head else []
    why = "The sides of an unfinished merge"
    return workspace.real.run("commit-tree", *parents, "-m", why, tree).decode().strip()


def _stranded(workspace: Workspace) -> list[str]:
    found: list[str] = []
    for name in _STRANDED:
        try:
            words = (workspace.git_dir / name).read_text("utf-8", "replace").split()
        except OSError:
            continue
        found += [word for word in words if refs.is_oid(word)]
    return [oid for oid in dict.fromkeys(found) if has_commit(workspace, oid)]
