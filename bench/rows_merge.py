"""The notebook merge on its own: time and memory."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from bench.content import notebook, with_line
from bench.probe import peak_growth
from bench.rooms import timed
from bench.runner import Row, Trial
from nbpull_sync.notebook import merge_notebook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MEGABYTE = 1 << 20
_LINES = 49  # of each block: 200 cells then make 1 MB


def sides(cells: int) -> tuple[bytes, bytes, bytes]:
    """Give base, ours and theirs of a notebook that both sides edited in every tenth cell."""
    base = ours = notebook(1, cells, _LINES)
    theirs = base
    for cell in range(0, cells, max(10, cells // 20)):
        ours = with_line(ours, cell, "mine = True")
        theirs = with_line(theirs, cell + 1, "yours = True")
    return base, ours, theirs


@contextmanager
def _time(_: Path, __: int) -> Iterator[Trial]:
    versions = sides(200)
    if round(len(versions[0]) / _MEGABYTE, 1) != 1:
        raise AssertionError(f"the notebook has {len(versions[0])} bytes")
    merge = merge_notebook(*versions)
    if merge.problem or b"mine" not in merge.merged or b"yours" not in merge.merged:
        raise AssertionError(f"the notebook was not merged: {merge.problem}")
    yield Trial(subject=lambda: timed(lambda: merge_notebook(*versions)))


@contextmanager
def _memory(directory: Path, _: int) -> Iterator[Trial]:
    paths = [directory / name for name in ("base", "ours", "theirs")]
    for path, content in zip(paths, sides(4000), strict=True):
        path.write_bytes(content)
    size = paths[1].stat().st_size

    def times_its_size() -> float:
        return peak_growth("merge", *map(str, paths)) / size

    yield Trial(subject=times_its_size)


ROWS = (
    Row(
        name="merge-1mb",
        what="a notebook of 1 MB and 200 cells, edited on both sides",
        prepare=_time,
        compare="alone",
        limit=60,
        runs=15,
    ),
    Row(
        name="merge-20mb-memory",
        what="memory of merging a notebook of 20 MB, its three versions included, in sizes of it",
        prepare=_memory,
        unit="sizes",
        compare="alone",
        limit=8,
        runs=2,
    ),
)
