"""A smart-HTTP git server on 127.0.0.1: what demo, tests and measurements clone from."""

from __future__ import annotations

import base64
import contextlib
import hmac
import socket
import socketserver
import sys
import threading
from typing import TYPE_CHECKING, ClassVar

from nbpull_server.demo.githandler import GitHandler, end

if TYPE_CHECKING:
    import ssl
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

    from typing_extensions import Self

__all__ = ["GitHandler", "GitServer"]


class GitServer:
    """Serves the repositories under a directory, from ``with`` to its end.

    Args:
        root: The directory that holds the (bare) repositories.
        push: Whether pushes are taken.
        auth: User and password that every request must bring, None for everybody.
        tls: The context for ``https``, None for ``http``.
    """

    handler: ClassVar[type[GitHandler]] = GitHandler

    def __init__(
        self,
        root: Path,
        *,
        push: bool = False,
        auth: tuple[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.root = root
        self.push = push
        self._credentials = base64.b64encode(":".join(auth).encode()) if auth else None
        self._tls = tls
        self._backends: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._listener: Listener | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Listen on a free port of 127.0.0.1."""
        self._listener = Listener(self)
        if self._tls:
            # Each connection's own thread shakes hands: a client that dawdles stops nobody.
            self._listener.socket = self._tls.wrap_socket(
                self._listener.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        """End every connection, every backend and every thread."""
        assert self._listener is not None
        assert self._thread is not None
        self._listener.shutdown()
        self._thread.join()
        with self._lock:
            for backend in self._backends:
                end(backend)
        self._listener.hang_up()
        self._listener.server_close()

    @property
    def url(self) -> str:
        """The root URL, without a slash at its end."""
        assert self._listener is not None
        scheme = "https" if self._tls else "http"
        return f"{scheme}://127.0.0.1:{self._listener.server_address[1]}"

    def url_of(self, name: str) -> str:
        """Give the URL of a repository under the root."""
        return f"{self.url}/{name}"

    def admits(self, authorization: str) -> bool:
        """Tell whether a request with this ``Authorization`` header is let in."""
        if self._credentials is None:
            return True
        scheme, _, given = authorization.partition(" ")
        return scheme.lower() == "basic" and hmac.compare_digest(
            given.strip().encode(), self._credentials
        )

    @contextlib.contextmanager
    def running(self, backend: subprocess.Popen[bytes]) -> Iterator[None]:
        """Keep a backend on the books, so that it ends with the server at the latest."""
        with self._lock:
            self._backends.add(backend)
        try:
            with backend:
                yield
        finally:
            with self._lock:
                self._backends.discard(backend)


class Listener(socketserver.ThreadingTCPServer):
    """The socket, with a thread for each connection."""

    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, owner: GitServer) -> None:
        self.owner = owner
        self._connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), owner.handler)

    def get_request(self) -> tuple[socket.socket, object]:
        connection, address = super().get_request()
        self._connections.add(connection)
        return connection, address

    def close_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        assert isinstance(request, socket.socket)
        self._connections.discard(request)
        super().close_request(request)

    def hang_up(self) -> None:
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        if not isinstance(sys.exc_info()[1], OSError):  # a client that leaves is no news
            super().handle_error(request, client_address)
