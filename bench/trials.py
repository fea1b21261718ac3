"""What several rows measure: a first clone and an update, ours beside git's own."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bench.content import edits_of, tree, with_line
from bench.rooms import timed
from bench.runner import Trial
from bench.sides import Side, pair, sync_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from bench.content import Tree


@contextmanager
def first_clone(
    directory: Path, _: int, *, steps: Sequence[Tree], at: int = 0, delay: float = 0
) -> Iterator[Trial]:
    """Clone what stands at one of the steps."""
    with pair(directory, steps, at=at, delay=delay, cloned=False) as sides:
        ours, floor = sides.ours, sides.floor
        yield Trial(
            subject=lambda: _timed_clone(ours, ours.clone_with_us),
            floor=lambda: _timed_clone(floor, floor.clone_with_git),
        )


def _timed_clone(side: Side, clone: Callable[[], object]) -> float:
    shutil.rmtree(side.workspace, ignore_errors=True)
    return timed(clone)


@contextmanager
def update(
    directory: Path, runs: int, *, files: int, edited: bool = False, delay: float = 0
) -> Iterator[Trial]:
    """Let upstream change three files of so many, and where wanted the learner as well."""
    course = tree(files)
    with following(directory, [course, *edits_of(course, runs)], delay=delay, edited=edited) as it:
        yield it


@contextmanager
def following(
    directory: Path,
    steps: Sequence[Tree],
    *,
    at: int = 0,
    delay: float = 0,
    edited: bool = False,
) -> Iterator[Trial]:
    """Bring both sides from each step to the next."""
    with pair(directory, steps, at=at, delay=delay) as sides:
        yield Trial(
            subject=lambda: timed_update(sides.ours, edited=edited),
            floor=lambda: _timed_floor(sides.floor),
        )


def timed_update(side: Side, *, edited: bool = False) -> float:
    """Let upstream move on and time our sync to it."""
    side.move_on()
    if edited:
        _learn(side.workspace)
    return timed(lambda: sync_to(side.url, side.workspace, expect="updated"))


def _timed_floor(side: Side) -> float:
    side.move_on()
    return timed(side.update_with_git)


def _learn(workspace: Path) -> None:
    """Edit a text and a notebook that upstream changes too, and a text that it does not."""
    texts = sorted(workspace.rglob("*.txt"))
    for path in (texts[0], texts[-1]):
        with path.open("ab") as file:
            file.write(b"the learner's line\n")
    book = min(workspace.rglob("*.ipynb"))
    book.write_bytes(with_line(book.read_bytes(), 3, "mine = True"))
