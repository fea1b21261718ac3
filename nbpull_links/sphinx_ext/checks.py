"""What each option accepts. A check takes what the author wrote and gives what the book uses.

Every check raises InvalidValueError, whose message is for the author.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from nbpull_links.addresses import read_base
from nbpull_links.apps import find_app
from nbpull_links.build import build_link
from nbpull_links.checks import check_value, shown
from nbpull_links.content import Content
from nbpull_links.errors import InvalidValueError
from nbpull_links.forges import read_page
from nbpull_links.places import MYBINDER
from nbpull_links.refs import check_branch
from nbpull_links.sphinx_ext.values import BinderHub, Hub, JupyterLite
from nbpull_links.urls import Url

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

BUTTONS = ("hub", "binder", "jupyterlite", "colab", "deepnote", "kaggle", "cocalc", "own-hub")
_SOME_REPO = "https://example.org/some/repo"
_LITE_APPS = ("lab", "tree", "notebooks", "edit", "consoles", "repl", "retro")
_WORDS = {"true": True, "yes": True, "on": True, "1": True,
          "false": False, "no": False, "off": False, "0": False}  # fmt: skip


def _wrong(message: str, hint: str = "") -> InvalidValueError:
    return InvalidValueError("option-invalid", message, hint=hint)


def text(value: object) -> str:
    """Accept a line of text."""
    return check_value(value, "the value")


def _some_text(value: object, what: str) -> str:
    found = check_value(value, what)
    if not found:
        raise _wrong(f"{what} is empty.", "Leave it out to have the default.")
    return found


def flag(value: object) -> bool:
    """Accept true or false, in words too, as front matter has it."""
    if isinstance(value, bool):
        return value
    found = _WORDS.get(str(value).strip().lower())
    if found is None:
        raise _wrong(f"{shown(str(value))} is neither true nor false.")
    return found


def _table(value: object, known: Iterable[str], what: str) -> Mapping[str, Any]:
    """Accept a table that holds known names only; an absent value may be written as empty text."""
    if not isinstance(value, dict):
        raise _wrong(f"{what} must be a table, not {type(value).__name__}.")
    names = tuple(known)
    if strange := [str(name) for name in value if name not in names]:
        raise _wrong(
            f"{what} holds {', '.join(shown(name) for name in strange)}, which means nothing here.",
            f"Use {', '.join(names)}.",
        )
    return {name: found for name, found in value.items() if found not in (None, "")}


def _items(value: object) -> list[object]:
    """Accept a list, or a text with commas, as a page's metadata has it."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if isinstance(value, (list, tuple)):
        return list(value)
    raise _wrong(f"a list is needed, not {type(value).__name__}.")


def hubs(value: object) -> tuple[Hub, ...]:
    """Accept hubs as a list, or as a table by their names; a bare address is a hub too."""
    if isinstance(value, dict) and "url" not in value:
        listed = [_named(str(name), hub) for name, hub in value.items()]
    else:
        listed = [value] if isinstance(value, (str, dict)) else _items(value)
    found = tuple(_hub({"url": hub} if isinstance(hub, str) else hub) for hub in listed)
    names = [hub.name for hub in found]
    if twice := [name for name in names if names.count(name) > 1]:
        raise _wrong(f"two hubs are called {shown(twice[0])}.", "Give each a name of its own.")
    return found


def _named(name: str, hub: object) -> object:
    if isinstance(hub, str):
        hub = {"url": hub}
    return {"name": name, **hub} if isinstance(hub, dict) else hub


def _hub(value: object) -> Hub:
    hub = _table(value, ("name", "label", "url", "server", "app"), "a hub")
    url = check_value(hub.get("url", ""), "a hub's url")
    server = check_value(hub.get("server", ""), "the server name") or None
    if not url:
        raise _wrong("a hub has no url.", 'Give its address: url = "https://hub.example.org".')
    # Whatever was copied along with the address goes, and what cannot be in a link is refused now.
    place = build_link(hub=url, server=server, content_repo=_SOME_REPO).place.url
    name = str(hub.get("name") or hub.get("label") or Url.split(place).host.strip("[]"))
    return Hub(
        name=_some_text(name, "a hub's name"),
        label=_some_text(hub.get("label") or name, "a hub's label"),
        url=place,
        server=server,
        app=app(hub["app"]) if "app" in hub else None,
    )


def binder(value: object) -> BinderHub | None:
    """Accept a table, or true for mybinder.org with the content repo as its environment."""
    if isinstance(value, (bool, str)) and str(value).lower() in _WORDS:
        value = {} if flag(value) else None
    elif isinstance(value, str):
        value = {"url": value}
    if value is None:
        return None
    given = _table(value, ("url", "env_repo", "env_branch"), "nbpull_binder")
    env_repo = check_value(given.get("env_repo", ""), "the env repo") or None
    env_branch = check_value(given.get("env_branch", ""), "the env branch") or None
    link = build_link(
        env_repo or _SOME_REPO, env_branch, binder=check_value(given.get("url", MYBINDER), "url")
    )
    return BinderHub(url=link.place.url, env_repo=env_repo, env_branch=env_branch)


def jupyterlite(value: object) -> JupyterLite:
    """Accept a table, or the site's address; a path on the book's own host is an address too."""
    if isinstance(value, str):
        value = {"url": value}
    given = _table(value, ("url", "root", "suffix"), "nbpull_jupyterlite")
    url = check_value(given.get("url", ""), "the JupyterLite site")
    if not url.startswith("/") or url.startswith("//") or "\\" in url:
        base = read_base(url, "the JupyterLite site")
        url = base.origin + base.path
    url = url.split("?")[0].split("#")[0].removesuffix("index.html").rstrip("/")
    if url.rpartition("/")[2] not in _LITE_APPS:
        url += "/lab"
    suffix = check_value(given.get("suffix", ""), "the suffix") or None
    return JupyterLite(url=f"{url}/index.html", root=folder(given.get("root", "")), suffix=suffix)


def content_repo(value: object) -> str:
    """Accept a repository that can be pulled, or a page of it."""
    return str(read_page(_some_text(value, "the content repo")).repo)


def branch(value: object) -> str:
    """Accept a branch or a tag; a commit cannot be pulled by every server."""
    name = check_branch(value)
    build_link(hub="https://hub.example.org", content_repo=_SOME_REPO, content_branch=name)
    return name


def folder(value: object) -> str:
    """Accept a folder of the repository."""
    path = Content(path=check_value(value, "the folder").strip("/") or None).path
    return path or ""


def path(value: object) -> str:
    """Accept a file or folder of the repository."""
    found = Content(path=_some_text(value, "the path")).path
    if found is None:
        raise _wrong("the path names no file.", "Give the path from the repository's root.")
    return found


def urlpath(value: object) -> str:
    """Accept a path in the server."""
    return cast("str", Content(urlpath=_some_text(value, "the urlpath")).urlpath)


def targetpath(value: object) -> str:
    """Accept a folder in the learner's workspace."""
    given = _some_text(value, "the target path")
    return cast("str", Content(repo=cast("Any", _SOME_REPO), targetpath=given).targetpath)


def depth(value: object) -> int:
    """Accept a number of commits, in digits too, as front matter has it."""
    if isinstance(value, str) and re.fullmatch("[0-9]{1,10}", value.strip()):
        value = int(value)
    return cast("int", Content(repo=cast("Any", _SOME_REPO), depth=cast("Any", value)).depth)


def app(value: object) -> str:
    """Accept an application by any of its names."""
    return find_app(_some_text(value, "the application")).name


def patterns(value: object) -> tuple[str, ...]:
    """Accept patterns of pages."""
    return tuple(_some_text(item, "a pattern of pages") for item in _items(value))


def buttons(value: object) -> tuple[str, ...]:
    """Accept names of buttons, each once."""
    names = [str(item).strip().lower().replace("_", "-") for item in _items(value)]
    if strange := [name for name in names if name not in BUTTONS]:
        raise _wrong(f"there is no button {shown(strange[0])}.", f"Use {', '.join(BUTTONS)}.")
    return tuple(dict.fromkeys(names))
