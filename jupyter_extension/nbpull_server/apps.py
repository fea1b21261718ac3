"""Which app opens a file on this server: what is installed decides.

An app is known by the prefix of its paths. Whether it is there is asked of the server's own
routes, so that an app nobody thought of here (a proxied one, say) counts as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_server.base.handlers import Template404
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine

from nbpull_links.urls import encode_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from tornado.web import Application

LAB = "lab/tree/"
NOTEBOOKS = "notebooks/"
TREE = "tree/"
FALLBACKS = (LAB, TREE)
"""What to open with where the link's own app is missing, best first."""

RAW = "files/"
"""The server's own view of a file, there even where no app is."""


@dataclass(frozen=True, slots=True)
class Apps:
    """The apps of one server.

    Attributes:
        has_route: Tells whether a path below the base URL, percent-encoded, is answered by
            anything.
    """

    has_route: Callable[[str], bool]

    def opener(self, app: str, path: str) -> str:
        """Choose the prefix that opens a path in the app wanted, or else in one that is there."""
        wanted = _opener_of(app, path)
        return wanted if self.has_route(wanted + encode_path(path)) else self.fallback(path)

    def fallback(self, path: str) -> str:
        """Choose the prefix of whatever is installed to open a path."""
        for prefix in FALLBACKS:
            prefix = _refined(prefix, path)  # noqa: PLW2901 - the same thing, made precise
            if self.has_route(prefix + encode_path(path)):
                return prefix
        return RAW


def _opener_of(app: str, path: str) -> str:
    """Give the prefix for an app's name, as nbgitpuller reads it: lab, or the classic ones."""
    return LAB if app.lower() in {"lab", "jupyterlab"} else _refined(TREE, path)


def _refined(prefix: str, path: str) -> str:
    if prefix == TREE and path.lower().endswith(".ipynb"):
        return NOTEBOOKS
    return prefix


def routes_of(web_app: Application, base_url: str) -> Callable[[str], bool]:
    """Give a function that tells whether the server answers a path below its base URL."""

    def has_route(path: str) -> bool:
        line = RequestStartLine("GET", base_url + path.lstrip("/"), "HTTP/1.1")
        request = HTTPServerRequest(start_line=line, headers=HTTPHeaders({"Host": "localhost"}))
        found = web_app.default_router.find_handler(request)
        return found is not None and getattr(found, "handler_class", None) is not Template404

    return has_route
