"""The policy as a small model: what the workspace holds after a sync, said of three trees alone.

A tree is a dictionary of paths and contents. The model knows no git, no index and no history,
and says *that* two contents are merged, not what comes of it; `course_repo.CourseRepo.moves`
says what upstream moved, for that is git's to say.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass


@dataclass(frozen=True)
class Merge:
    """A content that is to be merged of three."""

    base: str
    ours: str
    theirs: str


@dataclass(frozen=True)
class Expected:
    """What there is after a sync.

    Attributes:
        files: Each path and its content.
        asides: Each path of the learner's that stood in the way, and what was there: what it
            held, by its path in it ("" for a file).
        gone: Paths that are no more where they were, though they were there.
    """

    files: dict
    asides: dict
    gone: set


def expect(base, theirs, ours, moved):
    """Say what becomes of a workspace.

    Args:
        base: What it was synced to.
        theirs: What upstream has now.
        ours: What is in it.
        moved: New paths of upstream's, and the old ones that they were moved from.
    """
    left = set(moved.values()) & ours.keys()
    left |= {path for path in base.keys() - theirs.keys() if ours.get(path) == base[path]}
    stays = {path: content for path, content in ours.items() if path not in left}
    asides: dict = {}
    for path, content in stays.items():
        place = _in_the_way(path, content, base, theirs)
        if place is not None:
            asides.setdefault(place, {})[path[len(place) :].lstrip("/")] = content
    files = {
        path: content
        for path, content in stays.items()
        if path not in theirs and not any(_holds(place, path) for place in asides)
    }
    for path, content in theirs.items():
        old = moved.get(path, path)
        files[path] = _merged(base.get(old), ours.get(old) if old in base else None, content)
    return Expected(files, asides, left | ours.keys() - files.keys())


def _in_the_way(path, content, base, theirs):
    """Give the path of the learner's that must make way for upstream's, None where none must."""
    if path in theirs:
        return path if path not in base and content != theirs[path] else None
    if any(other.startswith(path + "/") for other in theirs):
        return path
    return next((up for up in parents(path) if up in theirs), None)


def _merged(base, ours, theirs):
    if ours in (None, base, theirs):
        return theirs
    return ours if theirs == base else Merge(base, ours, theirs)


def parents(path):
    """Give the folders above a path."""
    while path := posixpath.dirname(path):
        yield path


def _holds(place, path):
    return path == place or path.startswith(place + "/")
