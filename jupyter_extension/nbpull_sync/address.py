"""The address of the content repo: as git fetches it, as we may write it down, as we compare it."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path

from nbpull_links.redaction import redact
from nbpull_links.urls import decode, host_and_path, split_userinfo
from nbpull_sync.errors import SyncError

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_SCP = re.compile(r"(?:([^/@:\s]+)@)?([^/:\s-][^/:\s]*):(?!//)(.+)")
_HELPER = re.compile(r"[a-z0-9]+::", re.IGNORECASE)


@dataclass(frozen=True)
class Address:
    """One content repo's address.

    Attributes:
        url: What git is given; holds no credentials.
        protocol: The transport that it needs.
        secrets: Settings that carry the credentials of the address, for the environment of the
            one command that fetches. They are never an argument, which all users can read.
    """

    url: str
    protocol: str
    secrets: dict[str, str]

    @property
    def identity(self) -> str:
        """A form in which two addresses of one repository are equal."""
        return identity(self.url)


def read_address(repo: str, protocols: tuple[str, ...]) -> Address:
    """Check an address that came from outside.

    Raises:
        SyncError: ``unsafe-repo`` or ``protocol-not-allowed``.
    """
    if (
        not repo
        or repo.startswith("-")
        or _HELPER.match(repo)
        or re.search(r"[\x00-\x1f\x7f]", repo)
    ):
        raise SyncError(
            "unsafe-repo",
            f"The repository {redact(repo)!r} is no address that git may be given.",
            who="author",
            hint="Use one like https://github.com/org/repo.",
        )
    address = _read(repo)
    if address.protocol not in protocols:
        raise SyncError(
            "protocol-not-allowed",
            f"The repository {address.url} needs the protocol '{address.protocol}', "
            "which is not allowed here.",
            who="admin",
            hint=f"Allowed are: {', '.join(protocols) or 'none'}.",
            protocol=address.protocol,
        )
    return address


def _read(repo: str) -> Address:
    if scheme := _SCHEME.match(repo):
        return _read_url(repo, scheme[1].lower())
    if _SCP.fullmatch(repo) and not Path(repo).exists():
        return Address(repo, "ssh", {})
    # A plain path would make git copy or link files; file:// goes through the transport.
    return Address(f"file://{Path(repo).absolute()}", "file", {})


def _read_url(repo: str, protocol: str) -> Address:
    url, userinfo = split_userinfo(repo)
    if userinfo is None or protocol == "file":
        return Address(repo, protocol, {})
    user, _, password = userinfo.partition(":")
    if protocol == "ssh":
        return Address(url.replace("://", f"://{user}@", 1), protocol, {})
    token = base64.b64encode(f"{decode(user)}:{decode(password)}".encode()).decode()
    # Git would send the header along to wherever it is redirected.
    stay = {"http.followRedirects": "false"}
    header = {f"http.{url}.extraHeader": f"Authorization: Basic {token}"}
    return Address(url, protocol, {**header, **stay})


def identity(url: str) -> str:
    """Give what two addresses of the same repository have in common: host and path."""
    scp = None if _SCHEME.match(url) else _SCP.fullmatch(url)
    if scp is not None:
        host, path = scp[2].lower(), scp[3]
    else:
        host, path = host_and_path(split_userinfo(url)[0])
    path = decode(path).strip("/").removesuffix(".git")
    return f"{host}/{path}"
