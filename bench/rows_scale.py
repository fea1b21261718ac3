"""Cost grows with what changed, not with the size of the tree or the length of its history."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from bench.content import text, tree
from bench.rooms import git, timed
from bench.rows_sync import small_steps
from bench.runner import Row, Trial
from bench.sides import pair, sync_to, timed_floor, timed_update

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.content import Tree


@contextmanager
def _update(directory: Path, runs: int, *, files: int) -> Iterator[Trial]:
    with pair(directory, small_steps(files, runs)) as sides:
        yield Trial(
            subject=lambda: timed_update(sides.ours), floor=lambda: timed_floor(sides.floor)
        )


@contextmanager
def _growth(directory: Path, runs: int, *, small: int, large: int) -> Iterator[Trial]:
    """Put our update of a large tree beside our update of a small one."""
    folders = directory / "small", directory / "large"
    for folder in folders:
        folder.mkdir()
    with (
        pair(folders[0], small_steps(small, runs)) as few,
        pair(folders[1], small_steps(large, runs)) as many,
    ):
        yield Trial(subject=lambda: timed_update(many.ours), floor=lambda: timed_update(few.ours))


def _long_history(commits: int) -> list[Tree]:
    return [tree(300), *({"log.txt": text(number, 2)} for number in range(1, commits))]


@contextmanager
def _history(directory: Path, runs: int) -> Iterator[Trial]:
    commits = 20_000
    with pair(directory, _long_history(commits), cloned=False) as sides:
        for side in (sides.ours, sides.floor):
            side.step = commits - runs - 2
            side.move_on()
        sync_to(sides.ours.url, sides.ours.workspace, expect="cloned")
        git("clone", "--quiet", "--depth=1", sides.floor.url, sides.floor.workspace)
        yield Trial(
            subject=lambda: timed_update(sides.ours), floor=lambda: timed_floor(sides.floor)
        )


@contextmanager
def _long_clone(directory: Path, _: int) -> Iterator[Trial]:
    with pair(directory, _long_history(20_000), cloned=False) as sides:
        for side in (sides.ours, sides.floor):
            side.step = 19_998
            side.move_on()

        def ours() -> float:
            shutil.rmtree(sides.ours.workspace, ignore_errors=True)
            url, workspace = sides.ours.url, sides.ours.workspace
            return timed(lambda: sync_to(url, workspace, expect="cloned"))

        def floor() -> float:
            shutil.rmtree(sides.floor.workspace, ignore_errors=True)
            url, workspace = sides.floor.url, sides.floor.workspace
            return timed(lambda: git("clone", "--quiet", "--depth=1", url, workspace))

        yield Trial(subject=ours, floor=floor)


ROWS = (
    *(
        Row(
            name=f"scale-{files}",
            what=f"three files changed of {files:,} / git fetch --depth 1 && git reset --hard",
            prepare=partial(_update, files=files),
            limit=1.3,
            runs=7,
        )
        for files in (300, 3_000, 30_000)
    ),
    Row(
        name="growth-30000",
        what="three files changed of 30,000 / three of 300, both ours",
        prepare=partial(_growth, small=300, large=30_000),
        runs=7,
    ),
    Row(
        name="history-update",
        what="one file changed after 20,000 commits / git fetch --depth 1 && git reset --hard",
        prepare=_history,
        limit=1.3,
        runs=7,
    ),
    Row(
        name="history-clone",
        what="first clone after 20,000 commits / git clone --depth 1",
        prepare=_long_clone,
        limit=1.10,
        runs=7,
    ),
)
