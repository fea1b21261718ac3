"""A Jupyter server that notes each time when its event loop was late: ``python -m bench.loop``.

Takes the command line of ``jupyter server``. A line of the file ``late.log`` in its root's parent
directory holds when (on the system's monotonic clock) and by how many milliseconds.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from jupyter_server.serverapp import ServerApp

BEAT = 0.005  # seconds
LATE = 0.010


async def beat(log: Path) -> None:
    """Note for ever by how much the loop comes back later than it was asked to."""
    while True:
        start = time.monotonic()
        await asyncio.sleep(BEAT)
        late = time.monotonic() - start - BEAT
        if late >= LATE:
            with log.open("a", encoding="utf-8") as file:
                file.write(f"{start} {late * 1000}\n")


def main() -> None:
    """Run the server with its heart watched."""
    app = ServerApp.instance()
    app.initialize()
    app.io_loop.add_callback(beat, Path(app.root_dir).parent / "late.log")
    app.start()


if __name__ == "__main__":
    main()
