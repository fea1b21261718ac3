"""Where a workspace may be: inside the server's root, and nobody else's.

A target path comes from a link, so it is hostile until it has been resolved, symlinks and all.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbpull_server.errors import RefusedError

if TYPE_CHECKING:
    from pathlib import Path

CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
"""Control characters, and halves of characters that no file system or page can take."""

_MAX_NAME = 255
_MAX_PATH = 1024
_ASK_AUTHOR = "Ask the link's author for one that names a folder below your home."


@dataclass(frozen=True, slots=True)
class Workspace:
    """A directory that a sync may write to.

    Attributes:
        relative: Its path from the server's root, as the learner sees it.
        path: The same, absolute and with symlinks resolved.
    """

    relative: str
    path: Path


@dataclass(frozen=True, slots=True)
class Workspaces:
    """The part of the disk in which workspaces lie.

    Attributes:
        root: The server's root directory.
        parent: The directory below it in which links put their workspaces; may be empty.
    """

    root: Path
    parent: str = ""

    def locate(self, targetpath: str) -> Workspace:
        """Find the workspace that a link names.

        Raises:
            RefusedError: Where it is not a place that a link may name.
        """
        parts = _checked_parts(targetpath)
        relative = "/".join((*_parts(self.parent), *parts))
        return Workspace(relative, self._resolved(relative, targetpath))

    def at(self, relative: str) -> Workspace:
        """Find a workspace by its path from the server's root.

        Raises:
            RefusedError: Where it is not a place for a workspace.
        """
        prefix = _parts(self.parent)
        parts = _parts(relative)
        if prefix and parts[: len(prefix)] == prefix:
            return self.locate("/".join(parts[len(prefix) :]))
        clean = "/".join(_checked_parts(relative))
        return Workspace(clean, self._resolved(clean, relative))

    def free(self, targetpath: str) -> str:
        """Name a target path beside this one at which nothing is yet."""
        base = targetpath.rstrip("/")
        stem, dot, suffix = base, "", ""
        if base.endswith(".git"):
            stem, dot, suffix = base[:-4], ".", "git"
        number = 2
        # A symlink is something too, wherever it leads.
        while os.path.lexists(self.root / self.parent / f"{stem}-{number}{dot}{suffix}"):
            number += 1
        return f"{stem}-{number}{dot}{suffix}"

    def _resolved(self, relative: str, asked: str) -> Path:
        try:
            root = self.root.resolve()
            home = (root / self.parent).resolve()
            path = (root / relative).resolve()
        except (OSError, RuntimeError):  # a symlink loop
            raise _outside(asked) from None
        if path in (root, home) or not path.is_relative_to(root):
            raise _outside(asked)
        below = home if path.is_relative_to(home) else root
        if any(part.startswith(".") for part in path.relative_to(below).parts):
            raise _hidden(asked)
        _refuse_foreign(path, root, asked)
        _refuse_bare(path, root, asked)
        return path


def _parts(path: str) -> tuple[str, ...]:
    return tuple(part for part in path.split("/") if part not in ("", "."))


def _checked_parts(targetpath: str) -> tuple[str, ...]:
    parts = _parts(targetpath)
    if targetpath.startswith("/") or ".." in parts or not parts:
        raise _outside(targetpath)
    if parts[0].startswith("~") or any(part.startswith(".") for part in parts):
        raise _hidden(targetpath)
    if CONTROL.search(targetpath) or _is_too_long(targetpath, parts):
        raise RefusedError(
            "bad-targetpath",
            "The folder that the link names cannot exist on this machine.",
            hint=_ASK_AUTHOR,
            who="author",
            targetpath=targetpath[:_MAX_NAME],
        )
    return parts


def _is_too_long(path: str, parts: tuple[str, ...]) -> bool:
    return len(path) > _MAX_PATH or any(len(os.fsencode(part)) > _MAX_NAME for part in parts)


def _outside(asked: str) -> RefusedError:
    return RefusedError(
        "outside-root",
        f"The link wants to write to {asked[:_MAX_NAME]!r}, which is not a folder below your home.",
        hint=_ASK_AUTHOR,
        who="author",
        targetpath=asked[:_MAX_NAME],
    )


def _hidden(asked: str) -> RefusedError:
    return RefusedError(
        "hidden-directory",
        f"The link wants to write to {asked[:_MAX_NAME]!r}, which is a hidden folder.",
        hint=_ASK_AUTHOR,
        who="author",
        targetpath=asked[:_MAX_NAME],
    )


def _refuse_foreign(path: Path, root: Path, asked: str) -> None:
    """Refuse a place that belongs to neither this user nor the owner of the root."""
    nearest = path
    while not os.path.lexists(nearest):
        nearest = nearest.parent
    if not nearest.is_relative_to(root):
        return
    if nearest.stat().st_uid not in (os.geteuid(), root.stat().st_uid):
        raise RefusedError(
            "not-yours",
            f"The folder {asked[:_MAX_NAME]!r} belongs to somebody else.",
            hint=_ASK_AUTHOR,
            who="author",
            targetpath=asked[:_MAX_NAME],
        )


def _refuse_bare(path: Path, root: Path, asked: str) -> None:
    """Refuse a git repository's own innards: content may carry them, with hooks in its config."""
    place = path
    while place != root:
        if _looks_bare(place):
            raise RefusedError(
                "bare-repository",
                f"The folder {asked[:_MAX_NAME]!r} is the inside of a git repository, "
                "not a place for course files.",
                hint=_ASK_AUTHOR,
                who="author",
                targetpath=asked[:_MAX_NAME],
            )
        place = place.parent


def _looks_bare(path: Path) -> bool:
    return (
        (path / "HEAD").is_file()
        and (path / "objects").is_dir()
        and (path / "refs").is_dir()
        and not (path / ".git").exists()
    )


PARENT_PROBLEM = "is no directory below the server's root"


def parent_problem(parent: str) -> bool:
    """Tell whether a setting is no path below the server's root."""
    return parent.startswith("/") or ".." in _parts(parent) or bool(CONTROL.search(parent))
