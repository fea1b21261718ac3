"""One look at the workspace: where it differs from base, what stands where, and so the plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbpull_sync import desk
from nbpull_sync.glance import Seen
from nbpull_sync.inspect import Differences, Inspector, differences
from nbpull_sync.model import Change, Entry, Found
from nbpull_sync.plan import Plan, make_plan
from nbpull_sync.torn import without_torn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from nbpull_sync.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the workspace has seen.

    Attributes:
        differences: Where it differs from base.
        found: What stands at each path that matters.
        plan: What is therefore to be done.
        torn: Whether a file was taken for one that a killed checkout left half-written.
    """

    differences: Differences
    found: Mapping[str, Found]
    plan: Plan
    torn: bool = False


def look_at(  # noqa: PLR0913 - the three trees and the rules, each named
    workspace: Workspace,
    base: str | None,
    changes: Sequence[Change],
    name_aside: Callable[[str], str],
    *,
    restore_deleted: bool,
    everywhere: bool = True,
    seen: Seen | None = None,
    written: Sequence[str] = (),
) -> Look:
    """Look at the workspace and plan.

    Args:
        workspace: The workspace.
        base: The commit that it was synced to.
        changes: What upstream did.
        name_aside: Gives a free name for what is set aside.
        restore_deleted: Whether what the learner deleted comes back.
        everywhere: Whether that is so beyond the paths that upstream changed.
        seen: What an earlier glance saw; None to compare all of it now.
        written: The commits of which a killed checkout may have left half of a file.
    """
    index = workspace.index(base)
    inspector = Inspector(workspace, index)
    stamped = inspector.stamp(_paths(changes))
    seen = seen or Seen(differences(workspace, index))
    if _has_lost_rules(seen.differences):
        # Without its attributes a file is another to git, but for an index that still has them.
        desk.refresh(workspace, index)
        seen = Seen(differences(workspace, index))
    differ = seen.differences
    if restore_deleted and everywhere:
        known = set(stamped)
        back = [
            Change(path=path, base=entry, theirs=entry)
            for path, entry in differ.gone.items()
            if path not in known
        ]
        stamped.update(inspector.stamp(change.path for change in back))
        changes = [*changes, *back]
    if written:
        known = set(stamped)
        also = [Change(path=it, base=entry, theirs=entry) for it, entry in differ.changed.items()]
        changes = [*changes, *(change for change in also if change.path not in known)]
        stamped.update(inspector.stamp(it.path for it in also if it.path not in known))
    entries = _base_entries(changes)
    clean = {path for path in entries if path in stamped and seen.is_clean(path, stamped[path])}
    read = found = inspector.read(stamped, entries, clean)
    if written:
        found = without_torn(workspace, written, changes, read)
    plan = make_plan(changes, found, name_aside=name_aside, restore_deleted=restore_deleted)
    return Look(differ, found, plan, torn=found != read)


def _has_lost_rules(differ: Differences) -> bool:
    """Tell whether attributes are gone by which git would know the other files."""
    return any(path.rpartition("/")[2] == ".gitattributes" for path in differ.gone)


def _paths(changes: Iterable[Change]) -> list[str]:
    moved = [change.moved_from for change in changes if change.moved_from]
    return [*(change.path for change in changes), *moved]


def _base_entries(changes: Iterable[Change]) -> dict[str, Entry]:
    return {
        change.moved_from or change.path: change.base
        for change in changes
        if change.base is not None
    }
