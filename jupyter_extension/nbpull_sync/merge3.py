"""Merge three versions of a sequence of lines; pure.

A merge here is finer than git's. Git calls a stretch a conflict as soon as both sides
changed lines next to each other. Here each line of base has its own fate on each side
(kept, replaced, deleted), and each place between two lines its own additions, so that

* a line that only one side changed is taken, even beside lines that the other changed;
* what both added at one place stays, theirs first; the same addition is taken once;
* a line that both changed differently is ours, and theirs is *refused*: handed back,
  so that the learner can be told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from nbpull_sync.lines import changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nbpull_sync.lines import Block, Line, Span

    _Added = tuple[Sequence[Line], list[int]]  # a side's lines, and which of them it added

_PAIRING = 400  # pairs of lines that are compared by letters; beyond, lines pair by position
_LOOKED_AT = 300  # letters of a line by which it is compared
_ALIKE = 0.4  # the share of a line that must be common before two lines are versions of one


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one side's lines that stands in the merged text."""

    side: Literal["ours", "theirs"]
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Lines of theirs that were not taken, for ours changed the same ones.

    Attributes:
        at: How many merged lines stand before ours.
        ours: The indices of ours's lines.
        theirs: The indices of theirs's lines, empty where theirs deleted them.
    """

    at: int
    ours: tuple[int, ...]
    theirs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """The merged text as stretches of the two sides, and what was refused."""

    pieces: tuple[Piece, ...]
    refusals: tuple[Refusal, ...]

    def drawn(self, ours: Sequence[Line], theirs: Sequence[Line]) -> list[Line]:
        """Give the merged lines, each out of the side that it comes from."""
        merged: list[Line] = []
        for piece in self.pieces:
            merged += (ours if piece.side == "ours" else theirs)[piece.start : piece.stop]
        return merged


def merge(base: Sequence[Line], ours: Sequence[Line], theirs: Sequence[Line]) -> Merge:
    """Merge three versions of a text; nothing that ours added or changed is ever left out."""
    writer = _Writer()
    done = shift = 0  # how far base is written, and where ours stands relative to it
    for mine, yours in _clusters(changes(base, ours), changes(base, theirs)):
        lo = min(block.lo for block in (*mine, *yours))
        hi = max(block.hi for block in (*mine, *yours))
        writer.take("ours", done + shift, lo + shift)
        if not yours:
            writer.take("ours", mine[0].start, mine[-1].stop)
        elif not mine:
            writer.take("theirs", yours[0].start, yours[-1].stop)
        else:
            _refine(writer, (lo, hi), (_Side(base, ours, mine), _Side(base, theirs, yours)), shift)
        done = hi
        if mine:
            shift = mine[-1].stop - mine[-1].hi
    writer.take("ours", done + shift, len(ours))
    return writer.finish()


def _clusters(ours: list[Block], theirs: list[Block]) -> Iterator[tuple[list[Block], list[Block]]]:
    """Gather the blocks of both sides that overlap or touch in base."""
    mine: list[Block] = []
    yours: list[Block] = []
    hi = -1
    i = j = 0
    while i < len(ours) or j < len(theirs):
        first = j == len(theirs) or (i < len(ours) and ours[i].lo <= theirs[j].lo)
        block = ours[i] if first else theirs[j]
        if block.lo > hi and (mine or yours):
            yield mine, yours
            mine, yours = [], []
        (mine if first else yours).append(block)
        hi = max(hi, block.hi)
        i, j = (i + 1, j) if first else (i, j + 1)
    if mine or yours:
        yield mine, yours


class _Side:
    """What one side did to each line of base, and added at each place between them."""

    def __init__(self, base: Sequence[Line], lines: Sequence[Line], blocks: list[Block]) -> None:
        self.lines = lines
        self.fate: dict[int, int | None] = {}  # the line that replaced it; None: deleted
        self.added: dict[int, list[int]] = {}  # by the place before that line of base
        for block in blocks:
            place = block.lo
            for i, j in _align(base, lines, block):
                if i is None:
                    self.added.setdefault(place, []).append(j or 0)
                    continue
                place = i + 1
                if j is None or lines[j] != base[i]:
                    self.fate[i] = j

    def text(self, index: int | None) -> Line | None:
        return None if index is None else self.lines[index]


def _align(
    base: Sequence[Line], lines: Sequence[Line], block: Block
) -> list[tuple[int | None, int | None]]:
    """Say which new line of a changed stretch stands for which old one.

    Lines that look alike are versions of one another; the rest pair by their position.
    """
    old, new = range(block.lo, block.hi), range(block.start, block.stop)
    if len(old) == len(new) == 1 or len(old) * len(new) > _PAIRING:
        paired = [(i, j) for i, j in zip(old, new, strict=False)]
    else:
        paired = _pair([base[i] for i in old], [lines[j] for j in new])
        paired = [(block.lo + i, block.start + j) for i, j in paired]
    result: list[tuple[int | None, int | None]] = []
    i, j = block.lo, block.start
    for p, q in [*paired, (block.hi, block.stop)]:
        result += [(k, None) for k in range(i, p)]
        result += [(None, k) for k in range(j, q)]
        if p < block.hi:
            result.append((p, q))
        i, j = p + 1, q + 1
    return result


def _pair(old: list[Line], new: list[Line]) -> list[tuple[int, int]]:
    """Pair lines in order so that the likeness of all pairs is greatest."""
    height, width = len(old), len(new)
    best = [[0.0] * (width + 1) for _ in range(height + 1)]
    score = [[_likeness(a, b) for b in new] for a in old]
    for i in reversed(range(height)):
        for j in reversed(range(width)):
            together = best[i + 1][j + 1] + score[i][j]
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    pairs = []
    i = j = 0
    while i < height and j < width:
        if best[i][j] == best[i + 1][j + 1] + score[i][j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _likeness(a: Line, b: Line) -> float:
    """Give the share of two lines that their common beginning and end make up.

    One that stands whole in the other, such as a line that got a comment, is a version of it.
    """
    shorter, longer = sorted((a[:_LOOKED_AT].strip(), b[:_LOOKED_AT].strip()), key=len)
    same = 0
    while same < len(shorter) and shorter[same] == longer[same]:
        same += 1
    tail = 0
    while tail < len(shorter) - same and shorter[-1 - tail] == longer[-1 - tail]:
        tail += 1
    share = (same + tail) / len(longer) if longer else 1.0
    if shorter and same + tail == len(shorter):
        share = max(share, _ALIKE)
    return share if share >= _ALIKE else 0.01


def _refine(writer: _Writer, region: Span, sides: tuple[_Side, _Side], shift: int) -> None:
    """Merge a stretch that both sides changed, line by line."""
    ours, theirs = sides
    stand = region[0] + shift  # the line of ours that comes next
    for place in range(region[0], region[1] + 1):
        mine, yours = ours.added.get(place, []), theirs.added.get(place, [])
        _add(writer, (ours.lines, mine), (theirs.lines, yours))
        stand += len(mine)
        if place == region[1]:
            break
        if place not in ours.fate:
            if place in theirs.fate:
                _take(writer, "theirs", theirs.fate[place])
            else:
                _take(writer, "ours", stand)
            stand += 1
            continue
        line = ours.fate[place]
        if place in theirs.fate and theirs.text(theirs.fate[place]) != ours.text(line):
            writer.refuse(place, line, theirs.fate[place])
        _take(writer, "ours", line)
        stand += line is not None


def _take(writer: _Writer, side: Literal["ours", "theirs"], line: int | None) -> None:
    if line is not None:
        writer.take(side, line, line + 1)


def _add(
    writer: _Writer,
    ours: tuple[Sequence[Line], list[int]],
    theirs: tuple[Sequence[Line], list[int]],
) -> None:
    """Write what both added at one place: theirs first, and once where one holds the other."""
    mine, yours = [ours[0][k] for k in ours[1]], [theirs[0][k] for k in theirs[1]]
    if not _holds(mine, yours):
        for k in theirs[1]:
            writer.take("theirs", k, k + 1)
    if len(mine) >= len(yours) or not _holds(yours, mine):
        for k in ours[1]:
            writer.take("ours", k, k + 1)


def _holds(lines: list[Line], part: list[Line]) -> bool:
    width = len(part)
    return any(lines[k : k + width] == part for k in range(len(lines) - width + 1))


class _Writer:
    """Gather pieces and refusals, joining those that follow one another."""

    def __init__(self) -> None:
        self._pieces: list[Piece] = []
        self._refusals: list[tuple[int, list[int], list[int]]] = []
        self._length = 0
        self._last = -2  # the line of base that was refused last

    def take(self, side: Literal["ours", "theirs"], start: int, stop: int) -> None:
        if start >= stop:
            return
        self._length += stop - start
        last = self._pieces[-1] if self._pieces else None
        if last and last.side == side and last.stop == start:
            self._pieces[-1] = Piece(side, last.start, stop)
        else:
            self._pieces.append(Piece(side, start, stop))

    def refuse(self, place: int, ours: int | None, theirs: int | None) -> None:
        last = self._refusals[-1] if self._refusals else None
        if not last or place != self._last + 1 or last[0] + len(last[1]) != self._length:
            last = self._length, [], []
            self._refusals.append(last)
        last[1].extend(() if ours is None else (ours,))
        last[2].extend(() if theirs is None else (theirs,))
        self._last = place

    def finish(self) -> Merge:
        refusals = (Refusal(at, tuple(ours), tuple(theirs)) for at, ours, theirs in self._refusals)
        return Merge(tuple(self._pieces), tuple(refusals))
