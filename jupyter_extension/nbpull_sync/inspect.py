"""What stands in the workspace: where it differs from base, and what is in upstream's way."""

from __future__ import annotations

import os
import stat
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from nbpull_sync import trees
from nbpull_sync.attributes import keeps_as_it_is
from nbpull_sync.errors import SyncError
from nbpull_sync.git import GitError
from nbpull_sync.model import (
    ABSENT,
    EXECUTABLE,
    FILE,
    SUBMODULE,
    SYMLINK,
    Entry,
    Found,
    Kind,
    Stamp,
    shown,
)
from nbpull_sync.plan import parents

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping

    from nbpull_sync.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Differences:
    """Where the workspace differs from base.

    Attributes:
        gone: What base has and the workspace has no file for.
        changed: What base has and the workspace may have otherwise; the content tells.
    """

    gone: Mapping[str, Entry]
    changed: Mapping[str, Entry]


def differences(workspace: Workspace, index: Path) -> Differences:
    """Compare the workspace with our index of base by what the file system says, in one process."""
    with comparing(workspace, index) as result:
        return result()


@contextmanager
def comparing(workspace: Workspace, index: Path) -> Iterator[Callable[[], Differences]]:
    """Give the `differences`, which are looked for beside the block until they are asked for."""
    command = ("diff-files", "-z", "--raw", "--no-renames", "--ignore-submodules=all", "--")
    with workspace.own_at(index).meanwhile(*command) as end:
        yield lambda: _read_differences(end())


def _read_differences(out: bytes) -> Differences:
    gone: dict[str, Entry] = {}
    changed: dict[str, Entry] = {}
    for status, old, _, path, _ in trees.parse_raw(out):
        if old is not None and old.mode != SUBMODULE:
            (gone if status == "D" else changed)[path] = old
    return Differences(gone, changed)


class Inspector:
    """Looks at paths of the workspace.

    A look takes the stamp first and reads the content afterwards, so that whatever changes
    later, even while we look, no longer has the stamp.
    """

    def __init__(self, workspace: Workspace, index: Path | None = None) -> None:
        self._workspace = workspace
        self._index = index  # where attributes are whose files are gone
        self._root = os.fspath(workspace.directory)
        self._directories: dict[str, bool] = {"": True}

    def stamp(self, paths: Iterable[str]) -> dict[str, Found]:
        """Give what kind of thing stands at each path, its content not read yet.

        A file that was saved in this very tick of the file system's clock is waited for: saved
        once more, it would keep its stamp.
        """
        found = {path: self._look(path) for path in paths}
        blocking = {here.blocked_by for here in found.values() if here.blocked_by is not None}
        found.update((path, self._look(path)) for path in blocking - found.keys())
        young = [path for path, here in found.items() if _is_young(here)]
        if young:
            time.sleep(max(map(_tick, (found[path] for path in young))))
            found.update((path, self._look(path)) for path in young)
        return found

    def read(
        self,
        stamped: Mapping[str, Found],
        base: Mapping[str, Entry],
        clean: Container[str],
        *,
        exact: Container[str] = (),
    ) -> dict[str, Found]:
        """Complete what `stamp` gave by what git would call the content.

        Args:
            stamped: What was seen.
            base: What base has at these paths.
            clean: Paths whose content was found to be that of base after they were stamped.
            exact: Paths whose very bytes count, without what git makes of them.
        """
        found = dict(stamped)
        unread = []
        for path, here in stamped.items():
            if here.kind == "symlink":
                found[path] = replace(here, entry=self._link(path))
            elif here.kind == "file" and path in clean:
                found[path] = replace(here, entry=base[path])
            elif here.kind == "file":
                unread.append(path)
        for path, oid in self._hash(unread, exact).items():
            mode = self._mode(found[path], base.get(path))
            found[path] = replace(found[path], entry=Entry(mode, oid))
        return found

    def exists(self, path: str) -> bool:
        """Tell whether anything stands at a path, a broken link too."""
        return os.path.lexists(self._workspace.directory / path)

    def _look(self, path: str) -> Found:
        above = path.rpartition("/")[0]
        if not self._is_directory(above):
            return Found("absent", blocked_by=self._blocking(above))
        try:
            status = os.lstat(f"{self._root}/{path}")
        except (FileNotFoundError, NotADirectoryError):
            return ABSENT
        kind = _kind(status.st_mode)
        contents = self._contents(path) if kind == "directory" else ()
        return Found(kind, Stamp.of(status), contents=contents)

    def _is_directory(self, path: str) -> bool:
        """Tell whether a path is a directory, and so is each one above it."""
        known = self._directories.get(path)
        if known is None:
            known = self._is_directory(path.rpartition("/")[0])
            try:
                known = known and stat.S_ISDIR(os.lstat(f"{self._root}/{path}").st_mode)
            except (FileNotFoundError, NotADirectoryError):
                known = False
            self._directories[path] = known
        return known

    def _blocking(self, path: str) -> str | None:
        """Give what stands where a directory is needed: the uppermost that is none."""
        places = reversed([path, *parents(path)])
        place = next(place for place in places if not self._is_directory(place))
        return place if self.exists(place) else None

    def _contents(self, path: str) -> tuple[str, ...]:
        return tuple(files_under(self._workspace.directory, path, empty=True))

    def _link(self, path: str) -> Entry:
        target = os.fsencode((self._workspace.directory / path).readlink())
        return Entry(SYMLINK, trees.hash_bytes(target))

    def _hash(self, paths: list[str], exact: Container[str]) -> dict[str, str]:
        workspace = self._workspace
        try:
            if keeps_as_it_is(workspace, paths, self._index):
                return {path: trees.hash_file(workspace.directory / path) for path in paths}
            git = workspace.own if self._index is None else workspace.own_at(self._index)
            found = trees.hash_files(git, [it for it in paths if it not in exact], store=False)
            own = [path for path in paths if path in exact]
            return found | trees.hash_files(git, own, store=False, exact=True)
        except (GitError, PermissionError) as error:
            for path in paths:
                if not os.access(self._workspace.directory / path, os.R_OK):
                    raise unreadable(path) from error
            raise

    def _mode(self, here: Found, base: Entry | None) -> str:
        assert here.stamp is not None
        if not self._workspace.has_modes and base is not None and base.is_file:
            return base.mode
        return EXECUTABLE if here.stamp.mode & stat.S_IXUSR else FILE


def _tick(here: Found) -> float:
    """Give how long the file system may go on giving the same time, in seconds."""
    coarse = here.stamp is not None and here.stamp.modified % 10**9 == 0
    return 1.0 if coarse else 0.02


def _is_young(here: Found) -> bool:
    if here.stamp is None or here.kind == "directory":
        return False
    return time.time() - here.stamp.modified / 1e9 < _tick(here)


def files_under(root: Path, path: str, *, empty: bool = False) -> Iterator[str]:
    """Give what a directory holds: files, links and, if asked, empty folders."""
    for folder, folders, files in os.walk(root / path):
        here = Path(folder)
        names = files + [name for name in folders if (here / name).is_symlink()]
        yield from ((here / name).relative_to(root).as_posix() for name in names)
        if empty and not folders and not files and here != root / path:
            yield here.relative_to(root).as_posix()


def unreadable(path: str) -> SyncError:
    """Give the error for a file that we may not read."""
    return SyncError(
        "unreadable-file",
        f"The file {shown(path)} cannot be read.",
        who="you",
        hint="Give yourself permission to read it (chmod u+r), then sync again.",
        path=shown(path),
    )


def _kind(mode: int) -> Kind:
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISLNK(mode):
        return "symlink"
    return "directory" if stat.S_ISDIR(mode) else "special"
