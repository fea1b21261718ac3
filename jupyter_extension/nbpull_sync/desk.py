"""Set up the git directory of ours inside a workspace (see `Workspace.own`)."""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nbpull_sync.workspace import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nbpull_sync.workspace import Workspace

_HONOURED = (
    "core.autocrlf",
    "core.eol",
    "core.filemode",
    "core.ignorecase",
    "core.precomposeunicode",
    "core.symlinks",
    "extensions.objectformat",
)
"""Settings of the learner's that say how files look in the file system; no other one counts."""


def prepare(workspace: Workspace) -> None:
    """Bring our git directory up to date with the learner's settings; it may be new or damaged."""
    desk = workspace.desk
    seen = f"# {_signature(workspace)}\n"
    if (desk / "HEAD").is_file() and _read(desk / "config").startswith(seen):
        return
    (desk / "refs").mkdir(parents=True, exist_ok=True)
    (desk / "HEAD").write_text("ref: refs/heads/none\n", "utf-8")
    # The last, and whole or not at all: its first line says that all of it is there.
    write_whole(desk / "config", (seen + _config(workspace)).encode())


def _signature(workspace: Workspace) -> str:
    """Give a name for the state of the learner's configuration files, without reading them."""
    home = Path.home()
    own = os.environ.get("XDG_CONFIG_HOME") or home / ".config"
    files = [
        Path("/etc/gitconfig"),
        home / ".gitconfig",
        Path(own, "git", "config"),
        workspace.common_dir / "config",
        workspace.git_dir / "config.worktree",
    ]
    return " ".join(_stat(file) for file in files)


def _stat(file: Path) -> str:
    try:
        status = file.stat()
    except OSError:
        return "-"
    return f"{status.st_mtime_ns}.{status.st_size}"


def build_index(workspace: Workspace, index: Path, commit: str | None) -> None:
    """Make our index of a commit anew, and compare each file with it once."""
    index.unlink(missing_ok=True)
    git = workspace.own_at(index)
    git.run("read-tree", *([workspace.tree(commit)] if commit else ["--empty"]))
    refresh(workspace, index)


def provide_index(workspace: Workspace, index: Path, commit: str | None) -> None:
    """Have an index of a commit: the one that is there, if git can read it, else a new one."""
    if index.is_file() and is_sound(index):
        return
    build_index(workspace, index, commit)


def is_sound(index: Path) -> bool:
    """Tell whether an index is whole: its end holds the hash of the rest, or zeros for none."""
    content = index.read_bytes()
    if content[:4] != b"DIRC":
        return False
    for name, size in (("sha1", 20), ("sha256", 32)):
        end = content[-size:]
        if end in (bytes(size), hashlib.new(name, content[:-size], usedforsecurity=False).digest()):
            return True
    return False


@contextmanager
def deriving(
    workspace: Workspace, old: Path, new: Path, commit: str
) -> Iterator[Callable[[], object]]:
    """Make an index of a commit from that of another, which knows the files they share.

    It is made beside the block; what is given waits for it.
    """
    shutil.copy2(old, new)  # with its time: by it, git tells which entries are too young to trust
    git = workspace.own_at(new)
    with git.meanwhile("read-tree", "-i", "-m", workspace.tree(commit)) as end:
        yield end


def derive_index(workspace: Workspace, old: Path, new: Path, commit: str) -> None:
    """Make an index of a commit from that of another."""
    with deriving(workspace, old, new, commit) as derived:
        derived()


def refresh(workspace: Workspace, index: Path) -> None:
    """Note in an index what the file system now says of the files that it holds."""
    workspace.own_at(index).run("update-index", "-q", "--refresh", ok=(0, 1))


def _config(workspace: Workspace) -> str:
    pairs = workspace.real.run("config", "-z", "--list").decode("utf-8", "replace").split("\0")
    found = dict(pair.partition("\n")[::2] for pair in pairs)
    lines = ["[core]", "\tbare = false", "\tsafecrlf = false"]
    lines += [
        f"\t{name.removeprefix('core.')} = {found[name]}"
        for name in _HONOURED
        if name in found and name.startswith("core.") and found[name].isalnum()
    ]
    if found.get("extensions.objectformat") == "sha256":
        lines += ["\trepositoryformatversion = 1", "[extensions]", "\tobjectformat = sha256"]
    else:
        lines.append("\trepositoryformatversion = 0")
    return "\n".join(lines) + "\n"


def clear(workspace: Workspace, base: str | None) -> None:
    """Remove what a sync laid out here to work with, and the indexes of earlier bases."""
    for name in ("stage", "trash"):
        if (workspace.desk / name).exists():
            shutil.rmtree(workspace.desk / name)
    for file in workspace.desk.glob("index-*"):
        if file != workspace.index(base):
            file.unlink()


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace")
    except OSError:
        return ""


def count(index: Path) -> int:
    """Give the number of files in an index, from its head; 0 where there is none."""
    try:
        with index.open("rb") as file:
            return int.from_bytes(file.read(12)[8:12], "big")
    except OSError:
        return 0
