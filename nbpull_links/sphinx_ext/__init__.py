"""Launch buttons in Sphinx and Jupyter Book.

Add ``nbpull_links.sphinx_ext`` to ``extensions``. A book that has ``launch_buttons`` already needs
nothing else; `options` has every setting.
"""

from __future__ import annotations

import os
from dataclasses import fields, replace
from functools import partial
from importlib import metadata
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING, Any

from sphinx.util import logging

import nbpull_links
from nbpull_links.sphinx_ext import words
from nbpull_links.sphinx_ext.book import read_book
from nbpull_links.sphinx_ext.directive import LaunchDirective, LaunchRole, fill_in_links
from nbpull_links.sphinx_ext.launch import buttons_for, unworkable
from nbpull_links.sphinx_ext.linkcheck import ignored_links
from nbpull_links.sphinx_ext.menu import Menus
from nbpull_links.sphinx_ext.options import PREFIX, Options
from nbpull_links.sphinx_ext.pages import look_at
from nbpull_links.sphinx_ext.settings import Configuration, settle
from nbpull_links.sphinx_ext.sources import source_of
from nbpull_links.sphinx_ext.theme import (
    PAGE_BUILDERS,
    place_buttons,
    prepare_theme,
    show_live_code,
)

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.config import Config

__all__ = ["setup"]

logger = logging.getLogger(__name__)


def _say(problems: list[str], location: str | None = None) -> None:
    for problem in problems:
        logger.warning(problem, type="nbpull", subtype="config", location=location)


def _settle(app: Sphinx, config: Config) -> None:
    """Settle the settings once, before the environment and the builder look at them."""
    theme = dict(config.html_theme_options or {})
    book, unread = ({}, []) if theme.get("launch_buttons") else read_book(Path(app.srcdir))
    written = Configuration(
        own={option.name: config[PREFIX + option.name] for option in fields(Options)},
        theme=theme,
        context=config.html_context or {},
        book=book,
        gallery=getattr(config, "sphinx_gallery_conf", None) or {},
    )
    settings, problems = settle(written, Path(app.srcdir), os.environ)
    options, cannot = unworkable(settings.options)
    _say([*unread, *problems, *cannot])
    config.nbpull_settings = replace(settings, options=options)
    config.templates_path = [*config.templates_path, str(Path(__file__).parent / "templates")]
    config.linkcheck_ignore = [*config.linkcheck_ignore, *ignored_links(options)]
    if "launch_buttons" in theme:
        # They are ours now. Left there, the theme would show a second menu, and stop the build
        # over what it cannot read. Its live code is no link and stays the theme's.
        live = (theme.pop("launch_buttons") or {}).get("thebe")
        config.html_theme_options = theme | ({"launch_buttons": {"thebe": live}} if live else {})


def _add_buttons(  # noqa: PLR0913, PLR0917  # the event's signature, behind the book's menus
    menus: Menus,
    app: Sphinx,
    pagename: str,
    templatename: str,  # noqa: ARG001  # the event's signature
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Put the buttons on one page."""
    if app.builder.name not in PAGE_BUILDERS or doctree is None:
        return
    settings = app.config.nbpull_settings
    page, wanted, problems = look_at(source_of(app, pagename), settings)
    buttons, cannot = buttons_for(page, settings.options) if wanted else ((), [])
    _say([*problems, *cannot], pagename)
    if not buttons:
        return
    place_buttons(app, context, menus.write(buttons))
    if len(buttons) > 1 or buttons[0].kind == "own-hub":
        app.add_js_file("nbpull.js", loading_method="defer")


def _show_live_code(
    app: Sphinx,  # noqa: ARG001  # the event's signature
    pagename: str,  # noqa: ARG001
    templatename: str,  # noqa: ARG001
    context: dict[str, Any],
    doctree: nodes.document | None,  # noqa: ARG001
) -> None:
    """Put the book theme's live code on one page."""
    show_live_code(context)


def _ship_twin(app: Sphinx, error: Exception | None) -> None:
    """Put the JavaScript builder of links beside the pages that need it.

    Under the name of a script: web servers that do not know ``.mjs`` send it as no script at all.
    """
    needed = app.builder.name in PAGE_BUILDERS and app.config.nbpull_settings.options.own_hub
    if needed and error is None:
        module = Path(nbpull_links.__file__).parent / "web" / "nbpull.mjs"
        copyfile(module, Path(app.outdir) / "_static" / "nbpull-links.js")


def setup(app: Sphinx) -> dict[str, Any]:
    """Set up the extension."""
    for option in fields(Options):
        # Absent is None, so that what the book says elsewhere can be told from what was set here.
        # The extension checks every value itself and says more than Sphinx's check of types.
        app.add_config_value(PREFIX + option.name, None, "", ())
    # What all of them come to, with the environment they were settled in, decides what is rebuilt.
    app.add_config_value("nbpull_settings", None, "env", ())
    words.add_catalogs(app)
    app.add_directive("launch", LaunchDirective)
    app.add_role("launch", LaunchRole())
    app.connect("config-inited", _settle)
    app.connect("builder-inited", prepare_theme)
    app.connect("doctree-read", fill_in_links, priority=600)  # the metadata is collected at 500
    # At 500 the pydata theme drops the templates that are empty, so ours must be filled by then.
    app.connect("html-page-context", partial(_add_buttons, Menus(app)), priority=400)
    app.connect("html-page-context", _show_live_code, priority=600)
    app.connect("build-finished", _ship_twin)
    return {
        "version": metadata.version("nbpull"),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
