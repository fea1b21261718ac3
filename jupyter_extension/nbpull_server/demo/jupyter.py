"""A real Jupyter server of its own, as a process, and a browser's part of the conversation."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from typing_extensions import Self

_PATIENCE = 90  # seconds for a server to start, or for an answer, on a busy machine
_AT = re.compile(rb"http://127\.0\.0\.1:(\d+)/")
_opener = build_opener(ProxyHandler({}))  # 127.0.0.1 is reached without a proxy


class DemoError(Exception):
    """The demo cannot go on; the message says why, in one line."""


class Jupyter:
    """A Jupyter server with the extension, from ``with`` to its end.

    Args:
        home: The learner's home: the server's root, and all that it writes.
    """

    module: ClassVar[str] = "jupyter_server"

    def __init__(self, home: Path) -> None:
        self.home = home
        self._token = secrets.token_hex(16)
        self._process: subprocess.Popen[bytes] | None = None
        self._log: deque[str] = deque(maxlen=200)
        self._up = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self.url = ""

    def __enter__(self) -> Self:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [*self._command()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=self._environment(),
            start_new_session=True,  # Ctrl-C is for the demo, which ends the server in its own time
        )
        with contextlib.ExitStack() as on_failure:
            on_failure.callback(self._end)
            self._reader.start()
            self._wait_until_up()
            on_failure.pop_all()
        return self

    def __exit__(self, *exc_info: object) -> None:
        """End it, and all that it started."""
        self._end()

    def wait(self) -> None:
        """Wait until the server ends by itself."""
        assert self._process is not None
        self._process.wait()

    @property
    def log(self) -> list[str]:
        """The last lines that the server logged."""
        return list(self._log)

    def with_token(self, url: str) -> str:
        """Give a URL of this server as a browser that never logged in may open it."""
        return f"{url}{'&' if '?' in url else '?'}token={self._token}"

    def get(self, url: str) -> bytes:
        """Fetch a page."""
        with self._open(url) as answer:
            content: bytes = answer.read()
            return content

    def get_json(self, path: str) -> Any:
        """Fetch what an endpoint of this server tells."""
        return json.loads(self.get(f"{self.url}/{path}"))

    def follow(self, url: str) -> Iterator[dict[str, Any]]:
        """Follow an event stream to its end."""
        with self._open(url) as answer:
            for line in answer:
                if line.startswith(b"data: "):
                    yield json.loads(line[6:])

    def _open(self, url: str) -> Any:
        request = Request(url, headers={"Authorization": f"token {self._token}"})  # noqa: S310 - http, built here
        path = urlsplit(url).path
        try:
            return _opener.open(request, timeout=_PATIENCE)
        except HTTPError as error:
            with error:
                raise DemoError(f"{path} was answered with {error.code} {error.reason}.") from None
        except URLError as error:
            raise DemoError(f"{path} was not answered: {error.reason}.") from None

    def _wait_until_up(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + _PATIENCE
        self._up.wait(_PATIENCE)
        # It names its address a moment before it listens there, and then says nothing more.
        while self.url and time.monotonic() < deadline:
            port = urlsplit(self.url).port or 0
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(0.02)
                break
        last = next(reversed(self._log), "it said nothing.")
        raise DemoError(f"The Jupyter server did not start: {last}")

    def _command(self) -> Iterator[str]:
        yield from (sys.executable, "-m", self.module, "--no-browser")
        yield f"--ServerApp.root_dir={self.home}"
        yield "--ServerApp.ip=127.0.0.1"
        yield f"--ServerApp.port={_free_port()}"  # taken meanwhile: the server tries others
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            yield "--allow-root"

    def _environment(self) -> dict[str, str]:
        private = self.home.parent / "jupyter"
        ours = {
            "HOME": str(self.home),
            "JUPYTER_TOKEN": self._token,  # not on the command line, where others would see it
            "JUPYTER_CONFIG_DIR": str(private / "config"),
            "JUPYTER_DATA_DIR": str(private / "data"),
            "JUPYTER_RUNTIME_DIR": str(private / "runtime"),
            "IPYTHONDIR": str(private / "ipython"),
            "no_proxy": "127.0.0.1",
            "NO_PROXY": "127.0.0.1",
        }
        foreign = ("JUPYTER", "NBGITPULLER_", "GIT_")
        kept = {name: text for name, text in os.environ.items() if not name.startswith(foreign)}
        return kept | ours

    def _read(self) -> None:
        """Read the log as long as there is one; a full pipe would stop the server."""
        assert self._process is not None
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._log.append(line.decode(errors="replace").rstrip())
            if not self.url and (match := _AT.search(line)):
                self.url = f"http://127.0.0.1:{int(match[1])}"
                self._up.set()
        self._up.set()

    def _end(self) -> None:
        assert self._process is not None
        assert self._process.stderr is not None
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)  # what it started and did not end
        self._process.wait()
        self._reader.join()
        self._process.stderr.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
