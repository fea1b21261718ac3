"""The git server of the measurements, until its standard input closes."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from nbpull_server.demo.githttp import GitHandler, GitServer

ROOT, LOG, DELAY, RATE = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])


class Handler(GitHandler):
    """Writes each request down, and puts a round trip of a distant server before each answer."""

    def setup(self) -> None:
        """Slow the answers down where that is asked for."""
        super().setup()
        if RATE:
            self.wfile = _Slow(self.wfile)  # type: ignore[assignment] # it writes, which is all

    def before(self) -> bool:
        """Note the request and let the time of its way pass."""
        with Path(LOG).open("a", encoding="utf-8") as log:
            log.write(f"{self.requestline}\n")
        time.sleep(DELAY)
        return True


class _Slow:
    def __init__(self, raw: object) -> None:
        self._raw = raw

    def write(self, data: bytes) -> int:
        written: int = self._raw.write(data)  # type: ignore[attr-defined]
        time.sleep(len(data) / RATE)
        return written

    def __getattr__(self, name: str) -> object:
        return getattr(self._raw, name)


class Server(GitServer):
    """The same server as anywhere else, with that handler."""

    handler = Handler


with Server(Path(ROOT)) as server:
    print(server.url, flush=True)
    sys.stdin.buffer.read()
