"""Read a page of a git forge: which repository, ref and path it shows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nbpull_links.addresses import refuse_credentials
from nbpull_links.apps import is_directory
from nbpull_links.checks import check_value, shown
from nbpull_links.forge_pages import recognise
from nbpull_links.notices import LinkWarning
from nbpull_links.refs import is_commit
from nbpull_links.repo import RepoUrl
from nbpull_links.urls import Url, decode

__all__ = ["RepoPage", "read_page"]

_FILE_WORDS = ("blob", "edit", "raw", "blame")
_MIXED_WORDS = ("src", "media")  # the address does not tell a file from a directory
_ONE_REF_WORDS = ("commit", "tag", "tags", "branch")  # all that follows is the ref
# Names after which no further segment can belong to the ref.
_SURE_REF = re.compile(r"main|master|HEAD|trunk|develop|gh-pages|v?[0-9]+(?:\.[0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepoPage:
    """What a pasted address shows.

    Attributes:
        repo: The repository.
        ref: The branch, tag or commit on view.
        path: The file or directory on view; a slash at its end tells a directory whose name has a
            dot.
        warnings: What had to be assumed.
    """

    repo: RepoUrl
    ref: str | None = None
    path: str | None = None
    warnings: tuple[LinkWarning, ...] = ()


def read_page(text: object, ref: str | None = None) -> RepoPage:
    """Read a repository's address or a forge page of it.

    Args:
        text: What was pasted.
        ref: The branch that is meant, if known; tells where a ref with slashes ends.

    Raises:
        InvalidValueError: Those of `RepoUrl`.
    """
    value = check_value(text, "The repository")
    if not re.match(r"https?://", value, re.IGNORECASE):
        return RepoPage(repo=RepoUrl(value))
    known = check_value(ref, "The branch") if ref else None
    url = Url.split(value, "The repository")
    refuse_credentials(url, value, "The repository")
    words, site = recognise(url)
    if not words and url.query is None and url.fragment is None:
        return RepoPage(repo=RepoUrl(value))
    repo = RepoUrl(f"{site}/{words['repo']}" if words else url.origin + url.path)
    said = LinkWarning("forge-page", f"{shown(value)} is a page; its repository is {repo}.")
    if not words.get("rest"):
        return RepoPage(repo=repo, warnings=(said,))
    found, path, doubt = _split_ref(words["word"], words["rest"], known)
    return RepoPage(repo=repo, ref=found, path=path, warnings=(said, *doubt))


def _split_ref(
    word: str, rest: str, known: str | None
) -> tuple[str, str | None, tuple[LinkWarning, ...]]:
    """Tell where in ``ref/path`` the ref ends: by the known ref, else after the first segment."""
    names = [decode(name) for name in re.sub(r"^refs/(?:heads|tags)/(?=.)", "", rest).split("/")]
    is_file = word in _FILE_WORDS or (
        word in _MIXED_WORDS and len(names) > 1 and "." in names[-1][1:]
    )
    size = 1
    doubt: tuple[LinkWarning, ...] = ()
    wanted = known.split("/") if known else []
    if word in _ONE_REF_WORDS:
        size = len(names)
    elif wanted and names[: len(wanted)] == wanted:
        size = len(wanted)
    elif len(names) > 1 + is_file and not (_SURE_REF.fullmatch(names[0]) or is_commit(names[0])):
        doubt = (_ambiguous("/".join(names), names[0]),)
    path = "/".join(names[size:])
    # Only a directory that one would take for a file needs the slash at its end.
    slash = "/" if path and not (is_file or is_directory(path)) else ""
    return "/".join(names[:size]), path + slash or None, doubt


def _ambiguous(rest: str, ref: str) -> LinkWarning:
    return LinkWarning(
        "ambiguous-ref",
        f"{shown(rest)} can be split into branch and path in several ways; taken: branch "
        f"{shown(ref)}. If the branch's name has a slash, give the branch.",
    )
