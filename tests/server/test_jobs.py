"""Jobs: one per workspace, joined, replayed, cancelled, gone on with when nobody looks."""

from __future__ import annotations

import asyncio
import logging
import threading
from pathlib import Path

import pytest

from nbpull_server.jobs import Jobs, Work
from nbpull_server.wire import event_dict
from nbpull_sync import Log, Phase, Progress, Report, SyncError

LOG = logging.getLogger("test")
REPORT = Report(status="cloned", base=None, upstream="a" * 40)


class FakeEngine:
    """A generator of events that waits to be told to go on, as a slow remote makes it do."""

    def __init__(self, *steps, end=REPORT):
        self.steps, self.end = steps, end
        self.go = threading.Semaphore(0)
        self.stopped = threading.Event()
        self.runs = 0

    def events(self):
        self.runs += 1
        for step in self.steps:
            self.go.acquire()
            if self.stopped.is_set():
                raise SyncError("cancelled", "Stopped.", who="you")
            yield step
        if isinstance(self.end, BaseException):
            raise self.end
        yield self.end

    def cancel(self):
        self.stopped.set()
        self.go.release()

    def work(self, place="/w", identity="same"):
        return Work(
            label="w",
            repo="https://example.org/x",
            workspace=Path(place),
            identity=identity,
            events=self.events,
            cancel=self.cancel,
        )

    def finish(self):
        for _ in self.steps:
            self.go.release()


def line(text):
    return Log(message=text)


def run(test):
    """Run a test's coroutine, bounded."""
    return asyncio.run(asyncio.wait_for(test, 20))


async def everything(job, after=0):
    return [(number, event) async for number, event in job.follow(after)]


def messages(entries):
    return [event.get("message", event["type"]) for _, event in entries]


def test_a_second_request_joins_and_sees_everything_from_the_start():
    async def play():
        engine = FakeEngine(line("one"), line("two"))
        jobs = Jobs(LOG)
        first, joined = jobs.start(engine.work())
        assert not joined
        early = asyncio.create_task(everything(first))
        engine.go.release()
        async for _, event in first.follow():
            assert event["message"] == "one"
            break
        second, joined = jobs.start(engine.work())
        assert joined
        assert second is first
        engine.go.release()
        late = await everything(second)
        assert messages(late) == ["one", "two", "report"]
        assert await early == late
        assert engine.runs == 1

    run(play())


def test_a_reader_who_comes_back_gets_only_what_is_new():
    async def play():
        engine = FakeEngine(line("one"), line("two"), line("three"))
        job, _ = Jobs(LOG).start(engine.work())
        engine.finish()
        await job.wait()
        assert messages(await everything(job, after=2)) == ["three", "report"]
        assert await everything(job, after=99) == []

    run(play())


def test_a_job_goes_on_when_its_reader_leaves():
    async def play():
        engine = FakeEngine(line("one"), line("two"))
        job, _ = Jobs(LOG).start(engine.work())
        reader = asyncio.create_task(everything(job))
        engine.go.release()
        async for _ in job.follow():
            break
        reader.cancel()
        engine.go.release()
        await job.wait()
        assert job.state == "finished"
        assert job.report == event_dict(REPORT)

    run(play())


def test_cancelling_ends_the_engine_and_says_so():
    async def play():
        engine = FakeEngine(line("one"), line("two"))
        job, _ = Jobs(LOG).start(engine.work())
        job.cancel()
        seen = await everything(job)
        assert job.state == "cancelled"
        assert seen[-1][1]["code"] == "cancelled"
        job.cancel()

    run(play())


def test_a_job_that_waits_can_be_cancelled_before_the_one_before_it_ends():
    async def play():
        first, second = FakeEngine(line("a")), FakeEngine(line("b"))
        jobs = Jobs(LOG)
        one, _ = jobs.start(first.work())
        waiting, _ = jobs.start(second.work(identity="other"))
        async for _ in waiting.follow():
            break
        waiting.cancel()
        await waiting.wait()
        assert waiting.state == "cancelled"
        assert not one.ended
        first.finish()
        await one.wait()

    run(play())


def test_other_work_on_the_same_workspace_waits_for_its_turn():
    async def play():
        first, second = FakeEngine(line("a")), FakeEngine()
        jobs = Jobs(LOG)
        one, _ = jobs.start(first.work(identity="main"))
        two, joined = jobs.start(second.work(identity="other branch"))
        assert not joined
        async for _, event in two.follow():
            assert event["phase"] == Phase.WAITING.value
            break
        assert second.runs == 0
        first.finish()
        await two.wait()
        assert one.ended
        assert second.runs == 1

    run(play())


def test_work_on_other_workspaces_runs_side_by_side():
    async def play():
        engines = [FakeEngine(line("x")) for _ in range(4)]
        jobs = Jobs(LOG, parallel=4)
        started = [jobs.start(e.work(place=f"/{n}"))[0] for n, e in enumerate(engines)]
        for engine in reversed(engines):
            engine.finish()
        await asyncio.gather(*(job.wait() for job in started))
        assert {job.state for job in started} == {"finished"}

    run(play())


def test_no_more_jobs_run_than_allowed():
    async def play():
        first, second = FakeEngine(line("x")), FakeEngine(line("y"))
        jobs = Jobs(LOG, parallel=1)
        one, _ = jobs.start(first.work(place="/1"))
        two, _ = jobs.start(second.work(place="/2"))
        first.go.release()
        await one.wait()
        assert two.state in {"waiting", "running"}
        second.finish()
        await two.wait()
        assert two.state == "finished"

    run(play())


@pytest.mark.parametrize(
    ("error", "code", "who"),
    [
        (SyncError("not-found", "Gone.", who="author", hint="Ask."), "not-found", "author"),
        (RuntimeError("secret"), "unexpected", "admin"),
        (KeyboardInterrupt(), "unexpected", "admin"),
    ],
)
def test_every_error_ends_a_job_in_words(error, code, who):
    async def play():
        job, _ = Jobs(LOG).start(FakeEngine(end=error).work())
        seen = await everything(job)
        assert job.state == "failed"
        assert (seen[-1][1]["type"], seen[-1][1]["code"], seen[-1][1]["who"]) == (
            "error",
            code,
            who,
        )
        assert "secret" not in str(seen)

    run(play())


def test_a_workspace_can_be_synced_again_after_the_job_is_over():
    async def play():
        engine = FakeEngine()
        jobs = Jobs(LOG)
        first, _ = jobs.start(engine.work())
        await first.wait()
        second, joined = jobs.start(engine.work())
        assert not joined
        assert second is not first
        assert jobs.of(Path("/w")) is second
        assert jobs.get(first.id) is first

    run(play())


def test_only_so_many_finished_jobs_are_remembered():
    async def play():
        ended = []
        jobs = Jobs(LOG, keep=3, on_end=ended.append)
        for number in range(10):
            job, _ = jobs.start(FakeEngine().work(place=f"/{number}"))
            await job.wait()
        await asyncio.sleep(0)
        assert len(ended) == 10
        assert len(list(jobs)) == 3
        assert jobs.of(Path("/0")) is None

    run(play())


def test_a_flood_of_events_stays_in_bounds_and_its_end_arrives():
    async def play():
        flood = [Progress(phase=Phase.RECEIVING, done=n, total=5000) for n in range(5000)]
        engine = FakeEngine(*flood)
        engine.finish()
        job, _ = Jobs(LOG).start(engine.work())
        await job.wait()
        seen = await everything(job)
        assert len(seen) <= 1000
        assert seen[-1][1]["type"] == "report"
        assert seen[-2][1]["done"] == 4999

    run(play())


def test_the_event_loop_is_not_held_up_while_the_engine_works():
    async def play():
        engine = FakeEngine(line("one"))
        job, _ = Jobs(LOG).start(engine.work())
        for _ in range(100):
            await asyncio.sleep(0)
        assert not job.ended
        engine.finish()
        await job.wait()

    run(play())


def test_ending_the_server_ends_every_job():
    async def play():
        engines = [FakeEngine(line("x")) for _ in range(3)]
        jobs = Jobs(LOG)
        started = [jobs.start(e.work(place=f"/{n}"))[0] for n, e in enumerate(engines)]
        jobs.cancel_all()
        await asyncio.gather(*(job.wait() for job in started))
        assert {job.state for job in started} == {"cancelled"}

    run(play())


def test_a_server_that_is_gone_is_not_missed_by_its_threads():
    engine = FakeEngine(line("one"))

    async def play():
        Jobs(LOG).start(engine.work())
        await asyncio.sleep(0)

    asyncio.run(play())
    threads = [thread for thread in threading.enumerate() if thread.name.startswith("nbpull-")]
    engine.finish()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
