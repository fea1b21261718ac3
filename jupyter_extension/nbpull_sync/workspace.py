"""What kind of directory a sync is asked for, and the places inside it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from nbpull_sync import lfs, refs, trees
from nbpull_sync.errors import SyncError
from nbpull_sync.git import Git

if TYPE_CHECKING:
    from nbpull_sync.cancel import Cancel

BASE = "refs/nbpull/base"
PENDING = "refs/nbpull/pending"
RESTORE = "refs/nbpull/restore/"
TAGS = "refs/nbpull/tags/"
TRACKING = "refs/remotes/origin/"
HEADS = "refs/heads/"

_UNFINISHED = (
    "MERGE_HEAD",
    "CHERRY_PICK_HEAD",
    "REVERT_HEAD",
    "rebase-merge",
    "rebase-apply",
    "sequencer",
    "BISECT_LOG",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What the last sync of a workspace left for the next one to know.

    Attributes:
        repo: The address that was pulled, without credentials.
        kind: What the ref was.
        name: The short name of the branch or tag; the id of a commit.
        default: Whether it was taken because it is the default branch of the remote.
        tip: What the ref held upstream: a commit, or the object of an annotated tag.
        subdir: The one folder that was pulled.
        lfs: Whether git-lfs filled in large files.
    """

    repo: str
    kind: Literal["branch", "tag", "commit"]
    name: str
    default: bool
    tip: str
    subdir: str | None = None
    lfs: bool = False


@dataclass(frozen=True)
class Workspace:
    """A directory with a repository in it, and the git that works on each of its two faces.

    ``real`` is the learner's repository under the learner's own configuration. ``own`` is a git
    directory of ours inside it, which shares nothing but the objects: its index is the base with
    what the file system said of each file, and no setting, filter, bit or lock of the learner's
    index can change what we see.
    """

    directory: Path
    git_dir: Path
    cancel: Cancel
    scope: str | None = None  # the one folder that is pulled; None for all of the repository
    lfs: bool = False  # whether git-lfs fills in large files

    @cached_property
    def common_dir(self) -> Path:
        """The place of refs and objects, which a linked work tree shares."""
        file = self.git_dir / "commondir"
        if not file.is_file():
            return self.git_dir
        return Path(os.path.normpath(self.git_dir / file.read_text("utf-8").strip()))

    @property
    def desk(self) -> Path:
        """The git directory of ours."""
        return self.git_dir / "nbpull"

    @property
    def has_modes(self) -> bool:
        """Whether the file system keeps the executable bit."""
        try:
            return "filemode = false" not in (self.desk / "config").read_text("utf-8")
        except OSError:
            return True

    def index(self, commit: str | None) -> Path:
        """Give the place of our index of a commit.

        It holds what the file system said of each file. The name says of which commit it is,
        so that it can never be taken for that of another.
        """
        folder = f"-{trees.hash_bytes(os.fsencode(self.scope))[:8]}" if self.scope else ""
        return self.desk / f"index-{commit or 'none'}{folder}"

    def tree(self, commit: str) -> str:
        """Give the tree of a commit as far as it is pulled here; for all of it the commit."""
        return trees.folder_tree(self.own, commit, self.scope) if self.scope else commit

    @property
    def is_partial(self) -> bool:
        """Whether the repository fetches the content of files only when it is asked for it."""
        try:
            return "promisor = true" in (self.common_dir / "config").read_text("utf-8", "replace")
        except OSError:
            return False

    @cached_property
    def real(self) -> Git:
        """Git on the learner's repository."""
        return Git(self.git_dir, self.directory, cancel=self.cancel)

    @cached_property
    def own(self) -> Git:
        """Git on our own index, deaf to every configuration but ours."""
        return Git(
            self.desk,
            self.directory,
            environment={
                "GIT_OBJECT_DIRECTORY": str(self.common_dir / "objects"),
                "GIT_CONFIG_GLOBAL": os.devnull,
                "GIT_CONFIG_SYSTEM": os.devnull,
                "GIT_CONFIG_NOSYSTEM": "1",
                "GIT_ATTR_NOSYSTEM": "1",
                "XDG_CONFIG_HOME": os.devnull,
            },
            settings={
                "core.attributesFile": os.devnull,
                "core.excludesFile": os.devnull,
                **(lfs.settings(self.common_dir) if self.lfs else {}),
            },
            cancel=self.cancel,
        )

    def own_at(self, index: Path) -> Git:
        """Give our own git on one index."""
        return self.own.having(environment={"GIT_INDEX_FILE": str(index)})

    def ref(self, name: str) -> str | None:
        """Give what a ref holds, None where there is none."""
        if (self.common_dir / "reftable").is_dir():
            status, out = self.real.call("rev-parse", "--verify", "-q", name, ok=(0, 1, 128))
            return out.decode().strip() if status == 0 else None
        place = self.git_dir if name == "HEAD" else self.common_dir
        target = refs.read_symbolic(place, name)
        return refs.read_ref(self.common_dir, target) if target else refs.read_ref(place, name)

    def set_ref(self, name: str, oid: str) -> None:
        """Set a ref of ours; only where git keeps refs in tables it takes a process."""
        if (self.common_dir / "reftable").is_dir():
            self.real.run("update-ref", "--no-deref", name, oid)
        else:
            refs.write_ref(self.common_dir, name, oid)

    def drop_ref(self, name: str) -> None:
        """Remove a ref of ours."""
        file = self.common_dir / name
        file.unlink(missing_ok=True)
        if self.ref(name) is not None:
            self.real.run("update-ref", "--no-deref", "-d", name)

    @property
    def branch(self) -> str | None:
        """The local branch that HEAD is on, in short; None where it is detached or broken."""
        target = refs.read_symbolic(self.git_dir, "HEAD")
        return target.removeprefix(HEADS) if target and target.startswith(HEADS) else None

    @property
    def is_shallow(self) -> bool:
        """Whether the history ends before its beginning."""
        return (self.common_dir / "shallow").exists()

    @property
    def unfinished(self) -> tuple[str, ...]:
        """The operations of git that someone began here and did not end."""
        return tuple(name for name in _UNFINISHED if (self.git_dir / name).exists())

    def recall(self) -> Memory | None:
        """Give what the last sync left, None where there is nothing that can be read."""
        try:
            return Memory(**json.loads((self.desk / "memory.json").read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def remember(self, memory: Memory) -> None:
        """Leave `memory` for the next sync."""
        if memory != self.recall():
            write_whole(self.desk / "memory.json", json.dumps(asdict(memory)).encode())


def write_whole(path: Path, content: bytes) -> None:
    """Write a file of ours so that a kill leaves the old one or the new one."""
    draft = path.with_name(path.name + ".new")
    draft.write_bytes(content)
    draft.replace(path)


def open_workspace(directory: Path, cancel: Cancel) -> Workspace | None:
    """Give the workspace in `directory`, None where it holds no repository of its own.

    A repository around the directory is never taken for it.

    Raises:
        SyncError: ``not-a-directory`` if a file stands in its place; ``bare-repository`` if it
            is a repository itself, which files of ours would only damage.
    """
    if directory.exists() and not directory.is_dir():
        raise SyncError(
            "not-a-directory",
            f"{directory} is a file, and the content needs a directory of that name.",
            who="you",
            hint="Rename the file, or choose another directory.",
        )
    git_dir = _git_dir(directory / ".git")
    if git_dir is None and _is_bare(directory):
        raise SyncError(
            "bare-repository",
            f"{directory} is a git repository without files, not a place for content.",
            who="you",
            hint="Choose another directory.",
        )
    return None if git_dir is None else Workspace(directory, git_dir, cancel)


def _is_bare(directory: Path) -> bool:
    """Tell whether a directory is a repository itself, as a server keeps it."""
    folders = ("objects", "refs")
    return (directory / "HEAD").is_file() and all((directory / it).is_dir() for it in folders)


def _git_dir(place: Path) -> Path | None:
    """Give the git directory at `place`, following the file that a linked work tree has there."""
    if place.is_dir():
        return place
    try:
        text = place.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    if not text.startswith("gitdir: "):
        return None
    target = Path(os.path.normpath(place.parent / text[8:].strip()))
    return target if target.is_dir() else None
