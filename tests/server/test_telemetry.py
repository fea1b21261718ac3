"""What an operator is told of each sync: an event that fits its schema, without secrets."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from jupyter_events.logger import EventLogger

from nbpull_server import telemetry
from nbpull_server.jobs import Jobs, Work
from nbpull_sync import FileOutcome, Outcome, Phase, Progress, Report, SyncError

REPORT = Report(
    status="updated",
    base="a" * 40,
    upstream="b" * 40,
    files=(
        FileOutcome(path="secret-diary.ipynb", outcome=Outcome.KEPT_YOURS),
        FileOutcome(path="a.txt", outcome=Outcome.ADDED),
        FileOutcome(path="b.txt", outcome=Outcome.ADDED),
    ),
)


class App:
    """As much of a server as the reporter needs: a real event logger."""

    def __init__(self):
        self.event_logger = EventLogger()
        self.told = []

    async def listen(self, logger, schema_id, data):
        del logger
        self.told.append((schema_id, data))


def told_of(*events, error=None):
    """Run one job and give what was told of it."""

    def run():
        yield from events
        if error is not None:
            raise error

    async def play():
        app = App()
        report = telemetry.reporter(app)
        app.event_logger.add_listener(schema_id=telemetry.SCHEMA_ID, listener=app.listen)
        jobs = Jobs(logging.getLogger("test"), on_end=report)
        repo = "https://me:hunter2@example.org/course"
        work = Work("course", repo, Path("/w"), "same", run, lambda: None)
        job, _ = jobs.start(work)
        await job.wait()
        await asyncio.sleep(0)
        await app.event_logger.gather_listeners()
        return app.told

    ((schema, data),) = asyncio.run(asyncio.wait_for(play(), 20))
    assert schema == telemetry.SCHEMA_ID
    return data


def test_an_event_tells_how_a_sync_ended_and_nothing_of_the_files():
    progress = Progress(phase=Phase.RECEIVING, bytes=1234)
    data = told_of(progress, REPORT)
    assert data["outcome"] == "updated"
    assert data["code"] is None
    assert data["bytes"] == 1234
    assert data["files"] == {"added": 2, "kept-yours": 1}
    assert "hunter2" not in str(data)
    assert "diary" not in str(data)


@pytest.mark.parametrize(
    ("error", "outcome", "code"),
    [
        (SyncError("not-found", "x", who="author"), "failed", "not-found"),
        (SyncError("cancelled", "x", who="you"), "cancelled", "cancelled"),
        (ValueError("hunter2"), "failed", "unexpected"),
    ],
)
def test_an_event_tells_why_a_sync_failed(error, outcome, code):
    data = told_of(error=error)
    assert (data["outcome"], data["code"]) == (outcome, code)
    assert "hunter2" not in str(data)
