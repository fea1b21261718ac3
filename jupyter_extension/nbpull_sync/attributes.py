"""What may stand between a file and the content that git keeps of it: attributes and line ends."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from nbpull_sync.plan import parents

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from nbpull_sync.workspace import Workspace

_OTHERWISE = ("autocrlf = ", "objectformat = sha256")


def holds_attributes(index: Path) -> bool:
    """Tell whether an index holds any attributes; git takes them where a file of them is gone."""
    try:
        return b".gitattributes" in index.read_bytes()
    except FileNotFoundError:
        return False


def has_attributes(workspace: Workspace, paths: Iterable[str], index: Path | None = None) -> bool:
    """Tell whether there are attributes for any of these paths at all; most content has none."""
    if index is not None and holds_attributes(index):
        return True
    folders = {"", *(up for path in paths for up in parents(path))}
    root = workspace.directory
    return any(os.path.lexists(root / folder / ".gitattributes") for folder in folders)


def keeps_as_it_is(workspace: Workspace, paths: Iterable[str], index: Path | None = None) -> bool:
    """Tell whether git is sure to keep these files as they stand there, named by plain SHA-1."""
    try:
        config = (workspace.desk / "config").read_text("utf-8")
    except OSError:
        return False
    if any(it in config for it in _OTHERWISE):
        return False
    return not has_attributes(workspace, paths, index)
