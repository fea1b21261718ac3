"""Where a book's sources lie in a checkout, and which version is being built.

Both are read from what is there: git's own files and the build service's environment. Nothing is
guessed: without an answer the author's settings stand.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nbpull_links.errors import InvalidValueError
from nbpull_links.repo import RepoUrl

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["built_version", "folder_in_checkout"]

_REMOTE = re.compile(r"^\s*url\s*=\s*(\S+)\s*$", re.MULTILINE)


def folder_in_checkout(source: Path, repo: str) -> str | None:
    """Find the folder of ``source`` in the checkout of ``repo`` around it.

    Args:
        source: The documentation's source directory.
        repo: The content repo; a checkout of another one tells nothing. A fork counts, so names
            are compared and not owners.

    Returns:
        The folder, empty for the root; None if there is no such checkout.
    """
    for top in (source, *source.parents):
        config = _git_config(top / ".git")
        if config is not None:
            same = {_name(url) for url in _REMOTE.findall(config)} & {_name(repo)}
            return source.relative_to(top).as_posix().removeprefix(".") if same else None
    return None


def _git_config(git: Path) -> str | None:
    """Read a checkout's configuration; a worktree and a submodule say where theirs is."""
    try:
        if git.is_file():
            real = git.parent / git.read_text("utf-8").removeprefix("gitdir:").strip()
            common = real / "commondir"
            git = real / common.read_text("utf-8").strip() if common.is_file() else real
        return (git / "config").read_text("utf-8", "replace")
    except (OSError, UnicodeDecodeError):
        return None


def _name(url: str) -> str | None:
    try:
        return RepoUrl(url).name.lower()
    except InvalidValueError:  # a remote that no link can name
        return None


def built_version(environ: Mapping[str, str]) -> str | None:
    """Tell which branch or tag is being built; None where the build service does not say.

    A pull request is no version: its branch is not in the content repo.
    """
    if environ.get("READTHEDOCS"):
        if environ.get("READTHEDOCS_VERSION_TYPE") == "external":
            return None
        version = environ.get("READTHEDOCS_VERSION")
        named = version if version not in ("latest", "stable") else None
        return environ.get("READTHEDOCS_GIT_IDENTIFIER") or named
    if environ.get("GITHUB_REF", "").startswith(("refs/heads/", "refs/tags/")):
        return environ["GITHUB_REF"].split("/", 2)[2]
    return environ.get("CI_COMMIT_TAG") or environ.get("CI_COMMIT_BRANCH")
