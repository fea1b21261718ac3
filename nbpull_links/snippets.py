"""Text that puts a link on a page: a badge in Markdown, reST, HTML or MyST."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING

from nbpull_links.checks import check_text, check_value, shown
from nbpull_links.errors import InvalidValueError
from nbpull_links.urls import Url, encode

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["BADGES", "MARKUPS", "badge", "picture"]

BADGES = Path(__file__).parent / "web" / "badges"
DEFAULT_BADGE = "launch-nbpull.svg"
DEFAULT_LABEL = "Open in Jupyter"

_NOT_IN_TARGET = re.compile(r"[\x00-\x20\"<>\\^`{|}\x7f-\x9f]")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>&~|!])")
_MYST = re.compile(r"([\\`*_\[\]<>&~|!{}$@^%:+#])")


def badge(
    url: str,
    markup: str = "markdown",
    *,
    label: str = DEFAULT_LABEL,
    image: str = DEFAULT_BADGE,
) -> str:
    """Give the text of a picture that is a link.

    Args:
        url: Where it leads; an http or https URL.
        markup: One of markdown, rst, html and myst.
        label: What the picture says to those who cannot see it.
        image: The picture's address, as seen from the page. The pictures that come with this
            package (see `picture`) are files to put beside the page.

    Raises:
        InvalidValueError: ``unknown-markup``, ``unsupported-scheme`` or those of `check_value`.
    """
    write = MARKUPS.get(markup)
    if write is None:
        raise InvalidValueError(
            "unknown-markup",
            f"There is no markup {shown(markup)}.",
            hint=f"Use one of {', '.join(MARKUPS)}.",
            field="markup",
        )
    text = " ".join(check_text(label, "The label", newlines=True).split()) or DEFAULT_LABEL
    return write(_target(url), text, _picture_address(image))


def picture(name: str = DEFAULT_BADGE) -> str:
    """Give one of the pictures that come with this package, as SVG.

    Args:
        name: Its file name.

    Raises:
        InvalidValueError: ``unknown-badge``.
    """
    names = sorted(path.name for path in BADGES.glob("*.svg"))
    if name not in names:
        raise InvalidValueError(
            "unknown-badge",
            f"There is no badge {shown(name)}.",
            hint=f"Use one of {', '.join(names)}.",
            field="image",
        )
    return (BADGES / name).read_text(encoding="utf-8")


def _target(url: str) -> str:
    """Check where a badge leads; what no URL may hold is percent-encoded."""
    text = check_value(url, "The link")
    if Url.split(text, "The link").scheme not in ("http", "https"):
        raise InvalidValueError(
            "unsupported-scheme",
            f"The link {shown(text)} must begin with https:// or http://.",
            hint="Give the link that make_link made.",
            field="url",
        )
    return _safe(text)


def _picture_address(image: str) -> str:
    text = check_value(image, "The picture")
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", text)
    if not text or (scheme and scheme[1].lower() not in ("http", "https")):
        raise InvalidValueError(
            "unsupported-scheme",
            f"The picture {shown(text)} must be a file or a web address.",
            hint=f"Put {DEFAULT_BADGE} beside the page and give its name.",
            field="image",
        )
    return _safe(text)


def _safe(address: str) -> str:
    return _NOT_IN_TARGET.sub(lambda found: encode(found[0]), address)


def _markdown_target(address: str) -> str:
    """Escape what ends a destination in CommonMark, and what it would take for an entity."""
    return re.sub(r"&(?=#?\w+;)", "&amp;", re.sub(r"([()*_\[\]])", r"\\\1", address))


def _markdown(url: str, label: str, image: str, *, special: re.Pattern[str] = _MARKDOWN) -> str:
    alt = special.sub(r"\\\1", label)
    return f"[![{alt}]({_markdown_target(image)})]({_markdown_target(url)})"


def _myst(url: str, label: str, image: str) -> str:
    return _markdown(url, label, image, special=_MYST)


def _rst(url: str, label: str, image: str) -> str:
    return f".. image:: {image}\n   :alt: {label}\n   :target: {url}"


def _html(url: str, label: str, image: str) -> str:
    href, src, alt = (html.escape(value) for value in (url, image, label))
    return f'<a href="{href}"><img src="{src}" alt="{alt}"></a>'


MARKUPS: dict[str, Callable[[str, str, str], str]] = {
    "markdown": _markdown,
    "rst": _rst,
    "html": _html,
    "myst": _myst,
}
