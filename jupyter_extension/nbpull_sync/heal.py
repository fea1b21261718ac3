"""Heal a repository that git refuses: refs to objects that are gone, a configuration of zeros."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from nbpull_sync.errors import SyncError
from nbpull_sync.events import Event, Log
from nbpull_sync.git import GitError
from nbpull_sync.mend import PLAIN_CONFIG, has_commit, last_logged
from nbpull_sync.transport import talk
from nbpull_sync.workspace import BASE, HEADS

if TYPE_CHECKING:
    from collections.abc import Generator

    from nbpull_sync.address import Address
    from nbpull_sync.request import SyncRequest
    from nbpull_sync.workspace import Workspace

_BAD_OBJECT = re.compile(r"bad object|invalid sha1 pointer|unable to parse object|missing object")
_BAD_CONFIG = re.compile(r"bad config (?:line \d+ )?in file (.*?)(?:\n|$| Show)")


def heal(
    workspace: Workspace, error: Exception, request: SyncRequest, address: Address
) -> Generator[Event, None, bool]:
    """Mend what an error says is broken; give whether it is worth going on.

    Args:
        workspace: The workspace.
        error: What ended the sync.
        request: What was asked for.
        address: Where base can be had again, if its objects are gone.

    Raises:
        SyncError: ``config-broken`` for a configuration that is not the workspace's.
    """
    said = _said(error)
    if found := _BAD_CONFIG.search(said):
        return (yield from _heal_config(workspace, Path(found[1].strip()), said))
    if _BAD_OBJECT.search(said):
        swept = _sweep_objects(workspace)
        base = workspace.ref(BASE)
        healed = yield from _heal_refs(workspace)
        if base is not None and workspace.ref(BASE) is None:
            yield from _fetch_base(workspace, base, request, address)
        return healed or swept
    return False


def _fetch_base(
    workspace: Workspace, base: str, request: SyncRequest, address: Address
) -> Generator[Event, None, None]:
    """Fetch the commit that the workspace was made from once more; without it nothing merges."""
    args = ["fetch", "--progress", "--no-tags", "--no-write-fetch-head", "--depth=1"]
    try:
        yield from talk(workspace.real, [*args, "--", address.url, base], address, request)
    except SyncError as error:
        yield Log(message=f"The content as it was cannot be had again: {error.message}")
    if has_commit(workspace, base):
        workspace.set_ref(BASE, base)


def _sweep_objects(workspace: Workspace) -> bool:
    """Take away objects and packs that a power cut left without a byte; git stumbles over them."""
    empty = [
        file
        for file in (workspace.common_dir / "objects").rglob("*")
        if file.is_file() and file.stat().st_size == 0
    ]
    for file in empty:
        file.unlink()
    return bool(empty)


def _said(error: Exception) -> str:
    if isinstance(error, GitError):
        return error.stderr
    if isinstance(error, SyncError):
        return f"{error.message}\n{error.context.get('detail', '')}"
    return ""


def _heal_config(workspace: Workspace, file: Path, said: str) -> Generator[Event, None, bool]:
    ours = workspace.common_dir / "config"
    if file.name != "config" or not file.exists() or not file.samefile(ours):
        raise SyncError(
            "config-broken",
            f"Git's settings cannot be read: {said.strip().splitlines()[0]}",
            who="you",
            hint=f"Correct that line of {file}, or rename the file, then sync again.",
        )
    kept = ours.with_name("config.damaged")
    ours.replace(kept)
    ours.write_text(PLAIN_CONFIG, "utf-8")
    # What is remembered of the remote is written into the settings again when it is new.
    (workspace.desk / "memory.json").unlink(missing_ok=True)
    yield Log(message=f"The settings of the repository could not be read; they are in {kept.name}.")
    return True


def _heal_refs(workspace: Workspace) -> Generator[Event, None, bool]:
    """Set refs whose objects are gone back to what their log says, or take them away."""
    git = workspace.real
    pairs = [line.split(" ", 1) for line in _list(workspace)]
    asked = "".join(f"{oid}\n" for oid, _ in pairs).encode()
    answers = (
        git.run("cat-file", "--batch-check", stdin=asked).decode().splitlines() if asked else []
    )
    broken = [
        name for (_, name), answer in zip(pairs, answers, strict=True) if answer.endswith("missing")
    ]
    for name in broken:
        last = last_logged(workspace, name) if name.startswith(HEADS) else None
        if last is not None and has_commit(workspace, last):
            workspace.set_ref(name, last)
        else:
            workspace.drop_ref(name)
        yield Log(message=f"What {name} named is gone; it is {last or 'gone too'} now.")
    return bool(broken)


def _list(workspace: Workspace) -> list[str]:
    form = "--format=%(objectname) %(refname)"
    _, out = workspace.real.call("for-each-ref", form, ok=(0, 1, 128))
    found = out.decode("utf-8", "surrogateescape").splitlines()
    return [line for line in found if not line.endswith("/HEAD")]
