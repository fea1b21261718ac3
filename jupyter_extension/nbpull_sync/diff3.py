r"""Let git merge first, and merge what it calls a conflict here.

Git is quick on long files and everyone knows what it takes without a conflict, so its
word stands there. A caller gives its merge as a function ``diff3(base, ours, theirs)``
that runs::

    git merge-file -p --diff3 --marker-size=<MARKER_SIZE> OURS BASE THEIRS

and returns what git printed, whatever the exit code of up to 127 (the number of conflicts).
The bytes it is given have ``\n`` after each line, the last included. The markers are so
long that no text holds one by chance; a text that does is merged without git.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from nbpull_sync.merge3 import merge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Diff3 = Callable[[bytes, bytes, bytes], bytes]

MARKER_SIZE = 97
"""What git is to be told as ``--marker-size``."""

_OURS, _BASE, _SPLIT, _THEIRS = (sign * MARKER_SIZE for sign in (b"<", b"|", b"=", b">"))


@dataclass(frozen=True, slots=True)
class Refused:
    """Lines of theirs that were not taken, and where ours stand in the merged text."""

    at: int
    ours: list[bytes]
    theirs: list[bytes]


def merge_by(
    diff3: Diff3, base: list[bytes], ours: list[bytes], theirs: list[bytes]
) -> tuple[list[bytes], list[Refused]] | None:
    """Merge lines by git and refine its conflicts; None where a line looks like a marker.

    Where the sides changed places that lie apart there is nothing to ask git.
    """
    if (joined := _joined(base, ours, theirs)) is not None:
        return joined, []
    signs = (_OURS, _BASE, _SPLIT, _THEIRS)
    if any(line.startswith(signs) for lines in (base, ours, theirs) for line in lines):
        return None
    merged = diff3(*(b"".join(line + b"\n" for line in lines) for lines in (base, ours, theirs)))
    lines: list[bytes] = []
    refused: list[Refused] = []
    for stretch in _stretches(merged.split(b"\n")[:-1]):
        if len(stretch) == 1:
            lines += stretch[0]
        else:
            mine, old, yours = stretch
            more, gone = refine(old, mine, yours, len(lines))
            lines += more
            refused += gone
    return lines, refused


def _joined(base: list[bytes], ours: list[bytes], theirs: list[bytes]) -> list[bytes] | None:
    """Give both sides' lines where a line of base lies between all of one's and the other's."""
    (mine, my_end), (yours, your_end) = _changed(base, ours), _changed(base, theirs)
    if my_end < yours:
        return [*ours[: len(ours) - (len(base) - my_end)], *theirs[my_end:]]
    if your_end < mine:
        return [*theirs[: len(theirs) - (len(base) - your_end)], *ours[your_end:]]
    return None


def _changed(base: list[bytes], side: list[bytes]) -> tuple[int, int]:
    """Give the first and the last place in base at which the changes of a side can be."""
    begin, end = _alike(base, side), len(base) - _alike(reversed(base), reversed(side))
    return min(begin, end), max(begin, end)  # between equal lines it may be any place


def _alike(one: Iterable[bytes], other: Iterable[bytes]) -> int:
    """Give the number of lines with which both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def refine(
    base: list[bytes], ours: list[bytes], theirs: list[bytes], at: int = 0
) -> tuple[list[bytes], list[Refused]]:
    """Merge lines that follow so many merged ones; give what was refused as text."""
    found = merge(base, ours, theirs)
    return found.drawn(ours, theirs), [
        Refused(at + it.at, [ours[k] for k in it.ours], [theirs[k] for k in it.theirs])
        for it in found.refusals
    ]


def _stretches(lines: list[bytes]) -> Iterator[list[list[bytes]]]:
    """Give what git merged as lists of one, and each conflict as ours, base and theirs."""
    stretch: list[list[bytes]] = [[]]
    for line in lines:
        if line.startswith(_OURS):
            yield stretch
            stretch = [[]]
        elif line.startswith((_BASE, _SPLIT)):
            stretch.append([])
        elif line.startswith(_THEIRS):
            yield stretch
            stretch = [[]]
        else:
            stretch[-1].append(line)
    yield stretch
