"""The address of a hub or a server, and the credentials that none may carry."""

from __future__ import annotations

import re

from nbpull_links.checks import check_value, shown
from nbpull_links.errors import InvalidValueError
from nbpull_links.urls import DEFAULT_PORTS, Url, encode

__all__ = ["clean_path", "credentials_error", "read_base", "refuse_credentials"]

# "&" is legal in a path, but encoded "&amp;" can only be a slip of whoever copied the link.
_NOT_IN_PATH = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9._~!$'()*+,;=:@/%-]")


def clean_path(path: str) -> str:
    """Make ``path`` fit for a URL: illegal characters encoded, no empty or ``.`` segments."""
    legal = _NOT_IN_PATH.sub(lambda found: encode(found.group(0)), path)
    return "".join(f"/{segment}" for segment in legal.split("/") if segment not in ("", "."))


def credentials_error(text: str, what: str) -> InvalidValueError:
    """Make the error for an address that carries credentials."""
    return InvalidValueError(
        "credentials-in-url",
        f"{what} {shown(text)} holds credentials, which everybody who sees the link could use.",
        hint="Take them out; on the server a git credential helper or a deploy key supplies them.",
        field=what,
    )


def refuse_credentials(url: Url, text: str, what: str) -> None:
    """Refuse a URL that carries a user or a password; an ssh account is no secret.

    Raises:
        InvalidValueError: ``credentials-in-url``.
    """
    if url.password or (url.user is not None and url.scheme != "ssh"):
        raise credentials_error(text, what)


def read_base(value: object, what: str) -> Url:
    """Read the address of a hub, a BinderHub or a server.

    Args:
        value: The address given.
        what: What it is, at the start of the message.

    Returns:
        The URL with a clean path; query and fragment are kept for the caller to judge.

    Raises:
        InvalidValueError: ``not-a-url``, ``unsupported-scheme``, ``credentials-in-url`` or
            ``dots-in-path``.
    """
    text = check_value(value, what)
    url = Url.split(text, what)
    if url.scheme not in DEFAULT_PORTS:
        raise InvalidValueError(
            "unsupported-scheme",
            f"{what} {shown(text)} must begin with https:// or http://.",
            hint="Copy it from the browser's address bar.",
            field=what,
        )
    refuse_credentials(url, text, what)
    path = clean_path(url.path)
    if ".." in path.split("/"):
        raise InvalidValueError(
            "dots-in-path",
            f"{what} {shown(text)} holds '..'.",
            hint="Write the path that is meant.",
            field=what,
        )
    return Url(
        scheme=url.scheme, host=url.host, port=url.port, path=path,
        query=url.query, fragment=url.fragment,
    )  # fmt: skip
