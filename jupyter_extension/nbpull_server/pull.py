"""The engine's sync, with what a server does before and after it."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nbpull_server.errors import RefusedError
from nbpull_server.wire import event_dict
from nbpull_sync import Cancel, Event, Log, Report, SyncRequest, sync
from nbpull_sync.last import keep_last

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def pull(request: SyncRequest, cancel: Cancel, *, aside: bool) -> Iterator[Event]:
    """Sync a workspace, and keep in it what was reported.

    Args:
        request: The sync.
        cancel: Ends it from another thread.
        aside: Move an existing workspace away first (a link's ``backup``).
    """
    if request.directory.resolve() != request.directory:
        # It was checked when it was asked for; a sync before it may have changed that.
        raise RefusedError(
            "outside-root",
            f"The folder {request.directory.name} has become a link to another place.",
            hint="Look at what is there, and rename it if you want the content here.",
            who="you",
        )
    if aside and os.path.lexists(request.directory):
        kept = _move_aside(request.directory)
        yield Log(message=f"Moved your folder {request.directory.name} to {kept.name}")
    for event in sync(request, cancel=cancel):
        if isinstance(event, Report):
            keep_last(request.directory, event_dict(event))
        yield event


def rehearse(request: SyncRequest, cancel: Cancel) -> dict[str, Any]:
    """Give the report, in its JSON form, of what a sync would do; nothing is done."""
    *_, report = sync(replace(request, dry_run=True), cancel=cancel)
    return event_dict(report)


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
