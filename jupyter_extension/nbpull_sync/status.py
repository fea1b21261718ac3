"""What a workspace is and what is the learner's in it, without touching it or the network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from nbpull_sync import journal, lfs
from nbpull_sync.cancel import Cancel
from nbpull_sync.inspect import Inspector, differences
from nbpull_sync.model import shown
from nbpull_sync.restore import RestorePoint, restore_points
from nbpull_sync.trouble import telling
from nbpull_sync.workspace import BASE, TRACKING, Workspace, open_workspace

State = Literal["absent", "empty", "no-repository", "never-synced", "synced", "unfinished"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceStatus:
    """The state of a workspace.

    Attributes:
        state: What the directory is: ``synced``; ``unfinished`` where a sync was killed and the
            next one completes it; ``never-synced`` for a repository that we did not make.
        repo: The content repo as host and path, None where it is not known.
        branch: The ref of upstream that was last taken, in short.
        base: The commit that the workspace was last synced to.
        upstream: The newest commit of it that was seen; another than base where it came in
            without a sync.
        changed: Files of upstream's that the learner changed.
        deleted: Files of upstream's that the learner deleted; a sync brings them back.
        restore_points: The restore points, the newest first.
    """

    state: State
    repo: str | None = None
    branch: str | None = None
    base: str | None = None
    upstream: str | None = None
    changed: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    restore_points: tuple[RestorePoint, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give the status in its JSON form."""
        return {
            "state": self.state,
            "repo": self.repo,
            "branch": self.branch,
            "base": self.base,
            "upstream": self.upstream,
            "changed": list(self.changed),
            "deleted": list(self.deleted),
            "restore_points": [point.to_dict() for point in self.restore_points],
        }


def status(directory: Path) -> WorkspaceStatus:
    """Look at a workspace.

    Raises:
        SyncError: ``not-a-directory``, or what git or the file system refuses.
    """
    directory = Path(directory).absolute()
    with telling():
        workspace = open_workspace(directory, Cancel())
        if workspace is None:
            return WorkspaceStatus(state=_bare_state(directory))
        memory = workspace.recall()
        if memory is not None:
            use_lfs = lfs.is_used(wanted=memory.lfs)
            workspace = replace(workspace, scope=memory.subdir, lfs=use_lfs)
        return _status(workspace)


def _bare_state(directory: Path) -> State:
    if not directory.exists():
        return "absent"
    return "no-repository" if any(directory.iterdir()) else "empty"


def _status(workspace: Workspace) -> WorkspaceStatus:
    base, memory = workspace.ref(BASE), workspace.recall()
    points = restore_points(workspace.directory)
    if base is None or memory is None:
        return WorkspaceStatus(state="never-synced", base=base, restore_points=points)
    changed, deleted = _mine(workspace, base)
    tracked = workspace.ref(TRACKING + memory.name) if memory.kind == "branch" else None
    return WorkspaceStatus(
        state="unfinished" if journal.read(workspace) else "synced",
        repo=memory.repo,
        branch=memory.name,
        base=base,
        upstream=tracked or base,
        changed=changed,
        deleted=deleted,
        restore_points=points,
    )


def _mine(workspace: Workspace, base: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give what the learner changed and deleted, by content."""
    index = workspace.index(base)
    if not index.is_file():
        return (), ()
    differ = differences(workspace, index)
    inspector = Inspector(workspace, index)
    found = inspector.read(inspector.stamp(differ.changed), differ.changed, ())
    changed = [path for path, entry in differ.changed.items() if found[path].entry != entry]
    return tuple(map(shown, changed)), tuple(map(shown, differ.gone))
