"""Find processes that a test started and did not end."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

MARK = "NBPULL_TEST_RUN"
"""The variable that every process started by a test inherits; its value tells whose it is."""


@dataclass(frozen=True)
class Leftover:
    """A process that is still there, and the test that was running when it was started."""

    pid: int
    command: str
    test: str

    def __str__(self) -> str:
        return f"pid {self.pid}, started by {self.test}: {self.command}"


def _environment(process: Path) -> dict[str, str]:
    pairs = (process / "environ").read_bytes().decode("utf-8", "replace").split("\0")
    return dict(pair.split("=", 1) for pair in pairs if "=" in pair)


def find(mark: str) -> list[Leftover]:
    """List the running processes, other than this one, that carry a mark."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        if int(process.name) == os.getpid():
            continue
        try:
            environment = _environment(process)
            if environment.get(MARK) != mark:
                continue
            command = (
                (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            )
        except OSError:  # it ended meanwhile, or it is another user's
            continue
        # An ended process that nobody waited for has no command line: it holds nothing.
        if command:
            test = environment.get("PYTEST_CURRENT_TEST", "no test")
            found.append(Leftover(int(process.name), command.strip(), test))
    return found


def wait_until_gone(mark: str, *, within: float = 2.0) -> list[Leftover]:
    """Give what is still there after a while; a process that is just ending gets the time to."""
    deadline = time.monotonic() + within
    while (left := find(mark)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left
