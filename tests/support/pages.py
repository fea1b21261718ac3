"""The pages of the documentation, and the blocks in them that a test runs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_BLOCK = re.compile(
    r"^(?P<fence>`{3,})(?P<info>[^`\n]*)\n(?P<text>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL
)
_OPTION = re.compile(r":(\w+): ?(.*)\n")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page.

    Attributes:
        page: The page's path below docs, without its suffix.
        kind: Its language, or the name of its directive in braces.
        text: What stands in it.
        caption: Its caption, which says what file it is.
        style: Its class.
    """

    page: str
    kind: str
    text: str
    caption: str = ""
    style: str = ""


def names() -> list[str]:
    """List the pages."""
    found = (path for path in DOCS.rglob("*.md") if "_build" not in path.parts)
    return sorted(path.relative_to(DOCS).with_suffix("").as_posix() for path in found)


def text_of(page: str) -> str:
    """Give the source of a page."""
    return (DOCS / f"{page}.md").read_text("utf-8")


def blocks(page: str, kind: str = "", caption: str = "") -> list[Block]:
    """Give the blocks of a page, all of them or those of a kind or with a caption."""
    return [
        block
        for block in _read(page)
        if kind in {"", block.kind} and caption in {"", block.caption}
    ]


def captioned(caption: str) -> list[Block]:
    """Give the blocks of all pages that are such a file."""
    return [block for page in names() for block in blocks(page, caption=caption)]


def _read(page: str) -> Iterator[Block]:
    for found in _BLOCK.finditer(text_of(page)):
        kind, text, options = found["info"], found["text"], {}
        if kind.startswith("{"):
            while option := _OPTION.match(text):
                options[option[1]] = option[2]
                text = text[option.end() :]
        kind = kind.removeprefix("{code-block} ")
        yield Block(
            page, kind, text.lstrip("\n"), options.get("caption", ""), options.get("class", "")
        )
