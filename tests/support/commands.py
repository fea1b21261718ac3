"""The installed command, and what a run of it leaves behind."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

COMMAND = str(Path(sys.executable).parent / "nbpull")


@dataclass(frozen=True)
class Done:
    """The end of a command."""

    status: int
    out: str
    err: str
