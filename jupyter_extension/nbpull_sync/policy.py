"""The policy: what happens to a path, given what upstream and the learner did to it.

The table is data. The plan looks each path up in it, and the documentation prints it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from nbpull_sync.events import Outcome


class Theirs(str, Enum):
    """What upstream did to a path since base."""

    SAME = "-"
    CHANGED = "M"
    DELETED = "D"
    ADDED = "A"
    MOVED = "R"


class Ours(str, Enum):
    """What the learner did to a path since base."""

    SAME = "-"
    EQUAL = "the same as upstream"
    CHANGED = "M"
    DELETED = "D"
    ABSENT = "absent"
    ADDED = "A"


class Action(str, Enum):
    """What is done with a path."""

    NOTHING = "nothing"
    TAKE = "upstream's version takes the name"
    RESTORE = "upstream's version comes back"
    MERGE = "the two are merged; where they cannot be, the learner's stays"
    REMOVE = "it is removed"
    KEEP = "the learner's stays, as their own file"
    SET_ASIDE = "the learner's file gets another name, upstream's takes this one"
    MOVE = "it is moved"
    CARRY = "the learner's edit is carried to the new name"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the policy table: what is done, and as what it is reported."""

    action: Action
    outcome: Outcome | None = None


_NOTHING = Rule(Action.NOTHING)
_BACK = Rule(Action.RESTORE, Outcome.RESTORED)

POLICY: dict[tuple[Theirs, Ours], Rule] = {
    (Theirs.SAME, Ours.SAME): _NOTHING,
    (Theirs.SAME, Ours.EQUAL): _NOTHING,
    (Theirs.SAME, Ours.CHANGED): _NOTHING,
    (Theirs.SAME, Ours.ABSENT): _NOTHING,
    (Theirs.SAME, Ours.ADDED): _NOTHING,
    (Theirs.SAME, Ours.DELETED): _BACK,
    (Theirs.CHANGED, Ours.SAME): Rule(Action.TAKE, Outcome.UPDATED),
    (Theirs.CHANGED, Ours.EQUAL): _NOTHING,
    (Theirs.CHANGED, Ours.CHANGED): Rule(Action.MERGE, Outcome.MERGED),
    (Theirs.CHANGED, Ours.DELETED): _BACK,
    (Theirs.DELETED, Ours.SAME): Rule(Action.REMOVE, Outcome.REMOVED),
    (Theirs.DELETED, Ours.CHANGED): Rule(Action.KEEP, Outcome.KEPT_YOURS),
    (Theirs.DELETED, Ours.DELETED): _NOTHING,
    (Theirs.ADDED, Ours.ABSENT): Rule(Action.TAKE, Outcome.ADDED),
    (Theirs.ADDED, Ours.EQUAL): _NOTHING,
    (Theirs.ADDED, Ours.ADDED): Rule(Action.SET_ASIDE, Outcome.SET_ASIDE),
    (Theirs.MOVED, Ours.SAME): Rule(Action.MOVE, Outcome.MOVED),
    (Theirs.MOVED, Ours.CHANGED): Rule(Action.CARRY, Outcome.MERGED),
    (Theirs.MOVED, Ours.DELETED): _BACK,
}
"""Every pair that can be; for a move, ours is what the learner did to the old path."""
