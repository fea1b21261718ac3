"""Fill in large files (Git LFS) where only their pointers stand: in a clone, or in a later sync."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from nbpull_sync import large, lfs, trees
from nbpull_sync.attributes import holds_attributes
from nbpull_sync.events import Event, Outcome
from nbpull_sync.inspect import Inspector
from nbpull_sync.model import SUBMODULE, Change, Entry
from nbpull_sync.plan import Step
from nbpull_sync.policy import Action

if TYPE_CHECKING:
    from collections.abc import Container, Generator, Mapping
    from pathlib import Path

    from nbpull_sync.address import Address
    from nbpull_sync.lfs import Pointer
    from nbpull_sync.request import SyncRequest
    from nbpull_sync.workspace import Workspace

_LEFT = "lfs-left.json"
_SHA1 = 40  # digits


def fill_clone(
    workspace: Workspace, request: SyncRequest, address: Address, index: Path
) -> Generator[Event, None, str]:
    """Put the content of large files in place of the pointers that a checkout wrote.

    Returns:
        Why some of them stay, in words; nothing where none do.
    """
    if not holds_attributes(index):
        return ""
    wanted = large.pointers(workspace, index, _listing(workspace, index).items())
    note = yield from large.bring(workspace, request, address, wanted)
    note_left(workspace, wanted)
    here = large.filled(workspace, wanted)
    if here:
        for path in here:
            (workspace.directory / path).unlink()
        lines = b"".join(os.fsencode(path) + b"\0" for path in here)
        workspace.own_at(index).run("checkout-index", "-u", "-z", "--stdin", stdin=lines)
    return note


def fill_steps(
    workspace: Workspace,
    request: SyncRequest,
    address: Address,
    index: Path,
    others: Container[str],
) -> Generator[Event, None, tuple[list[Step], str]]:
    """Plan to fill in what an earlier sync had to leave as pointers, untouched since.

    Args:
        workspace: The workspace.
        request: What was asked for.
        address: The remote.
        index: Our index of base.
        others: The paths that the sync treats anyway.

    Returns:
        The steps, and why some pointers stay.
    """
    paths = set(left(workspace)) if workspace.lfs else set()
    entries = {
        path: entry
        for path, entry in (_listing(workspace, index).items() if paths else ())
        if path in paths and path not in others and _is_pointer(workspace, path, entry)
    }
    wanted = large.pointers(workspace, index, entries.items())
    note = yield from large.bring(workspace, request, address, wanted)
    here = large.filled(workspace, wanted)
    steps = [
        Step(
            change=Change(path=path, base=entries[path], theirs=entries[path]),
            action=Action.TAKE,
            found=replace(found, entry=entries[path]),
            outcome=Outcome.UPDATED,
        )
        for path, found in Inspector(workspace).stamp(sorted(here)).items()
        if found.kind == "file"
    ]
    note_left(workspace, wanted)
    return steps, note


def left(workspace: Workspace) -> list[str]:
    """Give the paths at which an earlier sync had to leave pointers."""
    try:
        found = json.loads((workspace.desk / _LEFT).read_bytes())
    except (OSError, ValueError):
        return []
    return [path for path in found if isinstance(path, str)] if isinstance(found, list) else []


def note_left(workspace: Workspace, wanted: Mapping[str, list[Pointer]]) -> None:
    """Note at which paths pointers are left, for a later sync to fill in."""
    lacking = wanted.keys() - large.filled(workspace, wanted)
    before = set(left(workspace))
    after = (before - wanted.keys()) | lacking
    if after != before:
        (workspace.desk / _LEFT).write_text(json.dumps(sorted(after)), "utf-8")


def _listing(workspace: Workspace, index: Path) -> dict[str, Entry]:
    found = {}
    for line in workspace.own_at(index).run("ls-files", "-z", "--stage").split(b"\0"):
        meta, _, name = line.partition(b"\t")
        if name:
            mode, oid, _ = meta.decode().split(" ")
            found[os.fsdecode(name)] = Entry(mode, oid)
    return {path: entry for path, entry in found.items() if entry.mode != SUBMODULE}


def _is_pointer(workspace: Workspace, path: str, entry: Entry) -> bool:
    place = workspace.directory / path
    try:
        if place.is_symlink() or place.stat().st_size >= lfs.LONGEST_POINTER:
            return False
        content = place.read_bytes()
    except OSError:
        return False
    algorithm = "sha1" if len(entry.oid) == _SHA1 else "sha256"
    return trees.hash_bytes(content, algorithm) == entry.oid
