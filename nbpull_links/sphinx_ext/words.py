"""Every text that readers see, translated when a page is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.locale import get_translation

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["add_catalogs", "launch_on", "words"]

CATALOG = "nbpull"
_ = get_translation(CATALOG)


def add_catalogs(app: Sphinx) -> None:
    """Tell Sphinx where the translations are."""
    app.add_message_catalog(CATALOG, str(Path(__file__).parent / "locale"))


def launch_on(place: str) -> str:
    """Say what a link to ``place`` does."""
    return _("Launch on {place}").format(place=place)


def words() -> dict[str, str]:
    """Give the texts of the menu and the dialog in the book's language."""
    return {
        "launch": _("Launch"),
        "own_hub": _("My own hub…"),
        "launch_own_hub": _("Launch on my own hub…"),
        # {hub} is filled in by the browser.
        "remembered": _("My hub: {hub}"),
        "dialog_title": _("Launch on my own hub"),
        "hub": _("Address of your JupyterHub"),
        "help": _(
            "Copy it from your browser while you are on the hub. It is remembered in this browser "
            "and sent nowhere else."
        ),
        "open": _("Launch"),
        "cancel": _("Cancel"),
        "forget": _("Forget this hub"),
        "invalid": _(
            "This is not the address of a hub. It should look like https://hub.example.org."
        ),
        "credentials": _("This address holds a password or a token. Take it out."),
        "unavailable": _("The link could not be made here. Open this page through a web server."),
    }
