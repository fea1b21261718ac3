"""Which pages get buttons, and what each of them opens."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from nbpull_links.errors import InvalidValueError
from nbpull_links.forges import read_page
from nbpull_links.sphinx_ext import checks
from nbpull_links.sphinx_ext.options import PREFIX, page_option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbpull_links.sphinx_ext.existing import Gallery
    from nbpull_links.sphinx_ext.options import Options
    from nbpull_links.sphinx_ext.settings import Settings

__all__ = ["Page", "Source", "change", "check_given", "look_at"]

_SHARED = ("content_repo", "content_branch", "app", "targetpath", "depth", "buttons")
_OWN = {"path": checks.path, "urlpath": checks.urlpath}
_SHORT = {"repo": "content_repo", "branch": "content_branch"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A page as Sphinx knows it.

    Attributes:
        docname: Its name.
        file: Its file, relative to the source directory.
        metadata: Its front matter and file-wide metadata.
        made_notebook: Whether a tool made a notebook of it, which lies beside it.
    """

    docname: str
    file: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    made_notebook: bool = False

    @property
    def is_notebook(self) -> bool:
        """Whether the page is a notebook, in whatever format."""
        return self.file.endswith(".ipynb") or self.is_text_notebook

    @property
    def is_text_notebook(self) -> bool:
        """Whether the page is a notebook written as text: MyST-NB or jupytext."""
        names = ("kernelspec", "jupytext", "file_format")
        return not self.file.endswith(".ipynb") and any(name in self.metadata for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the buttons of a page pull and open, checked.

    Attributes:
        path: The file in the content repo.
        as_notebook: Whether it is a text that must be opened as a notebook.
        buttons: Which buttons, in which order.
    """

    content_repo: str | None
    content_branch: str | None
    path: str
    app: str | None
    urlpath: str | None
    targetpath: str | None
    depth: int | None
    buttons: tuple[str, ...]
    as_notebook: bool = False


def look_at(source: Source, settings: Settings) -> tuple[Page, bool, list[str]]:
    """Tell what the buttons of a page open.

    Returns:
        The page, whether it gets buttons, and what its metadata says that could not be used.
    """
    wanted, given, problems = _read_metadata(source.metadata)
    options = settings.options
    folder = options.path_to_docs
    book: dict[str, Any] = {
        "content_repo": options.content_repo,
        "content_branch": options.content_branch,
        "path": f"{folder}/{source.file}" if folder else source.file,
        "app": None,
        "urlpath": None,
        "targetpath": options.targetpath,
        "depth": options.depth,
        "buttons": options.buttons,
    }
    published = _published_notebook(source, settings.gallery)
    if wanted is None:
        wanted = bool(given or published) or _is_selected(source, options)
    as_notebook = source.is_text_notebook and not published
    return change(Page(**book, as_notebook=as_notebook), published | given), wanted, problems


def change(page: Page, given: Mapping[str, Any]) -> Page:
    """Give ``page`` with other values; another repository has other branches."""
    if "content_repo" in given:
        page = replace(page, content_branch=None)
    if "path" in given:
        page = replace(page, as_notebook=False, urlpath=None)
    return replace(page, **given)


def _is_selected(source: Source, options: Options) -> bool:
    taken = [pattern for pattern in options.pages if not pattern.startswith("!")]
    left_out = [pattern[1:] for pattern in options.pages if pattern.startswith("!")]
    return any(_matches(source, pattern) for pattern in taken or ("auto",)) and not any(
        _matches(source, pattern) for pattern in left_out
    )


def _matches(source: Source, pattern: str) -> bool:
    if pattern == "auto":
        return source.is_notebook
    if pattern.startswith(".") and "/" not in pattern:
        return source.file.endswith(pattern)
    return fnmatchcase(source.docname, pattern) or fnmatchcase(source.file, pattern)


def _published_notebook(source: Source, gallery: Gallery | None) -> dict[str, Any]:
    """Say where the notebook is that sphinx-gallery made of a page and publishes elsewhere."""
    if gallery is None or not source.made_notebook:
        return {}
    name = PurePosixPath(source.docname)
    if not any(name.is_relative_to(folder.strip("./")) for folder in gallery.folders):
        return {}
    path = f"{name}.ipynb"
    return {
        "content_repo": gallery.repo,
        "content_branch": gallery.branch,
        "path": f"{gallery.prefix}/{path}" if gallery.prefix else path,
    }


def _read_metadata(
    metadata: Mapping[str, Any],
) -> tuple[bool | None, dict[str, Any], list[str]]:
    """Read what a page says of itself.

    ``nbpull: false`` takes the buttons away and ``true`` gives them; a table under ``nbpull``, or
    single fields such as ``nbpull_path``, say what is different on this page.

    Returns:
        Whether buttons are wanted (None if the page does not say), the values, and the problems.
    """
    wanted: bool | None = None
    given: dict[str, object] = {}
    problems: list[str] = []
    for key, value in metadata.items():
        name = str(key).replace("-", "_")
        if name == "nbpull":
            table = _read_json(value)
            if isinstance(table, dict):
                given |= {str(inner).replace("-", "_"): found for inner, found in table.items()}
                continue
            try:
                wanted = checks.flag(table)
            except InvalidValueError as error:
                problems.append(f"nbpull is left out: {error}")
        elif name.startswith(PREFIX):
            given[name.removeprefix(PREFIX)] = _read_json(value)
    values, refused = check_given(given)
    return wanted, values, [*problems, *refused]


def _read_json(value: object) -> object:
    """Undo what front matter does to tables, lists and numbers: it hands them over as JSON."""
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def check_given(given: Mapping[str, object]) -> tuple[dict[str, Any], list[str]]:
    """Check what a page, or a link in it, says that is different there.

    Returns:
        The values by the names of `Page`, and the problems.
    """
    values: dict[str, Any] = {}
    problems = []
    for short, value in given.items():
        name = _SHORT.get(short, short)
        try:
            if name in _OWN:
                values[name] = _OWN[name](value)
            elif name in _SHARED:
                values |= _of_a_page(value) if name == "content_repo" else {}
                values[name] = page_option(name, value)
            else:
                problems.append(f"{PREFIX}{short} is left out: a page has no such option.")
        except InvalidValueError as error:
            problems.append(f"{PREFIX}{short} is left out: {error}")
    return values, problems


def _of_a_page(content_repo: object) -> dict[str, Any]:
    """Read branch and path from a copied page of a repository."""
    page = read_page(content_repo)
    given = {"content_branch": page.ref, "path": page.path}
    return {name: value for name, value in given.items() if value}
