"""What is there after a sync: the file that the link names, or else the ones it may have meant."""

from __future__ import annotations

import os
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MOST_FILES = 20_000
_MOST_SUGGESTIONS = 3


def exists(root: Path, file: str) -> bool:
    """Tell whether a path from the server's root is there."""
    try:
        return (root / file).exists()
    except (OSError, ValueError):
        return False


def suggestions(root: Path, workspace: str, file: str) -> list[str]:
    """Name the files of a workspace that a wrong path may have meant, best first.

    Args:
        root: The server's root directory.
        workspace: The workspace, from the root.
        file: The path that is not there, from the root.
    """
    files = list(islice(_files(root / workspace), _MOST_FILES))
    wanted = (file + "/").removeprefix(workspace + "/").rstrip("/")
    name = wanted.rpartition("/")[2]
    same_name = [path for path in files if path.rpartition("/")[2].lower() == name.lower()]
    alike = get_close_matches(wanted, files, _MOST_SUGGESTIONS, cutoff=0.6)
    names = {path.rpartition("/")[2]: path for path in reversed(files)}
    alike_names = [names[n] for n in get_close_matches(name, names, _MOST_SUGGESTIONS)]
    found = dict.fromkeys((*sorted(same_name, key=len), *alike, *alike_names))
    return [f"{workspace}/{path}" for path in islice(found, _MOST_SUGGESTIONS)]


def _files(workspace: Path) -> Iterator[str]:
    for place, directories, files in os.walk(workspace):
        directories[:] = sorted(name for name in directories if not name.startswith("."))
        below = os.path.relpath(place, workspace)
        for name in sorted(files):
            if not name.startswith("."):
                yield name if below == "." else f"{below}/{name}"
