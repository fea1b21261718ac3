"""Merge three versions of a text file; pure, bytes in and bytes out.

Line ends are no difference: each version is split at its own, lines are compared
without them, and the learner's stay, as does a byte-order mark. What the last line of the
file ends with is the learner's if they changed it, else upstream's.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbpull_sync.diff3 import merge_by
from nbpull_sync.events import Hunk
from nbpull_sync.lines import merge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbpull_sync.diff3 import Diff3

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class TextMerge:
    """A merged text.

    Attributes:
        merged: The file as it is to stand in the workspace.
        hunks: Upstream's lines that were not taken, for the learner changed the same ones.
    """

    merged: bytes
    hunks: tuple[Hunk, ...]


def merge_text(
    base: bytes, ours: bytes, theirs: bytes, *, diff3: Diff3 | None = None
) -> TextMerge | None:
    """Merge a text by lines; the learner's lines stay where both changed the same ones.

    Args:
        base: The version that the workspace was last synced to.
        ours: The learner's version.
        theirs: Upstream's new version.
        diff3: Git's own merge, which then goes first (see :mod:`nbpull_sync.diff3`); what
            it calls a conflict is merged here. Without it everything is.

    Returns:
        The merge, or None where a version is binary or not UTF-8.
    """
    if not all(map(_is_text, (base, ours, theirs))):
        return None
    return merge_plain(base, ours, theirs, diff3=diff3)


def merge_plain(
    base: bytes, ours: bytes, theirs: bytes, *, diff3: Diff3 | None = None
) -> TextMerge:
    """Merge bytes that are known to be text, such as the source of a cell."""
    if ours in (base, theirs):
        return TextMerge(theirs, ())
    if base == theirs:
        return TextMerge(ours, ())
    old, mine, yours = _Lines(base), _Lines(ours), _Lines(theirs)
    if diff3 is not None and mine.uniform:
        result = merge_by(diff3, old.contents, mine.contents, yours.contents)
        if result is not None:
            lines = [line + mine.end for line in result.lines]
            return TextMerge(
                _finish(lines, old, mine, yours),
                tuple(_hunk(it.at, it.ours, it.theirs) for it in result.refused),
            )
    found = merge(old.contents, mine.contents, yours.contents)
    lines = []
    for piece in found.pieces:
        if piece.side == "ours":
            lines += mine.raw[piece.start : piece.stop]
        else:
            lines += yours.ending_as(mine, piece.start, piece.stop)
    hunks = tuple(
        _hunk(
            refusal.at,
            [mine.contents[k] for k in refusal.ours],
            [yours.contents[k] for k in refusal.theirs],
        )
        for refusal in found.refusals
    )
    return TextMerge(_finish(lines, old, mine, yours), hunks)


class _Lines:
    """One version: its lines, without and with their ends."""

    def __init__(self, data: bytes) -> None:
        self.bom = data.startswith(_BOM)
        text = data[len(_BOM) :] if self.bom else data
        self.contents = text.splitlines()
        self.raw = text.splitlines(keepends=True)
        kinds = Counter(raw[len(line) :] for line, raw in zip(self.contents, self.raw, strict=True))
        self.closed = not kinds.pop(b"", 0)  # the last line has an end, or there is none
        self.uniform = len(kinds) <= 1
        self.end = max(kinds, key=lambda end: kinds[end], default=b"")

    def ending_as(self, other: _Lines, start: int, stop: int) -> list[bytes]:
        """Give lines with the other version's usual end in place of this one's."""
        if self.end == other.end or not other.end:
            return self.raw[start:stop]
        return [
            line + other.end if raw[len(line) :] == self.end else raw
            for line, raw in zip(self.contents[start:stop], self.raw[start:stop], strict=True)
        ]


def _finish(lines: list[bytes], base: _Lines, ours: _Lines, theirs: _Lines) -> bytes:
    """Join the lines, each but the last with an end, the last as the sides want it."""
    end = ours.end or theirs.end or b"\n"
    for index, line in enumerate(lines):
        if not line.endswith((b"\n", b"\r")):
            lines[index] = line + end
    closed = theirs.closed if ours.closed == base.closed else ours.closed
    if lines and not closed:
        lines[-1] = lines[-1].rstrip(b"\r\n")
    return (_BOM if ours.bom else b"") + b"".join(lines)


def _hunk(at: int, ours: Iterable[bytes], theirs: Iterable[bytes]) -> Hunk:
    return Hunk(line=at + 1, ours=_words(ours), theirs=_words(theirs))


def _words(lines: Iterable[bytes]) -> str:
    return "\n".join(line.decode("utf-8", "replace") for line in lines)


def _is_text(data: bytes) -> bool:
    if b"\0" in data:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
