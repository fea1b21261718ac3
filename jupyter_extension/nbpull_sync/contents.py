"""Merge the content of one file that both sides changed."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nbpull_sync.diff3 import MARKER_SIZE
from nbpull_sync.lfs import read_pointer
from nbpull_sync.notebook import merge_notebook
from nbpull_sync.text import merge_text

if TYPE_CHECKING:
    from nbpull_sync.events import CellOutcome, Hunk
    from nbpull_sync.git import Git

_LARGEST_TEXT = 32 * 2**20  # bytes beyond which a file is no text that anyone edits by hand
_LARGEST_NOTEBOOK = 64 * 2**20
_NOT_HERE = "It is kept with Git LFS, and not all of its content is here."


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What came of merging one file.

    Attributes:
        content: The file as it is to be; None where the learner's stays as it is.
        hunks: The lines of upstream's that were not taken.
        cells: The cells that were touched or not taken.
        taken: Whether all of upstream's change is in.
        reason: Why nothing was merged, where that needs a word.
    """

    content: bytes | None
    hunks: tuple[Hunk, ...] = ()
    cells: tuple[CellOutcome, ...] = ()
    taken: bool = True
    reason: str = ""


def is_notebook(path: str) -> bool:
    """Tell whether a path names a notebook."""
    return path.lower().endswith(".ipynb")


def largest(path: str) -> int:
    """Give the number of bytes up to which a file is merged; it takes some times its size."""
    return _LARGEST_NOTEBOOK if is_notebook(path) else _LARGEST_TEXT


def merge_content(path: str, base: bytes, ours: bytes, theirs: bytes, git: Git) -> Merged:
    """Merge one file by cells or by lines, whichever it is made of."""
    if any(read_pointer(version) is not None for version in (base, ours, theirs)):
        return Merged(content=None, taken=False, reason=_NOT_HERE)
    if is_notebook(path):
        return _merge_notebook(base, ours, theirs)
    merged = merge_text(base, ours, theirs, diff3=_Diff3(git))
    if merged is None:
        return Merged(content=None, taken=False, reason="It is no text that can be merged.")
    content = None if merged.merged == ours else merged.merged
    return Merged(content=content, hunks=merged.hunks, taken=not merged.hunks)


def _merge_notebook(base: bytes, ours: bytes, theirs: bytes) -> Merged:
    merged = merge_notebook(base, ours, theirs)
    if merged.problem:
        return Merged(content=None, taken=False, reason=merged.problem)
    return Merged(
        content=None if merged.merged == ours else merged.merged,
        cells=merged.cells,
        taken=all(cell.action != "not-taken" for cell in merged.cells),
    )


class _Diff3:
    """Git's own merge of three texts."""

    def __init__(self, git: Git) -> None:
        self._git = git

    def __call__(self, base: bytes, ours: bytes, theirs: bytes) -> bytes:
        with tempfile.TemporaryDirectory(prefix="nbpull-") as folder:
            names = []
            for name, content in (("ours", ours), ("base", base), ("theirs", theirs)):
                file = Path(folder, name)
                file.write_bytes(content)
                names.append(str(file))
            size = f"--marker-size={MARKER_SIZE}"
            # The status is the number of conflicts; from 128 on it is a failure.
            return self._git.run("merge-file", "-p", "--diff3", size, "--", *names, ok=range(128))
