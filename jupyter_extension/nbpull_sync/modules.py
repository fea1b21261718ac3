"""Submodules: pulled where that is asked for, by git itself and under its own protections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbpull_sync.errors import SyncError
from nbpull_sync.events import Event, Log
from nbpull_sync.transport import talk

if TYPE_CHECKING:
    from collections.abc import Generator

    from nbpull_sync.address import Address
    from nbpull_sync.request import SyncRequest
    from nbpull_sync.workspace import Workspace

_UPDATE = ("submodule", "update", "--init", "--recursive", "--checkout", "--progress")


def pull_modules(
    workspace: Workspace, request: SyncRequest, address: Address
) -> Generator[Event, None, None]:
    """Bring the submodules to what the content names; changes inside them are never overwritten.

    A submodule that cannot be had does not spoil the rest: that is said, and the sync goes on.
    """
    if not request.submodules or not (workspace.directory / ".gitmodules").is_file():
        return
    depth = [f"--depth={request.depth}"] if request.depth else []
    try:
        yield from talk(workspace.real, [*_UPDATE, *depth], address, request)
    except SyncError as error:
        if error.code == "cancelled":
            raise
        yield Log(message=f"A submodule could not be brought up to date: {error.message}")
