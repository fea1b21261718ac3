"""Event streams: a job's events, sent as they happen to whoever follows it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING, Any

from tornado.ioloop import PeriodicCallback
from tornado.iostream import StreamClosedError

from nbpull_server.handlers.base import JsonErrors

if TYPE_CHECKING:
    from collections.abc import Coroutine

_BREATH = 15_000
"""Milliseconds between two signs of life: less than any proxy waits."""


class StreamHandler(JsonErrors):
    """A handler that answers with an event stream."""

    @property
    def content_security_policy(self) -> str:
        """Allow nothing: it is data, and no page."""
        return f"{super().content_security_policy}; default-src 'none'"

    _sending: asyncio.Task[None] | None = None

    async def stream(self, events: Coroutine[Any, Any, None]) -> None:
        """Send events until they end or the browser leaves; the job itself goes on."""
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-cache")
        self.set_header("X-Accel-Buffering", "no")
        self._sending = asyncio.ensure_future(events)
        breath = PeriodicCallback(self._breathe, _BREATH)
        breath.start()
        try:
            with contextlib.suppress(asyncio.CancelledError, StreamClosedError):
                await self._sending
        finally:
            breath.stop()

    def on_connection_close(self) -> None:
        """Stop sending when the browser has left."""
        if self._sending is not None:
            self._sending.cancel()

    async def send(self, data: dict[str, Any], number: int | None = None) -> None:
        """Send one event, with the number by which a browser that reconnects asks for the rest."""
        head = f"id: {number}\n" if number is not None else ""
        self.write(f"{head}data: {json.dumps(data)}\n\n")
        await self.flush()

    async def _breathe(self) -> None:
        self.write(": \n\n")
        with contextlib.suppress(StreamClosedError):
            await self.flush()
