"""Tell how alike two cells are by the words that are rare in their notebook.

Cells of a course follow patterns (``# Exercise 3``, ``plt.show()``), so a line counts the
less the more cells hold it; what is left is what makes a cell the one it is.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from nbpull_sync.nbfile import Cell

    Split = Callable[[str], list[str]]

words = re.compile(r"\w+|[^\w\s]").findall
"""Split a source into words and signs."""

_MOST_HELD = 50  # a part that more cells hold than this tells nothing
GROWN = 0.75
"""The likeness of a cell and one that holds all its lines, if those are rare."""
_TIMES = 4  # a cell that holds all of one so many times shorter need not come from it


def lines(source: str) -> list[str]:
    """Split a source into its lines, without indentation and blank ones."""
    return [*filter(None, map(str.strip, source.splitlines()))]


def is_grown(a: str, b: str) -> bool:
    """Tell whether one source holds the whole of the other and not much more."""
    shorter, longer = sorted((a.strip(), b.strip()), key=len)
    return bool(shorter) and len(longer) <= _TIMES * len(shorter) and shorter in longer


def alike(
    base: Sequence[Cell],
    side: Sequence[Cell],
    old: Collection[int],
    new: Collection[int],
    split: Split,
) -> Iterator[tuple[int, int, float]]:
    """Score pairs of cells from 0 to 1 by the parts that both hold.

    Args:
        base: All cells of base; with those of the side they tell what is common in them.
        side: All cells of the side.
        old: The numbers of the cells of base to pair.
        new: The numbers of the cells of the side to pair.
        split: What is a part: :func:`lines` or :func:`words`.
    """
    olds = {number: set(split(base[number].source)) for number in old}
    news = {number: set(split(side[number].source)) for number in new}
    holders: dict[str, list[int]] = defaultdict(list)
    for number, parts in news.items():
        for part in parts:
            holders[part].append(number)
    common = holders.keys() & set().union(*olds.values())
    others = chain(
        (cell for number, cell in enumerate(base) if number not in olds),
        (cell for number, cell in enumerate(side) if number not in news),
    )
    held = Counter(chain.from_iterable((*olds.values(), *news.values())))
    held.update(part for cell in others for part in common.intersection(split(cell.source)))
    worth = {part: len(part) / max(1, held[part] - 1) for part in common}
    whole = {number: _worth(parts, worth) for number, parts in news.items()}
    for number, parts in olds.items():
        shared: dict[int, float] = defaultdict(float)
        for part in parts & common:
            value, found = worth[part], holders[part]
            if len(found) <= _MOST_HELD:
                for other in found:
                    shared[other] += value
        total = _worth(parts, worth)
        for other, value in shared.items():
            score = 2 * value / (total + whole[other])
            if split is lines:
                smaller = min(sum(map(len, parts)), sum(map(len, news[other])))
                score = max(score, GROWN * value / smaller)
            yield number, other, score


def _worth(parts: set[str], worth: dict[str, float]) -> float:
    known = parts & worth.keys()
    return sum(map(len, parts - known)) + sum(map(worth.__getitem__, known))
