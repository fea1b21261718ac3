"""Where the browser goes after the sync: a URL that stays on this server and opens the file.

Pure, but for the one question that it asks: which apps are there.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from nbpull_links.urls import encode_path
from nbpull_server.errors import RefusedError

if TYPE_CHECKING:
    from nbpull_server.apps import Apps
    from nbpull_server.params import Opening, PullParams

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_UNSAFE = re.compile(r"""[\s"'<>`\\^{|}\x7f-\U0010ffff]""")
_WORKSPACE = r"(?:/workspaces/[^/]+)?"
_OPENERS = re.compile(
    rf"(?:(?:lab|doc){_WORKSPACE}/tree|nbclassic/(?:tree|notebooks|edit)|retro/(?:tree|notebooks|edit)"
    r"|tree|notebooks|edit|consoles|files|view)(?:/|$)"
)
"""The prefixes under which the rest of the path is a file's."""

_NAMES = {
    "lab": "JupyterLab",
    "doc": "JupyterLab",
    "tree": "Jupyter Notebook",
    "notebooks": "Jupyter Notebook",
    "edit": "Jupyter Notebook",
    "consoles": "Jupyter Notebook",
    "nbclassic": "Notebook Classic",
    "retro": "RetroLab",
    "rstudio": "RStudio",
    "shiny": "Shiny",
    "vscode": "VS Code",
}
"""What people call the app that a path begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """Where to go.

    Attributes:
        url: The path below the server's base URL, with query and fragment, ready to be joined.
        file: The file or directory that it opens, from the server's root; None where it is not
            a file that is opened, or cannot be known.
        instead_of: What people call the app that the link named, where it is not installed.
    """

    url: str
    file: str | None = None
    instead_of: str | None = None


def choose(opening: Opening, workspace: str, parent: str, apps: Apps, app: str) -> Landing:
    """Choose where a link leads.

    Args:
        opening: What the link wants opened.
        workspace: The workspace, from the server's root.
        parent: The directory in which links put their workspaces.
        apps: What is installed.
        app: The app to open in where the link names none.

    Raises:
        RefusedError: Where the link would leave this server.
    """
    if opening.backup:
        # nbgitpuller's rule: after a backup it opens the root, whatever else the link says
        return Landing(url=encode_path(parent))
    if opening.urlpath:
        return _with_app(read_urlpath(opening.urlpath), workspace, apps)
    path = posixpath.normpath(posixpath.join(workspace, opening.subpath or "."))
    if not (path + "/").startswith(workspace + "/"):
        raise _elsewhere(opening.subpath or "")
    prefix = apps.opener(opening.app or app, path)
    return Landing(url=url_for(prefix, path), file=path)


def read_urlpath(urlpath: str) -> Landing:
    """Read the path that a link wants opened, and hold it to this server.

    Raises:
        RefusedError: Where it would lead anywhere else.
    """
    text = urlpath.strip()
    if "\\" in text or _CONTROL.search(text) or text.startswith("//") or _SCHEME.match(text):
        raise _elsewhere(urlpath)
    text = text.lstrip("/")
    parts = urlsplit("/" + text)
    # A browser takes %2e%2e for "..", and some servers take a backslash for a slash.
    segments = unquote(parts.path).replace("\\", "/").split("/")
    if ".." in segments or "\\" in unquote(parts.path):
        raise _elsewhere(urlpath)
    return Landing(url=_escaped(text), file=_file_of(parts.path.lstrip("/")))


def relocated(params: PullParams, old: str, new: str) -> PullParams:
    """Give the link for the same content in another directory, so that it still opens its file."""
    if not params.urlpath:
        return replace(params, targetpath=new)
    landing = read_urlpath(params.urlpath)
    urlpath = params.urlpath
    if landing.file is not None and (landing.file + "/").startswith(old + "/"):
        prefix = opener_prefix(landing.url)
        query = landing.url.partition("?")[1:]
        rest = new + landing.file[len(old) :]
        urlpath = prefix + encode_path(rest) + "".join(query)
    return replace(params, targetpath=new, urlpath=urlpath)


def opener_prefix(url: str) -> str:
    """Give the part of a landing that names the app, with its slash; empty where unknown."""
    found = _OPENERS.match(url)
    return found.group().rstrip("/") + "/" if found else ""


def url_for(prefix: str, file: str) -> str:
    """Give the landing that opens a file with a prefix."""
    return prefix + encode_path(file)


def _with_app(landing: Landing, workspace: str, apps: Apps) -> Landing:
    """Fall back to an app that is there where the link's own is not."""
    path = landing.url.partition("?")[0].partition("#")[0]
    if not path or apps.has_route(path):
        return landing
    name = path.split("/")[0]
    missing = _NAMES.get(name, name)
    file = landing.file or unquote(path).partition("/")[2].strip("/")
    if landing.file is None and not (file + "/").startswith(workspace + "/"):
        return Landing(url="", instead_of=missing)
    prefix = apps.fallback(file)
    return Landing(url=url_for(prefix, file), file=file, instead_of=missing)


def _file_of(path: str) -> str | None:
    found = _OPENERS.match(path)
    if found is None:
        return None
    # A server with collaborative editing names its drive before the path.
    return unquote(path[found.end() :]).removeprefix("RTC:").strip("/") or None


def _escaped(text: str) -> str:
    """Percent-encode what no URL may hold raw; what is encoded already stays as it is."""
    return _UNSAFE.sub(lambda found: quote(found.group()), text)


def _elsewhere(asked: str) -> RefusedError:
    return RefusedError(
        "landing-elsewhere",
        f"The link wants to open {asked[:200]!r} afterwards, which is not a page of this server.",
        hint="Ask the link's author for one whose urlpath starts with lab/tree/ or tree/.",
        who="author",
        urlpath=asked[:200],
    )
