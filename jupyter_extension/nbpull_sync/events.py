"""What a sync tells while it runs: a stream of frozen events, the report last.

The command line, the server and the tests all read these same events.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal


class Phase(str, Enum):
    """The steps of a sync, in the order in which they come."""

    WAITING = "waiting"  # another sync of this workspace is running
    CONNECTING = "connecting"
    RECEIVING = "receiving"
    INSPECTING = "inspecting"
    PROTECTING = "protecting"
    APPLYING = "applying"
    SETTLING = "settling"


class Outcome(str, Enum):
    """What became of one path (the policy table of the design)."""

    ADDED = "added"
    UPDATED = "updated"
    REMOVED = "removed"
    RESTORED = "restored"
    MOVED = "moved"
    MERGED = "merged"
    KEPT_YOURS = "kept-yours"
    SET_ASIDE = "set-aside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a phase has come.

    Attributes:
        phase: The step that is running.
        message: The step in plain words, or git's own words for it.
        done: Objects or files done so far, None where it cannot be known.
        total: Objects or files in all, None where it cannot be known.
        bytes: Bytes received so far, None where it does not apply.
        speed: Bytes per second, None where it does not apply.
    """

    phase: Phase
    message: str = ""
    done: int | None = None
    total: int | None = None
    bytes: int | None = None
    speed: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give the event in its JSON form."""
        return {
            "type": "progress",
            "phase": self.phase.value,
            "message": self.message,
            "done": self.done,
            "total": self.total,
            "bytes": self.bytes,
            "speed": self.speed,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """A line for whoever wants the details; free of credentials."""

    message: str

    def to_dict(self) -> dict[str, Any]:
        """Give the event in its JSON form."""
        return {"type": "log", "message": self.message}


@dataclass(frozen=True, slots=True, kw_only=True)
class CellOutcome:
    """What became of one notebook cell.

    Attributes:
        action: What was done with it.
        cell_id: The cell's id in the merged notebook, None before nbformat 4.5.
        first_line: The first line of its source, at most 80 characters.
    """

    action: Literal["merged", "kept", "added", "removed", "not-taken"]
    cell_id: str | None
    first_line: str

    def to_dict(self) -> dict[str, Any]:
        """Give the outcome in its JSON form."""
        return {"action": self.action, "id": self.cell_id, "first_line": self.first_line}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """Lines of upstream's that were not taken, because the learner changed the same ones.

    Attributes:
        line: Where in the merged file the learner's lines stand, from 1.
        ours: The learner's lines, which stayed.
        theirs: Upstream's lines, which did not come in.
    """

    line: int
    ours: str
    theirs: str

    def to_dict(self) -> dict[str, Any]:
        """Give the hunk in its JSON form."""
        return {"line": self.line, "ours": self.ours, "theirs": self.theirs}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOutcome:
    """What happened to one path.

    Attributes:
        path: The path in the workspace, with ``/`` between its parts.
        outcome: What became of it.
        moved_from: The old path, where it was moved.
        set_aside_as: Where the learner's file is now, where it was set aside.
        hunks: The lines of upstream's that were not taken.
        cells: The cells of a notebook that were touched or not taken.
        reason: Why, in plain words, where the outcome alone does not tell.
    """

    path: str
    outcome: Outcome
    moved_from: str | None = None
    set_aside_as: str | None = None
    hunks: tuple[Hunk, ...] = ()
    cells: tuple[CellOutcome, ...] = ()
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Give the outcome in its JSON form, without the fields that do not apply."""
        data: dict[str, Any] = {"path": self.path, "outcome": self.outcome.value}
        if self.moved_from is not None:
            data["moved_from"] = self.moved_from
        if self.set_aside_as is not None:
            data["set_aside_as"] = self.set_aside_as
        if self.hunks:
            data["hunks"] = [hunk.to_dict() for hunk in self.hunks]
        if self.cells:
            data["cells"] = [cell.to_dict() for cell in self.cells]
        if self.reason:
            data["reason"] = self.reason
        return data

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> FileOutcome:
        """Read the outcome from its JSON form."""
        return cls(
            path=data["path"],
            outcome=Outcome(data["outcome"]),
            moved_from=data.get("moved_from"),
            set_aside_as=data.get("set_aside_as"),
            hunks=tuple(Hunk(**hunk) for hunk in data.get("hunks", ())),
            cells=tuple(
                CellOutcome(
                    action=cell["action"], cell_id=cell["id"], first_line=cell["first_line"]
                )
                for cell in data.get("cells", ())
            ),
            reason=data.get("reason", ""),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The last event of a sync that ended well.

    Attributes:
        status: ``cloned``, ``updated`` or ``unchanged``.
        base: The commit that the workspace was synced to before, None for a first clone
            or a directory that had none.
        upstream: The commit that it is synced to now.
        branch: The ref of upstream that was taken, as git names it in short.
        files: What happened to each path that needs saying.
        restore_point: The id of the restore point that was written, None where nothing
            of the learner's was touched.
        dry_run: True where this is what would happen, and nothing was written.
        notes: What else the learner should know, in plain words.
    """

    status: Literal["cloned", "updated", "unchanged"]
    base: str | None
    upstream: str
    branch: str | None = None
    files: tuple[FileOutcome, ...] = ()
    restore_point: str | None = None
    dry_run: bool = False
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give the event in its JSON form."""
        return {
            "type": "report",
            "status": self.status,
            "base": self.base,
            "upstream": self.upstream,
            "branch": self.branch,
            "files": [outcome.to_dict() for outcome in self.files],
            "restore_point": self.restore_point,
            "dry_run": self.dry_run,
            "notes": list(self.notes),
        }


Event = Progress | Log | Report
