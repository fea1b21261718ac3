"""The server extension: how long a page takes, how soon an event comes, whether the loop waits."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

from bench.content import publish, tree
from bench.rooms import served, timed
from bench.runner import Row, Trial
from nbpull_links import make_link
from nbpull_server.demo.jupyter import Jupyter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SLOW = 0.5  # seconds that a slow remote takes to answer
CLASS = 50


class Watched(Jupyter):
    """A Jupyter server whose event loop is watched."""

    module = "bench.loop"

    def start(self, query: str) -> str:
        """Start a sync as the page does, and give the address of its events."""
        request = Request(
            f"{self.url}/nbpull/api/syncs",
            data=json.dumps({"query": query}).encode(),
            headers={"Authorization": f"token {self._token}"},
        )
        with urlopen(request, timeout=60) as answer:
            events: str = json.load(answer)["events"]
            return self.url + events


@dataclass(frozen=True, slots=True)
class School:
    """A server, a course far away, and a fresh workspace for each click."""

    jupyter: Watched
    repo: str
    notes: Path
    numbers: Iterator[int]

    def link(self) -> str:
        """Make a link into a workspace that nobody used."""
        return make_link(
            jupyter=self.jupyter.url,
            content_repo=self.repo,
            content_branch="main",
            targetpath=f"workspace{next(self.numbers)}",
        )

    def click(self, link: str) -> None:
        """Open the page and follow the sync to its end."""
        self.jupyter.get(link)
        *_, last = self.jupyter.follow(link.replace("/git-pull?", "/git-pull/api?", 1))
        if last["phase"] != "finished":
            raise AssertionError(f"the sync ended with {last}")

    def most(self, log: str, work: Callable[[], object]) -> float:
        """Give the largest figure that the server noted during some work, 0 for none."""
        start = time.monotonic()
        work()
        notes = (line.split() for line in self.noted(log))
        return max((float(figure) for when, figure in notes if float(when) >= start), default=0)

    def noted(self, log: str) -> list[str]:
        """Give what the server noted so far."""
        path = self.notes / log
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def crowd(self, *, learners: int) -> None:
        """Have a class click at once."""
        with ThreadPoolExecutor(learners) as class_room:
            list(class_room.map(self.click, [self.link() for _ in range(learners)]))

    def bystanders(self, *, learners: int) -> None:
        """Have as many ask at once for the server's own status, as often as a click asks."""
        with ThreadPoolExecutor(learners) as class_room:
            list(class_room.map(self.jupyter.get_json, ["api/status"] * 2 * learners))


@contextmanager
def school(directory: Path, delay: float) -> Iterator[School]:
    """Open the school; every part of it has been used once."""
    home, root = directory / "home", directory / "root"
    home.mkdir()
    root.mkdir()
    publish(root, "course.git", [tree(100)])
    with served(root, delay=delay) as remote, Watched(home) as jupyter:
        opened = School(jupyter, f"{remote.url}/course.git", directory, count())
        opened.click(opened.link())
        yield opened


@contextmanager
def _page(directory: Path, _: int) -> Iterator[Trial]:
    with school(directory, SLOW) as there:
        yield Trial(
            subject=lambda: timed(lambda: there.jupyter.get(there.link())),
            floor=lambda: timed(lambda: there.jupyter.get_json("api/status")),
        )


@contextmanager
def _held_up(directory: Path, _: int, *, learners: int) -> Iterator[Trial]:
    with school(directory, SLOW) as there:
        click = partial(there.crowd, learners=learners)
        ask = partial(there.bystanders, learners=learners)
        yield Trial(
            subject=lambda: there.most("late.log", click),
            floor=lambda: there.most("late.log", ask),
        )


@contextmanager
def _busy(directory: Path, _: int) -> Iterator[Trial]:
    with school(directory, SLOW) as there:
        click = partial(there.crowd, learners=CLASS)
        yield Trial(subject=lambda: there.most("busy.log", click))


@contextmanager
def _events(directory: Path, _: int) -> Iterator[Trial]:
    with school(directory, 0) as there:

        def latest() -> float:
            """Give the milliseconds from the engine's yield to the reader, of the slowest event."""
            before = len(there.noted("told.log"))
            place = there.jupyter.start(there.link().partition("?")[2])
            came = [time.monotonic() for _ in there.jupyter.follow(place)]
            told = [float(line) for line in there.noted("told.log")[before:]]
            # The last one is the server's own, of what is there now.
            return max(1000 * (here - then) for then, here in zip(told, came[:-1], strict=True))

        yield Trial(subject=latest)


@contextmanager
def _herd(directory: Path, _: int) -> Iterator[Trial]:
    with school(directory, 0) as there:
        yield Trial(subject=lambda: timed(partial(there.crowd, learners=CLASS)))


ROWS = (
    Row(
        name="server-page",
        what="the page of a link, to its last byte, over an answer of the server's own",
        prepare=_page,
        compare="difference",
        limit=20,
        runs=21,
    ),
    Row(
        name="server-loop",
        what="longest hold-up of the event loop during a first sync from a slow remote, over that"
        " of as many plain requests",
        prepare=partial(_held_up, learners=1),
        compare="difference",
        limit=50,
        runs=5,
    ),
    Row(
        name="server-loop-50",
        what="the same while 50 workspaces sync at once",
        prepare=partial(_held_up, learners=CLASS),
        compare="difference",
        limit=50,
        runs=5,
    ),
    Row(
        name="server-busy-50",
        what="the processor's time of the loop's longest call meanwhile",
        prepare=_busy,
        compare="alone",
        limit=50,
        runs=3,
    ),
    Row(
        name="server-events",
        what="from the engine's event to its reader, the slowest of a first sync",
        prepare=_events,
        compare="alone",
        limit=50,
        runs=11,
    ),
    Row(
        name="server-class",
        what="50 clicks at once into one server, until the last has its content",
        prepare=_herd,
        compare="alone",
        runs=3,
    ),
)
