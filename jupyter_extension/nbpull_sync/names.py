"""Give each cell of a merged notebook an id of its own (nbformat 4.5 and later)."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from nbpull_sync.cells import Draft

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}", re.ASCII)


def give_names(drafts: Sequence[Draft], known: Collection[str | None]) -> list[str]:
    """Give the ids of the merged cells: upstream's first, then the learner's, else new ones.

    Upstream's go first because the next merge will know the cell by them. A new id is made from
    the source, not by chance, so that the same three versions always give the same bytes.
    """
    names: dict[int, str] = {}
    taken: set[str] = set()
    for choice in (0, 1):
        for number, draft in enumerate(drafts):
            name = draft.names[choice]
            if number not in names and name and name not in taken and _NAME.fullmatch(name):
                names[number] = name
                taken.add(name)
    for number, draft in enumerate(drafts):
        if number not in names:
            names[number] = _fresh(draft.source, taken, known)
            taken.add(names[number])
    return [names[number] for number in range(len(drafts))]


def _fresh(source: str, taken: Collection[str], known: Collection[str | None]) -> str:
    text = source.encode("utf-8", "surrogatepass")
    count = 0
    while True:
        name = blake2b(text, digest_size=4, salt=count.to_bytes(8, "big")).hexdigest()
        if name not in taken and name not in known:
            return name
        count += 1
