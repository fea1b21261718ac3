"""A wire that can be cut or held: a TCP port that passes everything on to another one."""

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
        self._flows = threading.Event()
        self._flows.set()

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
        self._flows.set()
        with self._lock:
            self._whole = False
            for each in self._open:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def hold(self):
        """Keep back everything that comes from now on, on connections that stay open."""
        self._flows.clear()

    def mend(self):
        """Let everything through again."""
        with self._lock:
            self._whole = True
        self._flows.set()

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

    def _pass_on(self, client, server):
        other = {client: server, server: client}
        while True:
            for ready in select.select(list(other), [], [])[0]:
                data = ready.recv(65536)
                if not data:
                    return
                self._flows.wait()
                other[ready].sendall(data)
