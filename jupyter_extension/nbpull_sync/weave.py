"""Bring two orders of the same things into one, after a common base order.

Both sides may have added, deleted and moved things. What neither side moved is the spine
of the result; all else stands behind the same member of the spine as on the side that put
it there, and where both put something at one place, theirs comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from nbpull_sync.sequences import longest_rising

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

Key = TypeVar("Key")


def weave(base: Sequence[Key], ours: Sequence[Key], theirs: Sequence[Key]) -> list[Key]:
    """Give the order of everything that stands in ours or theirs, each once."""
    still = _unmoved(base, ours)
    shared = set(ours) & set(theirs)
    spine = _spine(still & _unmoved(base, theirs), shared, ours, theirs)
    # What ours left where it was stands where theirs moved it; the rest where ours did.
    moved = (shared & still) - set(spine)
    mine = _gaps(ours, spine, moved)
    yours = _gaps(theirs, spine, shared - moved)
    order: list[Key] = []
    for index in range(len(spine) + 1):
        order += spine[index - 1 : index] if index else []
        order += yours[index]
        order += mine[index]
    return order


def _unmoved(base: Sequence[Key], side: Sequence[Key]) -> set[Key]:
    """Give what stands in the same order on a side as in base: as much as can be."""
    place = {key: index for index, key in enumerate(base)}
    kept = [key for key in side if key in place]
    return {kept[index] for index in longest_rising([place[key] for key in kept])}


def _spine(
    fixed: AbstractSet[Key], shared: AbstractSet[Key], ours: Sequence[Key], theirs: Sequence[Key]
) -> list[Key]:
    """Give the unmoved, and what both sides added or moved to one place."""
    place: dict[Key, tuple[int, int]] = {}  # in theirs: the gap, and the order in it
    gap = 0
    for index, key in enumerate(theirs):
        gap += key in fixed
        place[key] = gap, index
    spine: list[Key] = []
    waiting: list[Key] = []
    gap = 0
    for key in ours:
        if key in fixed:
            spine += _rising(waiting, place)
            spine.append(key)
            waiting = []
            gap += 1
        elif key in shared and place[key][0] == gap:
            waiting.append(key)
    return spine + _rising(waiting, place)


def _rising(keys: list[Key], place: dict[Key, tuple[int, int]]) -> list[Key]:
    return [keys[index] for index in longest_rising([place[key][1] for key in keys])]


def _gaps(side: Sequence[Key], spine: Sequence[Key], others: AbstractSet[Key]) -> list[list[Key]]:
    """Give what a side puts behind each member of the spine, without what the other puts."""
    fixed = set(spine)
    gaps: list[list[Key]] = [[]]
    for key in side:
        if key in fixed:
            gaps.append([])
        elif key not in others:
            gaps[-1].append(key)
    return gaps
