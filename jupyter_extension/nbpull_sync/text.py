"""Merge three versions of a text file; pure, bytes in and bytes out.

Line ends are no difference: each version is split at its own, lines are compared
without them, and the learner's stay, as does a byte-order mark. What the last line of the
file ends with is the learner's if they changed it, else upstream's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbpull_sync.diff3 import merge_by, refine
from nbpull_sync.events import Hunk
from nbpull_sync.merge3 import merge

if TYPE_CHECKING:
    from nbpull_sync.diff3 import Diff3, Refused

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
    texts = old.contents, mine.contents, yours.contents
    closed = _is_closed(old, mine, yours)
    if mine.uniform and yours.uniform:
        result = merge_by(diff3, *texts) if diff3 is not None else None
        lines, refused = result or refine(*texts)
        end = mine.end or yours.end or b"\n"
        body = end.join(lines) + (end if closed and lines else b"")
    else:
        found = merge(*texts)
        body = _joined(found.drawn(mine.raw, yours.ending_as(mine)), mine.end, closed=closed)
        _, refused = refine(*texts)
    return TextMerge((_BOM if mine.bom else b"") + body, tuple(map(_hunk, refused)))


class _Lines:
    """One version: its lines without their ends, and what these are."""

    def __init__(self, data: bytes) -> None:
        self.bom = data.startswith(_BOM)
        self._text = text = data[len(_BOM) :] if self.bom else data
        self.contents = text.splitlines()
        self.empty = not text
        self.closed = text.endswith((b"\n", b"\r"))
        returns = text.count(b"\r")
        both = text.count(b"\r\n") if returns else 0
        counts = {b"\n": text.count(b"\n") - both, b"\r\n": both, b"\r": returns - both}
        used = [end for end, count in counts.items() if count]
        self.uniform = len(used) <= 1
        self.end = max(used, key=lambda end: counts[end], default=b"")

    @property
    def raw(self) -> list[bytes]:
        """The lines with their ends."""
        return self._text.splitlines(keepends=True)

    def ending_as(self, other: _Lines) -> list[bytes]:
        """Give the lines with the other version's usual end in place of this one's."""
        end = other.end or self.end
        return [
            line + end if raw[len(line) :] == self.end else raw
            for line, raw in zip(self.contents, self.raw, strict=True)
        ]


def _is_closed(old: _Lines, mine: _Lines, yours: _Lines) -> bool:
    """Tell whether the last line is to end; what an empty text has no word on, the others tell."""
    if mine.empty:
        return yours.closed or yours.empty
    told = not (yours.empty or old.empty)
    return yours.closed if told and mine.closed == old.closed else mine.closed


def _joined(lines: list[bytes], end: bytes, *, closed: bool) -> bytes:
    """Join lines whose own ends stay, each but the last with one, the last if it is to be."""
    ends = (b"\n", b"\r")
    whole = [line if line.endswith(ends) else line + (end or b"\n") for line in lines]
    if whole and not closed:
        whole[-1] = whole[-1].rstrip(b"\r\n")
    return b"".join(whole)


def _hunk(refused: Refused) -> Hunk:
    words = (
        b"\n".join(lines).decode("utf-8", "replace") for lines in (refused.ours, refused.theirs)
    )
    ours, theirs = words
    return Hunk(line=refused.at + 1, ours=ours, theirs=theirs)


def _is_text(data: bytes) -> bool:
    if b"\0" in data:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
