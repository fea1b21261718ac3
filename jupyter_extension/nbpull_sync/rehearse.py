"""A sync for show: everything is done on a copy of the repository, nothing in the workspace."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nbpull_sync.clone import start
from nbpull_sync.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbpull_sync.address import Address
    from nbpull_sync.cancel import Cancel

_LEFT_OUT = ("objects", "hooks", "lfs", "logs", "modules", "worktrees", "*.lock", "stage", "trash")


@contextmanager
def rehearsal(directory: Path, address: Address, cancel: Cancel) -> Iterator[Workspace]:
    """Give a workspace whose files are the real ones and whose repository is a copy.

    The copy shares the objects of the original and writes its own elsewhere.
    """
    original = open_workspace(directory, cancel)
    with tempfile.TemporaryDirectory(prefix="nbpull-rehearsal-") as folder:
        git_dir = Path(folder, "repository")
        files = directory if directory.is_dir() else Path(folder, "nothing")
        files.mkdir(exist_ok=True)
        workspace = Workspace(files, git_dir, cancel)
        if original is None:
            start(workspace, address)
        else:
            _copy(original, git_dir)
        yield workspace


def _copy(original: Workspace, git_dir: Path) -> None:
    leave = shutil.ignore_patterns(*_LEFT_OUT)
    shutil.copytree(original.common_dir, git_dir, ignore=leave, symlinks=True)
    if original.git_dir != original.common_dir:
        shutil.copytree(original.git_dir, git_dir, ignore=leave, symlinks=True, dirs_exist_ok=True)
        (git_dir / "commondir").unlink()
    if (original.git_dir / "index.lock").exists():
        (git_dir / "index.lock").touch()  # a sync would know by it that a checkout was killed
    information = git_dir / "objects" / "info"
    information.mkdir(parents=True)
    objects = original.common_dir / "objects"
    (information / "alternates").write_text(f"{objects}\n", "utf-8")
