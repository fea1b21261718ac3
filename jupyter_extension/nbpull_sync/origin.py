"""What a workspace itself tells: where it comes from, and whether there is more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from nbpull_sync import trees
from nbpull_sync.address import read_address
from nbpull_sync.cancel import Cancel
from nbpull_sync.errors import SyncError
from nbpull_sync.model import shown
from nbpull_sync.transport import list_remote
from nbpull_sync.trouble import telling
from nbpull_sync.workspace import BASE, HEADS, Memory, Workspace, open_workspace

if TYPE_CHECKING:
    from nbpull_sync.request import SyncRequest

MOST_OWN = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a workspace comes from, as the last sync left it.

    Attributes:
        repo: The content repo's URL, without credentials.
        ref: What a sync has to ask for to get the same again; None for the default branch.
        subdir: The one folder that was pulled, None for all of the repository.
    """

    repo: str
    ref: str | None
    subdir: str | None


def is_synced(directory: Path) -> bool:
    """Tell whether a directory is a workspace that was synced; asks the disk alone."""
    return (directory / ".git" / "nbpull" / "memory.json").is_file()


def origin(directory: Path) -> Origin:
    """Tell where a workspace comes from.

    Raises:
        SyncError: ``not-a-workspace`` or ``never-synced``.
    """
    with telling():
        workspace, memory = _open(directory, Cancel())
        _, out = workspace.real.call("config", "-z", "--get", "remote.origin.url", ok=(0, 1))
        url = out.decode("utf-8", "replace").rstrip("\0")
        if not url:
            raise _never_synced()
        ref = None if memory.default else _full(memory)
        return Origin(repo=url, ref=ref, subdir=memory.subdir)


def has_news(request: SyncRequest, cancel: Cancel) -> bool:
    """Ask the remote, in one short conversation, whether a sync would bring anything.

    A ref that is gone is no news: the next sync says what became of it.

    Args:
        request: The sync that would be made.
        cancel: Ends it from another thread.

    Raises:
        SyncError: As for a sync.
    """
    with telling():
        workspace, memory = _open(request.directory, cancel)
        if memory.kind == "commit":
            return False
        address = read_address(request.repo, request.protocols)
        name = "HEAD" if memory.default else f"refs/{_full(memory)}"
        # An annotated tag has two ids, and either may be the one that was noted.
        wanted = [name, f"{name}^{{}}"] if memory.kind == "tag" else [name]
        listing = list_remote(workspace.real, address, request, *wanted)
        # git takes a pattern for the end of a name
        found = (line.decode("utf-8", "replace").partition("\t") for line in listing.splitlines())
        there = {oid for oid, _, ref in found if ref in wanted}
        return bool(there) and memory.tip not in there


def own_files(directory: Path) -> tuple[str, ...]:
    """Give the files and folders that are the learner's alone, a folder with a slash at its end.

    What the course's ``.gitignore`` names is left out, and Jupyter's own checkpoints are.

    Raises:
        SyncError: ``not-a-workspace`` or ``never-synced``.
    """
    with telling():
        workspace, _ = _open(directory, Cancel())
        index = workspace.index(workspace.ref(BASE))
        if not index.is_file():
            return ()
        out = workspace.own_at(index).run(
            "ls-files", "-z", "--others", "--directory", "--no-empty-directory",
            "--exclude-per-directory=.gitignore", "--exclude=.ipynb_checkpoints", "--",
        )  # fmt: skip
        paths = out.decode("utf-8", "surrogateescape").split("\0")
        return tuple(shown(path) for path in paths[: MOST_OWN + 1] if path)


def holds(directory: Path, path: str) -> bool:
    """Tell whether the content has a file or folder of this path.

    Raises:
        SyncError: ``not-a-workspace`` or ``never-synced``.
    """
    with telling():
        workspace, _ = _open(directory, Cancel())
        base = workspace.ref(BASE)
        if base is None:
            return False
        tree = trees.list_tree(workspace.own, workspace.tree(base))
        return any(it == path or it.startswith(f"{path}/") for it in tree)


def _open(directory: Path, cancel: Cancel) -> tuple[Workspace, Memory]:
    workspace = open_workspace(Path(directory).absolute(), cancel)
    if workspace is None:
        raise SyncError(
            "not-a-workspace",
            f"{directory.name} holds no synced content.",
            who="you",
            hint="Sync it first, or name the directory that was synced.",
        )
    memory = workspace.recall()
    if memory is None:
        raise _never_synced()
    return replace(workspace, scope=memory.subdir), memory


def _full(memory: Memory) -> str:
    """Name a ref so that a branch is never taken for a tag of the same name."""
    if memory.kind == "commit":
        return memory.name
    return f"tags/{memory.name}" if memory.kind == "tag" else HEADS[5:] + memory.name


def _never_synced() -> SyncError:
    return SyncError(
        "never-synced",
        "This folder was never synced, so nobody knows where its content comes from.",
        who="you",
        hint="Click the course's link once.",
    )
