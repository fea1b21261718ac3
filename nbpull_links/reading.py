"""What every part of the tolerant reader needs: notes, pairs of a query, small judgements."""

from __future__ import annotations

import re

from nbpull_links.notices import LinkWarning
from nbpull_links.urls import decode_query

ENDPOINTS = ("git-pull", "git-sync", "interact")
PULL_NAMES = (
    "repo", "branch", "urlpath", "urlPath", "subpath", "subPath", "app",
    "targetpath", "targetPath", "depth",
)  # fmt: skip

_TEMPLATE = re.compile(r"[<>{}]|\$\(|\[(?:your|my|branch|repo|user|hub)\b", re.IGNORECASE)
Pairs = list[tuple[str, str]]


class Notes:
    """The warnings of one reading, in order, each once."""

    def __init__(self) -> None:
        self._warnings: dict[LinkWarning, None] = {}

    def add(self, code: str, message: str) -> None:
        """Add a warning."""
        self._warnings[LinkWarning(code, message)] = None

    def extend(self, warnings: tuple[LinkWarning, ...]) -> None:
        """Add warnings that others made."""
        self._warnings |= dict.fromkeys(warnings)

    def __call__(self) -> tuple[LinkWarning, ...]:
        """Give all warnings."""
        return tuple(self._warnings)


def is_template(text: str) -> bool:
    """Tell whether ``text`` holds a placeholder that nobody filled in."""
    return bool(_TEMPLATE.search(text))


def split_query(query: str | None, notes: Notes) -> Pairs:
    """Split a query into decoded pairs, as the web server does.

    ``amp;`` before a name is what is left of an ``&amp;`` copied out of HTML.
    """
    pairs: Pairs = []
    for name, value, is_utf8 in decode_query((query or "").lstrip("?")):
        if not is_utf8:
            notes.add("invalid-utf8", f"The value of {name[:40]!a} is no UTF-8; servers refuse it.")
        if name.startswith("amp;"):
            notes.add("html-escaped", "'&amp;' was copied out of HTML; it is read as '&'.")
        pairs.append((re.sub(r"^(?:amp;)+", "", name), value.strip()))
    return pairs
