"""The main job, shown for real: a course on a git server, a Jupyter, a link, two clicks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the demo; give 0 only if what it showed is true."""
    # Imported late: the git server beside it is used on its own, and needs none of this.
    from nbpull_server.demo.play import run  # noqa: PLC0415

    return run(argv)
