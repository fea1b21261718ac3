"""Merge the same notebooks with git, nbdime and nbpull, and print what each left out.

    python -m venv /tmp/nbdime && /tmp/nbdime/bin/pip install nbdime
    python tools/compare_merges.py --nbdime /tmp/nbdime/bin/python

The output is the table of ``docs/explanation/merging.md``. The lessons are those of the tests:
random deeds of a teacher and of a learner on cells that have ids, so that what must be in the
result is known. nbdime stands in an environment of its own, for it changes the Jupyter that it
is installed in.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from lessons import Copy, draw, to_file
from nbpull_sync.notebook import merge_notebook

Files = tuple[bytes, bytes, bytes]
Merge = Callable[[Files], bytes]

FAULTS = (
    "no valid notebook",
    "an id on two cells",
    "a cell that the teacher added is missing",
    "the teacher's edit of a cell that the learner did not touch is missing",
    "a line that the learner wrote is missing",
)
WORKER = """
import json, sys
import nbformat
from nbdime import merge_notebooks
from nbdime.nbmergeapp import _build_arg_parser
args = _build_arg_parser().parse_args(["--merge-strategy", "use-local", "", "", ""])
for line in sys.stdin:
    try:
        sides = [nbformat.reads(text, as_version=4) for text in json.loads(line)]
        merged, _ = merge_notebooks(*sides, args)
        print(json.dumps(json.dumps(merged)), flush=True)
    except Exception:
        print(json.dumps(""), flush=True)
"""


def with_git(files: Files) -> bytes:
    """Merge by lines as git does where one side wins; nbgitpuller leaves it to such a merge."""
    with tempfile.TemporaryDirectory() as name:
        for side, content in zip(("base", "ours", "theirs"), files, strict=True):
            Path(name, side).write_bytes(content)
        command = ["git", "merge-file", "-p", "--ours", "ours", "base", "theirs"]
        return subprocess.run(command, cwd=name, capture_output=True, check=False).stdout


def with_nbpull(files: Files) -> bytes:
    """Merge as nbpull does."""
    return merge_notebook(*files).merged


def with_nbdime(worker: subprocess.Popen[str]) -> Merge:
    """Merge as ``nbmerge --merge-strategy use-local`` does, in a Python that has it."""

    def merge(files: Files) -> bytes:
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write(json.dumps([content.decode() for content in files]) + "\n")
        worker.stdin.flush()
        merged: str = json.loads(worker.stdout.readline())
        return merged.encode()

    return merge


def judge(scene: tuple[Any, Copy, Copy], merged: bytes) -> Iterator[str]:
    """Name what is wrong with a merged notebook."""
    base, mine, yours = scene
    try:
        value = json.loads(merged)
        nbformat.validate(nbformat.from_dict(value))
    except (ValueError, KeyError, AttributeError, nbformat.ValidationError):
        yield FAULTS[0]
        return
    cells = value["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    if len({cell["id"] for cell in cells}) < len(cells):
        yield FAULTS[1]
    old = {cell.key: cell for cell in base}
    if any(cell.key not in old and cell.source not in sources for cell in yours.cells):
        yield FAULTS[2]
    if any(
        cell.key in old and mine.get(cell.key) == old[cell.key] and cell.source not in sources
        for cell in yours.cells
    ):
        yield FAULTS[3]
    lines = {line for source in sources for line in source.split("\n")}
    before = {line for cell in base for line in cell.texts}
    if any(line not in lines and line not in before for cell in mine.cells for line in cell.texts):
        yield FAULTS[4]


def count(merge: Merge, runs: int) -> Counter[str]:
    """Merge so many lessons and count the faults."""
    found: Counter[str] = Counter()
    for seed in range(runs):
        scene = draw(seed).play()
        heads = {}, {"mine": 1}, {"yours": 1}
        sheets = scene[0], scene[1].cells, scene[2].cells
        base, ours, theirs = (
            to_file(cells, metadata=head) for cells, head in zip(sheets, heads, strict=True)
        )
        found.update(judge(scene, merge((base, ours, theirs))))
    return found


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nbdime", help="the Python that has nbdime", required=True)
    parser.add_argument("--runs", type=int, default=1000, help="how many merges")
    asked = parser.parse_args()
    command = [asked.nbdime, "-c", WORKER]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as worker:
        merges = {
            "git, by lines": with_git,
            "nbdime": with_nbdime(worker),
            "nbpull": with_nbpull,
        }
        found = {name: count(merge, asked.runs) for name, merge in merges.items()}
        assert worker.stdin is not None
        worker.stdin.close()
    print(f"| of {asked.runs} merges | {' | '.join(found)} |")
    print("|---" * (len(found) + 1) + "|")
    for fault in FAULTS:
        print(f"| {fault} | {' | '.join(str(counts[fault]) for counts in found.values())} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
