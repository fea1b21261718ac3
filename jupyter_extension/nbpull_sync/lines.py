"""Tell two sequences of lines apart; pure, and fast on long files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from nbpull_sync.sequences import longest_rising

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Line = bytes
Span = tuple[int, int]

_LONG = 500  # lines; beyond this a stretch without unique lines is compared by its rarer ones


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of base that a side changed: ``base[lo:hi]`` became ``side[start:stop]``."""

    lo: int
    hi: int
    start: int
    stop: int


def changes(base: Sequence[Line], side: Sequence[Line]) -> list[Block]:
    """Give the stretches that differ, in order, never two that touch."""
    blocks: list[Block] = []
    lo = start = 0
    for i, j, length in [*_runs(base, side), (len(base), len(side), 0)]:
        if i > lo or j > start:
            blocks.append(Block(lo, i, start, j))
        lo, start = i + length, j + length
    return blocks


def _runs(a: Sequence[Line], b: Sequence[Line]) -> list[tuple[int, int, int]]:
    """Give the runs of equal lines in order: by unique lines first, then within the gaps."""
    runs: list[tuple[int, int, int]] = []
    todo = [(0, len(a), 0, len(b))]
    while todo:
        i, m, j, n = todo.pop()
        head = _same(a, b, (i, m), (j, n))
        runs.append((i, j, head))
        i, j = i + head, j + head
        tail = _same_end(a, b, (i, m), (j, n))
        m, n = m - tail, n - tail
        runs.append((m, n, tail))
        if i == m or j == n or set(a[i:m]).isdisjoint(b[j:n]):
            continue
        anchors = _anchors(a, b, (i, m), (j, n))
        if not anchors:
            runs += _plain(a, b, (i, m), (j, n))
            continue
        for p, q in [*anchors, (m, n)]:
            todo.append((i, p, j, q))
            i, j = p, q
    return sorted(run for run in runs if run[2])


def _same(a: Sequence[Line], b: Sequence[Line], x: Span, y: Span) -> int:
    """Tell how many lines two stretches begin with in common; by halves, as slices compare fast."""
    low, high = 0, min(x[1] - x[0], y[1] - y[0])
    while low < high:
        half = (low + high + 1) // 2
        if a[x[0] + low : x[0] + half] == b[y[0] + low : y[0] + half]:
            low = half
        else:
            high = half - 1
    return low


def _same_end(a: Sequence[Line], b: Sequence[Line], x: Span, y: Span) -> int:
    """Tell how many lines two stretches end with in common."""
    low, high = 0, min(x[1] - x[0], y[1] - y[0])
    while low < high:
        half = (low + high + 1) // 2
        if a[x[1] - half : x[1] - low] == b[y[1] - half : y[1] - low]:
            low = half
        else:
            high = half - 1
    return low


def _anchors(a: Sequence[Line], b: Sequence[Line], x: Span, y: Span) -> list[tuple[int, int]]:
    """Give the longest run of pairs of lines that stand once on each side, in order on both."""
    in_a, in_b = Counter(a[x[0] : x[1]]), Counter(b[y[0] : y[1]])
    place = {b[q]: q for q in range(*y) if in_b[b[q]] == 1}
    pairs = [(p, place[a[p]]) for p in range(*x) if in_a[a[p]] == 1 and a[p] in place]
    return [pairs[k] for k in longest_rising([q for _, q in pairs])]


def _plain(
    a: Sequence[Line], b: Sequence[Line], x: Span, y: Span
) -> Iterator[tuple[int, int, int]]:
    """Give the runs where no line is unique, such as braces and blank lines."""
    long = max(x[1] - x[0], y[1] - y[0]) > _LONG
    matcher = SequenceMatcher(None, a[x[0] : x[1]], b[y[0] : y[1]], autojunk=long)
    for p, q, length in matcher.get_matching_blocks():
        yield x[0] + p, y[0] + q, length
