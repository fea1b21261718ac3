"""Peak memory of a whole sync: our process and its git commands together."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from bench.content import notebook, publish, stand_at, with_line
from bench.probe import peak_of_tree
from bench.rooms import served
from bench.runner import Row, Trial
from bench.sides import sync_to

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.content import Tree

_MEGABYTE = 1 << 20
BOOKS = 300


def _books() -> Iterator[Tree]:
    """Give 300 notebooks of 1 MB, and a commit that changes every one."""
    books = {f"book{number:03}.ipynb": notebook(number, 20, 560) for number in range(BOOKS)}
    yield books
    yield {path: with_line(content, 1, "upstream = 1") for path, content in books.items()}


@contextmanager
def _sync(directory: Path, runs: int, *, edited: int | None) -> Iterator[Trial]:
    """Measure a clone, or where `edited` says so an update with so many notebooks edited."""
    root = directory / "root"
    root.mkdir()
    bare = publish(root, "course.git", _books())
    with served(root) as remote:
        url = f"{remote.url}/course.git"
        spare = [directory / f"workspace{number}" for number in range(runs)]
        if edited is not None:
            sync_to(url, spare[0], expect="cloned")
            for path in sorted(spare[0].glob("*.ipynb"))[:edited]:
                path.write_bytes(with_line(path.read_bytes(), 3, "mine = True"))
            for other in spare[1:]:
                shutil.copytree(spare[0], other)
            stand_at(bare, 1)

        def megabytes() -> float:
            workspace = spare.pop()
            figure = peak_of_tree("sync", url, str(workspace)) / _MEGABYTE
            shutil.rmtree(workspace)
            return figure

        yield Trial(subject=megabytes)


ROWS = (
    Row(
        name="memory-clone",
        what="peak memory of the first clone of 300 notebooks of 1 MB, git's included",
        prepare=partial(_sync, edited=None),
        unit="MB",
        compare="alone",
        limit=150,
        runs=1,
    ),
    Row(
        name="memory-update",
        what="peak memory of an update of all 300, 30 of them edited, git's included",
        prepare=partial(_sync, edited=30),
        unit="MB",
        compare="alone",
        limit=150,
        runs=1,
    ),
)
