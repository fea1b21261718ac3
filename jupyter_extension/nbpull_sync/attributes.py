"""What may stand between a file and the content that git keeps of it: attributes and line ends."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from nbpull_sync.plan import parents

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbpull_sync.workspace import Workspace

_OTHERWISE = ("autocrlf = ", "objectformat = sha256")


def has_attributes(workspace: Workspace, paths: Iterable[str]) -> bool:
    """Tell whether there are attributes for any of these paths at all; most content has none."""
    folders = {"", *(up for path in paths for up in parents(path))}
    root = workspace.directory
    return any(os.path.lexists(root / folder / ".gitattributes") for folder in folders)


def keeps_as_it_is(workspace: Workspace, paths: Iterable[str]) -> bool:
    """Tell whether git is sure to keep these files as they stand there, named by plain SHA-1."""
    try:
        config = (workspace.desk / "config").read_text("utf-8")
    except OSError:
        return False
    return not any(it in config for it in _OTHERWISE) and not has_attributes(workspace, paths)
