"""Bring files back: from a restore point, or the teacher's version of them."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbpull_sync import desk, journal, large, lfs, protect, trees
from nbpull_sync.aside import free_names
from nbpull_sync.cancel import Cancel
from nbpull_sync.draft import Drafter
from nbpull_sync.errors import SyncError
from nbpull_sync.inspect import Inspector, differences
from nbpull_sync.lock import released, wait
from nbpull_sync.model import Change, shown
from nbpull_sync.operations import carry_out
from nbpull_sync.plan import make_plan
from nbpull_sync.trouble import telling
from nbpull_sync.workspace import BASE, RESTORE, Workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorePoint:
    """A commit that keeps a workspace as it was before something changed it.

    Attributes:
        id: Its name, the UTC time at which it was written.
        created: That time.
        commit: The commit.
        why: What it was written for.
    """

    id: str
    created: datetime
    commit: str
    why: str

    def to_dict(self) -> dict[str, Any]:
        """Give the point in its JSON form."""
        return {
            "id": self.id,
            "created": self.created.isoformat(),
            "commit": self.commit,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was brought back.

    Attributes:
        paths: The files that were written.
        set_aside: What stood in their way, and the name that it has now.
        restore_point: The point that keeps the workspace as it was before, None where
            nothing had to be changed.
    """

    paths: tuple[str, ...]
    set_aside: dict[str, str]
    restore_point: str | None

    def to_dict(self) -> dict[str, Any]:
        """Give the result in its JSON form."""
        return {
            "paths": list(self.paths),
            "set_aside": dict(self.set_aside),
            "restore_point": self.restore_point,
        }


def restore_points(directory: Path) -> tuple[RestorePoint, ...]:
    """Give the restore points of a workspace, the newest first.

    Raises:
        SyncError: ``not-a-workspace``.
    """
    workspace = _open(directory)
    return _points(workspace)


def restore(directory: Path, point_id: str, paths: Iterable[str] = ()) -> Restored:
    """Bring files back as they were at a restore point; what is there now is kept in a new one.

    Files that came later stay. The next sync sees what was brought back as the learner's.

    Args:
        directory: The workspace.
        point_id: The restore point.
        paths: Files or folders of the workspace; none for all of it.

    Raises:
        SyncError: ``not-a-workspace``, ``no-such-restore-point`` or ``not-in-restore-point``.
    """
    with telling(), _held(directory) as workspace:
        known = {point.id: point for point in _points(workspace)}
        if point_id not in known:
            raise SyncError(
                "no-such-restore-point",
                f"There is no restore point {point_id!r}.",
                who="you",
                hint="See which ones there are with: nbpull restore --list",
            )
        return _bring(
            workspace,
            known[point_id].commit,
            tuple(paths),
            why=f"Before restoring {point_id}",
            missing="not-in-restore-point",
            own=True,
        )


def take(directory: Path, path: str) -> Restored:
    """Replace a file or folder by the teacher's version; the learner's is kept in a restore point.

    Raises:
        SyncError: ``not-a-workspace``, ``never-synced`` or ``not-in-upstream``.
    """
    with telling(), _held(directory) as workspace:
        # A sync that was killed goes on to what it set out to bring.
        left = journal.read(workspace)
        base = left.upstream if left is not None else workspace.ref(BASE)
        if base is None:
            raise SyncError(
                "never-synced",
                "This workspace was never synced, so it knows no teacher's version.",
                who="you",
                hint="Sync it first.",
            )
        return _bring(
            workspace, base, (path,), why=f"Before taking {path}", missing="not-in-upstream"
        )


def _open(directory: Path) -> Workspace:
    workspace = open_workspace(Path(directory).absolute(), Cancel())
    if workspace is None:
        raise SyncError(
            "not-a-workspace",
            f"{directory} holds no synced content.",
            who="you",
            hint="Sync it first, or name the directory that was synced.",
        )
    memory = workspace.recall()
    if memory is None:
        return workspace
    return replace(workspace, scope=memory.subdir, lfs=lfs.is_used(wanted=memory.lfs))


@contextmanager
def _held(directory: Path) -> Iterator[Workspace]:
    """Open a workspace for the one who changes it; wait while another does."""
    workspace = _open(directory)
    with released(wait(workspace.directory, workspace.cancel)):
        yield workspace


def _points(workspace: Workspace) -> tuple[RestorePoint, ...]:
    form = "%(refname)%00%(objectname)%00%(contents:subject)"
    out = workspace.real.run("for-each-ref", f"--format={form}", "--sort=-refname", RESTORE)
    points = []
    for line in out.decode("utf-8", "replace").splitlines():
        name, commit, why = line.split("\0")
        point = name.removeprefix(RESTORE)
        points.append(RestorePoint(id=point, created=protect.moment(point), commit=commit, why=why))
    return tuple(points)


def _bring(  # noqa: PLR0913 - what, from where, and in which words
    workspace: Workspace,
    commit: str,
    paths: tuple[str, ...],
    *,
    why: str,
    missing: str,
    own: bool = False,
) -> Restored:
    """Make the files of the workspace those of a commit; with `own` of a restore point."""
    base = workspace.ref(BASE)
    desk.prepare(workspace)
    # What a killed sync laid out stays where it is: the next one completes it.
    place = workspace.desk / "restore"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    index, wanted = workspace.index(base), place / "index"
    if not index.is_file():
        desk.build_index(workspace, index, base)
    desk.derive_index(workspace, index, wanted, commit)
    tree = trees.list_tree(workspace.own, workspace.tree(commit))
    chosen = _chosen(tree, paths, missing)
    inspector = Inspector(workspace, wanted)
    differ = differences(workspace, wanted)
    unsure = sorted(chosen & (differ.changed.keys() | differ.gone.keys()))
    exact = (_own_bytes(workspace, commit) if own else frozenset()) & set(unsure)
    found = inspector.read(inspector.stamp(unsure), tree, (), exact=exact)
    # What stands there is treated as upstream's old version: it is kept by the restore point.
    changes = [
        Change(path=path, base=found[path].entry, theirs=tree[path])
        for path in unsure
        if found[path].entry != tree[path]
    ]
    if not changes:
        return Restored(paths=(), set_aside={}, restore_point=None)
    names = free_names(workspace.directory, tree)
    plan = make_plan(changes, found, name_aside=names)
    there = workspace.own_at(wanted)
    behind = large.pointers(workspace, wanted, [(path, tree[path]) for path in unsure])
    draft = Drafter(
        workspace,
        there,
        conflict="ours",
        name_aside=names,
        filled=large.filled(workspace, behind),
        exact=exact,
        place=place,
    ).draft(plan)
    also = [change.path for change in changes] + [aside.path for aside in plan.asides]
    point = protect.write(
        workspace, base, differences(workspace, index), protect.Reason(why=why, paths=also)
    )
    changed = carry_out(workspace.directory, place, draft.operations)
    shutil.rmtree(place)
    return Restored(
        paths=tuple(shown(change.path) for change in changes if change.path not in changed),
        set_aside={shown(aside.path): shown(aside.to) for aside in plan.asides},
        restore_point=point,
    )


def _own_bytes(workspace: Workspace, commit: str) -> frozenset[str]:
    """Give the paths of a restore point that hold the learner's bytes as they were in the file.

    The others are as a commit has them, and so as git keeps content: with its own line ends.
    """
    parents = workspace.real.run("rev-list", "--no-walk", "--parents", commit, "--").split()[1:]
    roots = [oid.decode() for oid in parents] or [trees.EMPTY_TREE]
    changed = (
        {it.path for it in trees.changes_between(workspace.own, root, commit, renames=False)}
        for root in roots
    )
    return frozenset(set.intersection(*changed))


def _chosen(tree: Iterable[str], paths: tuple[str, ...], missing: str) -> set[str]:
    """Give the files that `paths` name, each a file or a folder."""
    if not paths:
        return set(tree)
    chosen: set[str] = set()
    for path in paths:
        clean = path.strip("/")
        named = {it for it in tree if it == clean or it.startswith(f"{clean}/")}
        if not named:
            raise SyncError(
                missing,
                f"There is no {shown(path)} in it.",
                who="you",
                hint="Give the path as it is in the workspace, with / between its parts.",
                path=shown(path),
            )
        chosen |= named
    return chosen
