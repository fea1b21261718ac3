"""Which commit the workspace was made from, where that is not what base says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbpull_sync import desk, history
from nbpull_sync.git import GitError
from nbpull_sync.inspect import differences
from nbpull_sync.mend import logged
from nbpull_sync.workspace import TRACKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nbpull_sync.workspace import Workspace

_NEWEST = 3
"""How many commits that upstream once had are looked at; the files decide between them."""


def find_base(
    workspace: Workspace, known: str | None, theirs: str, tracked: Mapping[str, str]
) -> str | None:
    """Give the upstream commit that the workspace's files come from.

    The learner may have pulled, or checked out another commit, since base was noted; and a
    workspace that we did not make has no base. The files themselves decide between the
    commits that come into question: what they differ least from.

    Args:
        workspace: The workspace.
        known: What ``refs/nbpull/base`` says.
        theirs: Upstream's commit.
        tracked: The remote-tracking refs as they were before anything was fetched.

    Returns:
        The commit; None where there is none, and only identical files are common.
    """
    head = workspace.ref("HEAD")
    if known is not None and head == known:
        return known
    if known is not None and not exists(workspace, known):
        known = None
    if head is None or head == known or not exists(workspace, head):
        return known
    found = [known] if known is not None else []
    found += _from_history(workspace, head, theirs, tracked)
    found += _from_logs(workspace, head, tracked)
    found = found or _end_of_shallow(workspace, head)
    if not history.own_commits(workspace, head, known, theirs, tracked.values()):
        found.append(head)
    return _nearest(workspace, list(dict.fromkeys(found)))


def exists(workspace: Workspace, commit: str) -> bool:
    """Tell whether a commit and its tree are here."""
    return workspace.real.call("cat-file", "-e", f"{commit}^{{tree}}", ok=(0, 1, 128))[0] == 0


def _from_history(
    workspace: Workspace, head: str, theirs: str, tracked: Mapping[str, str]
) -> list[str]:
    """Give the commits of upstream's that the learner's history goes back to."""
    branch = workspace.branch
    own = [tracked[name] for name in (f"{TRACKING}{branch}", f"{TRACKING}HEAD") if name in tracked]
    found = []
    for other in dict.fromkeys([*own, theirs]):
        status, out = workspace.real.call("merge-base", head, other, ok=(0, 1, 128))
        if status == 0:
            found.append(out.decode().split()[0])
    return found


def _from_logs(workspace: Workspace, head: str, tracked: Iterable[str]) -> list[str]:
    """Give the newest of the learner's commits that a remote-tracking ref has held.

    Where upstream was rewritten and fetched by another tool, nothing else tells which commits of
    the learner's history were upstream's.
    """
    held = {oid for name in tracked for oid in logged(workspace, name)}
    if not held:
        return []
    try:
        commits = workspace.real.run("rev-list", head, "--").decode().split()
    except GitError:
        return []
    return [commit for commit in commits if commit in held][:_NEWEST]


def _end_of_shallow(workspace: Workspace, head: str) -> list[str]:
    """Give the commit at which a shallow history ends: it was fetched, so it is upstream's."""
    shallow = workspace.common_dir / "shallow"
    if not shallow.exists():
        return []
    ends = set(shallow.read_text("ascii", "replace").split())
    try:
        commits = workspace.real.run("rev-list", "--first-parent", head, "--").decode().split()
    except GitError:
        return []
    return [commit for commit in commits if commit in ends][:1]


def _nearest(workspace: Workspace, commits: Iterable[str]) -> str | None:
    """Give the commit from which the fewest files differ; of equals, the fewest lines.

    Where that is the same too, it is the one that has the most files.
    """
    candidates = [commit for commit in commits if exists(workspace, commit)]
    if len(candidates) < 2:  # noqa: PLR2004 - with one there is nothing to compare
        return candidates[0] if candidates else None
    apart = {}
    for commit in candidates:
        index = workspace.index(commit)
        desk.provide_index(workspace, index, commit)
        desk.refresh(workspace, index)  # only content counts here, not what moved or was copied
        differ = differences(workspace, index)
        apart[commit] = len(differ.gone) + len(differ.changed)
    least = min(apart.values())
    nearest = [commit for commit in candidates if apart[commit] == least]
    if len(nearest) == 1 or least == 0:
        return min(nearest, key=lambda commit: -desk.count(workspace.index(commit)))
    return min(
        nearest, key=lambda it: (_lines_apart(workspace, it), -desk.count(workspace.index(it)))
    )


def _lines_apart(workspace: Workspace, commit: str) -> int:
    """Count the lines in which the files differ from a commit; a binary file counts as one."""
    out = workspace.own_at(workspace.index(commit)).run(
        "diff-files", "-z", "--numstat", "--no-renames", "--no-ext-diff", "--no-textconv",
        "--ignore-submodules=all", "--",
    )  # fmt: skip
    words = (line.split(b"\t") for line in out.split(b"\0") if line)
    return sum(int(added) + int(gone) if added.isdigit() else 1 for added, gone, *_ in words)
