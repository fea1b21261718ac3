"""One folder of a big repository: a tree that holds nothing else, and only its content fetched."""

from __future__ import annotations

import os
import posixpath
from typing import TYPE_CHECKING

from nbpull_sync import trees
from nbpull_sync.errors import SyncError
from nbpull_sync.model import SUBMODULE, shown
from nbpull_sync.transport import talk
from nbpull_sync.upstream import FETCH_BY_ID

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from pathlib import Path

    from nbpull_sync.address import Address
    from nbpull_sync.events import Event
    from nbpull_sync.request import SyncRequest
    from nbpull_sync.workspace import Workspace

_AT_ONCE = 5000  # objects asked for in one command; its arguments have a largest size


def clean_scope(subdir: str | None) -> str | None:
    """Check the name of a folder that came from outside; None for all of the repository.

    Raises:
        SyncError: ``unsafe-subdir``.
    """
    scope = (subdir or "").strip("/")
    if not scope or scope == ".":
        return None
    if posixpath.normpath(scope) != scope or ".." in scope.split("/") or "\0" in scope:
        raise SyncError(
            "unsafe-subdir",
            f"{shown(scope)!r} is no folder of a repository.",
            who="author",
            hint="Give a path inside the repository, such as lessons/week1.",
        )
    return scope


def bring_content(
    workspace: Workspace, request: SyncRequest, address: Address, commits: Iterable[str]
) -> Generator[Event, None, None]:
    """Fetch the content of commits as far as it lies in the folder and is not here yet.

    Raises:
        SyncError: ``no-such-folder``, or what the network refuses.
    """
    if not workspace.is_partial:
        return
    wanted: list[str] = []
    for commit in commits:
        entries = trees.list_tree(workspace.own, workspace.tree(commit)).values()
        wanted += [entry.oid for entry in entries if entry.mode != SUBMODULE]
    missing = trees.missing(workspace.own, wanted)
    # Git must not conclude from the commits that are here that their content is here too.
    git = workspace.real.having(settings={"fetch.negotiationAlgorithm": "noop"})
    for start in range(0, len(missing), _AT_ONCE):
        args = [*FETCH_BY_ID, "--", "origin", *missing[start : start + _AT_ONCE]]
        yield from talk(git, args, address, request)


def check_folder(workspace: Workspace, commit: str) -> None:
    """Refuse a folder that upstream does not have.

    Raises:
        SyncError: ``no-such-folder``.
    """
    if workspace.scope is None or workspace.tree(commit) != trees.EMPTY_TREE:
        return
    out = workspace.own.run("ls-tree", "-z", "--name-only", "-d", commit)
    names = ", ".join(shown(os.fsdecode(name)) for name in out.split(b"\0")[:8] if name)
    raise SyncError(
        "no-such-folder",
        f"The repository has no folder {shown(workspace.scope)}.",
        who="author",
        hint=f"It has: {names}." if names else "It has no folders.",
    )


def hide_the_rest(workspace: Workspace, index: Path, tip: str) -> None:
    """Have the learner's git know that all outside the folder is left out on purpose."""
    assert workspace.scope is not None
    git = workspace.own_at(index)
    inside = set(trees.list_tree(workspace.own, workspace.tree(tip)))
    names = git.run("ls-files", "-z").split(b"\0")
    outside = [name for name in names if name and os.fsdecode(name) not in inside]
    lines = b"".join(name + b"\0" for name in outside)
    if lines:
        git.run("update-index", "-z", "--skip-worktree", "--stdin", stdin=lines)
    patterns = workspace.git_dir / "info" / "sparse-checkout"
    patterns.parent.mkdir(exist_ok=True)
    escaped = "".join("\\" + sign if sign in "\\*?[!# " else sign for sign in workspace.scope)
    patterns.write_bytes(b"/" + os.fsencode(escaped) + b"\n")
    workspace.real.run("config", "core.sparseCheckout", "true")
    workspace.real.run("config", "core.sparseCheckoutCone", "false")
