"""Settle what the author set, what the book said before, and what the build itself tells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from nbpull_links.apps import is_directory
from nbpull_links.errors import InvalidValueError
from nbpull_links.forges import read_page
from nbpull_links.sphinx_ext.checkout import built_version, folder_in_checkout
from nbpull_links.sphinx_ext.existing import (
    Found,
    Gallery,
    from_book,
    from_context,
    from_gallery,
    from_theme,
)
from nbpull_links.sphinx_ext.options import PREFIX, Options, page_option, read_options

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["Configuration", "Settings", "settle"]

# These belong to the repository that they are written for, and to no other.
_OF_THE_REPO = ("content_branch", "path_to_docs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What holds for the whole book.

    Attributes:
        options: The options, settled.
        gallery: Where sphinx-gallery publishes its notebooks, if it does.
    """

    options: Options
    gallery: Gallery | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """All that is written down somewhere.

    Attributes:
        own: This extension's options, None where the author set nothing.
        theme: ``html_theme_options``.
        context: ``html_context``.
        book: Jupyter Book 1's ``_config.yml``.
        gallery: ``sphinx_gallery_conf``.
    """

    own: Mapping[str, object]
    theme: Mapping[str, Any]
    context: Mapping[str, Any]
    book: Mapping[str, Any]
    gallery: Mapping[str, Any]


def settle(
    written: Configuration, source: Path, environ: Mapping[str, str]
) -> tuple[Settings, list[str]]:
    """Settle the settings, and say what could not be read.

    Args:
        written: All that is written down.
        source: The documentation's source directory.
        environ: The environment of the build.
    """
    found = [from_theme(written.theme), from_context(written.context), from_book(written.book)]
    binder, gallery = from_gallery(written.gallery)
    found.append(binder)
    values, places = _merge(written.own, found)
    options, refused = read_options(values, places)
    if options.content_repo is None and gallery:
        options = replace(options, content_repo=gallery.repo, content_branch=gallery.branch)
    options, doubts = _follow(options, environ)
    if options.path_to_docs is None and options.content_repo:
        folder = folder_in_checkout(source, options.content_repo)
        options = replace(options, path_to_docs=folder)
    problems = [problem for each in found for problem in each.problems]
    return Settings(options=options, gallery=gallery), [*problems, *refused, *doubts]


def _merge(
    own: Mapping[str, object], found: list[Found]
) -> tuple[dict[str, object], dict[str, str]]:
    """Take each value from where it is written first: the author's own options before all."""
    values = {name: value for name, value in own.items() if value is not None}
    places: dict[str, str] = {}
    page = _read_page(values.get("content_repo"))
    for name, value in page.items():
        values.setdefault(name, value)
        places.setdefault(name, f"{PREFIX}content_repo")
    services = [service for each in found for service in each.services]
    for each in found:
        foreign = _repo(each.values.get("content_repo")) != _repo(values.get("content_repo"))
        skipped = _OF_THE_REPO if foreign and values.get("content_repo") else ()
        for name, value in each.values.items():
            if name not in values and name not in skipped:
                values[name] = value
                places[name] = each.written[name]
    if services:
        *default, last = Options().buttons
        values.setdefault("buttons", tuple(dict.fromkeys((*default, *services, last))))
    return values, places


def _read_page(content_repo: object) -> dict[str, object]:
    """Read branch and folder from a copied page of the content repo."""
    try:
        page = read_page(content_repo)
    except InvalidValueError:  # said when the option is checked
        return {}
    path = page.path or ""
    folder = path if is_directory(path) else path.rpartition("/")[0]
    given = {"content_branch": page.ref, "path_to_docs": folder}
    return {name: value for name, value in given.items() if value}


def _repo(value: object) -> str | None:
    try:
        return str(read_page(value).repo).removesuffix(".git")
    except InvalidValueError:
        return None


def _follow(options: Options, environ: Mapping[str, str]) -> tuple[Options, list[str]]:
    """Let the content branch follow the version that is being built."""
    version = built_version(environ) if options.follow_version else None
    if not version:
        return options, []
    try:
        return replace(options, content_branch=page_option("content_branch", version)), []
    except InvalidValueError as error:
        return options, [f"{PREFIX}follow_version does not follow this build: {error}"]
