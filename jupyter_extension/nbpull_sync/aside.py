"""Free names for what is set aside."""

from __future__ import annotations

import os
from datetime import datetime
from typing import TYPE_CHECKING

from nbpull_sync.plan import aside_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path


def free_names(directory: Path, used: Iterable[str]) -> Callable[[str], str]:
    """Give a function that names what is set aside, with the same moment for all of one sync.

    Args:
        directory: The workspace, where no name may be taken already.
        used: Paths that will be there, though they may not be yet.
    """
    moment, spoken_for = datetime.now(), set(used)  # noqa: DTZ005 - the learner's own clock

    def name(path: str) -> str:
        free = aside_name(
            path, moment, lambda it: it in spoken_for or os.path.lexists(directory / it)
        )
        spoken_for.add(free)
        return free

    return name
