"""The engine's sync, with the one thing before it that nbgitpuller's links can ask for."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from nbpull_sync import Cancel, Event, Log, SyncRequest, sync

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def pull(request: SyncRequest, cancel: Cancel, *, aside: bool) -> Iterator[Event]:
    """Sync a workspace; ``aside`` (a link's ``backup``) moves an existing one away first."""
    if aside and os.path.lexists(request.directory):
        kept = _move_aside(request.directory)
        yield Log(message=f"Moved your folder {request.directory.name} to {kept.name}")
    yield from sync(request, cancel=cancel)


def _move_aside(directory: Path) -> Path:
    """Rename a workspace as nbgitpuller does, never over anything."""
    stem = f"{directory.name}_backup_{time.strftime('%Y%m%d%H%M%S')}"
    number = 0
    while True:
        target = directory.with_name(stem if not number else f"{stem}.latest_{number - 1}")
        if not os.path.lexists(target):
            directory.rename(target)
            return target
        number += 1
