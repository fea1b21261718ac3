"""Bring a workspace from base to upstream: inspect, plan, protect, apply, settle."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, cast

from nbpull_sync import desk, journal, large, protect, trees
from nbpull_sync.aside import free_names
from nbpull_sync.base import find_base
from nbpull_sync.draft import Draft, Drafter
from nbpull_sync.errors import SyncError
from nbpull_sync.events import Event, FileOutcome, Phase, Progress, Report
from nbpull_sync.fill import fill_steps, note_left
from nbpull_sync.hidden import hidden_commits
from nbpull_sync.journal import Journal
from nbpull_sync.look import Look, look_at
from nbpull_sync.operations import carrying
from nbpull_sync.policy import Action
from nbpull_sync.progress import Throttle
from nbpull_sync.restamp import restamp
from nbpull_sync.settle import settle
from nbpull_sync.workspace import BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
    from pathlib import Path

    from nbpull_sync.address import Address
    from nbpull_sync.glance import Glance, Seen
    from nbpull_sync.model import Change
    from nbpull_sync.operations import Operation
    from nbpull_sync.plan import Plan
    from nbpull_sync.request import SyncRequest
    from nbpull_sync.upstream import Upstream
    from nbpull_sync.workspace import Workspace

_MANY = 100
"""Files of which the index does not know yet what the file system says; beyond, it pays to note.

Until then git, ours and the learner's, compares their content when it needs to.
"""
_ROUNDS = 8
"""How often files that are saved while we work are looked at again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What was seen of a workspace before anything was mended or fetched.

    Attributes:
        tracked: The remote-tracking refs.
        interrupted: Whether a checkout may have been killed before it had written every file.
        held: What the remote-tracking refs held then: such a checkout may have been of it.
        left: The journal of a sync that was killed, which is to be completed.
        glance: A comparison of the files with base, begun before the fetch.
    """

    tracked: Mapping[str, str]
    interrupted: bool
    held: tuple[str, ...] = ()
    left: Journal | None = None
    glance: Glance | None = None


class Update:
    """One update of one workspace, or the completion of one that was killed."""

    def __init__(
        self,
        workspace: Workspace,
        request: SyncRequest,
        address: Address,
        upstream: Upstream,
        before: Before,
    ) -> None:
        self._workspace = workspace
        self._request = request
        self._address = address
        self._upstream = upstream
        self._before = before
        self._left = before.left
        self._files: dict[str, FileOutcome] = {}
        self._point: str | None = self._left.restore_point if self._left else None
        self._did = self._left is not None
        self._notes: dict[str, None] = {}
        self._filled: frozenset[str] = frozenset()
        self._stale = 0
        self._placed: list[str] = []
        # What a killed checkout left out was never written, and so not deleted by anyone.
        self._restore_deleted = request.restore_deleted or before.interrupted

    def run(self) -> Generator[Event, None, Report]:
        """Carry the update out and report.

        Raises:
            SyncError: If it cannot be done; the next sync then completes what was begun.
        """
        workspace, theirs = self._workspace, self._upstream.commit
        yield Progress(phase=Phase.INSPECTING, message="Looking at your files")
        base, new, changes = self._prepare()
        again = (yield from self._resume()) if self._left else None
        yield from self._bring(base, new, changes, again)
        yield Progress(phase=Phase.SETTLING, message="Finishing")
        self._get_to_know(new)
        self._did |= settle(workspace, self._address, self._upstream, base, new)
        if self._point:
            request = self._request
            protect.prune(workspace, request.keep_restore_points, request.keep_restore_days)
        return Report(
            status=self._status(base),
            base=base,
            upstream=theirs,
            branch=self._upstream.memory.name,
            files=tuple(self._files.values()),
            restore_point=self._point,
            notes=tuple(self._notes),
        )

    def rehearse(self) -> Generator[Event, None, Report]:
        """Say what `run` would do; to be called on a copy of the repository."""
        yield Progress(phase=Phase.INSPECTING, message="Looking at your files")
        base, new, changes = self._prepare()
        names = free_names(self._workspace.directory, (it.path for it in changes))
        look = look_at(
            self._workspace,
            base,
            changes,
            names,
            restore_deleted=self._restore_deleted,
            written=self._written(base),
        )
        yield from self._bring_large(look.plan, new)
        self._filled = frozenset()  # nothing that is laid out here will be used
        draft = self._drafter(new, names, 0).draft(look.plan)
        self._did = bool(draft.operations)
        return Report(
            status=self._status(base),
            base=base,
            upstream=self._upstream.commit,
            branch=self._upstream.memory.name,
            files=tuple(draft.files),
            dry_run=True,
            notes=tuple(self._notes),
        )

    def _prepare(self) -> tuple[str | None, Path, list[Change]]:
        """Give base, an index of upstream that knows the files it shares, and what upstream did."""
        workspace, theirs = self._workspace, self._upstream.commit
        desk.prepare(workspace)
        base = self._base()
        if not self._left:
            desk.clear(workspace, base)
        index, new = workspace.index(base), workspace.desk / "index-new"
        desk.provide_index(workspace, index, base)
        if base == theirs:
            shutil.copy2(index, new)
            return base, new, []
        with desk.deriving(workspace, index, new, theirs) as derived:
            root = workspace.tree(base) if base else trees.EMPTY_TREE
            changes = trees.changes_between(workspace.own, root, workspace.tree(theirs))
            derived()
        return base, new, changes

    def _seen(self, base: str | None) -> Seen | None:
        glance = self._before.glance
        return glance.at(self._workspace.index(base)) if glance is not None else None

    def _drafter(self, new: Path, names: Callable[[str], str], round_: int) -> Drafter:
        return Drafter(
            self._workspace,
            self._workspace.own_at(new),
            conflict=self._request.conflict,
            name_aside=names,
            filled=self._filled,
            round_=round_,
        )

    def _status(self, base: str | None) -> Literal["cloned", "updated", "unchanged"]:
        if base is None:
            return "cloned"
        return "updated" if self._did or base != self._upstream.commit else "unchanged"

    def _base(self) -> str | None:
        if self._left:
            return self._left.base
        known = self._workspace.ref(BASE)
        return find_base(self._workspace, known, self._upstream.commit, self._before.tracked)

    def _resume(self) -> Generator[Event, None, set[str]]:
        """Carry out what a killed sync left, and give the paths that changed since."""
        assert self._left is not None
        self._files = {it["path"]: FileOutcome.from_dict(it) for it in self._left.files}
        return (yield from self._apply(self._left.operations))

    def _bring(
        self, base: str | None, new: Path, changes: list[Change], again: set[str] | None
    ) -> Generator[Event, None, None]:
        """Go round until no file was saved between our look at it and its replacement."""
        for round_ in range(_ROUNDS):
            if again is not None:
                changes = [change for change in changes if change.path in again]
                if not changes:
                    return
            names = free_names(self._workspace.directory, (it.path for it in changes))
            look = look_at(
                self._workspace,
                base,
                changes,
                names,
                restore_deleted=self._restore_deleted,
                everywhere=again is None,
                seen=self._seen(base) if again is None else None,
                written=self._written(base),
            )
            self._stale = max(self._stale, len(look.differences.changed))
            if again is None:
                look = yield from self._filling(look, base, changes)
            hidden = self._hidden(base) if again is None else []
            if not look.plan.steps and not hidden:
                return
            yield from self._bring_large(look.plan, new)
            with self._drafter(new, names, round_).drafting(look.plan) as draft:
                if draft.touches_learner or hidden or look.torn:
                    yield Progress(phase=Phase.PROTECTING, message="Keeping a copy of your work")
                    self._protect(base, look, draft, hidden)
            yield _writing(0, len(draft.operations))
            self._note(base, draft)
            again = yield from self._apply(draft.operations)
            self._tell(draft, again)
        raise SyncError(
            "files-keep-changing",
            "Files of the workspace were changed again and again while they were synced.",
            who="you",
            hint="Stop the program that writes them, then sync again.",
            paths=sorted(again or ())[:10],
        )

    def _written(self, base: str | None) -> list[str]:
        """Give the commits whose files a killed checkout of another tool may have half written."""
        if not self._before.interrupted:
            return []
        heads = (self._workspace.ref(name) for name in ("HEAD", "ORIG_HEAD"))
        known = (base, self._upstream.commit, *self._before.held, *heads)
        return [commit for commit in known if commit]

    def _filling(
        self, look: Look, base: str | None, changes: Iterable[Change]
    ) -> Generator[Event, None, Look]:
        """Add what fills in the large files that an earlier sync had to leave out."""
        workspace = self._workspace
        others = {it.path for it in (*changes, *(step.change for step in look.plan.steps))}
        steps, note = yield from fill_steps(
            workspace, self._request, self._address, workspace.index(base), others
        )
        self._notes |= {note: None} if note else {}
        return replace(look, plan=replace(look.plan, steps=(*look.plan.steps, *steps)))

    def _bring_large(self, plan: Plan, new: Path) -> Generator[Event, None, None]:
        """Have the content of the large files that the plan writes or merges."""
        entries = [(it.path, it.change.theirs) for it in plan.steps if it.change.theirs]
        entries += [
            (it.path, it.change.base)
            for it in plan.steps
            if it.change.base and it.action in {Action.MERGE, Action.CARRY}
        ]
        wanted = large.pointers(self._workspace, new, entries)
        note = yield from large.bring(self._workspace, self._request, self._address, wanted)
        self._notes |= {note: None} if note else {}
        note_left(self._workspace, wanted)
        self._filled = large.filled(self._workspace, wanted)

    def _hidden(self, base: str | None) -> list[str]:
        """Give the commits that a restore point must keep, for no file shows what is in them."""
        upstream = self._upstream
        index = self._workspace.index(base)
        return hidden_commits(self._workspace, base, upstream.commit, upstream.memory, index)

    def _protect(self, base: str | None, look: Look, draft: Draft, hidden: Iterable[str]) -> None:
        known = look.differences.changed.keys() | look.differences.gone.keys()
        also = {it.path for it in draft.operations if it.verb == "aside"}
        also |= {it.path for it in draft.operations if it.verb == "write" and it.stamp}
        reason = protect.Reason(
            why=f"Before the sync with {self._upstream.commit}",
            paths=sorted(also - known),
            commits=hidden,
        )
        point = protect.write(self._workspace, base, look.differences, reason)
        self._point = self._point or point

    def _get_to_know(self, new: Path) -> None:
        """Have the index know what the file system says of many files by now."""
        workspace, many = self._workspace, len(self._placed) > _MANY
        if self._stale > _MANY or (many and not restamp(new, workspace.directory, self._placed)):
            desk.refresh(workspace, new)

    def _note(self, base: str | None, draft: Draft) -> None:
        entry = Journal(
            base=base,
            upstream=self._upstream.commit,
            memory=self._upstream.memory,
            operations=tuple(draft.operations),
            files=tuple(it.to_dict() for it in (*self._files.values(), *draft.files)),
            restore_point=self._point,
        )
        journal.write(self._workspace, entry)

    def _apply(self, operations: Sequence[Operation]) -> Generator[Event, None, set[str]]:
        """Carry operations out; give the paths of upstream's for which something had changed."""
        workspace, throttle = self._workspace, Throttle()
        workspace.cancel.check()
        self._did |= bool(operations)
        self._placed += [it.path for it in operations if it.verb == "write"]
        going = carrying(workspace.directory, workspace.desk, operations)
        while True:
            try:
                done = next(going)
            except StopIteration as end:
                yield _writing(len(operations), len(operations))
                return cast("set[str]", end.value)
            yield from throttle.push(_writing(done, len(operations)))

    def _tell(self, draft: Draft, again: set[str]) -> None:
        self._files.update((it.path, it) for it in draft.files if it.path not in again)


def _writing(done: int, total: int) -> Progress:
    return Progress(phase=Phase.APPLYING, message="Writing the files", done=done, total=total)
