"""Syncs that run: one job per workspace, followed by any number of pages.

The engine's generator runs in a thread of its own; every event reaches the event loop by
``call_soon_threadsafe``, and all state is touched there alone. Nobody polls: a follower sleeps
until there is something new. A job goes on when nobody follows it.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
import traceback
from collections import Counter as Tally
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from nbpull_links.errors import NbpullError
from nbpull_links.repo import redact
from nbpull_server.errors import error_dict
from nbpull_server.history import History
from nbpull_server.wire import event_dict
from nbpull_sync import Phase, Progress, Report

if TYPE_CHECKING:
    import logging
    from collections.abc import AsyncIterator, Callable, Coroutine, Hashable, Iterator
    from pathlib import Path

    from nbpull_sync import Event

State = Literal["waiting", "running", "finished", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Work:
    """What a job does.

    Attributes:
        label: The workspace as the learner knows it.
        repo: The repository that is pulled.
        workspace: The directory that it changes.
        identity: Requests of the same identity are the same work, and share a job.
        events: Does it, event by event. Runs in a thread.
        cancel: Ends it soon. Thread-safe.
    """

    label: str
    repo: str
    workspace: Path
    identity: Hashable
    events: Callable[[], Iterator[Event]]
    cancel: Callable[[], None]


class Job:
    """One sync. All of it but ``_in_thread`` runs in the event loop."""

    def __init__(self, work: Work, log: logging.Logger) -> None:
        self.id = secrets.token_urlsafe(12)
        self.work = work
        self.state: State = "waiting"
        self.report: dict[str, Any] | None = None
        self.files: Tally[str] = Tally()
        self.error: dict[str, Any] | None = None
        self.started = time.time()
        self.seconds = 0.0
        self.bytes = 0
        self._wish = asyncio.Event()
        self._history = History()
        self._changed = asyncio.Event()
        self._ended = asyncio.Event()
        self._log = log

    @property
    def ended(self) -> bool:
        """Whether it is over, well or not."""
        return self._ended.is_set()

    @property
    def last_event(self) -> int:
        """The number of the newest event."""
        return self._history.last

    def cancel(self) -> None:
        """End it soon; the engine says when it has."""
        if not self.ended:
            self._wish.set()
            self.work.cancel()

    async def wait(self) -> None:
        """Wait until it is over."""
        await self._ended.wait()

    async def follow(self, after: int = 0) -> AsyncIterator[tuple[int, dict[str, Any]]]:
        """Give its events with their numbers, from the first one after a number, to the end."""
        while True:
            changed, ended = self._changed, self.ended
            for number, event in self._history.since(after):
                after = number
                yield number, event
            if ended:
                return
            await changed.wait()

    async def run(self, slots: asyncio.Semaphore, before: Job | None) -> None:
        """Do the work, after the job before it on the same workspace and in a free slot."""
        started = time.monotonic()
        if before is not None and not before.ended:
            waiting = Progress(phase=Phase.WAITING, message="Waiting for another sync")
            self._record(waiting, event_dict(waiting))
            await _either(before.wait(), self._wish.wait())
        async with slots:
            self.state = "running"
            loop = asyncio.get_running_loop()
            failed: asyncio.Future[BaseException | None] = loop.create_future()
            thread = threading.Thread(
                target=self._in_thread, args=(loop, failed), name=f"nbpull-{self.id}", daemon=True
            )
            # A start waits for the new thread's first breath, which takes long on a busy machine.
            await loop.run_in_executor(None, thread.start)
            error = await failed
        self.seconds = time.monotonic() - started
        self._end(error)

    def _in_thread(
        self, loop: asyncio.AbstractEventLoop, failed: asyncio.Future[BaseException | None]
    ) -> None:
        error: BaseException | None = None
        try:
            for event in self.work.events():
                # A report may be long: it is made ready here, and not where all would wait for it.
                loop.call_soon_threadsafe(self._record, event, event_dict(event))
        except BaseException as raised:  # noqa: BLE001 - the loop reports it; a thread cannot
            error = raised
        try:
            loop.call_soon_threadsafe(failed.set_result, error)
        except RuntimeError:
            # The server is gone, and with it everyone whom this could be told.
            return

    def _record(self, event: Event, data: dict[str, Any]) -> None:
        if isinstance(event, Report):
            self.report = data
            self.files = Tally(outcome.outcome.value for outcome in event.files)
        elif isinstance(event, Progress) and event.bytes:
            self.bytes = max(self.bytes, event.bytes)
        self._history.add(data)
        self._wake()

    def _end(self, error: BaseException | None) -> None:
        if error is None:
            self.state = "finished"
        elif isinstance(error, NbpullError):
            self.state = "cancelled" if error.code == "cancelled" else "failed"
            self.error = error_dict(error)
        else:
            self.state = "failed"
            trace = redact("".join(traceback.format_exception(error)))
            self._log.error("nbpull: a sync failed in an unforeseen way\n%s", trace)
            self.error = {
                "code": "unexpected",
                "message": "Something went wrong that nbpull did not foresee.",
                "hint": "Try again; if it happens again, show the server's log to its admin.",
                "who": "admin",
                "context": {"kind": type(error).__name__},
            }
        if self.error is not None:
            self._history.add({"type": "error", **self.error})
        self._ended.set()
        self._wake()

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


async def _either(*waits: Coroutine[Any, Any, object]) -> None:
    """Wait until one of several things has happened."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


class Jobs:
    """All syncs of one server.

    Args:
        log: Where unforeseen errors are reported.
        parallel: How many run at the same time.
        keep: How many that are over are remembered.
        on_end: Told of each job when it is over.
    """

    def __init__(
        self,
        log: logging.Logger,
        *,
        parallel: int = 8,
        keep: int = 30,
        on_end: Callable[[Job], None] | None = None,
    ) -> None:
        self._log = log
        self._slots = asyncio.Semaphore(parallel)
        self._keep = keep
        self._on_end = on_end
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._newest: dict[Path, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Work) -> tuple[Job, bool]:
        """Start work, or join the job that does the same already; tells which."""
        newest = self._newest.get(work.workspace)
        if newest and not newest.ended and newest.work.identity == work.identity:
            return newest, True
        job = Job(work, self._log)
        self._jobs[job.id] = self._newest[work.workspace] = job
        task = asyncio.get_running_loop().create_task(self._run(job, newest))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return job, False

    def get(self, job_id: str) -> Job | None:
        """Give a job by its id, None where it is not known (any more)."""
        return self._jobs.get(job_id)

    def of(self, workspace: Path) -> Job | None:
        """Give the newest job of a workspace, None where there was none."""
        return self._newest.get(workspace)

    def __iter__(self) -> Iterator[Job]:
        """Give all jobs that are remembered, oldest first."""
        return iter(tuple(self._jobs.values()))

    def cancel_all(self) -> None:
        """End every job soon, for the server is ending."""
        for job in self:
            job.cancel()

    async def _run(self, job: Job, before: Job | None) -> None:
        await job.run(self._slots, before)
        if self._on_end is not None:
            self._on_end(job)
        self._forget()

    def _forget(self) -> None:
        over = [job for job in self if job.ended]
        for job in over[: max(0, len(over) - self._keep)]:
            del self._jobs[job.id]
            if self._newest.get(job.work.workspace) is job:
                del self._newest[job.work.workspace]
