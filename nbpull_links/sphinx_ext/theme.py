"""Put the buttons where each theme has its own place for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["PAGE_BUILDERS", "place_buttons", "prepare_theme", "show_live_code"]

PAGE_BUILDERS = ("html", "dirhtml", "readthedocs", "readthedocsdirhtml")
"""Builders that make a web page of each source file. Others run the same events and have no page
to put a button on."""

STYLED_BUILDERS = (*PAGE_BUILDERS, "singlehtml")
SLOT = "nbpull-launch.html"
_HEADER = "article_header_end"
_SIDEBAR_THEMES = ("alabaster", "furo")
# The buttons stand between the brand and what follows it.
_AFTER_BRAND = ("sidebar/search.html", "sidebar/scroll-start.html", "searchfield.html",
                "search-field.html", "navigation.html")  # fmt: skip


def prepare_theme(app: Sphinx) -> None:
    """Register style and slot; themes of the pydata family take a template in the header."""
    if app.builder.name not in STYLED_BUILDERS:
        return
    builder: Any = app.builder
    app.config.html_static_path = [
        *app.config.html_static_path, str(Path(__file__).parent / "static"),
    ]  # fmt: skip
    app.add_css_file("nbpull.css")
    if _has_header(builder):
        given = builder.theme_options.get(_HEADER, _defaults(builder)[_HEADER])
        items = given.split(",") if isinstance(given, str) else given
        items = [item.strip() for item in items if item.strip()]
        theirs = "article-header-buttons.html"
        at = items.index(theirs) if theirs in items else len(items)
        builder.theme_options[_HEADER] = [*items[:at], SLOT, *items[at:]]


def place_buttons(app: Sphinx, context: dict[str, Any], html: str) -> None:
    """Put ``html`` into the theme's place on one page; above the text where it has none."""
    builder: Any = app.builder
    context["nbpull_launch"] = html
    if _has_header(builder):
        return
    sidebars = list(context.get("sidebars") or ())
    if builder.theme.name in _SIDEBAR_THEMES and sidebars:
        at = next((sidebars.index(item) for item in _AFTER_BRAND if item in sidebars), None)
        sidebars.insert(len(sidebars) if at is None else at, SLOT)
        context["sidebars"] = sidebars
    else:
        context["body"] = html + context.get("body", "")


def show_live_code(context: dict[str, Any]) -> None:
    """Show the book theme's live code as one button: the menu that held it has nothing else."""
    buttons = context.get("header_buttons") or []
    for at, button in enumerate(buttons):
        if button.get("label") == "launch-buttons":
            buttons[at : at + 1] = [
                {name: value for name, value in live.items() if name != "text"}
                for live in button["buttons"]
            ]


def _defaults(builder: Any) -> dict[str, Any]:
    options: dict[str, Any] = builder.theme.get_options({})
    return options


def _has_header(builder: Any) -> bool:
    return _HEADER in _defaults(builder)
