"""Read a repository's address as it stands in links, and repair it."""

from __future__ import annotations

import re

from nbpull_links.checks import shown
from nbpull_links.errors import InvalidValueError, UnreadableLinkError
from nbpull_links.forges import RepoPage, read_page
from nbpull_links.reading import Notes, is_template
from nbpull_links.repo import without_credentials

_SCHEMELESS = re.compile(r"(?://)?(?:[\w-]+\.)+[A-Za-z]{2,}(?::[0-9]+)?/.+")


def read_repo(text: str, branch: str | None, notes: Notes) -> RepoPage:
    """Read an address that git would be given.

    Args:
        text: The address.
        branch: The branch that goes with it, if any; tells where a ref in a page's URL ends.
        notes: Takes the warnings.

    Raises:
        UnreadableLinkError: ``template``.
        InvalidValueError: Those of `RepoUrl`.
    """
    repaired = _repair(text.strip(), notes)
    try:
        page = read_page(repaired, branch)
    except InvalidValueError as error:
        if is_template(text):
            raise template_error("The repository", text) from None
        if error.code != "credentials-in-url" or "://" not in repaired:
            raise
        notes.add(
            "credentials-in-url", "The repository's address held credentials; they are left out."
        )
        page = read_page(without_credentials(repaired), branch)
    notes.extend(page.warnings)
    return page


def template_error(what: str, text: str) -> UnreadableLinkError:
    """Make the error for a placeholder where nothing else will do."""
    return UnreadableLinkError(
        "template",
        f"{what} {shown(text)} holds a placeholder that nobody filled in.",
        hint="Put what is meant in its place.",
    )


def _repair(text: str, notes: Notes) -> str:
    """Mend what git would stumble over, or would understand in another way."""
    repaired = re.sub(r"^git\+(?=(?:https?|ssh)://)", "", text)
    repaired = re.sub(r"^(https?|ssh|git):/(?=[^/])", r"\1://", repaired)
    repaired = re.sub(r"^ssh://([^/@:]+@[^/:]+):(?=[^0-9/])", r"\1:", repaired)
    if repaired != text:
        notes.add("repo-repaired", f"The repository is read as {shown(repaired)}.")
    if _SCHEMELESS.fullmatch(repaired):
        repaired = f"https://{repaired.lstrip('/')}"
        notes.add("scheme-missing", f"The repository is read as {shown(repaired)}.")
    elif repaired.startswith("/"):
        repaired = f"file://{repaired}"
        notes.add("local-path", f"The repository is a directory: {shown(repaired)}.")
    if repaired.endswith("/"):
        notes.add("trailing-slash", "The repository's address ends with a slash; it is left out.")
        repaired = repaired.rstrip("/")
    return repaired
