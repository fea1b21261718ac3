"""The buttons of a page: where it can be launched, and the link for each place."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from nbpull_links.apps import build_urlpath, find_app
from nbpull_links.build import build_link
from nbpull_links.content import Content
from nbpull_links.errors import InvalidValueError
from nbpull_links.link import Link
from nbpull_links.places import JupyterHub
from nbpull_links.repo import RepoUrl
from nbpull_links.sphinx_ext.services import SERVICES, Notebook, jupyterlite_url, service_url
from nbpull_links.urls import Url, encode_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbpull_links.places import Place
    from nbpull_links.sphinx_ext.options import Options
    from nbpull_links.sphinx_ext.pages import Page
    from nbpull_links.sphinx_ext.values import BinderHub, Hub

__all__ = ["Button", "buttons_for", "link_to", "unworkable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One place to launch a page on.

    Attributes:
        kind: hub, binder, jupyterlite, colab, deepnote, kaggle, cocalc or own-hub.
        label: What readers call the place; empty for the reader's own hub.
        url: The link; for the reader's own hub, what to pull as JSON.
    """

    kind: str
    label: str
    url: str


def buttons_for(page: Page, options: Options) -> tuple[tuple[Button, ...], list[str]]:
    """Give the buttons of ``page``, in the author's order.

    Returns:
        The buttons, and why a configured place has none. A place that cannot open the page by its
        nature has no button and nothing to say.
    """
    found: list[Button] = []
    problems: list[str] = []
    for kind in page.buttons:
        try:
            found += _of_kind(kind, page, options)
        except InvalidValueError as error:  # noqa: PERF203  # one place must not cost the others
            problems.append(f"there is no {kind} button: {error}")
    return tuple(found), problems


def _of_kind(kind: str, page: Page, options: Options) -> Iterator[Button]:
    if page.content_repo is None and not (options.binder and options.binder.env_repo):
        return  # said once, for the whole book
    if kind == "hub" and page.content_repo:
        for hub in options.hubs:
            yield Button(kind=kind, label=hub.label, url=hub_url(hub, page, options.app))
    elif kind == "binder" and options.binder:
        yield Button(kind=kind, label="Binder", url=binder_url(options.binder, page, options.app))
    elif kind == "jupyterlite" and options.jupyterlite:
        if lite := jupyterlite_url(options.jupyterlite, page.path):
            yield Button(kind=kind, label="JupyterLite", url=lite)
    elif kind == "own-hub" and page.content_repo:
        _content(page, options.app, pulled=True)  # refuses what the browser could make no link of
        content = json.dumps(_given(page, options.app), ensure_ascii=False, sort_keys=True)
        yield Button(kind=kind, label="", url=content)
    elif kind in SERVICES and page.content_repo and not page.urlpath:
        notebook = Notebook(repo=page.content_repo, branch=page.content_branch, path=page.path)
        if url := service_url(kind, notebook):
            yield Button(kind=kind, label=SERVICES[kind], url=url)


def hub_url(hub: Hub, page: Page, app: str) -> str:
    """Give the link that pulls ``page`` on ``hub`` and opens it.

    Raises:
        InvalidValueError: Says what cannot be in a link.
    """
    return str(Link(_hub(hub.url, hub.server), _content(page, hub.app or app, pulled=True)))


def binder_url(binder: BinderHub, page: Page, app: str) -> str:
    """Give the link that opens ``page`` on a BinderHub.

    Raises:
        InvalidValueError: Says what cannot be in a link.
    """
    env_repo, env_branch = binder.env_repo, binder.env_branch
    differs = (env_repo and env_repo != page.content_repo) or (
        env_branch and env_branch != page.content_branch
    )
    apart = bool(page.content_repo and differs)
    place = _binder(
        binder.url,
        env_repo or page.content_repo,
        env_branch or (None if apart else page.content_branch),
    )
    return str(Link(place, _content(page, app, pulled=apart)))


@lru_cache(maxsize=64)
def _hub(url: str, server: str | None) -> Place:
    """Give a hub, which all pages of a book share."""
    return JupyterHub(url=url, server=server)


@lru_cache(maxsize=64)
def _binder(url: str, env_repo: str, env_branch: str | None) -> Place:
    """Give a BinderHub and what it builds, which most pages of a book share."""
    return build_link(env_repo, env_branch, binder=url).place


@lru_cache(maxsize=8)
def _content(page: Page, app: str, *, pulled: bool) -> Content:
    """Give what is pulled and opened, which all places of a page share."""
    given = _given(page, app, pulled=pulled)
    repo, branch = given.pop("content_repo", None), given.pop("content_branch", None)
    return Content(repo=repo and _repo(repo), branch=branch, **given)


_repo = lru_cache(maxsize=64)(RepoUrl)


def _given(page: Page, app: str, *, pulled: bool = True) -> dict[str, Any]:
    """Say what is pulled and opened in the words of `make_link`.

    Args:
        page: The page.
        app: The application, unless the page names one.
        pulled: Whether the content is pulled; otherwise it is the env repo's own.
    """
    app = page.app or app
    urlpath = page.urlpath
    if not urlpath and page.as_notebook:
        directory = page.targetpath or _repo(page.content_repo or "").directory
        urlpath = _as_notebook(app, directory if pulled else None, page.path)
    opened = {"urlpath": urlpath} if urlpath else {"path": page.path, "app": app}
    if not pulled:
        return opened
    given = {
        "content_repo": page.content_repo,
        "content_branch": page.content_branch,
        "targetpath": page.targetpath,
        "depth": page.depth,
    }
    return {name: value for name, value in given.items() if value is not None} | opened


def _as_notebook(name: str, directory: str | None, path: str) -> str:
    """Give the path that opens a text file as a notebook, where the application can do that.

    The classic interfaces do under ``notebooks/``, and Notebook 7 is told by ``factory``. Lab goes
    by the viewer that jupytext is set to be, and passes over the word.
    """
    app = find_app(name)
    if app.name == "lab":
        return f"{build_urlpath(app, directory, path)}?factory=Notebook"
    if app.notebook.endswith("notebooks/"):
        place = "/".join(part for part in (directory, path) if part)
        factory = "?factory=Notebook" if app.name == "notebook" else ""
        return f"{app.notebook}{encode_path(place)}{factory}"
    return build_urlpath(app, directory, path)


def unworkable(options: Options) -> tuple[Options, list[str]]:
    """Take away the buttons that could work on no page, and say why."""
    problems: list[str] = []
    lost: set[str] = set()
    services = [kind for kind in options.buttons if kind in SERVICES]
    pulled = [
        kind
        for kind, given in (
            ("hub", options.hubs),
            ("binder", options.binder and not options.binder.env_repo),
            ("own-hub", options.own_hub),
            *((service, True) for service in services),
        )
        if given and kind in options.buttons
    ]
    if options.content_repo is None:
        if pulled:
            problems.append(
                f"nbpull_content_repo is not set, so pages that name no repository themselves get "
                f"no button for: {', '.join(pulled)}. Set it to the repository that holds them."
            )
        return options, problems
    notebook = Notebook(repo=options.content_repo, branch=None, path="index.ipynb")
    if services and notebook.github is None:
        lost.update(services)
        problems.append(
            f"{', '.join(SERVICES[kind] for kind in services)} can open notebooks on github.com "
            f"only, and the content repo is {options.content_repo}: no button."
        )
    return replace(options, buttons=tuple(b for b in options.buttons if b not in lost)), problems


def link_to(place: str, page: Page, options: Options) -> tuple[str, str]:
    """Give label and link of one place, for a link in the text.

    Args:
        place: A button's kind, the name of a hub, a hub's address, or empty for the first place.
        page: What to pull and open.
        options: The book's options.

    Raises:
        InvalidValueError: If there is no such place or it cannot open the page.
    """
    for hub in options.hubs:
        if place == hub.name:
            return hub.label, hub_url(hub, page, options.app)
    if "://" in place:
        link = build_link(hub=place, **_given(page, options.app))
        address = Url.split(link.place.url)
        return address.authority + address.path, str(link)
    buttons, problems = buttons_for(
        replace(page, buttons=(place,) if place else page.buttons), options
    )
    for button in buttons:
        if button.kind != "own-hub":
            return button.label, button.url
    raise InvalidValueError(
        "place-missing",
        f"there is no place called {place!r} that can open {page.path}."
        if place
        else f"there is no place that can open {page.path}.",
        hint=" ".join(problems) or "Set nbpull_hubs, nbpull_binder or another place.",
    )
