"""The parameters of a link, read as nbgitpuller reads them.

Rules that are easy to get wrong: the last duplicate wins, blank is absent, ``targetpath`` wins
over ``targetPath``, and ``urlpath`` over everything that would otherwise choose the landing.
Where nbgitpuller is wrong we differ: ``backup=false`` is false, and a depth that is no
number is refused at once.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from nbpull_links.repo import clone_directory
from nbpull_server.errors import RefusedError
from nbpull_server.paths import CONTROL

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAX = 100
_MAX_DIGITS = 9  # git takes a C int
_LONGEST = 8192  # characters of a value; browsers and proxies carry no longer addresses
_FALSE = frozenset({"", "0", "false", "no", "off"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a link wants opened: the half of it that says nothing of the repository.

    Attributes:
        directory: Where the workspace is, below the parent path.
        urlpath: What to open, as a path on this server, percent-encoded; None to derive it.
        subpath: What to open inside the workspace where there is no urlpath.
        app: The app to open it in where there is no urlpath.
        backup: Open the server's root, for an existing workspace was moved aside.
    """

    directory: str
    urlpath: str | None = None
    subpath: str | None = None
    app: str | None = None
    backup: bool = False

    @classmethod
    def from_query(cls, query: str) -> Opening:
        """Read what `to_query` wrote.

        Raises:
            RefusedError: Where it cannot be read.
        """
        fields = _fields(query)
        known = "any" if fields.get("targetpath") else ""
        return PullParams.from_fields({**fields, "repo": known}).opening

    def to_query(self) -> str:
        """Give it as a query string, in the names that a link uses."""
        fields = {
            "targetpath": self.directory,
            "urlpath": self.urlpath,
            "subpath": self.subpath,
            "app": self.app,
            "backup": "true" if self.backup else None,
        }
        return urlencode({name: value for name, value in fields.items() if value is not None})


@dataclass(frozen=True, slots=True, kw_only=True)
class PullParams:
    """What a link asks for.

    Attributes:
        repo: The content repo, as git takes it.
        branch: Branch, tag or commit; None for the default branch of the remote.
        depth: Commits of history for a first clone, 0 for all; None for the server's setting.
        targetpath: Where the workspace is to be, below the parent path; None for the
            repository's own name.
        urlpath: What to open, as a path on this server, percent-encoded; None to derive it.
        subpath: What to open inside the workspace where there is no urlpath.
        app: The app to open it in where there is no urlpath.
        backup: Move an existing workspace aside first and clone anew.
    """

    repo: str
    branch: str | None = None
    depth: int | None = None
    targetpath: str | None = None
    urlpath: str | None = None
    subpath: str | None = None
    app: str | None = None
    backup: bool = False

    @classmethod
    def from_query(cls, query: str) -> PullParams:
        """Read the query string of a link.

        Raises:
            RefusedError: Where ``repo`` is missing or a value cannot be read.
        """
        return cls.from_fields(_fields(query))

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> PullParams:
        """Read parameters by name, in the spellings that a link may use.

        Raises:
            RefusedError: Where ``repo`` is missing or a value cannot be read.
        """
        values = {name: _text(name, value) for name, value in fields.items() if name in _NAMES}
        repo = values.get("repo")
        if not repo:
            raise RefusedError(
                "missing-repo",
                "The link does not say which repository to pull: the parameter repo is missing.",
                hint="Ask the link's author to make it anew.",
                who="author",
            )
        return cls(
            repo=repo,
            branch=values.get("branch"),
            depth=_depth(values.get("depth")),
            targetpath=values.get("targetpath") or values.get("targetPath"),
            urlpath=values.get("urlpath") or values.get("urlPath"),
            subpath=values.get("subpath") or values.get("subPath"),
            app=values.get("app"),
            backup=(values.get("backup") or "").lower() not in _FALSE,
        )

    @property
    def directory(self) -> str:
        """Where the workspace is to be, below the parent path."""
        return self.targetpath or clone_directory(self.repo)

    @property
    def opening(self) -> Opening:
        """What the link wants opened."""
        return Opening(
            directory=self.directory,
            urlpath=self.urlpath,
            subpath=self.subpath,
            app=self.app,
            backup=self.backup,
        )


_NAMES = frozenset(
    "repo branch depth targetpath targetPath urlpath urlPath subpath subPath app backup".split()  # noqa: SIM905 - reads as the table that it is
)


def _fields(query: str) -> dict[str, str]:
    """Read a query string; of a name that stands twice the last counts."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=_MAX)
    except UnicodeDecodeError:
        problem = "holds bytes that are no UTF-8 text"
    except ValueError:
        problem = f"has more than {_MAX} parameters"
    else:
        return dict(pairs)
    raise RefusedError(
        "unreadable-link",
        f"The link {problem}.",
        hint="Ask the link's author to make it anew.",
        who="author",
    )


def _text(name: str, value: object) -> str | None:
    """Give a value stripped of outer space; None where nothing is left."""
    if value is None:
        return None
    if not isinstance(value, (str, int)):
        raise RefusedError(
            "unreadable-link",
            f"The parameter {name} is no text.",
            hint="Ask the link's author to make it anew.",
            who="author",
            parameter=name,
        )
    text = str(value).strip()
    if len(text) > _LONGEST:
        raise RefusedError(
            "unreadable-link",
            f"The parameter {name} is longer than {_LONGEST} characters.",
            hint="Ask the link's author to make it anew.",
            who="author",
            parameter=name,
        )
    if CONTROL.search(text) or (name == "repo" and any(map(_is_unseen, text))):
        raise RefusedError(
            "control-character",
            f"The parameter {name} holds a control character.",
            hint="Ask the link's author to make it anew.",
            who="author",
            parameter=name,
        )
    return text or None


def _is_unseen(character: str) -> bool:
    """Tell whether it could make an address look like another one to whoever has to trust it."""
    return unicodedata.category(character) in {"Cf", "Zl", "Zp"}


def _depth(text: str | None) -> int | None:
    if text is None:
        return None
    if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS:
        return int(text)
    raise RefusedError(
        "invalid-depth",
        f"The depth {text[:40]!r} is no whole number from 0.",
        hint="Ask the link's author to make it anew, without depth or with depth=1.",
        who="author",
        depth=text[:40],
    )
