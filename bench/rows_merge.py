"""The notebook merge on its own: time and memory."""

from __future__ import annotations

import json
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from bench.content import notebook, with_line
from bench.probe import peak_growth
from bench.rooms import timed
from bench.runner import Row, Trial
from nbpull_sync.notebook import merge_notebook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
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


def _one_cell() -> tuple[bytes, bytes, bytes]:
    """Give the three of a notebook that is nearly all one cell, edited by upstream."""
    large, small = (json.loads(notebook(seed, 1, lines)) for seed, lines in ((1, 200_000), (2, 4)))
    small["cells"][0]["id"] = "small"
    large["cells"] += small["cells"]
    base = json.dumps(large, indent=1).encode() + b"\n"
    return base, with_line(base, 1, "mine = True"), with_line(base, 0, "yours = True")


@contextmanager
def _memory(
    directory: Path, _: int, *, versions: Callable[[], tuple[bytes, bytes, bytes]]
) -> Iterator[Trial]:
    paths = [directory / name for name in ("base", "ours", "theirs")]
    for path, content in zip(paths, versions(), strict=True):
        path.write_bytes(content)
    size = paths[1].stat().st_size
    if size < 18 * _MEGABYTE:
        raise AssertionError(f"the notebook has {size} bytes")
    yield Trial(subject=lambda: peak_growth("merge", *map(str, paths)) / size)


def _memory_row(name: str, what: str, versions: Callable[[], tuple[bytes, bytes, bytes]]) -> Row:
    return Row(
        name=name,
        what=what,
        prepare=partial(_memory, versions=versions),
        unit="sizes",
        compare="alone",
        limit=8,
        runs=2,
    )


ROWS = (
    Row(
        name="merge-1mb",
        what="a notebook of 1 MB and 200 cells, edited on both sides",
        prepare=_time,
        compare="alone",
        limit=60,
        runs=15,
    ),
    _memory_row(
        "merge-20mb-memory",
        "memory of merging a notebook of 20 MB, its three versions included, in sizes of it",
        partial(sides, 4000),
    ),
    _memory_row(
        "merge-20mb-cell-memory", "the same, where one cell holds nearly all of it", _one_cell
    ),
)
