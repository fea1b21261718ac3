"""Cost grows with what changed, not with the size of the tree or the length of its history."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from bench.content import edits_of, text, tree
from bench.runner import Row, Trial
from bench.sides import pair
from bench.trials import first_clone, following, timed_update, update

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.content import Tree

COMMITS = 20_000


@contextmanager
def _growth(directory: Path, runs: int, *, small: int, large: int) -> Iterator[Trial]:
    """Put our update of a large tree beside our update of a small one."""
    courses = tree(small), tree(large)
    with ExitStack() as stack:
        few, many = (
            stack.enter_context(pair(_folder(directory, name), [course, *edits_of(course, runs)]))
            for name, course in zip(("small", "large"), courses, strict=True)
        )
        yield Trial(subject=lambda: timed_update(many.ours), floor=lambda: timed_update(few.ours))


def _folder(directory: Path, name: str) -> Path:
    (directory / name).mkdir()
    return directory / name


def _long_history() -> list[Tree]:
    return [tree(300), *({"log.txt": text(number, 2)} for number in range(1, COMMITS))]


@contextmanager
def _history(directory: Path, runs: int) -> Iterator[Trial]:
    with following(directory, _long_history(), at=COMMITS - runs - 1) as trial:
        yield trial


@contextmanager
def _long_clone(directory: Path, runs: int) -> Iterator[Trial]:
    with first_clone(directory, runs, steps=_long_history(), at=COMMITS - 1) as trial:
        yield trial


ROWS = (
    *(
        Row(
            name=f"scale-{files}",
            what=f"three files changed of {files:,} / git fetch --depth 1 && git reset --hard",
            prepare=partial(update, files=files),
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
