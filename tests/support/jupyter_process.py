"""A real Jupyter server as a process of its own, and clients that speak to it as browsers do."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TOKEN = "a-token-for-tests"
PATIENCE = 90


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        port: Where it listens, on 127.0.0.1.
        base: Its base URL, with a slash at both ends.
        root: Its root directory.
        lines: What it logs.
    """

    port: int
    base: str
    root: Path
    lines: list[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.base}"

    @property
    def log(self) -> str:
        return "".join(self.lines)

    def program(self) -> Client:
        """Give a client with a token, as a script has it."""
        return Client(self, headers={"Authorization": f"token {TOKEN}"})

    def stranger(self) -> Client:
        """Give a client that has not logged in."""
        return Client(self)

    def browser(self) -> Client:
        """Give a client with the cookies of a login."""
        client = Client(self)
        client.get(f"git-pull?repo=https://example.org/x&token={TOKEN}")
        assert "_xsrf" in client.cookies
        return client


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def events(self) -> list[dict[str, Any]]:
        """The data of an event stream, in order."""
        return [json.loads(line) for line in re.findall(r"^data: (.*)$", self.text, re.MULTILINE)]

    @property
    def facts(self) -> dict[str, Any]:
        """What the page was told."""
        found = re.search(r'data-facts="([^"]*)"', self.text)
        assert found is not None, self.text
        return json.loads(unescape(found[1]))


@dataclass
class Client:
    """Sends requests as they stand; names of headers are written with underscores."""

    server: Server
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, None, **headers)

    def post(self, path: str, body: object, **headers: str) -> Answer:
        """Post as the page does, with the token against forged requests where there is one."""
        if "_xsrf" in self.cookies:
            headers.setdefault("X_XSRFToken", self.cookies["_xsrf"])
        text = body if isinstance(body, str) else json.dumps(body)
        return self.request("POST", path, text, **headers)

    @contextlib.contextmanager
    def following(self, path: str) -> Iterator[Callable[[], Answer]]:
        """Open a stream, whose first words have come, and give what reads it to its end."""
        with contextlib.closing(self._connection()) as connection:
            response = self._send(connection, "GET", path, None)
            yield lambda: self._answer(response)

    @contextlib.contextmanager
    def leaving(self, path: str, body: object) -> Iterator[None]:
        """Post as a program does, and hang up at the end of the block without an answer."""
        with contextlib.closing(self._connection()) as connection:
            text, headers = json.dumps(body), self.headers
            connection.request("POST", self.server.base + path, text, headers)
            yield

    def request(self, method: str, path: str, body: str | None, **headers: str) -> Answer:
        with contextlib.closing(self._connection()) as connection:
            return self._answer(self._send(connection, method, path, body, **headers))

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)

    def _send(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        body: str | None,
        **headers: str,
    ) -> http.client.HTTPResponse:
        sent = {name.replace("_", "-"): value for name, value in headers.items() if value}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        place = path if path.startswith("/") else self.server.base + path
        connection.request(method, place, body, {**self.headers, **sent})
        return connection.getresponse()

    def _answer(self, response: http.client.HTTPResponse) -> Answer:
        text = response.read().decode()
        for header in response.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
        return Answer(response.status, dict(response.headers), text)


@contextlib.contextmanager
def running_server(
    place: Path,
    *,
    base: str = "/",
    extensions: tuple[str, ...] = ("nbpull_server",),
    config: dict[str, Any] | None = None,
    environment: dict[str, str] | None = None,
    through: tuple[str, ...] = (),
) -> Iterator[Server]:
    """Run a server while the block runs, with these extensions and no others.

    Args:
        place: Where its root and its settings are made.
        base: Its base URL.
        extensions: What is enabled.
        config: Further settings, by class and name.
        environment: Further variables.
        through: A command that takes the server's command line and runs it in its own way.
    """
    root = place / "root"
    root.mkdir(parents=True)
    settings = place / "config.json"
    settings.write_text(json.dumps(_config(base, root, extensions, config or {})))
    with contextlib.closing(_listening()) as listener:
        port = listener.getsockname()[1]
    # Nothing that is installed in the environment is enabled unless it is named here.
    own = {"JUPYTER_CONFIG_DIR": str(place / "c"), "JUPYTER_RUNTIME_DIR": str(place / "r")}
    process = subprocess.Popen(
        [
            *through,
            sys.executable,
            "-m",
            "jupyter_server",
            f"--port={port}",
            f"--config={settings}",
        ],
        env={**os.environ, **own, "PYTHONUNBUFFERED": "1", **(environment or {})},
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    lines: list[str] = []
    up = threading.Event()
    reader = threading.Thread(target=_read, args=(process.stderr, lines, up))
    reader.start()
    try:
        if not up.wait(PATIENCE) or not _answers(port, process):
            raise AssertionError(f"the server did not start:\n{''.join(lines)}")
        yield Server(port, base, root, lines)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join()


def _config(
    base: str, root: Path, extensions: tuple[str, ...], more: dict[str, Any]
) -> dict[str, Any]:
    known = ("jupyter_lsp", "jupyterlab", "nbclassic", "nbgitpuller", "nbpull_server", "notebook")
    enabled = {name: name in extensions for name in (*known, "notebook_shim")}
    server = {
        "allow_root": True,
        "base_url": base,
        "ip": "127.0.0.1",
        "jpserver_extensions": enabled | dict.fromkeys(extensions, True),
        "open_browser": False,
        "port_retries": 0,
        "root_dir": str(root),
        **more.pop("ServerApp", {}),
    }
    return {"ServerApp": server, "IdentityProvider": {"token": TOKEN}, **more}


def _answers(port: int, process: subprocess.Popen[str]) -> bool:
    """Wait until the port is open: the server says that it runs a moment before it listens."""
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port)).close()
            return True
        time.sleep(0.02)
    return False


def _listening() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    return listener


def _read(stream: Any, lines: list[str], up: threading.Event) -> None:
    with stream:
        for line in stream:
            lines.append(line)
            if "is running at" in line:
                up.set()
    up.set()
