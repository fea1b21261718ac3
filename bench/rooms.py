"""Where the measurements happen: no settings of the user's, a git server in its own process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_IDENTITY = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Bench"), ("EMAIL", "bench@example.org"))
}


@contextmanager
def hermetic() -> Iterator[None]:
    """Keep the user's git settings and proxies out of the figures."""
    before = dict(os.environ)
    with TemporaryDirectory(prefix="nbpull-bench-home-") as home:
        for name in before:
            if name.startswith("GIT_") or name.lower().endswith("_proxy"):
                del os.environ[name]
        os.environ.update(_IDENTITY)
        os.environ.update(HOME=home, XDG_CONFIG_HOME=home, LC_ALL="C", GIT_CONFIG_NOSYSTEM="1")
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def git(*arguments: str | Path, cwd: Path | None = None, stdin: bytes | None = None) -> bytes:
    """Run git and give what it printed."""
    done = subprocess.run(
        ["git", *map(str, arguments)], cwd=cwd, input=stdin, capture_output=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"git {arguments[0]}: {done.stderr.decode(errors='replace')}")
    return done.stdout


def timed(work: Callable[[], object]) -> float:
    """Give the milliseconds that some work takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A git server in a process of its own.

    Attributes:
        url: Its root URL.
        log: The file that gets a line for each request.
    """

    url: str
    log: Path

    def requests(self) -> list[str]:
        """Give the request lines since the last call."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        self.log.write_text("", encoding="utf-8")
        return lines


@contextmanager
def served(root: Path, *, delay: float = 0, rate: int = 0) -> Iterator[Remote]:
    """Serve the repositories under a directory; each answer comes `delay` seconds late."""
    log = root.parent / "requests.log"
    log.touch()
    command = [sys.executable, "-m", "bench.serve", str(root), str(log), str(delay), str(rate)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1]
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            url = process.stdout.readline().decode().strip()
            if not url:
                raise RuntimeError("the git server did not start")
            yield Remote(url=url, log=log)
        finally:
            process.stdin.close()  # the server ends when nobody holds the other end
            process.wait()
