"""Where HEAD goes: to upstream's commit, or to a merge with the learner's own commits."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from nbpull_sync.git import GitError
from nbpull_sync.workspace import BASE, HEADS, PENDING, TRACKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nbpull_sync.workspace import Memory, Workspace


def own_commits(
    workspace: Workspace,
    tip: str | None,
    base: str | None,
    theirs: str,
    also: Iterable[str] = (),
) -> bool:
    """Tell whether `tip` holds commits that are nobody's but the learner's.

    What a shallow history ends with came from upstream: nobody commits there by hand.
    """
    if tip is None or tip in {base, theirs}:
        return False
    upstream = [oid for oid in (base, theirs, *also) if oid]
    shallow = workspace.common_dir / "shallow"
    if shallow.exists():
        upstream += shallow.read_text("ascii", "replace").split()
    lines = "\n".join([tip, *(f"^{oid}" for oid in upstream), ""])
    options = ("--max-count=1", "--ignore-missing", "--stdin", "--not", f"--glob={TRACKING}*")
    try:
        return bool(workspace.real.run("rev-list", *options, stdin=lines.encode()).strip())
    except GitError:
        # Objects are missing. What cannot be told apart is taken for the learner's, if it exists.
        return workspace.real.call("cat-file", "-e", tip, ok=(0, 1, 128))[0] == 0


def contains(workspace: Workspace, tip: str, commit: str) -> bool:
    """Tell whether `commit` is in the history of `tip`."""
    status, _ = workspace.real.call("merge-base", "--is-ancestor", commit, tip, ok=(0, 1, 128))
    return status == 0


def merge_commit(workspace: Workspace, tree: str, head: str, theirs: str, name: str) -> str:
    """Write the one commit that joins the learner's history and upstream's."""
    out = workspace.real.run(
        "commit-tree", "-p", head, "-p", theirs, "-m", f"Merge {name} of upstream", tree
    )
    return out.decode().strip()


@contextmanager
def moving_head(workspace: Workspace, memory: Memory, tip: str) -> Iterator[None]:
    """Move HEAD to `tip` beside the block, on the branch of upstream's name or detached."""
    why = ["-m", f"nbpull: sync with {memory.name}"]
    is_branch = memory.kind == "branch"
    name = HEADS + memory.name if is_branch else "HEAD"
    if workspace.ref(name) != tip or (not is_branch and workspace.branch is not None):
        with workspace.real.meanwhile("update-ref", "--no-deref", *why, name, tip) as end:
            yield
            end()
    else:
        yield
    if is_branch and workspace.branch != memory.name:
        workspace.real.run("symbolic-ref", *why, "HEAD", name)


def move_base(workspace: Workspace, commit: str) -> None:
    """Move base, the very last of all that a sync does, and forget what was pending."""
    if workspace.ref(BASE) != commit:
        workspace.set_ref(BASE, commit)
    if workspace.ref(PENDING) is not None:
        workspace.drop_ref(PENDING)
