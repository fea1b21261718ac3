"""Mend what keeps git from starting: locks that nobody holds, refs that a power cut emptied."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from nbpull_sync import refs, trouble
from nbpull_sync.events import Event, Log, Phase, Progress
from nbpull_sync.workspace import HEADS, RESTORE, TRACKING

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from nbpull_sync.workspace import Workspace

PLAIN_CONFIG = "[core]\n\trepositoryformatversion = 0\n\tbare = false\n"

_PATIENCE = 10.0
"""Seconds for which a git that is at work in the workspace is waited for."""
_LOOK_AGAIN = 0.1
_AGE_OF_ABANDONED = 3600.0
"""Seconds after which a lock is taken for left where the system does not tell who holds it."""
_PLACES = ("", "refs/heads", "refs/remotes/origin", "refs/nbpull", "objects/info")


def mend(workspace: Workspace) -> Generator[Event, None, None]:
    """Make the repository one that git can work on, touching only what is broken.

    Raises:
        SyncError: ``git-is-busy`` if a running git holds a lock and does not end.
    """
    until = time.monotonic() + _PATIENCE
    told = False
    while held := [lock for lock in _locks(workspace) if not _take_away(lock, workspace)]:
        if time.monotonic() > until:
            raise trouble.locked(f"it holds {held[0].name}.")
        if not told:
            told = True
            yield Progress(phase=Phase.WAITING, message="Another git is at work here")
        workspace.cancel.check()
        time.sleep(_LOOK_AGAIN)
    for name in ("refs", "objects"):
        (workspace.common_dir / name).mkdir(parents=True, exist_ok=True)
    if not (workspace.common_dir / "config").exists():
        (workspace.common_dir / "config").write_text(PLAIN_CONFIG, "utf-8")
    yield from _mend_head(workspace)
    yield from _mend_refs(workspace)


def was_interrupted(workspace: Workspace) -> bool:
    """Tell whether a checkout may have been killed: what is missing was then never written."""
    return (workspace.git_dir / "index.lock").exists() or not (workspace.git_dir / "index").exists()


def _locks(workspace: Workspace) -> Iterator[Path]:
    for root in {workspace.git_dir, workspace.common_dir}:
        for place in _PLACES:
            with suppress(FileNotFoundError, NotADirectoryError):
                yield from (root / place).glob("*.lock")
    with suppress(FileNotFoundError):
        # Whoever works here holds our lock, and we do.
        for lock in workspace.desk.glob("*.lock"):
            lock.unlink(missing_ok=True)


def _take_away(lock: Path, workspace: Workspace) -> bool:
    """Remove a lock that nobody holds; tell whether it is gone."""
    if _is_held(lock, workspace):
        return not lock.exists()
    lock.unlink(missing_ok=True)
    return True


def _is_held(lock: Path, workspace: Workspace) -> bool:
    """Tell whether a running process holds a lock of git's.

    A lock names no owner. It is held while a process has it open, or a git runs in this
    workspace, for git closes some locks before it is done with them.
    """
    processes = Path("/proc")
    if not (processes / "self" / "fd").is_dir():
        with suppress(FileNotFoundError):
            return time.time() - lock.stat().st_mtime < _AGE_OF_ABANDONED
        return False
    found = (it for it in processes.iterdir() if it.name.isdigit() and int(it.name) != os.getpid())
    return any(_has_open(it, lock) or _works_in(it, workspace) for it in found)


def _has_open(process: Path, lock: Path) -> bool:
    with suppress(OSError):
        return any(
            os.path.realpath(descriptor) == str(lock) for descriptor in (process / "fd").iterdir()
        )
    return False


def _works_in(process: Path, workspace: Workspace) -> bool:
    with suppress(OSError):
        if not (process / "comm").read_text().startswith("git"):
            return False
        place = Path(os.path.realpath(process / "cwd"))
        home = Path(os.path.realpath(workspace.directory))
        said = (process / "cmdline").read_bytes()
        return place == home or home in place.parents or os.fsencode(workspace.git_dir) in said
    return False


def _mend_head(workspace: Workspace) -> Generator[Event, None, None]:
    """Give HEAD back where a kill or a full disk left none that git can read."""
    head = workspace.git_dir / "HEAD"
    try:
        text = head.read_text("utf-8", "replace").strip()
    except FileNotFoundError:
        text = ""
    if refs.is_oid(text) or (text.startswith("ref: refs/") and text.isprintable()):
        name = text.removeprefix("ref: ")
        last = last_logged(workspace, name) if workspace.ref("HEAD") is None else None
        if last is not None and has_commit(workspace, last):
            yield Log(message=f"{name} was gone; it is {last} again.")
            workspace.set_ref(name, last)
        return
    memory = workspace.recall()
    name = memory.name if memory is not None and memory.kind == "branch" else "main"
    yield Log(message=f"HEAD could not be read; it is on {name} again.")
    head.write_text(f"ref: {HEADS}{name}\n", "utf-8")


def _mend_refs(workspace: Workspace) -> Generator[Event, None, None]:
    """Set broken refs back to what their log says, or take them away where it says nothing."""
    for folder in (HEADS, TRACKING, RESTORE, "refs/nbpull/"):
        root = workspace.common_dir / folder
        for file in root.rglob("*") if root.is_dir() else ():
            if file.is_dir() or file.is_symlink():
                continue
            text = file.read_text("utf-8", "replace").strip()
            if refs.is_oid(text) or text.startswith("ref: "):
                continue
            name = file.relative_to(workspace.common_dir).as_posix()
            last = last_logged(workspace, name)
            yield Log(message=f"{name} was broken; it is {last or 'gone'} now.")
            if last is None:
                file.unlink()
            else:
                file.write_text(last + "\n", "ascii")


def has_commit(workspace: Workspace, oid: str) -> bool:
    """Tell whether a commit is here."""
    return workspace.real.call("cat-file", "-e", f"{oid}^{{commit}}", ok=(0, 1, 128))[0] == 0


def last_logged(workspace: Workspace, name: str) -> str | None:
    """Give what the log of a ref says it held last."""
    return next(reversed(logged(workspace, name)), None)


def logged(workspace: Workspace, name: str) -> list[str]:
    """Give all that the log of a ref says it has held, the last at the end."""
    try:
        lines = (workspace.common_dir / "logs" / name).read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
    oids = [words[1] for words in (line.split(" ", 2) for line in lines) if len(words) > 2]  # noqa: PLR2004 - old id, new id, the rest
    return [oid for oid in oids if refs.is_oid(oid) and set(oid) != {"0"}]
