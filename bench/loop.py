"""A Jupyter server whose event loop and events are watched: ``python -m bench.loop``.

Takes the command line of ``jupyter server``. In its root's parent directory it writes a line for

- each time when the loop was late, into ``late.log``: when, and by how many milliseconds;
- each call of the loop's that worked long, into ``busy.log``: when, and for how many
  milliseconds of the processor's time, whatever else the machine did meanwhile;
- each event that the engine yields, into ``told.log``: when.

Times are those of the system's monotonic clock, which all processes share.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_server.serverapp import ServerApp

from nbpull_server import service

if TYPE_CHECKING:
    from collections.abc import Iterator

BEAT = 0.005  # seconds
LATE = 0.010
BUSY = 0.002


async def beat(log: Path) -> None:
    """Note for ever by how much the loop comes back later than it was asked to."""
    while True:
        start = time.monotonic()
        await asyncio.sleep(BEAT)
        late = time.monotonic() - start - BEAT
        if late >= LATE:
            _note(log, f"{start} {late * 1000}")


def note_calls(log: Path) -> None:
    """Note from now on which calls of the loop keep the processor long."""
    whole = asyncio.events.Handle._run  # noqa: SLF001 - the one place that every call goes through

    def noted(self: asyncio.Handle) -> None:
        start, before = time.monotonic(), time.thread_time()
        whole(self)
        spent = time.thread_time() - before
        if spent >= BUSY:
            _note(log, f"{start} {spent * 1000}")

    asyncio.events.Handle._run = noted  # type: ignore[method-assign] # noqa: SLF001


def note_events(log: Path) -> None:
    """Note from now on when the engine yields."""
    whole = service.pull

    def noted(*arguments: Any, **options: Any) -> Iterator[Any]:
        for event in whole(*arguments, **options):
            _note(log, f"{time.monotonic()}")
            yield event

    service.pull = noted


def _note(log: Path, line: str) -> None:
    with log.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def main() -> None:
    """Run the server with its heart watched."""
    app = ServerApp.instance()
    app.initialize()
    notes = Path(app.root_dir).parent
    note_calls(notes / "busy.log")
    note_events(notes / "told.log")
    app.io_loop.add_callback(beat, notes / "late.log")
    app.start()


if __name__ == "__main__":
    main()
