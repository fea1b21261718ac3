"""One connection to the git server: HTTP/1.1 in front of ``git http-backend``.

Nothing is held in memory: bodies stream through in both directions, so a push or a fetch of any
size works.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import threading
from http.server import BaseHTTPRequestHandler
from typing import IO, TYPE_CHECKING
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbpull_server.demo.githttp import GitServer, Listener

_BLOCK = 1 << 16
_CONFIG = {
    "safe.directory": "*",  # the repositories may belong to whoever made the course
    "uploadpack.allowAnySHA1InWant": "true",
    "uploadpack.allowFilter": "true",
}


class GitHandler(BaseHTTPRequestHandler):
    """Answers one connection; a subclass may step in through :meth:`before`."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Listener

    def before(self) -> bool:
        """Look at a request before it is served; False where it has been answered already."""
        return True

    def do_GET(self) -> None:
        """Serve a ref advertisement or a file."""
        self._serve()

    def do_POST(self) -> None:
        """Serve a fetch or a push."""
        self._serve()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Keep quiet; the callers have their own voice."""

    def refuse(self, status: int, **headers: str) -> None:
        """Answer with a status and no content, and close the connection."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    def _serve(self) -> None:
        owner = self.server.owner
        if not self.before():
            return
        if not owner.admits(self.headers.get("Authorization", "")):
            self.refuse(401, WWW_Authenticate='Basic realm="git"')
            return
        if "%00" in self.path:  # no path, and nothing that a process could be given
            self.refuse(400)
            return
        backend = subprocess.Popen(
            ["git", "http-backend"],  # noqa: S607 - the git that the user runs is the one meant
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self._cgi(owner),
            start_new_session=True,  # so that its whole tree can be ended
        )
        assert backend.stdin is not None
        assert backend.stdout is not None
        feeder = threading.Thread(target=self._feed, args=(backend.stdin,))
        with owner.running(backend):
            feeder.start()
            try:
                self._answer(backend.stdout)
            except OSError:  # the client left
                self.close_connection = True
            finally:
                if self.close_connection:  # else a feeder could wait for ever on a silent client
                    with contextlib.suppress(OSError):
                        self.connection.shutdown(socket.SHUT_RD)
                    end(backend)
                feeder.join()

    def _cgi(self, owner: GitServer) -> dict[str, str]:
        path, _, query = self.path.partition("?")
        environ = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_PROJECT_ROOT": str(owner.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REQUEST_METHOD": self.command,
            "PATH_INFO": os.fsdecode(unquote_to_bytes(path)),
            "QUERY_STRING": query,
            "REMOTE_ADDR": self.client_address[0],
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
        }
        if length := self.headers.get("Content-Length"):
            environ["CONTENT_LENGTH"] = length
        config = {**_CONFIG, "http.receivepack": "true" if owner.push else "false"}
        for number, (key, value) in enumerate(config.items()):
            environ[f"GIT_CONFIG_KEY_{number}"] = key
            environ[f"GIT_CONFIG_VALUE_{number}"] = value
        environ["GIT_CONFIG_COUNT"] = str(len(config))
        return environ

    def _feed(self, stdin: IO[bytes]) -> None:
        """Give the request's body to the backend; drain it where the backend wants no more."""
        wanted = True
        try:
            for block in self._body():
                if wanted:
                    try:
                        stdin.write(block)
                    except OSError:
                        wanted = False
        except (OSError, ValueError):
            self.close_connection = True  # the body was cut or is no HTTP: this connection is lost
        finally:
            with contextlib.suppress(OSError):
                stdin.close()

    def _body(self) -> Iterator[bytes]:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            while size := int(self.rfile.readline().split(b";")[0], 16):
                yield from self._read(size)
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass  # trailers
        else:
            yield from self._read(int(self.headers.get("Content-Length") or 0))

    def _read(self, size: int) -> Iterator[bytes]:
        while size:
            block = self.rfile.read(min(size, _BLOCK))
            if not block:
                raise ConnectionResetError
            size -= len(block)
            yield block

    def _answer(self, stdout: IO[bytes]) -> None:
        """Pass the backend's answer on as it comes, in chunks where its length is unknown."""
        headers = list(_headers(stdout))
        if not headers:
            self.close_connection = True
            self.refuse(500)
            return
        fields = dict(headers)
        self.send_response(int(fields.pop("Status", "200").split()[0]))
        for name, value in fields.items():
            self.send_header(name, value)
        counted = "Content-Length" in fields
        if not counted:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while block := stdout.read1(_BLOCK):  # type: ignore[attr-defined] # Popen's pipe is a BufferedReader
            self.wfile.write(block if counted else b"%x\r\n%b\r\n" % (len(block), block))
        if not counted:
            self.wfile.write(b"0\r\n\r\n")


def _headers(stream: IO[bytes]) -> Iterator[tuple[str, str]]:
    while line := stream.readline().rstrip(b"\r\n"):
        name, _, value = line.decode("latin-1").partition(":")
        yield name, value.strip()


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
