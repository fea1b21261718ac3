"""Which repositories a link may pull: allow, ask first, or deny.

A pattern is compared part by part (protocol, host, path), so that a ``*`` for a host can never
swallow a slash and reach into a path, and no address in a user name or a query can pose as a host.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote, urlsplit

from nbpull_server.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

Decision = Literal["allow", "ask", "deny"]

_SCP = re.compile(r"(?:[^@/:\s]+@)?(?P<host>[^@/:\s]+):(?!:)(?P<path>.*)")
_PORTS = {"https": 443, "http": 80, "ssh": 22, "git": 9418}
_ALIASES = {"git+ssh": "ssh", "ssh+git": "ssh"}


@dataclass(frozen=True, slots=True)
class Address:
    """A repository's address, as far as patterns and protocols are about it."""

    protocol: str
    host: str
    path: str

    @classmethod
    def parse(cls, repo: str) -> Address:
        """Read what git would take as a repository.

        Raises:
            RefusedError: Where it is none, or one that git would read as something else.
        """
        if repo.startswith("-") or "::" in repo.split("/", maxsplit=1)[0] or "\\" in repo:
            raise _no_repository()
        scheme, slashes, _ = repo.partition("://")
        if slashes:
            return cls._of_url(repo, scheme.lower())
        if found := _SCP.fullmatch(repo):
            return cls("ssh", found["host"].lower(), _path(found["path"]))
        return cls("file", "", _path(repo))

    @classmethod
    def _of_url(cls, repo: str, scheme: str) -> Address:
        try:
            parts = urlsplit(repo)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            raise _no_repository() from None
        protocol = _ALIASES.get(scheme, scheme)
        # git and curl would decode a host, and take no query along; a pattern should not guess
        if (not host and protocol != "file") or "%" in host or "?" in repo or "#" in repo:
            raise _no_repository()
        if port is not None and port != _PORTS.get(protocol):
            host = f"{host}:{port}"
        return cls(protocol, host.rstrip("."), _path(parts.path))


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
        host, _, path = rest.partition("/")
        if not re.fullmatch(r"[a-z+*]+", protocol) or re.search(r"[\s@\\?#]", rest) or not rest:
            raise RefusedError(
                "bad-pattern",
                f"{text!r} is no pattern for repositories.",
                hint="Write it like https://github.com/my-org/* or github.com/my-org/*.",
                who="admin",
            )
        return cls(protocol, host.lower(), _path(path) if path else "*")

    def matches(self, address: Address, *, any_case: bool = False) -> bool:
        """Tell whether an address is one of these.

        Args:
            address: The address to compare.
            any_case: Whether the path may be written in capitals or not, as forges take it.
        """
        path, pattern = address.path, self.path
        if any_case:
            path, pattern = path.lower(), pattern.lower()
        return (
            fnmatchcase(address.protocol, self.protocol)
            and fnmatchcase(address.host, self.host)
            and fnmatchcase(path, pattern)
        )


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
        # In doubt the stricter: some servers tell capitals apart and some do not.
        if any(pattern.matches(address, any_case=True) for pattern in self.deny):
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
    return "/".join(parts).removesuffix(".git")


def _no_repository() -> RefusedError:
    return RefusedError(
        "not-a-repository",
        "What the link names as its repository is not the address of one.",
        hint="Ask the link's author for one that starts with https://.",
        who="author",
        status=400,
    )
