"""The name of a branch or tag: what git allows, and what only looks like one."""

from __future__ import annotations

import re

from nbpull_links.checks import check_value, shown
from nbpull_links.errors import InvalidValueError
from nbpull_links.notices import LinkWarning

__all__ = ["check_branch", "is_commit", "note_commit"]

# git's own rules for a name (git-check-ref-format), in one pattern of what breaks them.
_NOT_IN_REF = re.compile(r"[ ~^:?*\[\\]|\.\.|@\{|//|^[-/.]|/\.|[/.]$|\.lock(?=/|$)|^@$")
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
# Digits and letters: words such as "facade" and dates are names of branches.
_SHORT_SHA = re.compile(r"(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{7,39}")


def is_commit(branch: str | None) -> bool:
    """Tell whether ``branch`` is a full commit id."""
    return bool(branch and _SHA.fullmatch(branch.lower()))


def note_commit(branch: str | None) -> tuple[LinkWarning, ...]:
    """Say that a branch is a commit, or seems to be the start of one's id."""
    if is_commit(branch):
        text = f"The branch {branch} is a commit, which nbgitpuller refuses to pull."
        return (LinkWarning("commit-as-branch", text),)
    if branch and _SHORT_SHA.fullmatch(branch):
        text = f"The branch {shown(branch)} looks like a shortened commit, which cannot be pulled."
        return (LinkWarning("short-commit", text),)
    return ()


def check_branch(value: object, what: str = "The branch") -> str:
    """Check a branch or tag by git's own rules.

    Raises:
        InvalidValueError: ``branch-invalid`` or one of those of `check_value`.
    """
    branch = check_value(value, what)
    if not branch or _NOT_IN_REF.search(branch):
        raise InvalidValueError(
            "branch-invalid",
            f"{what} {shown(branch)} is no name that git allows.",
            hint="Give the name of a branch or tag as git shows it.",
            field=what,
        )
    return branch
