"""A sync beside bare git over the same smart-HTTP server, near and 50 ms away."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from bench.content import publish, text, tree
from bench.rooms import git, served, timed
from bench.runner import Row, Trial
from bench.sides import Side, pair, sync_to
from bench.trials import first_clone, following, update
from nbpull_sync import Progress, SyncRequest, sync

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FILES = 300
FAR = 0.05


@contextmanager
def _nothing_new(directory: Path, _: int, *, delay: float = 0) -> Iterator[Trial]:
    with pair(directory, [tree(FILES)], delay=delay) as sides:
        url, workspace = sides.ours.url, sides.ours.workspace
        yield Trial(
            subject=lambda: timed(lambda: sync_to(url, workspace, expect="unchanged")),
            floor=lambda: timed(lambda: git("ls-remote", sides.floor.url)),
        )


@contextmanager
def _operations(directory: Path, _: int) -> Iterator[Trial]:
    with pair(directory, [tree(FILES)]) as sides:

        def count() -> float:
            sides.remote.requests()
            sync_to(sides.ours.url, sides.ours.workspace, expect="unchanged")
            return sum("/info/refs" in line for line in sides.remote.requests())

        yield Trial(subject=count)


@contextmanager
def _processes(directory: Path, _: int) -> Iterator[Trial]:
    """Count by a ``git`` of our own on the path, which writes itself down and becomes git."""
    log, path = directory / "started", os.environ["PATH"]
    shim = directory / "bin" / "git"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\necho "$*" >> "{log}"\nexec "{shutil.which("git")}" "$@"\n')
    shim.chmod(0o755)
    with pair(directory, [tree(FILES)]) as sides:

        def count() -> float:
            log.write_text("")
            os.environ["PATH"] = f"{shim.parent}{os.pathsep}{path}"
            try:
                sync_to(sides.ours.url, sides.ours.workspace, expect="unchanged")
            finally:
                os.environ["PATH"] = path
            return len(log.read_text().splitlines())

        yield Trial(subject=count)


@contextmanager
def _deleted(directory: Path, _: int) -> Iterator[Trial]:
    with pair(directory, [tree(1000)]) as sides:

        def empty(side: Side) -> None:
            for path in side.workspace.glob("unit*"):
                shutil.rmtree(path)

        def ours() -> float:
            empty(sides.ours)
            url, workspace = sides.ours.url, sides.ours.workspace
            milliseconds = timed(lambda: list(sync(SyncRequest(repo=url, directory=workspace))))
            _see_all(workspace, 1000)
            return milliseconds

        def floor() -> float:
            empty(sides.floor)
            return timed(lambda: sides.floor.in_workspace("checkout", "--quiet", "--", "."))

        yield Trial(subject=ours, floor=floor)


def _see_all(workspace: Path, files: int) -> None:
    if (there := sum(path.is_file() for path in workspace.glob("unit*/*"))) != files:
        raise AssertionError(f"{there} files came back, not {files}")


@contextmanager
def _large_update(directory: Path, runs: int) -> Iterator[Trial]:
    versions = [{f"f{n // 100}/{n}": text(n + at, 10) for n in range(5000)} for at in (0, 5000)]
    steps = [versions[number % 2] for number in range(runs + 1)]
    with following(directory, steps) as trial:
        yield trial


@contextmanager
def _events(directory: Path, _: int) -> Iterator[Trial]:
    """Clone over a line of 3 MB/s, and count the progress events of the busiest second."""
    root = directory / "root"
    root.mkdir()
    publish(root, "course.git", [{f"{n}.txt": text(n, 50) for n in range(4000)}])
    with served(root, rate=3_000_000) as remote:

        def busiest() -> float:
            workspace = directory / "workspace"
            shutil.rmtree(workspace, ignore_errors=True)
            request = SyncRequest(repo=f"{remote.url}/course.git", directory=workspace)
            times = [time.monotonic() for event in sync(request) if isinstance(event, Progress)]
            return max(sum(start <= at < start + 1 for at in times) for start in times)

        yield Trial(subject=busiest)


def _near_and_far(name: str, what: str, prepare: Callable[..., Any], limit: float) -> list[Row]:
    near = Row(name=name, what=what, prepare=prepare, limit=limit, runs=21)
    far = replace(
        near,
        name=f"{name}-far",
        what="the same, with 50 ms added to each round trip",
        prepare=partial(prepare, delay=FAR),
        runs=9,
    )
    return [near, far]


ROWS = (
    *_near_and_far(
        "first-clone",
        "first clone of 300 files / git clone --depth 1",
        partial(first_clone, steps=[tree(FILES)]),
        1.10,
    ),
    *_near_and_far("nothing-new", "sync with nothing new / git ls-remote", _nothing_new, 1.3),
    Row(
        name="nothing-new-operations",
        what="network operations of a sync with nothing new",
        prepare=_operations,
        unit="operations",
        compare="alone",
        limit=1,
        runs=3,
    ),
    Row(
        name="nothing-new-processes",
        what="git commands that a sync with nothing new starts",
        prepare=_processes,
        unit="processes",
        compare="alone",
        limit=4,
        runs=3,
    ),
    *_near_and_far(
        "update",
        "three files changed of 300 / git fetch --depth 1 && git reset --hard",
        partial(update, files=FILES),
        1.3,
    ),
    *_near_and_far(
        "update-edited",
        "the same with the learner's edits in three files / git without any",
        partial(update, files=FILES, edited=True),
        1.6,
    ),
    Row(
        name="restore-deleted",
        what="a sync that brings 1,000 deleted files back / git checkout -- .",
        prepare=_deleted,
        limit=1.5,
    ),
    Row(
        name="update-5000",
        what="5,000 files changed / git fetch --depth 1 && git reset --hard",
        prepare=_large_update,
        limit=1.3,
        runs=5,
    ),
    Row(
        name="events",
        what="progress events in the busiest second of a clone at 3 MB/s",
        prepare=_events,
        unit="events",
        compare="alone",
        limit=20,
        runs=2,
    ),
)
