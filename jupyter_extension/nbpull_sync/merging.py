"""Merge the files that both sides changed, one after another, and lay each ready to be placed."""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import replace
from typing import TYPE_CHECKING

from nbpull_sync import contents, lfs, trees
from nbpull_sync.attributes import has_attributes
from nbpull_sync.contents import Merged
from nbpull_sync.inspect import unreadable
from nbpull_sync.policy import Action

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nbpull_sync.git import Git
    from nbpull_sync.plan import Step
    from nbpull_sync.workspace import Workspace


class Merger:
    """Merges files of one workspace with those of upstream's index `theirs`.

    One file at a time is in memory; the results lie in `place`.
    """

    def __init__(self, workspace: Workspace, theirs: Git, place: Path) -> None:
        self._workspace = workspace
        self._theirs = theirs
        self._place = place

    def merge(self, steps: list[Step]) -> dict[str, Merged]:
        """Merge what each step names."""
        if not steps:
            return {}
        binary = self._binary([step.path for step in steps])
        merged = {}
        with trees.blob_reader(self._theirs) as read:
            for step in steps:
                merged[step.path] = (
                    Merged(content=None, taken=False, reason="It is marked as binary.")
                    if step.path in binary and not same_content(step)
                    else self._merge_one(step, read)
                )
        return merged

    def _merge_one(self, step: Step, read: Callable[[str, int], bytes | None]) -> Merged:
        base, theirs, place = step.change.base, step.change.theirs, _source(step)
        here = step.source if step.action is Action.CARRY else step.found
        assert base is not None
        assert theirs is not None
        assert here.stamp is not None
        if not (base.is_file and theirs.is_file and here.kind == "file"):
            # A carried link goes on as it is; a changed kind cannot be merged.
            return Merged(content=None, taken=base == theirs)
        if same_content(step):
            return Merged(content=None)
        most = contents.largest(step.path)
        old, new = (self._content(read(oid, most), most) for oid in (base.oid, theirs.oid))
        if old is None or new is None or here.stamp.size > most:
            return Merged(content=None, taken=False, reason="It is too large to be merged.")
        try:
            ours = (self._workspace.directory / place).read_bytes()
        except PermissionError as error:
            raise unreadable(place) from error
        result = contents.merge_content(step.path, old, ours, new, self._theirs)
        if result.content is None:
            return result
        self._ready(step.path).write_bytes(result.content)
        return replace(result, content=b"")  # it lies in the stage, and not in memory

    def _content(self, blob: bytes | None, most: int) -> bytes | None:
        """Give what a blob stands for: itself, or the large file of Git LFS that it points to."""
        if blob is None or not self._workspace.lfs:
            return blob
        return lfs.content_of(self._workspace.common_dir, blob, most)

    def _binary(self, paths: list[str]) -> set[str]:
        """Give the paths that upstream's attributes say cannot be merged by lines."""
        if not has_attributes(self._workspace, paths):
            return set()
        lines = b"".join(os.fsencode(path) + b"\0" for path in paths)
        out = self._theirs.run("check-attr", "-z", "--cached", "--stdin", "merge", stdin=lines)
        fields = out.split(b"\0")
        return {
            os.fsdecode(path)
            for path, value in zip(fields[::3], fields[2::3], strict=False)
            if value == b"unset"
        }

    def lay_ready(self, step: Step, merged: Merged) -> Path | None:
        """Have the file of a step lie ready; None where the learner's stays as it is."""
        ready = self._ready(step.path)
        if merged.content is None and not self._keep(step, ready):
            return None
        self._set_mode(step, ready)
        return ready

    def _ready(self, path: str) -> Path:
        """Give the place of a result, under a name that any path can have."""
        return self._place / trees.hash_bytes(os.fsencode(path))

    def _keep(self, step: Step, ready: Path) -> bool:
        """Lay the learner's own file ready where it must be written all the same."""
        base, theirs = step.change.base, step.change.theirs
        assert base is not None
        assert theirs is not None
        carried = step.action is Action.CARRY
        if not carried and not (same_content(step) and base.mode != theirs.mode):
            return False
        source = self._workspace.directory / _source(step)
        ready.unlink(missing_ok=True)
        if source.is_symlink():
            ready.symlink_to(source.readlink())
        else:
            shutil.copyfile(source, ready)
        return True

    def _set_mode(self, step: Step, ready: Path) -> None:
        here = step.source if step.action is Action.CARRY else step.found
        base, theirs = step.change.base, step.change.theirs
        if here.stamp is None or ready.is_symlink() or base is None or theirs is None:
            return
        mode = here.stamp.mode
        if base.is_file and theirs.is_file and base.mode != theirs.mode:
            runs = stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH
            mode = mode | (mode & 0o444) >> 2 if theirs.mode == "100755" else mode & ~runs
        ready.chmod(mode)


def _source(step: Step) -> str:
    if step.action is Action.CARRY and step.change.moved_from:
        return step.change.moved_from
    return step.path


def same_content(step: Step) -> bool:
    """Tell whether upstream left the content alone: it moved the file or changed its mode."""
    base, theirs = step.change.base, step.change.theirs
    return base is not None and theirs is not None and base.oid == theirs.oid
