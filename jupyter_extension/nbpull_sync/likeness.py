"""Tell how alike two cells are by the words that are rare in their notebook.

Cells of a course follow patterns (``# Exercise 3``, ``plt.show()``), so a line counts the
less the more cells hold it; what is left is what makes a cell the one it is.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from nbpull_sync.nbfile import Cell

_WORD = re.compile(r"\w+|[^\w\s]")
_MOST_HELD = 50  # a part that more cells hold than this tells nothing
_READ = 400_000  # bytes of cells in all up to which words are looked at, not only lines

Pairs = dict[tuple[int, int], float]


def alike(
    old: Sequence[int], new: Sequence[int], base: Sequence[Cell], side: Sequence[Cell]
) -> Pairs:
    """Score pairs of cells from 0 to 1: by shared lines, or shared words where that is more.

    Args:
        old: The numbers of the cells of base to pair.
        new: The numbers of the cells of the other side.
        base: All cells of base; with those of the side they tell what is common in them.
        side: All cells of the side.
    """
    around = [*base, *side]
    olds = [(i, base[i].source) for i in old]
    news = [(j, side[j].source) for j in new]
    scores = _shared(olds, news, around, _lines)
    if sum(cell.stop - cell.start for cell in around) <= _READ:
        for pair, score in _shared(olds, news, around, _WORD.findall).items():
            scores[pair] = max(score, scores.get(pair, 0.0))
    return scores


def _lines(source: str) -> list[str]:
    return [stripped for line in source.splitlines() if (stripped := line.strip())]


def _shared(
    old: Iterable[tuple[int, str]],
    new: Iterable[tuple[int, str]],
    around: Iterable[Cell],
    split: Callable[[str], list[str]],
) -> Pairs:
    ours = {index: Counter(split(source)) for index, source in old}
    theirs = {index: Counter(split(source)) for index, source in new}
    holders: dict[str, list[int]] = defaultdict(list)
    for index, counts in theirs.items():
        for part in counts:
            holders[part].append(index)
    common = {part for counts in ours.values() for part in counts if part in holders}
    held = Counter(part for cell in around for part in common.intersection(split(cell.source)))
    worth = {part: len(part) / max(1, count - 1) for part, count in held.items()}
    whole = {index: _worth(counts, worth) for index, counts in theirs.items()}
    scores: Pairs = {}
    for number, counts in ours.items():
        shared: dict[int, float] = defaultdict(float)
        for part in counts.keys() & common:
            if len(holders[part]) <= _MOST_HELD:
                for index in holders[part]:
                    shared[index] += worth[part] * min(counts[part], theirs[index][part])
        total = _worth(counts, worth)
        for index, value in shared.items():
            scores[number, index] = 2 * value / (total + whole[index])
    return scores


def _worth(counts: Counter[str], worth: dict[str, float]) -> float:
    return sum(worth.get(part, len(part)) * count for part, count in counts.items())
