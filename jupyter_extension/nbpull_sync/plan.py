"""The plan: a pure function from what upstream and the learner did to one step per path."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from nbpull_sync.events import Outcome
from nbpull_sync.model import ABSENT, SUBMODULE, Change, Entry, Found
from nbpull_sync.policy import POLICY, Action, Ours, Theirs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

_LONGEST_NAME = 255  # bytes, on every file system that holds a workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is to be done with one path.

    Attributes:
        change: What upstream did to it.
        action: What is done.
        found: What stands there.
        source: For a move, what stands at the old path.
        outcome: As what it is reported, None where it needs no word.
    """

    change: Change
    action: Action
    found: Found
    source: Found = ABSENT
    outcome: Outcome | None = None

    @property
    def path(self) -> str:
        """The path in upstream."""
        return self.change.path


@dataclass(frozen=True, slots=True)
class Aside:
    """Something of the learner's that gets another name, whole."""

    path: str
    to: str
    found: Found


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sync will do: first the learner's things that stand in the way, then each path."""

    asides: tuple[Aside, ...]
    steps: tuple[Step, ...]


def make_plan(
    changes: Sequence[Change],
    found: Mapping[str, Found],
    *,
    name_aside: Callable[[str], str],
    restore_deleted: bool = True,
) -> Plan:
    """Decide what happens to each path.

    Args:
        changes: What upstream did, and the paths that it left alone but the learner deleted.
        found: What stands at each path of `changes`, the old paths of moves among them.
        name_aside: Gives a free name for what is set aside.
        restore_deleted: Whether files that the learner deleted come back.
    """
    steps = [
        step
        for change in changes
        if (step := _decide(change, found, restore_deleted=restore_deleted)).action
        is not Action.NOTHING
    ]
    asides = _clear_the_way(steps, found, name_aside)
    renamed = {aside.path for aside in asides}
    return Plan(
        tuple(asides),
        tuple(
            replace(step, outcome=Outcome.SET_ASIDE) if step.path in renamed else step
            for step in steps
        ),
    )


def _decide(change: Change, found: Mapping[str, Found], *, restore_deleted: bool) -> Step:
    here = found.get(change.path, ABSENT)
    if SUBMODULE in {entry.mode for entry in (change.base, change.theirs) if entry}:
        return _decide_submodule(change, here)
    theirs = theirs_did(change)
    source = ABSENT
    if theirs is Theirs.MOVED:
        source = found.get(change.moved_from or "", ABSENT)
        ours = ours_did(change.base, None, source)
    else:
        ours = ours_did(change.base, change.theirs, here)
    rule = POLICY[theirs, ours]
    if rule.action is Action.RESTORE and not restore_deleted:
        return Step(change=change, action=Action.NOTHING, found=here)
    return Step(change=change, action=rule.action, found=here, source=source, outcome=rule.outcome)


def _decide_submodule(change: Change, here: Found) -> Step:
    """Treat a submodule as the directory that git makes of it; its content is its own affair."""
    base, theirs = change.base, change.theirs
    step = Step(change=change, action=Action.NOTHING, found=here)
    if theirs is None:
        return replace(step, action=Action.REMOVE) if here.kind == "directory" else step
    if theirs.mode == SUBMODULE:
        if here.kind == "directory":
            return step
        clean = here.kind == "absent" or here.entry == base
        action = Action.TAKE if clean else Action.SET_ASIDE
        return replace(step, action=action, outcome=None if clean else Outcome.SET_ASIDE)
    return replace(step, action=Action.TAKE, outcome=Outcome.UPDATED)


def theirs_did(change: Change) -> Theirs:
    """Say what upstream did to a path."""
    if change.moved_from is not None:
        return Theirs.MOVED
    if change.base is None:
        return Theirs.ADDED
    if change.theirs is None:
        return Theirs.DELETED
    return Theirs.SAME if change.base == change.theirs else Theirs.CHANGED


def ours_did(base: Entry | None, theirs: Entry | None, found: Found) -> Ours:
    """Say what the learner did to a path.

    What is no file of a tree (a directory, a pipe) only stands in the way: the path itself is gone.
    """
    if found.kind not in {"file", "symlink"} or found.blocked_by is not None:
        return Ours.ABSENT if base is None else Ours.DELETED
    if found.entry == base:
        return Ours.SAME
    if found.entry == theirs:
        return Ours.EQUAL
    return Ours.ADDED if base is None else Ours.CHANGED


def _clear_the_way(
    steps: Iterable[Step], found: Mapping[str, Found], name_aside: Callable[[str], str]
) -> list[Aside]:
    """Find what of the learner's stands where upstream's will be."""
    steps = list(steps)
    going = set(_going(steps))
    asides: dict[str, Aside] = {}
    for step in steps:
        for path in _in_the_way(step, going):
            if path not in asides:
                asides[path] = Aside(path, name_aside(path), found.get(path, ABSENT))
    inner = {path for path in asides if any(up in asides for up in parents(path))}
    return [aside for path, aside in sorted(asides.items()) if path not in inner]


def _going(steps: Iterable[Step]) -> Iterator[str]:
    """Give the paths that the plan itself takes away."""
    for step in steps:
        if step.action is Action.REMOVE:
            yield step.path
        elif step.action in {Action.MOVE, Action.CARRY} and step.change.moved_from:
            yield step.change.moved_from


def _in_the_way(step: Step, going: set[str]) -> Iterator[str]:
    if step.action in {Action.REMOVE, Action.KEEP, Action.MERGE}:
        return
    if step.found.blocked_by is not None:
        if step.found.blocked_by not in going:
            yield step.found.blocked_by
        return
    if step.found.kind == "directory":
        if not set(step.found.contents) <= going:
            yield step.path
    elif (
        step.found.kind == "special"
        or step.action is Action.SET_ASIDE
        or (
            step.action in {Action.MOVE, Action.CARRY, Action.RESTORE}
            and step.found.kind != "absent"
            and step.found.entry != step.change.theirs
            and step.path not in going
        )
    ):
        yield step.path


def parents(path: str) -> Iterator[str]:
    """Give the directories above a path, the nearest first."""
    while path := path.rpartition("/")[0]:
        yield path


def aside_name(path: str, moment: datetime, taken: Callable[[str], bool]) -> str:
    """Give the name for what is set aside: ``name__YYYYMMDDHHMMSS.ext``, one that is free.

    A name that is taken counts the seconds up, so that the form stays.
    """
    folder, name = posixpath.split(path)
    stem, extension = posixpath.splitext(name)
    if len(extension.encode(errors="surrogateescape")) > _LONGEST_NAME // 2:
        stem, extension = name, ""  # what is so long tells nobody the kind of a file
    while True:
        stamp = f"__{moment:%Y%m%d%H%M%S}"
        short = _cut(
            stem, _LONGEST_NAME - len((stamp + extension).encode(errors="surrogateescape"))
        )
        candidate = posixpath.join(folder, f"{short}{stamp}{extension}")
        if not taken(candidate):
            return candidate
        moment += timedelta(seconds=1)


def _cut(text: str, size: int) -> str:
    raw = text.encode(errors="surrogateescape")
    if len(raw) <= size:
        return text
    return raw[:size].decode(errors="ignore")
