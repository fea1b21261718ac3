"""Split, read, encode and join URLs. The only module that imports furl, which does that work.

furl's functions and its queries keep what they carry; its URLs and paths do not: they rewrite
international hosts and turn ``%7e`` into ``~``. But a path's bytes name a clone's directory, and
BinderHub reads its spec from the raw path. So hosts and paths stay text here; furl's URL object
only judges which hosts and ports there are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from nbpull_links.checks import shown
from nbpull_links.errors import InvalidValueError

__all__ = [
    "Url", "decode", "decode_query", "encode", "encode_path", "encode_query",
    "host_and_path", "is_host", "join_url", "not_a_url", "split_userinfo",
]  # fmt: skip

# furl takes "a b" for a scheme. A user part it ends at the first "@", not at the last, and judges
# as if it were a host.
_START = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(?:([^/?#]*)@)?")
# The splitter beneath furl's drops what breaks lines. Meanwhile it trades places with half
# characters, which those who call refuse.
_DROPPED = re.compile("[\t\r\n\udc09\udc0a\udc0d]")
_TRADED = str.maketrans("\t\n\r\udc09\udc0a\udc0d", "\udc09\udc0a\udc0d\t\n\r")
_HOST = re.compile(r"(?![-.])(?:[A-Za-z0-9_-]|[^\x00-\xa0\s]|(?<!\.)\.)+")
_UPPER = re.compile("[A-Z]+")
_BARE_ADDRESS = re.compile(r"(localhost|[A-Za-z0-9.-]+\.[A-Za-z]{2,})(?::[0-9]+)?(?:/.*)?")
DEFAULT_PORTS = {"http": 80, "https": 443}


# Not furl's Path, which leaves ":@!$&'()*+,;=" bare: they mean something once a link wraps another.
@cache
def _quoter() -> Any:
    return _furl().create_quote_fn("/", quote_plus=False)


@lru_cache(maxsize=64)
def _split(text: str) -> Any:
    return _furl().urlsplit(text)


def _furl() -> Any:
    """Give furl, imported with the first URL: it is a good part of what importing us would cost."""
    import furl  # noqa: PLC0415  # see above

    return furl


@lru_cache(maxsize=64)  # the links of a book have all but the page in common
def encode(text: str) -> str:
    """Percent-encode all but RFC 3986's unreserved characters; a space becomes ``%20``."""
    encoded: str = _quoter()(text, dont_quote=False)
    return encoded


def encode_path(path: str) -> str:
    """Percent-encode each segment of ``path``, as `encode` does."""
    encoded: str = _quoter()(path, dont_quote=True)
    return encoded


def encode_query(pairs: list[tuple[str, str]]) -> str:
    """Join ``pairs`` to a query string, each name and value percent-encoded as `encode` does."""
    return "&".join(f"{encode(name)}={encode(value)}" for name, value in pairs)


def decode(text: str, *, plus: bool = False) -> str:
    """Undo one layer of percent-encoding; bytes that are no UTF-8 become U+FFFD.

    Args:
        text: The encoded text; a stray ``%`` stays as it is.
        plus: Whether ``+`` means a space, as it does in a query.
    """
    decoded: str = _furl().unquote(text.replace("+", " ") if plus else text)
    return decoded


def decode_query(query: str) -> list[tuple[str, str, bool]]:
    """Take a query apart as servers do: ``+`` means a space, and what is empty does not count.

    Returns:
        Each name and value, decoded as `decode` does, and whether the value's bytes are UTF-8.
    """
    parts = [part for part in query.split("&") if part]
    pairs = _furl().Query("&".join(parts)).params.allitems()
    return [
        (name, value or "", "\ufffd" not in (value or "") or _is_utf8(part.partition("=")[2]))
        for part, (name, value) in zip(parts, pairs, strict=True)
    ]


def _is_utf8(text: str) -> bool:
    """Tell whether the percent-encoded bytes in ``text`` are UTF-8."""
    try:
        _furl().unquote(text, errors="strict")
    except UnicodeDecodeError:
        return False
    return True


@lru_cache(maxsize=64)
def _join(base: str, path: str) -> str:
    parts = _split(base)
    whole = _furl().join_path_segments(parts.path.split("/"), path.split("/"))
    url: str = parts._replace(path="/".join(whole)).geturl()
    return url


def join_url(base: str, path: str, query: str = "") -> str:
    """Put a path and a query, both percent-encoded, behind an address and its base path."""
    address = _join(base, path)
    return f"{address}?{query}" if query else address


def split_userinfo(text: str) -> tuple[str, str | None]:
    """Take out what stands before the host's ``@``.

    Returns:
        The address without it, and what it is; None if there is none.
    """
    start = _START.match(text)
    userinfo: str | None = start[1] if start else None
    return (text if userinfo is None else text.replace(f"{userinfo}@", "", 1)), userinfo


def host_and_path(text: str) -> tuple[str, str]:
    """Give host, with its port, and path of an address that may be any; it is judged elsewhere."""
    try:
        parts = _split(text)
    except ValueError:
        return "", text
    return (parts.netloc or "").lower(), parts.path or text


@dataclass(frozen=True, slots=True, kw_only=True)
class Url:
    """A URL in pieces; path, query and fragment as they stand in it, nothing decoded."""

    scheme: str
    host: str
    port: int | None
    path: str
    query: str | None = None
    fragment: str | None = None
    user: str | None = None
    password: bool = False

    @classmethod
    def split(cls, text: str, what: str = "The URL") -> Url:
        """Take ``text`` apart.

        Args:
            text: An absolute URL with an authority.
            what: What it is, at the start of the message.

        Raises:
            InvalidValueError: ``not-a-url``, with the reason.
        """
        if not _START.match(text):
            raise not_a_url(text, what, "it has no scheme such as https://")
        bare, userinfo = split_userinfo(text)
        parts = _take_apart(bare)
        authority = _read_authority(parts[1], parts[0]) if parts else None
        if parts is None or authority is None:
            raise not_a_url(text, what, "its host or port cannot be")
        scheme, _, path, query, fragment = parts
        host, port = authority
        user, colon, _ = (None, "", "") if userinfo is None else userinfo.partition(":")
        return cls(
            scheme=scheme,
            host=host,
            port=None if port == DEFAULT_PORTS.get(scheme) else port,
            path=path,
            query=query,
            fragment=fragment,
            user=user,
            password=bool(colon),
        )

    @property
    def authority(self) -> str:
        """Host, and port where it is not the scheme's own; never a user."""
        return self.host + (f":{self.port}" if self.port else "")

    @property
    def origin(self) -> str:
        """Scheme, host and port; never a user."""
        return f"{self.scheme}://{self.authority}"

    @property
    def segments(self) -> list[str]:
        """The path's segments as they stand, without empty ones."""
        return [segment for segment in self.path.split("/") if segment]


def _take_apart(text: str) -> tuple[str, str, str, str | None, str | None] | None:
    """Give scheme, netloc, path, query and fragment as they stand; None if furl refuses them."""
    try:
        parts = _split(_trade(text))
    except ValueError:
        return None
    scheme, netloc, path, query, fragment = map(_trade, parts)
    # furl does not tell an empty query or fragment from none.
    real_query = query if "?" in text.partition("#")[0] else None
    return scheme.lower(), netloc, path, real_query, fragment if "#" in text else None


def _trade(text: str) -> str:
    return text.translate(_TRADED) if _DROPPED.search(text) else text


@lru_cache(maxsize=256)
def _read_authority(host_port: str, scheme: str) -> tuple[str, int | None] | None:
    """Read host and port; a host's ASCII letters become lower case, others stay as they are."""
    if scheme == "file" and not host_port:
        return "", None
    host, port = re.fullmatch(r"(.*?)(?::([0-9]*))?", host_port, re.DOTALL).groups()  # type: ignore[union-attr] # matches any text
    try:
        # furl knows which hosts and ports there are; it refuses with whatever its parsers raise.
        number = _furl().furl(f"http://{host}" + (f":{port}" if port else "")).port
        if host.startswith("["):
            _check_ipv6(host[1:-1] if host.endswith("]") and "%" not in host else "")
        elif not _HOST.fullmatch(host):
            return None
    except Exception:  # noqa: BLE001  # the set of errors is furl's and its parsers', not a contract
        return None
    return _UPPER.sub(lambda letters: letters.group(0).lower(), host), number if port else None


def _check_ipv6(address: str) -> None:
    """Raise a ValueError if it is none; few links need what this imports."""
    from ipaddress import IPv6Address  # noqa: PLC0415  # see above

    IPv6Address(address)


def is_host(text: str) -> bool:
    """Tell whether ``text`` could be a host."""
    return _read_authority(text, "ssh") is not None


def not_a_url(text: str, what: str, why: str) -> InvalidValueError:
    """Make the error for an address that is none."""
    bare = _BARE_ADDRESS.fullmatch(text)
    scheme = "http" if bare and bare[1] == "localhost" else "https"
    return InvalidValueError(
        "not-a-url",
        f"{what} {shown(text)} is no URL: {why}.",
        hint=f"Did you mean {shown(f'{scheme}://{text}')}?"
        if bare
        else "Copy it from the browser's address bar.",
        field=what,
    )
