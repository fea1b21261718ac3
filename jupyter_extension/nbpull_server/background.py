"""Work that waits for a disk or a network, in a thread that never keeps a server from ending."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


async def in_background(work: Callable[[], T]) -> T:
    """Do something in a thread of its own, and give what it gave or raise what it raised."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(result: Callable[[], None]) -> None:
        # The loop may be gone with its server, and so may whoever waited.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(lambda: None if done.done() else result())

    def run() -> None:
        try:
            value = work()
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            raised = error
            settle(lambda: done.set_exception(raised))
        else:
            settle(lambda: done.set_result(value))

    threading.Thread(target=run, daemon=True).start()
    return await done
