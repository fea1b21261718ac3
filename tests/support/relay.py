"""A wire that can be cut: a TCP port that passes everything on to another one."""

from __future__ import annotations

import contextlib
import select
import socket
import threading


class Relay:
    """Passes connections on to ``127.0.0.1:port``, from ``with`` to its end."""

    def __init__(self, port):
        self._target = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._open = set()
        self._whole = True

    @property
    def port(self):
        return self._listener.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *exc_info):
        self.cut()
        # A listener that is only closed leaves the thread that waits in accept waiting.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def cut(self):
        """Break every connection, and every new one, until it is mended."""
        with self._lock:
            self._whole = False
            for each in self._open:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def mend(self):
        """Let connections through again."""
        with self._lock:
            self._whole = True

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client, socket.socket() as server:
            both = {client, server}
            with self._lock:
                if not self._whole:
                    return
                self._open |= both
            try:
                server.connect(self._target)
                self._pass_on(client, server)
            except OSError:
                return
            finally:
                with self._lock:
                    self._open -= both

    @staticmethod
    def _pass_on(client, server):
        other = {client: server, server: client}
        while True:
            for ready in select.select(list(other), [], [])[0]:
                data = ready.recv(65536)
                if not data:
                    return
                other[ready].sendall(data)
