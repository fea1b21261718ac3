"""The address of a git repository, and the directory that a clone of it gets."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nbpull_links.addresses import credentials_error, refuse_credentials
from nbpull_links.checks import check_value, refuse_edge_space, shown
from nbpull_links.errors import InvalidValueError
from nbpull_links.forge_pages import recognise
from nbpull_links.redaction import redact
from nbpull_links.urls import Url, is_host, not_a_url, split_userinfo

__all__ = ["RepoUrl", "clone_directory", "redact", "without_credentials"]

SCHEMES = ("https", "http", "ssh", "git", "file")
_SCP = re.compile(r"(?P<user>[A-Za-z0-9_][A-Za-z0-9_.-]*)@(?P<host>[^/:@\s]+):(?P<path>.+)")
# What git would read as a host called "git" and the path "secret@host:path".
_SCP_SECRET = re.compile(r"[^/@\s]*:[^/@\s]*@.*")
_SSH_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
# On these forges a repository is always somebody's.
_OWNER = re.compile(
    r"(?:(?:https?|git|ssh)://(?:[^/@]*@)?|[^/@]*@)"
    r"(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)(?::[0-9]+)?[:/]+[^/:]*",
)
# "&" is legal, but there it can only be a further parameter that was encoded once too often.
_NOT_IN_URL = re.compile(r"[\s<>\"{}|\\^`&]")


def clone_directory(url: str) -> str:
    """Give the directory that a clone of ``url`` gets when the link names none.

    This is nbgitpuller's rule and the only one here: the last segment after trailing slashes are
    gone, verbatim. ``.git`` stays, and so does percent-encoding.
    """
    return url.rstrip("/").rsplit("/", maxsplit=1)[-1]


@dataclass(frozen=True, slots=True)
class RepoUrl:
    """A repository that git can clone: https, http, ssh, ``git@host:path``, git or file.

    Holds no credentials and no trailing slash; scheme and host are lower case; the path is
    verbatim, because its last segment names the clone's directory.

    Raises:
        InvalidValueError: ``not-a-url``, ``unsupported-scheme``, ``credentials-in-url``,
            ``no-repository``, ``forge-page``, ``query-in-repo`` or one of those of `check_value`.
    """

    url: str

    def __post_init__(self) -> None:
        """Check and normalise the address."""
        text = check_value(self.url, "The repository")
        if "://" not in text and _SCP_SECRET.fullmatch(text):
            raise credentials_error(text, "The repository")
        if "://" not in text and (scp := _SCP.fullmatch(text)):
            clean = _clean_scp(scp, text)
        else:
            clean = _clean_url(text)
        refuse_edge_space(clean, "The repository")
        if clone_directory(clean) in ("", ".", "..", ".git") or _OWNER.fullmatch(clean):
            raise _no_repository(text)
        object.__setattr__(self, "url", clean)

    def __str__(self) -> str:
        """Give the address as git takes it."""
        return self.url

    @property
    def scheme(self) -> str:
        """Name the protocol that git will use, one of https, http, ssh, git and file."""
        return self.url.partition("://")[0] if "://" in self.url else "ssh"

    @property
    def host(self) -> str:
        """The host, with its port where one is given; empty for a file."""
        if "://" not in self.url:
            return self.url.partition("@")[2].partition(":")[0]
        return Url.split(self.url).authority

    @property
    def directory(self) -> str:
        """The directory that a clone gets (see `clone_directory`)."""
        return clone_directory(self.url)

    @property
    def name(self) -> str:
        """The repository's name for people, without ``.git``."""
        name = self.directory.rpartition(":")[2]
        return name.removesuffix(".git") or name


def without_credentials(text: str) -> str:
    """Give the repository address ``text`` without password and token; an ssh user name stays.

    Raises:
        InvalidValueError: ``not-a-url`` if it is no URL.
    """
    url = Url.split(text, "The repository")
    bare, _ = split_userinfo(text)
    return bare.replace("://", f"://{url.user}@", 1) if url.user and url.scheme == "ssh" else bare


def _no_repository(text: str) -> InvalidValueError:
    return InvalidValueError(
        "no-repository",
        f"The repository {shown(text)} names a place but no repository in it.",
        hint="Give the address that git clone takes, such as https://github.com/org/repo.",
        field="The repository",
    )


def _clean_scp(scp: re.Match[str], text: str) -> str:
    """Check the ``user@host:path`` form."""
    # A host or path that begins with a dash would reach ssh as an option.
    if not is_host(scp["host"]):
        raise not_a_url(text, "The repository", "its host or port cannot be")
    path = scp["path"]
    if (
        not path.strip("/")
        or path.startswith("-")
        or ".." in path.split("/")
        or _NOT_IN_URL.search(path)
    ):
        raise _no_repository(text)
    return f"{scp['user']}@{scp['host'].lower()}:{scp['path'].rstrip('/')}"


def _clean_url(text: str) -> str:
    """Check the ``scheme://`` forms."""
    url = Url.split(text, "The repository")
    if url.scheme not in SCHEMES:
        raise InvalidValueError(
            "unsupported-scheme",
            f"The repository {shown(text)} has the scheme '{url.scheme}'.",
            hint=f"Use one of {', '.join(SCHEMES)} or git@host:path.",
            field="The repository",
        )
    refuse_credentials(url, text, "The repository")
    if url.scheme == "file":
        path = text.partition("://")[2].rstrip("/")
        clean = "file://" + path
    else:
        _check_remote(url, text)
        user = f"{url.user}@" if url.user else ""
        path = url.path.rstrip("/")
        clean = f"{url.scheme}://{user}{url.authority}{path}"
    if "/" not in path:
        raise _no_repository(text)
    if ".." in re.split(r"[/\\]", path):
        raise InvalidValueError(
            "dots-in-path",
            f"The repository {shown(text)} holds '..'.",
            hint="Write the path that is meant.",
            field="The repository",
        )
    return clean


def _check_remote(url: Url, text: str) -> None:
    """Refuse what a remote address cannot hold."""
    if _NOT_IN_URL.search(url.path) or (url.user and not _SSH_USER.fullmatch(url.user)):
        raise InvalidValueError(
            "not-a-url",
            f"The repository {shown(text)} holds characters that no URL can hold.",
            hint="Replace placeholders; write a space as %20.",
            field="The repository",
        )
    page, site = recognise(url) if url.scheme in ("http", "https") else ({}, "")
    if page:
        raise InvalidValueError(
            "forge-page",
            f"The repository {shown(text)} is a page of one.",
            hint=f"Give the repository's own address, {site}/{page['repo']}.",
            field="The repository",
        )
    if url.query is not None or url.fragment is not None:
        raise InvalidValueError(
            "query-in-repo",
            f"The repository {shown(text)} goes on after '?' or '#'.",
            hint="Give the address that git clone takes.",
            field="The repository",
        )
