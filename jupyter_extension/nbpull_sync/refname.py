"""The name of a ref that came from outside: held to git's rules before git sees it."""

from __future__ import annotations

from nbpull_links.errors import NbpullError
from nbpull_links.refs import check_branch, is_commit
from nbpull_sync.errors import SyncError

_FOLDERS = ("refs/", "heads/", "tags/")


def clean_ref(ref: str | None) -> str | None:
    """Check the name of a branch, tag or commit.

    Returns:
        The name, a commit in small letters; None for the default branch of the remote.

    Raises:
        SyncError: ``branch-invalid``.
    """
    if ref in (None, "", "HEAD"):
        return None
    assert ref is not None
    if is_commit(ref):
        return ref.lower()
    try:
        name = check_branch(ref)
        plain = name
        for folder in _FOLDERS:
            plain = plain.removeprefix(folder)
        check_branch(plain)
    except NbpullError as error:
        raise SyncError(
            "branch-invalid",
            error.message,
            who="author",
            hint="Give the name of a branch or tag as git shows it.",
        ) from error
    return name
