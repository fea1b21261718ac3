"""A token by which another thread ends a running sync."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nbpull_sync.errors import SyncError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Cancel:
    """End a sync from any thread: the running git process is stopped at once.

    The sync then raises :class:`SyncError` with the code ``cancelled``. Once cancelled, a
    token stays so.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancelled = False
        self._stops: list[Callable[[], None]] = []

    @property
    def cancelled(self) -> bool:
        """Whether the sync was told to end."""
        return self._cancelled

    def cancel(self) -> None:
        """End the sync that holds this token, and every later one that is given it."""
        with self._lock:
            self._cancelled = True
            for stop in self._stops:
                stop()

    def check(self) -> None:
        """Raise if the sync was cancelled.

        Raises:
            SyncError: With the code ``cancelled``.
        """
        if self._cancelled:
            raise SyncError(
                "cancelled", "The sync was cancelled.", who="you", hint="Start it again any time."
            )

    @contextmanager
    def stopping(self, stop: Callable[[], None]) -> Iterator[None]:
        """Have `stop` called when the sync is cancelled while the block runs."""
        with self._lock:
            self._stops.append(stop)
        try:
            if self._cancelled:
                stop()
            yield
        finally:
            with self._lock:
                self._stops.remove(stop)
