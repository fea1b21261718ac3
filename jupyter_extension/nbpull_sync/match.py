"""Find each cell of one notebook again in another: by its id, else by its source.

An id is believed unless the sources say otherwise: some tools number the ids of a notebook
anew (0, 1, 2, ...) or make all of them new each time, and then one id means two cells. Likeness
is asked only where ids cannot tell, and asked for much of it: two cells
taken for one would cost one of them; one cell taken for two costs a repetition.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict, deque
from typing import TYPE_CHECKING

from nbpull_sync.likeness import GROWN, alike, is_grown, lines, words
from nbpull_sync.sequences import longest_rising

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbpull_sync.likeness import Split
    from nbpull_sync.nbfile import Cell

_COUNTED = re.compile(r"(.*?)(\d{1,9})", re.DOTALL)
_READ = 800_000  # bytes of cells in all up to which words are looked at, not only lines
_ALONE = 0.3  # the likeness asked of the only two cells between the same neighbours
_NEAR = 0.5  # of others between the same neighbours
_FAR = 0.65  # and of cells that also moved
_MOST = 0.7  # the share of its lines that make a cell the one that owns them
_OTHER_KIND = 0.8  # and of those where code became text or the reverse
_ROUNDS = 3  # of looking for what is alike


def match(base: Sequence[Cell], side: Sequence[Cell]) -> dict[int, int]:
    """Give the pairs of cells, the numbers in base to those in the side."""
    found = _Matching(base, side)
    found.by_id()
    found.in_order()
    found.by_owned_lines()
    short = sum(cell.stop - cell.start for cell in (*base, *side)) <= _READ
    for _ in range(_ROUNDS):  # each pair makes the places of the others clearer
        before = len(found.pairs)
        found.by_likeness(lines)
        if short:
            found.by_likeness(words)
        if len(found.pairs) == before:
            break
    found.by_filling()
    found.anywhere()
    found.by_emptying()
    return found.pairs


class _Matching:
    def __init__(self, base: Sequence[Cell], side: Sequence[Cell]) -> None:
        self.base = base
        self.side = side
        self.pairs: dict[int, int] = {}
        self.taken: set[int] = set()
        self.named_base: frozenset[int] = frozenset()  # cells that an id speaks for
        self.named_side: frozenset[int] = frozenset()
        self.loose_base: set[int] = set()  # cells not paired yet
        self.loose_side: set[int] = set()

    def pair(self, old: int, new: int) -> None:
        """Pair two cells if both are free and no ids say that they are two."""
        apart = old in self.named_base and new in self.named_side
        if old not in self.pairs and new not in self.taken and not apart:
            self.pairs[old] = new
            self.taken.add(new)
            self.loose_base.discard(old)
            self.loose_side.discard(new)

    def by_id(self) -> None:
        """Pair by ids that can be believed, then by sources that stand once on each side."""
        old, new = _named(self.base), _named(self.side)
        exact = _exact(self.base, self.side)
        named = {i: new[name] for name, i in old.items() if name in new}
        if _is_numbered_anew(self.base, self.side, named, exact):
            back = {j: i for i, j in exact.items()}
            named = {i: j for i, j in named.items() if exact.get(i, j) == j and back.get(j, i) == i}
            old = new = {}
        for i, j in named.items():
            self.pair(i, j)
        before = len(self.pairs)
        for i, j in exact.items():  # what was cut and pasted has a new id
            self.pair(i, j)
        if len(self.pairs) - before <= before:  # else a tool made the ids, and not a hand
            self.named_base, self.named_side = frozenset(old.values()), frozenset(new.values())
        self.loose_base = {i for i in range(len(self.base)) if i not in self.pairs}
        self.loose_side = {j for j in range(len(self.side)) if j not in self.taken}
        if self.loose_base <= self.named_base and self.loose_side <= self.named_side:
            self.loose_base = self.loose_side = set()

    def in_order(self) -> None:
        """Pair cells with the same source that stand between the same neighbours, in order.

        Those next to a neighbour go first, from both ends: of two that were the same the other
        is then the one that was edited.
        """
        if not self.loose_base or not self.loose_side:
            return
        here, there = self._gaps()
        olds: dict[int, list[int]] = defaultdict(list)
        news: dict[int, list[int]] = defaultdict(list)
        for numbers, gaps in ((here, olds), (there, news)):
            for number, gap in numbers.items():
                gaps[gap].append(number)
        for gap in olds.keys() & news.keys():
            self._in_gap(olds[gap], news[gap])

    def _in_gap(self, olds: list[int], news: list[int]) -> None:
        for pairs in (zip(olds, news, strict=False), zip(olds[::-1], news[::-1], strict=False)):
            for old, new in pairs:
                if self.base[old].digest != self.side[new].digest:
                    break
                self.pair(old, new)
        waiting: dict[bytes, deque[int]] = defaultdict(deque)
        for new in news:
            if new not in self.taken:
                waiting[self.side[new].digest].append(new)
        for old in olds:
            twins = waiting[self.base[old].digest]
            if old not in self.pairs and twins:
                self.pair(old, twins.popleft())

    def by_owned_lines(self) -> None:
        """Pair cells most of whose lines no other has: the plain case, which needs no weighing."""
        if not self.loose_base or not self.loose_side:
            return
        owner: dict[str, int | None] = {}
        sizes: dict[int, int] = {}
        for old in sorted(self.loose_base):
            parts = set(lines(self.base[old].source))
            sizes[old] = len(parts)
            for part in parts:
                owner[part] = None if part in owner else old
        for new in sorted(self.loose_side):
            parts = set(lines(self.side[new].source))
            votes = Counter(number for part in parts if (number := owner.get(part)) is not None)
            for number, count in votes.most_common(1):
                same = self.base[number].kind == self.side[new].kind
                if same and count >= _MOST * max(len(parts), sizes[number]):
                    self.pair(number, new)

    def by_likeness(self, split: Split) -> None:
        """Pair the most alike first; those between the same neighbours need less of it."""
        if not self.loose_base or not self.loose_side:
            return
        here, there = self._gaps()
        crowd = Counter([*here.values()]), Counter([*there.values()])
        ranked = []
        for old, new, likeness in alike(self.base, self.side, here, there, split):
            near = here[old] == there[new]
            alone = near and crowd[0][here[old]] == crowd[1][here[old]] == 1
            grown = near and is_grown(self.base[old].source, self.side[new].source)
            score = max(likeness, GROWN) if grown else likeness
            asked = _ALONE if alone else _NEAR if near else _FAR
            if self.base[old].kind != self.side[new].kind:
                asked = _OTHER_KIND
            if score >= asked:
                ranked.append((-score, not near, abs(old - new), old, new))
        for *_, old, new in sorted(ranked):
            self.pair(old, new)

    def by_filling(self) -> None:
        """Pair an empty cell with what was written in its place."""
        if not self.loose_base or not self.loose_side:
            return
        here, there = self._gaps()
        waiting: dict[tuple[int, str], deque[int]] = defaultdict(deque)
        for new, gap in there.items():
            if not self.side[new].blank:
                waiting[gap, self.side[new].kind].append(new)
        for old, gap in here.items():
            written = waiting[gap, self.base[old].kind]
            if self.base[old].blank and written:
                self.pair(old, written.popleft())

    def by_emptying(self) -> None:
        """Pair the only two cells between the same neighbours where one was emptied."""
        if not self.loose_base or not self.loose_side:
            return
        here, there = self._gaps()
        crowd = Counter([*here.values()]), Counter([*there.values()])
        place = {gap: new for new, gap in there.items()}
        for old, gap in here.items():
            if crowd[0][gap] == crowd[1][gap] == 1 and self.side[place[gap]].blank:
                self.pair(old, place[gap])

    def anywhere(self) -> None:
        """Pair what is left of cells with the same source, in order: one of them was moved."""
        waiting: dict[bytes, deque[int]] = defaultdict(deque)
        for new in sorted(self.loose_side):
            waiting[self.side[new].digest].append(new)
        for old in sorted(self.loose_base):
            twins = waiting[self.base[old].digest]
            if twins:
                self.pair(old, twins.popleft())

    def _gaps(self) -> tuple[dict[int, int], dict[int, int]]:
        """Give for each loose cell how many pairs that kept their order stand before it."""
        pairs = sorted(self.pairs.items())
        kept = [pairs[index] for index in longest_rising([j for _, j in pairs])]
        olds, news = [i for i, _ in kept], [j for _, j in kept]
        return (
            {i: bisect_left(olds, i) for i in sorted(self.loose_base)},
            {j: bisect_left(news, j) for j in sorted(self.loose_side)},
        )


def _named(cells: Sequence[Cell]) -> dict[str, int]:
    """Give the cells by the ids that only one of them has."""
    counts = Counter(cell.id for cell in cells)
    return {cell.id: i for i, cell in enumerate(cells) if cell.id and counts[cell.id] == 1}


def _is_numbered_anew(
    base: Sequence[Cell], side: Sequence[Cell], named: dict[int, int], exact: dict[int, int]
) -> bool:
    """Tell whether one id means two cells: sources that stand once say so of many of them.

    That a source stands elsewhere under an id that is new is no sign of it where ids are made by
    chance: then the cell was copied, and edited itself. Ids that count the cells are given by
    their place.
    """
    astray = [(i, exact[i]) for i, j in named.items() if exact.get(i, j) != j]
    taken = set(named.values())
    swapped = sum(1 for _, j in astray if j in taken)
    if _is_counted(base) and _is_counted(side) and (len(base) != len(side) or len(astray) > 1):
        return swapped > 0 or (bool(astray) and [*exact.values()] == sorted(exact.values()))
    return swapped > max(2, len(named) - len(astray))


def _is_counted(cells: Sequence[Cell]) -> bool:
    """Tell whether ids are the numbers of the cells, with the same letters before each."""
    found = [_COUNTED.fullmatch(cell.id or "") for cell in cells]
    if not found or not found[0]:
        return False
    first = int(found[0][2])
    return all(
        it is not None and it[1] == found[0][1] and int(it[2]) == first + place
        for place, it in enumerate(found)
    )


def _exact(base: Sequence[Cell], side: Sequence[Cell]) -> dict[int, int]:
    """Pair cells whose source stands once on each side; an empty one tells nothing."""
    here, there = (Counter(cell.digest for cell in cells) for cells in (base, side))
    place = {cell.digest: j for j, cell in enumerate(side)}
    return {
        i: place[cell.digest]
        for i, cell in enumerate(base)
        if here[cell.digest] == there[cell.digest] == 1 and not cell.blank
    }
