"""Which repositories a link may pull: allow, ask first, or deny.

A pattern is compared part by part (protocol, host, path), so that a ``*`` for a host can never
swallow a slash and reach into a path, and no address in a user name or a query can pose as a host.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from ipaddress import ip_address
from socket import inet_aton, inet_ntoa
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote, urlsplit

from nbpull_server.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

Decision = Literal["allow", "ask", "deny"]

_MOST_AT = 1  # more of them, and programs disagree on which one the host begins after
_SCP = re.compile(r"(?:[^@/:\s]+@)?(?P<host>[^@/:\s\[\]]+):(?!:)(?P<path>.*)")
_NUMBERS = re.compile(r"(?:(?:0x[0-9a-f]*|[0-9]+)(?:\.|$)){1,4}")
_PATTERN_HOST = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:\[\]]*)(?P<port>:[0-9*]+)?")
_PORTS = {"https": 443, "http": 80, "ssh": 22, "git": 9418}
_ALIASES = {"git+ssh": "ssh", "ssh+git": "ssh"}


@dataclass(frozen=True, slots=True)
class Address:
    """A repository's address, as far as patterns and protocols are about it."""

    protocol: str
    host: str
    path: str
    port: str = ""

    @classmethod
    def parse(cls, repo: str) -> Address:
        """Read what git would take as a repository.

        Raises:
            RefusedError: Where it is none, or one that git would read as something else.
        """
        if repo.startswith("-") or "::" in repo.split("/", maxsplit=1)[0] or "\\" in repo:
            raise _no_repository()
        scheme, slashes, _ = repo.partition("://")
        try:
            return cls._of_url(repo, scheme.lower()) if slashes else cls._of_words(repo)
        except ValueError:
            raise _no_repository() from None

    @classmethod
    def _of_words(cls, repo: str) -> Address:
        if found := _SCP.fullmatch(repo):
            return cls("ssh", _host(found["host"]), _path(found["path"]))
        if ":" in repo.split("/", maxsplit=1)[0]:
            raise _no_repository()  # git would take it for a host too, in brackets or the like
        return cls("file", "", _path(repo))

    @classmethod
    def _of_url(cls, repo: str, scheme: str) -> Address:
        parts = urlsplit(repo)
        host, port = _host(parts.hostname or ""), parts.port
        if parts.netloc.count("@") > _MOST_AT:
            raise _no_repository()
        protocol = _ALIASES.get(scheme, scheme)
        # git and curl would decode a host, and take no query along; a pattern should not guess
        if bool(host) is (protocol == "file") or "%" in host or "?" in repo or "#" in repo:
            raise _no_repository()
        other_port = port is not None and port != _PORTS.get(protocol)
        return cls(protocol, host, _path(parts.path), f":{port}" if other_port else "")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern for addresses; ``*`` stands for anything within its part."""

    protocol: str
    host: str
    path: str

    @classmethod
    def parse(cls, text: str) -> Pattern:
        """Read ``https://host/path``, ``host/path``, ``host`` or ``*``.

        Raises:
            RefusedError: Where it is none of these.
        """
        if text == "*":
            return cls("*", "*", "*")
        protocol, slashes, rest = text.partition("://")
        if not slashes:
            protocol, rest = "*", text
        place, _, path = rest.partition("/")
        if not re.fullmatch(r"[a-z+*]+", protocol) or re.search(r"[\s@\\?#]", rest) or not rest:
            raise _no_pattern(text)
        found = _PATTERN_HOST.fullmatch(place)
        if found is None:
            raise _no_pattern(text)
        try:
            host = _host(found["host"].strip("[]"))
        except ValueError:
            raise _no_pattern(text) from None
        usual = found["port"] in (None, f":{_PORTS.get(protocol)}")
        place = host if usual else host + found["port"]
        return cls(protocol, place, _path(path) if path else "*")

    def matches(self, address: Address) -> bool:
        """Tell whether an address is one of these."""
        return (
            _fits(address.protocol, self.protocol)
            and _fits(address.host + address.port, self.host)
            and _fits(address.path, self.path)
        )

    def may_match(self, address: Address) -> bool:
        """Tell whether some server could take an address for one of these.

        Some tell capitals in a path apart and some do not, and the same one may listen on
        another port.
        """
        any_case = replace(self, path=self.path.lower())
        lower = replace(address, path=address.path.lower())
        return any_case.matches(lower) or any_case.matches(replace(lower, port=""))


@dataclass(frozen=True, slots=True)
class Policy:
    """Which repositories may be pulled, and how."""

    allow: Sequence[Pattern]
    ask: Sequence[Pattern]
    deny: Sequence[Pattern]
    protocols: Sequence[str]

    def decide(self, repo: str) -> Decision:
        """Decide on a repository; deny goes before allow, allow before ask.

        Raises:
            RefusedError: Where it is no repository, or its protocol is off here.
        """
        address = Address.parse(repo)
        if address.protocol not in self.protocols:
            raise RefusedError(
                "protocol-not-allowed",
                f"Links to {address.protocol}: repositories are switched off on this server.",
                hint=f"Ask the link's author for one with {' or '.join(self.protocols)}.",
                who="author",
                status=403,
                protocol=address.protocol,
            )
        if any(pattern.may_match(address) for pattern in self.deny):
            return "deny"
        if any(pattern.matches(address) for pattern in self.allow):
            return "allow"
        return "ask" if any(pattern.matches(address) for pattern in self.ask) else "deny"


def _path(path: str) -> str:
    """Give the path in the one spelling that patterns are compared in."""
    parts = [part for part in unquote(path).split("/") if part not in ("", ".")]
    if ".." in parts:
        # what a server makes of it is anyone's guess, so no pattern can be held against it
        raise _no_repository()
    if parts and parts[-1] == ".git":
        parts.pop()  # git finds a repository by the directory inside it too
    return "/".join(parts).removesuffix(".git")


def _host(host: str) -> str:
    """Give a host in the one spelling that patterns are compared in.

    Raises:
        ValueError: Where it is none.
    """
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    host = host.lower().rstrip(".")
    if ":" in host:
        return ip_address(host).compressed
    # What libraries take for four numbers: 127.1, 0x7f000001, 2130706433
    try:
        return inet_ntoa(inet_aton(host)) if _NUMBERS.fullmatch(host) else host
    except OSError:
        raise ValueError("numbers that are no address") from None


def _fits(text: str, pattern: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), text, re.DOTALL) is not None


def _no_pattern(text: str) -> RefusedError:
    return RefusedError(
        "bad-pattern",
        f"{text!r} is no pattern for repositories.",
        hint="Write it like https://github.com/my-org/* or github.com/my-org/*.",
        who="admin",
    )


def _no_repository() -> RefusedError:
    return RefusedError(
        "not-a-repository",
        "What the link names as its repository is not the address of one.",
        hint="Ask the link's author for one that starts with https://.",
        who="author",
        status=400,
    )
