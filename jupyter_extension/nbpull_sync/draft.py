"""Turn a plan into operations: merge what both changed, lay everything ready in the stage."""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from nbpull_sync import contents, trees
from nbpull_sync.contents import Merged
from nbpull_sync.events import FileOutcome, Outcome
from nbpull_sync.inspect import unreadable
from nbpull_sync.model import SUBMODULE, shown
from nbpull_sync.operations import Operation, Verb
from nbpull_sync.plan import Aside, Plan, Step, parents
from nbpull_sync.policy import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from nbpull_sync.git import Git
    from nbpull_sync.model import Stamp
    from nbpull_sync.request import Conflict
    from nbpull_sync.workspace import Workspace

_WRITES = {Action.TAKE, Action.RESTORE, Action.SET_ASIDE, Action.MOVE}
_MERGES = {Action.MERGE, Action.CARRY}
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

    def __init__(
        self,
        workspace: Workspace,
        theirs: Git,
        *,
        conflict: Conflict,
        name_aside: Callable[[str], str],
        round_: int = 0,
    ) -> None:
        self._workspace = workspace
        self._theirs = theirs
        self._conflict = conflict
        self._name_aside = name_aside
        self._stage = workspace.desk / "stage"
        self._round = round_
        self._count = 0

    def draft(self, plan: Plan) -> Draft:
        """Lay out everything and say what is to be done with it."""
        for name in ("stage", "stage/tree", "stage/merged", "trash"):
            (self._workspace.desk / name).mkdir(exist_ok=True)
        merged = self._merge([step for step in plan.steps if step.action in _MERGES])
        plan = self._upstream_first(plan, merged) if self._conflict == "upstream" else plan
        self._check_out(step.path for step in plan.steps if step.action in _WRITES)
        draft = Draft(touches_learner=bool(plan.asides))
        renamed = {aside.path: aside for aside in plan.asides}
        self._order(draft, plan, merged, renamed)
        self._say(draft, plan, merged, renamed)
        return draft

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

    def _merge(self, steps: list[Step]) -> dict[str, Merged]:
        if not steps:
            return {}
        binary = self._binary([step.path for step in steps])
        merged = {}
        with trees.blob_reader(self._theirs) as read:
            for step in steps:
                merged[step.path] = (
                    Merged(content=None, taken=False, reason="It is marked as binary.")
                    if step.path in binary and not _same_content(step)
                    else self._merge_one(step, read)
                )
        return merged

    def _merge_one(self, step: Step, read: Callable[[str, int], bytes | None]) -> Merged:
        base, theirs, place = step.change.base, step.change.theirs, _source(step)
        here = step.source if step.action is Action.CARRY else step.found
        assert base is not None
        assert theirs is not None
        assert here.stamp is not None
        if not (base.is_file and theirs.is_file and here.kind == "file"):
            # A carried link goes on as it is; a changed kind cannot be merged.
            return Merged(content=None, taken=base == theirs)
        if _same_content(step):
            return Merged(content=None)
        most = contents.largest(step.path)
        old, new = read(base.oid, most), read(theirs.oid, most)
        if old is None or new is None or here.stamp.size > most:
            return Merged(content=None, taken=False, reason="It is too large to be merged.")
        try:
            ours = (self._workspace.directory / place).read_bytes()
        except PermissionError as error:
            raise unreadable(place) from error
        result = contents.merge_content(step.path, old, ours, new, self._theirs)
        if result.content is None:
            return result
        self._ready(step.path).write_bytes(result.content)
        return replace(result, content=b"")  # it lies in the stage, and not in memory

    def _binary(self, paths: list[str]) -> set[str]:
        """Give the paths that upstream's attributes say cannot be merged by lines."""
        if not self._has_attributes(paths):
            return set()
        lines = b"".join(os.fsencode(path) + b"\0" for path in paths)
        out = self._theirs.run("check-attr", "-z", "--cached", "--stdin", "merge", stdin=lines)
        fields = out.split(b"\0")
        return {
            os.fsdecode(path)
            for path, value in zip(fields[::3], fields[2::3], strict=False)
            if value == b"unset"
        }

    def _has_attributes(self, paths: list[str]) -> bool:
        """Tell whether there are attributes at all; most content has none."""
        folders = {"", *(up for path in paths for up in parents(path))}
        root = self._workspace.directory
        return any(os.path.lexists(root / folder / ".gitattributes") for folder in folders)

    def _check_out(self, paths: Iterable[str]) -> None:
        """Have git write upstream's files into the stage, with its line ends and modes."""
        lines = b"".join(os.fsencode(path) + b"\0" for path in paths)
        if lines:
            there = self._theirs.having(work_tree=self._stage / "tree")
            there.run("checkout-index", "-f", "-u", "-z", "--stdin", stdin=lines)

    def _ready(self, path: str) -> Path:
        return self._stage / "merged" / f"{hash_name(path)}"

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
            elif step.found.kind == "directory" and step.action in _WRITES | {Action.CARRY}:
                emptied.append(self._remove(path, stamp, path))
                stamp = None
            if path in renamed or any(up in renamed for up in parents(path)):
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
        ready = self._ready(step.path)
        result = merged[step.path]
        if result.content is None and not self._keep(step, ready):
            return None
        if step.action is Action.CARRY and step.found.kind == "absent":
            stamp = None
        self._set_mode(step, ready)
        return _operation("write", step.path, stamp, f"merged/{ready.name}", step.path)

    def _keep(self, step: Step, ready: Path) -> bool:
        """Lay the learner's own file ready where it must be written all the same."""
        base, theirs = step.change.base, step.change.theirs
        assert base is not None
        assert theirs is not None
        carried = step.action is Action.CARRY
        if not carried and not (_same_content(step) and base.mode != theirs.mode):
            return False
        source = self._workspace.directory / _source(step)
        if source.is_symlink():
            ready.symlink_to(source.readlink())
        else:
            shutil.copyfile(source, ready)
        return True

    def _set_mode(self, step: Step, ready: Path) -> None:
        here = step.source if step.action is Action.CARRY else step.found
        base, theirs = step.change.base, step.change.theirs
        if here.stamp is None or ready.is_symlink() or base is None or theirs is None:
            return
        mode = here.stamp.mode
        if base.is_file and theirs.is_file and base.mode != theirs.mode:
            runs = stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH
            mode = mode | (mode & 0o444) >> 2 if theirs.mode == "100755" else mode & ~runs
        ready.chmod(mode)

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


def hash_name(path: str) -> str:
    """Give a name for the stage that any path can have."""
    return trees.hash_bytes(os.fsencode(path))


def _operation(verb: Verb, path: str, stamp: Stamp | None, ready: str, owner: str) -> Operation:
    return Operation(verb=verb, path=path, stamp=stamp, ready=ready, owner=owner)


def _first(moved: list[Operation], writes: list[Operation]) -> list[Operation]:
    """Give the files that must go before others can come: their folder, or in their place."""
    places = {write.path for write in writes}
    above = places | {up for path in places for up in parents(path)}
    return [
        remove
        for remove in moved
        if remove.path in above or any(up in places for up in parents(remove.path))
    ]


def _source(step: Step) -> str:
    if step.action is Action.CARRY and step.change.moved_from:
        return step.change.moved_from
    return step.path


def _same_content(step: Step) -> bool:
    base, theirs = step.change.base, step.change.theirs
    return base is not None and theirs is not None and base.oid == theirs.oid


def _merge_outcome(step: Step, told: Merged) -> Outcome | None:
    if not told.taken:
        return Outcome.KEPT_YOURS
    if step.action is Action.CARRY:
        return Outcome.MERGED
    return Outcome.MERGED if told.content is not None or _same_content(step) else None
