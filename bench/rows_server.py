"""The server extension: how long a page takes, and whether the event loop is ever held up."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

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


@dataclass(frozen=True, slots=True)
class School:
    """A server, a course far away, and a fresh workspace for each click."""

    jupyter: Watched
    repo: str
    late: Path
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

    def held_up(self, work: Callable[[], object]) -> float:
        """Give the longest time in milliseconds for which the loop was late during some work."""
        start = time.monotonic()
        work()
        if not self.late.exists():
            return 0
        notes = (line.split() for line in self.late.read_text(encoding="utf-8").splitlines())
        return max((float(late) for when, late in notes if float(when) >= start), default=0)


@contextmanager
def school(directory: Path, delay: float) -> Iterator[School]:
    """Open the school; every part of it has been used once."""
    home, root = directory / "home", directory / "root"
    home.mkdir()
    root.mkdir()
    publish(root, "course.git", [tree(100)])
    with served(root, delay=delay) as remote, Watched(home) as jupyter:
        opened = School(jupyter, f"{remote.url}/course.git", directory / "late.log", count())
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

        def click_all() -> None:
            with ThreadPoolExecutor(learners) as class_room:
                list(class_room.map(there.click, [there.link() for _ in range(learners)]))

        yield Trial(
            subject=lambda: there.held_up(click_all),
            floor=lambda: there.held_up(lambda: time.sleep(2)),  # how late an idle loop is here
        )


@contextmanager
def _herd(directory: Path, _: int) -> Iterator[Trial]:
    with school(directory, 0) as there:

        def click_all() -> None:
            with ThreadPoolExecutor(CLASS) as class_room:
                list(class_room.map(there.click, [there.link() for _ in range(CLASS)]))

        yield Trial(subject=lambda: timed(click_all))


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
        what="longest hold-up of the event loop during a first sync from a slow remote"
        " (floor: an idle loop)",
        prepare=partial(_held_up, learners=1),
        compare="alone",
        limit=50,
        runs=5,
    ),
    Row(
        name="server-loop-50",
        what="the same while 50 workspaces sync at once",
        prepare=partial(_held_up, learners=CLASS),
        compare="alone",
        limit=50,
        runs=3,
    ),
    Row(
        name="server-class",
        what="50 clicks at once into one server, until the last has its content",
        prepare=_herd,
        compare="alone",
        runs=3,
    ),
)
