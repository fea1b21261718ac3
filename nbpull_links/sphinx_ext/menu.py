"""Write the buttons of a page as HTML."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from markupsafe import escape

from nbpull_links.sphinx_ext import words

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from nbpull_links.sphinx_ext.launch import Button

__all__ = ["Menus"]

_MARK = "\0"  # no text that an author may set holds it


class Menus:
    """The menus of a book.

    Pages with the same places differ in their links alone, so the template is rendered once for
    all of them, with marks where the links belong.
    """

    def __init__(self, app: Sphinx) -> None:
        """Begin without a menu: template and translations are there once pages are written."""
        self._app = app
        self._rendered: dict[tuple[tuple[str, str], ...], list[str]] = {}

    def write(self, buttons: tuple[Button, ...]) -> str:
        """Give the HTML of ``buttons``."""
        places = tuple((button.kind, button.label) for button in buttons)
        if places not in self._rendered:
            self._rendered[places] = self._render(buttons).split(_MARK)
        pieces = self._rendered[places].copy()
        pieces[1::2] = [escape(buttons[int(number)].url) for number in pieces[1::2]]
        return "".join(pieces)

    def _render(self, buttons: tuple[Button, ...]) -> str:
        """Render the template; each link is its button's number between two marks."""
        marked = [
            replace(button, url=f"{_MARK}{number}{_MARK}") for number, button in enumerate(buttons)
        ]
        texts = words.words()
        own = next((button for button in marked if button.kind == "own-hub"), None)
        first = marked[0]
        single = texts["launch_own_hub"] if first is own else words.launch_on(first.label)
        label = self._app.config.nbpull_settings.options.label
        builder: Any = self._app.builder
        html: str = builder.templates.render(
            "nbpull-menu.html",
            {
                "buttons": marked,
                "content": own.url if own else "",
                "label": label or texts["launch"],
                "single": label or single,
                "words": texts,
            },
        )
        return html
