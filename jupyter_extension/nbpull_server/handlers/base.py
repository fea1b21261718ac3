"""What every handler shares: who may use it, how an error is told, and what is never logged."""

from __future__ import annotations

import json
import os
from http.client import responses
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlsplit

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from tornado import web

from nbpull_links.errors import NbpullError
from nbpull_links.repo import redact
from nbpull_server.errors import error_dict

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbpull_server.service import Service

RESOURCE = "nbpull"
"""What an authorizer knows these endpoints by."""

Method = TypeVar("Method", bound="Callable[..., Any]")

_OURS = 500
_COULD_NOT_BE_DONE = 409
_STATUS_CODES = {
    400: "bad-request",
    403: "no-permission",
    404: "nothing-here",
    405: "method-not-allowed",
}


def may_write(method: Method) -> Method:
    """Let only those who may write use a GET that changes something."""
    return cast("Method", authorized("write")(method))


class NbpullHandler(JupyterHandler):
    """A handler that knows nbpull's service."""

    auth_resource = RESOURCE

    @property
    def service(self) -> Service:
        """This server's nbpull."""
        return cast("Service", self.settings["nbpull"])

    def _log(self) -> None:
        # The server logs addresses; a link may carry a password in its repo, so it is cut out.
        self.request.uri = redact(self.request.uri or "")
        if "Referer" in self.request.headers:
            self.request.headers["Referer"] = redact(self.request.headers["Referer"])
        super()._log()


class JsonErrors(NbpullHandler):
    """A handler whose errors are JSON: ``{code, message, hint, who, context}``."""

    def get_login_url(self) -> str:
        """Refuse who is not logged in: a program cannot follow a redirect to a page."""
        raise web.HTTPError(403)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer an error as JSON."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, NbpullError):
            self.set_status(getattr(error, "status", _COULD_NOT_BE_DONE))
            body = error_dict(error)
        else:
            body = {
                "code": _STATUS_CODES.get(status_code, "unexpected"),
                "message": (isinstance(error, web.HTTPError) and error.log_message)
                or responses.get(status_code, "Unknown error"),
                "hint": "",
                "who": "admin" if status_code >= _OURS else "you",
                "context": {},
            }
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(body))

    def log_exception(self, *args: Any) -> None:
        """Log what is unforeseen; what a link got wrong is no event for a server's log."""
        if not isinstance(args[1], NbpullError):
            super().log_exception(*args)


class JsonHandler(JsonErrors, APIHandler):
    """A handler that takes and gives JSON."""

    def fields(self) -> dict[str, Any]:
        """Give the request's body, which is to be a JSON object.

        Raises:
            tornado.web.HTTPError: Where it is none.
        """
        try:
            body = json.loads(self.request.body or b"{}")
        except (ValueError, RecursionError):
            raise web.HTTPError(400, "The body of the request is no JSON.") from None
        if not isinstance(body, dict):
            raise web.HTTPError(400, "The body of the request is no JSON object.")
        return body

    def text(self, fields: dict[str, Any], name: str) -> str:
        """Give a field that has to be a text.

        Raises:
            tornado.web.HTTPError: Where it is none.
        """
        value = fields.get(name)
        if not _is_name(value):
            raise web.HTTPError(400, f"The field {name} is to be a text that is not empty.")
        return cast("str", value)

    def texts(self, fields: dict[str, Any], name: str) -> tuple[str, ...]:
        """Give a field that has to be a list of texts; without it there are none.

        Raises:
            tornado.web.HTTPError: Where it is anything else.
        """
        values = fields.get(name, [])
        if not isinstance(values, list) or not all(map(_is_name, values)):
            raise web.HTTPError(400, f"The field {name} is to be a list of texts.")
        return tuple(values)

    def reply(self, data: object, status: int = 200) -> None:
        """Answer with JSON."""
        self.reply_text(json.dumps(data), status)

    def reply_text(self, text: str, status: int = 200) -> None:
        """Answer with JSON that is a text already."""
        self.set_status(status)
        self.set_header("Cache-Control", "no-store")
        self.finish(text)


def _is_name(value: object) -> bool:
    """Tell whether a value is a text that a file could be called by."""
    try:
        return isinstance(value, str) and value != "" and b"\0" not in os.fsencode(value)
    except UnicodeEncodeError:  # half of a character
        return False


class UnknownHandler(JsonHandler):
    """What is below the API's address and is not there."""

    @web.authenticated
    def get(self) -> None:
        """Say so."""
        raise web.HTTPError(404, "There is no such endpoint.")

    post = put = patch = delete = get


def same_site(handler: JupyterHandler) -> bool:
    """Tell whether a request that changes something by GET comes from this server's own pages.

    A browser says so itself (``Sec-Fetch-Site``); where it does not, Origin and Referer must name
    this host if they are there. A navigation, an image or a frame is no client of an event stream,
    and a neighbour on the same host (another user's server of the same hub) could cause
    those. A request with a token in its header is made by a program, never by a foreign page.
    """
    headers = handler.request.headers
    if headers.get("Authorization", "").lower().startswith(("token ", "bearer ")):
        return True
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        mode = headers.get("Sec-Fetch-Mode", "cors")
        return site == "none" or (site == "same-origin" and mode in {"cors", "same-origin"})
    try:
        places = [
            urlsplit(headers[name]).netloc for name in ("Origin", "Referer") if name in headers
        ]
    except ValueError:
        return False
    return all(place == handler.request.host for place in places)
