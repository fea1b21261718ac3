"""Find each cell of one notebook again in another: by its id, else by its source.

An id is believed unless the sources say otherwise: some tools number the ids of a notebook
anew (0, 1, 2, ...) or make all of them new each time, and then one id means two cells. Likeness
is asked only where ids cannot tell, and asked for much of it: two cells
taken for one would cost one of them; one cell taken for two costs a repetition.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict, deque
from typing import TYPE_CHECKING

from nbpull_sync.likeness import alike, lines, words
from nbpull_sync.sequences import longest_rising

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbpull_sync.likeness import Split
    from nbpull_sync.nbfile import Cell

_READ = 800_000  # bytes of cells in all up to which words are looked at, not only lines
_ALONE = 0.3  # the likeness asked of the only two cells between the same neighbours
_NEAR = 0.5  # of others between the same neighbours
_FAR = 0.65  # and of cells that also moved
_MOST = 0.7  # the share of its lines that make a cell the one that owns them
_OTHER_KIND = 0.8  # the share of likeness left where code became text or the reverse


def match(base: Sequence[Cell], side: Sequence[Cell]) -> dict[int, int]:
    """Give the pairs of cells, the numbers in base to those in the side."""
    found = _Matching(base, side)
    found.by_id()
    found.in_order()
    found.by_owned_lines()
    found.by_likeness(lines)
    if sum(cell.stop - cell.start for cell in (*base, *side)) <= _READ:
        found.by_likeness(words)
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
        back = {j: i for i, j in exact.items()}
        named = [(old[name], new[name]) for name in old if name in new]
        good = [(i, j) for i, j in named if exact.get(i, j) == j and back.get(j, i) == i]
        for i, j in good:
            self.pair(i, j)
        renamed = sum(1 for i, j in exact.items() if self.pairs.get(i) != j)
        for i, j in exact.items():
            self.pair(i, j)
        # One id for two cells, or many new ids for the same: then a tool gave them, not a hand.
        if len(good) < len(named) or renamed > len(good):
            self.named_base = self.named_side = frozenset()
        else:
            self.named_base, self.named_side = frozenset(old.values()), frozenset(new.values())
        self.loose_base = {i for i in range(len(self.base)) if i not in self.pairs}
        self.loose_side = {j for j in range(len(self.side)) if j not in self.taken}
        if self.loose_base <= self.named_base and self.loose_side <= self.named_side:
            self.loose_base = self.loose_side = set()

    def in_order(self) -> None:
        """Pair cells with the same source that stand between the same neighbours, in order."""
        if not self.loose_base or not self.loose_side:
            return
        here, there = self._gaps()
        waiting: dict[tuple[int, bytes], deque[int]] = defaultdict(deque)
        for new, gap in there.items():
            waiting[gap, self.side[new].digest].append(new)
        for old, gap in here.items():
            twins = waiting[gap, self.base[old].digest]
            if twins:
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
            same = self.base[old].kind == self.side[new].kind
            score = likeness if same else likeness * _OTHER_KIND
            near = here[old] == there[new]
            alone = near and crowd[0][here[old]] == crowd[1][here[old]] == 1
            if score >= (_ALONE if alone else _NEAR if near else _FAR):
                ranked.append((-score, not near, abs(old - new), old, new))
        for *_, old, new in sorted(ranked):
            self.pair(old, new)

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


def _exact(base: Sequence[Cell], side: Sequence[Cell]) -> dict[int, int]:
    """Pair cells whose source stands once on each side; an empty one tells nothing."""
    here, there = (Counter(cell.digest for cell in cells) for cells in (base, side))
    place = {cell.digest: j for j, cell in enumerate(side)}
    return {
        i: place[cell.digest]
        for i, cell in enumerate(base)
        if here[cell.digest] == there[cell.digest] == 1 and not cell.blank
    }
