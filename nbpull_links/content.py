"""What a link pulls and what it opens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from nbpull_links.addresses import credentials_error
from nbpull_links.apps import build_urlpath, find_app, read_urlpath
from nbpull_links.checks import check_text, check_value, refuse_edge_space, shown
from nbpull_links.errors import InvalidValueError
from nbpull_links.redaction import holds_userinfo
from nbpull_links.refs import check_branch, is_commit
from nbpull_links.repo import RepoUrl
from nbpull_links.urls import decode, encode_query

__all__ = ["Content"]

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_SECRET = re.compile(r"[?&](?:token|access_token|password|_xsrf)=", re.IGNORECASE)
MAX_DEPTH = 2**31 - 1  # what git itself takes for "all of it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What to pull and what to open.

    ``app`` and ``path`` say the same as ``urlpath``: give either. Whichever is given, the value
    holds all three as far as they can be told, so two ways to say one thing are equal.

    Attributes:
        repo: The content repository; None on Binder, where the content is the env repo's own.
        branch: A branch or tag; None is the repository's default branch.
        path: The path in the repository to open; None opens the clone's directory.
        app: The application to open it in.
        urlpath: The path in the server to open, percent-encoded, without a leading slash; None
            leaves it to the server.
        targetpath: The clone's directory, relative to the server's root; None is the repository's
            name.
        depth: How many commits to fetch; 0 is all, None leaves it to the server.

    Raises:
        InvalidValueError: If a value cannot be sent in a link.
    """

    repo: RepoUrl | None = None
    branch: str | None = None
    path: str | None = None
    app: str | None = None
    urlpath: str | None = None
    targetpath: str | None = None
    depth: int | None = None

    def __post_init__(self) -> None:
        """Check every value and fill in what follows from the others."""
        settle = object.__setattr__
        repo: object = self.repo
        if isinstance(repo, str):
            settle(self, "repo", RepoUrl(repo))
        settle(self, "branch", check_branch(self.branch) if self.branch else None)
        settle(self, "targetpath", check_targetpath(self.targetpath) if self.targetpath else None)
        settle(self, "depth", None if self.depth is None else _check_depth(self.depth))
        if self.repo is None and (self.branch or self.targetpath or self.depth is not None):
            raise InvalidValueError(
                "no-content-repo",
                "A branch, a target path or a depth was given, but no content repository.",
                hint="Give content_repo as well.",
                field="content_repo",
            )
        app, path, urlpath = self._landing()
        settle(self, "app", app)
        settle(self, "path", path)
        settle(self, "urlpath", urlpath)

    def _landing(self) -> tuple[str | None, str | None, str | None]:
        """Work out app, path and urlpath from those that were given."""
        app = find_app(check_value(self.app, "The application")) if self.app else None
        path = _check_path(self.path) if self.path else None
        given = _check_urlpath(self.urlpath) if self.urlpath else ""
        if not (given or app or path):
            return None, None, None
        urlpath = given or build_urlpath(app or find_app("lab"), self.directory, path)
        seen = read_urlpath(urlpath, self.directory)
        if given and ((app and app.name != seen.app) or (path and path != seen.path)):
            raise InvalidValueError(
                "urlpath-and-path",
                f"urlpath {shown(urlpath)} opens something else than app and path.",
                hint="Give urlpath alone, or app and path.",
                field="urlpath",
            )
        return seen.app, seen.path if seen.path and _is_path(seen.path) else None, urlpath

    @property
    def directory(self) -> str | None:
        """The clone's directory, relative to the server's root; None without a content repo."""
        return self.targetpath or (self.repo.directory if self.repo else None)

    @property
    def is_commit(self) -> bool:
        """Whether ``branch`` is a full commit id, which nbgitpuller refuses to pull."""
        return is_commit(self.branch)

    @property
    def query(self) -> str:
        """The query of the ``git-pull`` link, each value percent-encoded once.

        Raises:
            InvalidValueError: ``no-content-repo``.
        """
        if self.repo is None:
            raise InvalidValueError(
                "no-content-repo",
                "There is no content repository to pull.",
                hint="Give content_repo; only on Binder can the env repo hold the content.",
                field="content_repo",
            )
        return _write_query(self)

    @property
    def pull(self) -> str:
        """The path and query that pull this content, relative to the server's root."""
        return f"git-pull?{self.query}"


@lru_cache(maxsize=8)  # a page of a book has one content for all its places
def _write_query(content: Content) -> str:
    pairs = {
        "repo": str(content.repo),
        "branch": content.branch,
        "urlpath": content.urlpath,
        "targetpath": content.targetpath,
        "depth": None if content.depth is None else str(content.depth),
    }
    return encode_query([(name, value) for name, value in pairs.items() if value is not None])


def check_targetpath(value: object) -> str:
    """Check the clone's directory and give its one form.

    Raises:
        InvalidValueError: ``targetpath-outside`` or one of those of `check_value`.
    """
    text = _refuse_userinfo(check_value(value, "The target path"), "The target path")
    names = [name for name in text.split("/") if name not in ("", ".")]
    if text.startswith(("/", "\\", "~")) or ".." in re.split(r"[/\\]", text) or not names:
        raise InvalidValueError(
            "targetpath-outside",
            f"The target path {shown(text)} does not stay inside the server's root.",
            hint="Give a relative directory without '..', such as courses/stats.",
            field="targetpath",
        )
    clean = "/".join(names)
    refuse_edge_space(clean, "The target path")
    return clean


def _check_depth(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_DEPTH:
        raise InvalidValueError(
            "depth-invalid",
            f"The depth {shown(str(value))} is no number of commits.",
            hint="Give a whole number; 0 fetches the whole history.",
            field="depth",
        )
    return value


def _is_path(path: str) -> bool:
    """Tell whether a path that was read could also have been given."""
    try:
        return _check_path(path) == path
    except InvalidValueError:
        return False


def _check_path(value: object) -> str | None:
    """Check a path in the repository; a leading slash is the repository's root."""
    text = _refuse_userinfo(check_text(value, "The path", newlines=True), "The path")
    names = [name for name in text.split("/") if name not in ("", ".")]
    # A backslash separates nothing here, but does for some readers of the URL that comes of it.
    if ".." in re.split(r"[/\\]", text):
        raise InvalidValueError(
            "path-outside",
            f"The path {shown(text)} leaves the repository.",
            hint="Give the path from the repository's root, without '..'.",
            field="path",
        )
    return "/".join(names) + ("/" if text.endswith("/") else "") if names else None


def _check_urlpath(value: object) -> str:
    # One leading slash is a habit, and harmless once it is gone. What then still looks like the
    # start of another site to any reader of URLs, which skip spaces and take \\ for /, is not.
    text = check_value(value, "The urlpath").removeprefix("/")
    if _SCHEME.match(text) or text.startswith(("/", "\\", " ")):
        raise InvalidValueError(
            "urlpath-absolute",
            f"The urlpath {shown(text)} leads to another site.",
            hint="Give the path after the server's address, such as lab/tree/repo/index.ipynb.",
            field="urlpath",
        )
    if ".." in decode(re.split(r"[?#]", text, maxsplit=1)[0]).replace("\\", "/").split("/"):
        raise InvalidValueError(
            "urlpath-outside",
            f"The urlpath {shown(text)} leaves the server with '..'.",
            hint="Give the path after the server's address, such as lab/tree/repo/index.ipynb.",
            field="urlpath",
        )
    if _SECRET.search(text):
        raise InvalidValueError(
            "credentials-in-url",
            f"The urlpath {shown(text)} holds a token, which everybody who sees it could use.",
            hint="Take it out; the hub or server asks for it where it is needed.",
            field="urlpath",
        )
    return _refuse_userinfo(text, "The urlpath")


def _refuse_userinfo(text: str, what: str) -> str:
    """Refuse credentials of a URL where none belongs, or of one that is wrapped."""
    if holds_userinfo(text):
        raise credentials_error(text, what)
    return text
