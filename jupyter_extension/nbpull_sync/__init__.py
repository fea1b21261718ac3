"""The sync engine: bring upstream's newest content, keep every byte of the learner's.

::

    for event in sync(SyncRequest(repo=url, directory=path)):
        ...                      # Progress and Log events, the Report last

It prints nothing, knows no server, and raises :class:`SyncError` with a code, the one
who can mend it and a remedy.
"""

from __future__ import annotations

from nbpull_sync.cancel import Cancel
from nbpull_sync.engine import sync
from nbpull_sync.errors import SyncError
from nbpull_sync.events import (
    CellOutcome,
    Event,
    FileOutcome,
    Hunk,
    Log,
    Outcome,
    Phase,
    Progress,
    Report,
)
from nbpull_sync.request import SAFE_PROTOCOLS, Conflict, SyncRequest
from nbpull_sync.restore import Restored, RestorePoint, restore, restore_points, take
from nbpull_sync.status import WorkspaceStatus, status

__all__ = [
    "SAFE_PROTOCOLS",
    "Cancel",
    "CellOutcome",
    "Conflict",
    "Event",
    "FileOutcome",
    "Hunk",
    "Log",
    "Outcome",
    "Phase",
    "Progress",
    "Report",
    "RestorePoint",
    "Restored",
    "SyncError",
    "SyncRequest",
    "WorkspaceStatus",
    "restore",
    "restore_points",
    "status",
    "sync",
    "take",
]
