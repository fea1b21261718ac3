"""What a caller asks of the engine, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

Conflict = Literal["ours", "upstream"]

SAFE_PROTOCOLS = ("https", "http", "ssh", "git")
"""What a link may name by default (design.md, section 5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncRequest:
    """One sync: what to pull, where to, and by which rules.

    Attributes:
        repo: The content repo: a URL as git takes it, or a local path where ``file`` is allowed.
        directory: The workspace. It need not exist.
        ref: Branch, tag or full commit; None for the default branch of the remote.
        depth: Commits of history to fetch for a first clone; 0 for all of them.
        conflict: Whose lines stay where both sides changed the same ones.
        protocols: The transports that git may use.
        restore_deleted: Whether files that the learner deleted come back.
        subdir: The one folder to pull, None for all of the repository.
        submodules: Whether submodules are pulled too.
        lfs: Whether the content of large files (Git LFS) is brought, where git-lfs is installed.
        moved: The workspace belongs to another repository and the learner said to go on here.
        dry_run: Report what would happen and write nothing.
        reference: A repository on this machine, which is only read: a first clone copies what it
            has instead of moving it, and never needs it again.
        stall_timeout: Seconds without a byte after which the network is given up.
        max_bytes: The most bytes that may be received; 0 for no limit.
        keep_restore_points: How many restore points are kept.
        keep_restore_days: How many days a restore point is kept.
    """

    repo: str
    directory: Path
    ref: str | None = None
    depth: int = 1
    conflict: Conflict = "ours"
    protocols: tuple[str, ...] = SAFE_PROTOCOLS
    restore_deleted: bool = True
    subdir: str | None = None
    submodules: bool = False
    lfs: bool = True
    moved: bool = False
    dry_run: bool = False
    reference: Path | None = None
    stall_timeout: float = 30.0
    max_bytes: int = 0
    keep_restore_points: int = 20
    keep_restore_days: int = 90
