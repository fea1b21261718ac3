"""Turn a plan into operations: merge what both changed, lay everything ready in the stage."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from nbpull_sync import lfs, trees
from nbpull_sync.contents import Merged
from nbpull_sync.events import FileOutcome, Outcome
from nbpull_sync.merging import Merger, same_content
from nbpull_sync.model import SUBMODULE, shown
from nbpull_sync.operations import Operation, Verb
from nbpull_sync.plan import Aside, Plan, Step, parents
from nbpull_sync.policy import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator
    from pathlib import Path

    from nbpull_sync.git import Git
    from nbpull_sync.model import Stamp
    from nbpull_sync.request import Conflict
    from nbpull_sync.workspace import Workspace

_WRITES = {Action.TAKE, Action.RESTORE, Action.SET_ASIDE, Action.MOVE}
_MERGES = {Action.MERGE, Action.CARRY}
_CHECK_OUT = ("checkout-index", "-f", "-u", "-z", "--stdin")
_DELETED_UPSTREAM = "Upstream deleted it; it is your own file now."


@dataclass(slots=True)
class Draft:
    """What will be done to the workspace, and what is said about it.

    Attributes:
        operations: What is done, in this order.
        files: What is said of each path.
        touches_learner: Whether anything of the learner's is changed, moved or taken away.
    """

    operations: list[Operation] = field(default_factory=list)
    files: list[FileOutcome] = field(default_factory=list)
    touches_learner: bool = False


class Drafter:
    """Drafts the operations of one plan; `theirs` is git on an index that holds upstream's tree."""

    def __init__(  # noqa: PLR0913 - the rules of one draft, each named
        self,
        workspace: Workspace,
        theirs: Git,
        *,
        conflict: Conflict,
        name_aside: Callable[[str], str],
        filled: Container[str] = (),
        exact: Container[str] = (),
        place: Path | None = None,
        round_: int = 0,
    ) -> None:
        self._workspace = workspace
        self._theirs = theirs
        self._conflict = conflict
        self._name_aside = name_aside
        self._filled = filled  # the paths of large files whose content is here
        self._exact = exact  # the paths whose bytes are written as they are
        self._place = place or workspace.desk
        self._stage = self._place / "stage"
        self._merger = Merger(workspace, theirs, self._stage / "merged")
        self._round = round_
        self._count = 0

    def draft(self, plan: Plan) -> Draft:
        """Lay out everything and say what is to be done with it."""
        with self.drafting(plan) as draft:
            return draft

    @contextmanager
    def drafting(self, plan: Plan) -> Iterator[Draft]:
        """Say what is to be done; when the block ends, everything is laid out."""
        for name in ("stage", "stage/tree", "stage/merged", "trash"):
            (self._place / name).mkdir(exist_ok=True)
        merged = self._merger.merge([step for step in plan.steps if step.action in _MERGES])
        plan = self._upstream_first(plan, merged) if self._conflict == "upstream" else plan
        draft = Draft(touches_learner=bool(plan.asides))
        renamed = {aside.path: aside for aside in plan.asides}
        with self._checking_out([step for step in plan.steps if step.action in _WRITES]):
            self._order(draft, plan, merged, renamed)
            self._say(draft, plan, merged, renamed)
            yield draft

    def _upstream_first(self, plan: Plan, merged: dict[str, Merged]) -> Plan:
        """Set aside what the learner would have kept: upstream takes the name."""
        steps, asides = [], list(plan.asides)
        for step in plan.steps:
            refused = step.path in merged and not merged[step.path].taken
            if not refused and step.action is not Action.KEEP:
                steps.append(step)
                continue
            place = step.change.moved_from if step.action is Action.CARRY else step.path
            assert place is not None
            found = step.source if step.action is Action.CARRY else step.found
            asides.append(Aside(place, self._name_aside(place), found))
            action = Action.SET_ASIDE if step.change.theirs else Action.NOTHING
            steps.append(replace(step, action=action, outcome=Outcome.SET_ASIDE))
            merged.pop(step.path, None)
        return Plan(tuple(asides), tuple(steps))

    @contextmanager
    def _checking_out(self, steps: list[Step]) -> Iterator[None]:
        """Have git write upstream's files into the stage, with its line ends and modes."""
        exact = [step for step in steps if step.path in self._exact and step.change.theirs]
        self._check_out_exactly([step for step in exact if not _rules(step.path)])
        self._check_out_exactly([step for step in exact if _rules(step.path)])
        with self._by_rule([step.path for step in steps if step.path not in self._exact]):
            yield

    def _check_out_exactly(self, steps: list[Step]) -> None:
        """Have git write files as they are: from an index that holds no attributes."""
        if not steps:
            return
        index = self._place / "index-exact"
        index.unlink(missing_ok=True)
        there = self._workspace.own_at(index).having(
            work_tree=self._stage / "tree", settings={"core.autocrlf": "false", "core.eol": "lf"}
        )
        trees.edit_index(there, {step.path: step.change.theirs for step in steps})
        there.run("checkout-index", "-f", "-a")

    @contextmanager
    def _by_rule(self, paths: list[str]) -> Iterator[None]:
        there = self._theirs.having(work_tree=self._stage / "tree")
        lines = [os.fsencode(path) + b"\0" for path in paths if path not in self._filled]
        if filled := [os.fsencode(path) + b"\0" for path in paths if path in self._filled]:
            there.run(*_CHECK_OUT, stdin=b"".join(filled))
        if not lines:
            yield
            return
        plain = there.having(settings=lfs.UNFILTERED)
        with plain.meanwhile(*_CHECK_OUT, stdin=b"".join(lines)) as end:
            yield
            end()

    def _order(
        self,
        draft: Draft,
        plan: Plan,
        merged: dict[str, Merged],
        renamed: dict[str, Aside],
    ) -> None:
        """Put the operations in the order in which none is in another's way."""
        removes, emptied, writes, moved = [], [], [], []
        for step in plan.steps:
            path, stamp = step.path, step.found.stamp
            if step.action is Action.REMOVE:
                removes.append(self._remove(path, stamp, path))
            elif _must_go_first(step):
                emptied.append(self._remove(path, stamp, path))
                stamp = None
            if renamed and (path in renamed or any(up in renamed for up in parents(path))):
                stamp = None
            if (write := self._write(step, stamp, merged)) is not None:
                writes.append(write)
                draft.touches_learner |= step.action in _MERGES
            if step.action in {Action.MOVE, Action.CARRY} and step.change.moved_from:
                moved.append(self._remove(step.change.moved_from, step.source.stamp, path))
        first = _first(moved, writes)
        names = {remove.path for remove in first}
        asides = [
            _operation("aside", aside.path, aside.found.stamp, aside.to, aside.path)
            for aside in plan.asides
        ]
        later = [remove for remove in moved if remove.path not in names]
        draft.operations = [*removes, *first, *asides, *emptied, *writes, *later]

    def _write(
        self, step: Step, stamp: Stamp | None, merged: dict[str, Merged]
    ) -> Operation | None:
        theirs = step.change.theirs
        if step.action in _WRITES and theirs is not None:
            if step.action is Action.MOVE and step.found.entry == theirs:
                return None
            if theirs.mode == SUBMODULE:
                return _operation("submodule", step.path, None, "", step.path)
            return _operation("write", step.path, stamp, f"tree/{step.path}", step.path)
        if step.action not in _MERGES:
            return None
        ready = self._merger.lay_ready(step, merged[step.path])
        if ready is None:
            return None
        if step.action is Action.CARRY and step.found.kind == "absent":
            stamp = None
        return _operation("write", step.path, stamp, f"merged/{ready.name}", step.path)

    def _remove(self, path: str, stamp: Stamp | None, owner: str) -> Operation:
        # What an earlier round moved to the trash must not be taken for this one's work.
        self._count += 1
        return _operation("remove", path, stamp, f"{self._round}-{self._count}", owner)

    def _say(
        self, draft: Draft, plan: Plan, merged: dict[str, Merged], renamed: dict[str, Aside]
    ) -> None:
        for step in plan.steps:
            outcome, told = step.outcome, merged.get(step.path)
            if told is not None:
                outcome = _merge_outcome(step, told)
            elif step.action is Action.KEEP:
                told = Merged(content=None, reason=_DELETED_UPSTREAM)
            if outcome is None:
                continue
            aside = renamed.pop(step.path, None)
            if aside is None and step.action is Action.SET_ASIDE and step.change.moved_from:
                aside = renamed.pop(step.change.moved_from, None)
            draft.files.append(
                FileOutcome(
                    path=shown(step.path),
                    outcome=outcome,
                    moved_from=shown(step.change.moved_from) if step.change.moved_from else None,
                    set_aside_as=shown(aside.to) if aside else None,
                    hunks=told.hunks if told else (),
                    cells=told.cells if told else (),
                    reason=told.reason if told else "",
                )
            )
        draft.files += [
            FileOutcome(path=shown(path), outcome=Outcome.SET_ASIDE, set_aside_as=shown(aside.to))
            for path, aside in renamed.items()
        ]


def _operation(verb: Verb, path: str, stamp: Stamp | None, ready: str, owner: str) -> Operation:
    return Operation(verb=verb, path=path, stamp=stamp, ready=ready, owner=owner)


def _rules(path: str) -> bool:
    """Tell whether a file holds attributes, by which git writes what comes after it."""
    return path.rpartition("/")[2] == ".gitattributes"


def _must_go_first(step: Step) -> bool:
    """Tell whether what stands there is not replaced by what comes, but in its way."""
    if step.found.kind == "directory":
        return step.action in _WRITES | {Action.CARRY}
    theirs = step.change.theirs
    is_module = theirs is not None and theirs.mode == SUBMODULE
    return is_module and step.action is Action.TAKE and step.found.stamp is not None


def _first(moved: list[Operation], writes: list[Operation]) -> list[Operation]:
    """Give the files that must go before others can come: their folder, or in their place."""
    if not moved:
        return []
    places = {write.path for write in writes}
    above = places | {up for path in places for up in parents(path)}
    return [
        remove
        for remove in moved
        if remove.path in above or any(up in places for up in parents(remove.path))
    ]


def _merge_outcome(step: Step, told: Merged) -> Outcome | None:
    if not told.taken:
        return Outcome.KEPT_YOURS
    if step.action is Action.CARRY:
        return Outcome.MERGED
    return Outcome.MERGED if told.content is not None or same_content(step) else None
