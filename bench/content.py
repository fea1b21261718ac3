"""Repositories of any size, written quickly: ``git fast-import`` instead of files and commits."""

from __future__ import annotations

import json
import random
import subprocess
from typing import TYPE_CHECKING

from bench.rooms import git

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

Tree = dict[str, bytes]

_WHO = b"Bench <bench@example.org> %d +0000"


def text(seed: int, lines: int = 40) -> bytes:
    """Give a text of so many lines of 40 characters, the same for the same seed."""
    rng = random.Random(seed)
    return b"".join(b"%040x\n" % rng.getrandbits(160) for _ in range(lines))


def notebook(seed: int, cells: int = 10, lines: int = 4) -> bytes:
    """Give a notebook of so many code cells, each with so many lines and as many of output."""
    rng = random.Random(seed)

    def block() -> list[str]:
        return [f"{rng.getrandbits(160):040x}\n" for _ in range(lines)]

    document = {
        "cells": [
            {
                "cell_type": "code",
                "execution_count": number,
                "id": f"cell-{number}",
                "metadata": {},
                "outputs": [{"name": "stdout", "output_type": "stream", "text": block()}],
                "source": [*block(), "done"],
            }
            for number in range(cells)
        ],
        "metadata": {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1).encode() + b"\n"


def with_line(content: bytes, cell: int, line: str) -> bytes:
    """Give a notebook with a line put first in one of its cells."""
    document = json.loads(content)
    document["cells"][cell]["source"].insert(0, f"{line}\n")
    return json.dumps(document, indent=1).encode() + b"\n"


def tree(files: int) -> Tree:
    """Give so many files of 1.6 kB in folders of a hundred, each tenth one a notebook of 10 kB."""
    return {
        f"unit{number // 100:03}/{name}": content
        for number in range(files)
        for name, content in [
            (f"file{number:05}.txt", text(number))
            if number % 10
            else (f"book{number:05}.ipynb", notebook(number))
        ]
    }


def edits_of(course: Tree, count: int) -> list[Tree]:
    """Give commits to a course that change two of its texts and a notebook each."""
    texts = [path for path in course if path.endswith(".txt")]
    books = [path for path in course if path.endswith(".ipynb")]
    return [
        {
            texts[0]: _shifted(course[texts[0]], number),
            texts[number % len(texts)]: text(10_000 + number),
            books[0]: with_line(course[books[0]], 1, f"upstream = {number}"),
        }
        for number in range(1, count + 1)
    ]


def _shifted(content: bytes, number: int) -> bytes:
    """Change the first line; a learner's edit of the last one is in nobody's way."""
    return b"%d\n" % number + content.partition(b"\n")[2]


def publish(root: Path, name: str, commits: Iterable[Tree]) -> Path:
    """Make a bare repository; each commit changes the files that are given for it.

    The commits are kept at ``refs/steps/0``, ``refs/steps/1`` ...; main stands at the first.
    """
    bare = root / name
    git("init", "--quiet", "--bare", "--initial-branch=main", bare)
    command = ["git", "fast-import", "--quiet", "--max-pack-size=4g"]
    with subprocess.Popen(command, cwd=bare, stdin=subprocess.PIPE) as importer:
        assert importer.stdin is not None
        importer.stdin.writelines(_stream(commits))
    if importer.returncode:
        raise RuntimeError("git fast-import failed")
    stand_at(bare, 0)
    git("config", "uploadpack.hideRefs", "refs/steps", cwd=bare)
    return bare


def stand_at(bare: Path, step: int) -> None:
    """Put main at one of the commits, as a push would."""
    git("update-ref", "refs/heads/main", f"refs/steps/{step}", cwd=bare)


def _stream(commits: Iterable[Tree]) -> Iterator[bytes]:
    for number, changes in enumerate(commits):
        yield b"commit refs/steps/%d\nmark :%d\n" % (number, number + 1)
        yield b"committer " + _WHO % (1_700_000_000 + number) + b"\ndata 4\nstep\n"
        if number:
            yield b"from :%d\n" % number
        for path, content in changes.items():
            yield b"M 100644 inline %b\ndata %d\n%b\n" % (path.encode(), len(content), content)
        yield b"\n"
