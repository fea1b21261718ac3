"""The buttons of a book: what they add to its build."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

from bench.runner import Row, Trial

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PAGES, _CHAPTERS = 1000, 20
_WITHOUT = "myst_nb"
_WITH = f"{_WITHOUT},nbpull_links.sphinx_ext"
_CONF = """
project = "Course"
html_theme = "alabaster"
nb_execution_mode = "off"
nbpull_content_repo = "https://github.com/org/course"
nbpull_content_branch = "main"
nbpull_path_to_docs = "book"
nbpull_hubs = ["https://hub.example.org", "https://hub.example.com/jupyter"]
nbpull_binder = {"env_repo": "https://github.com/org/environment", "env_branch": "2026-01"}
nbpull_own_hub = True
nbpull_buttons = ["hub", "binder", "colab", "own-hub"]
"""


def _notebook(number: int) -> str:
    """Give a page as teachers write them: some text, some code, nothing executed."""
    texts = (f"# Page {number}\n\nWhat it is about.", "Some **words** and $x^2$.\n\n- one\n- two")
    cells = [{"cell_type": "markdown", "metadata": {}, "source": text} for text in texts]
    code = {"cell_type": "code", "metadata": {}, "source": f"x = {number}\nprint(x)"}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps(
        {
            "cells": [cells[0], code | {"execution_count": None, "outputs": []}, cells[1]],
            "metadata": {"kernelspec": kernel},
            "nbformat": 4,
            "nbformat_minor": 4,
        }
    )


def _write_book(source: Path) -> None:
    chapters = [f"chapter{number}" for number in range(_CHAPTERS)]
    for chapter in chapters:
        pages = [f"page{number}" for number in range(_PAGES // _CHAPTERS)]
        (source / chapter).mkdir(parents=True)
        for number, page in enumerate(pages):
            (source / chapter / f"{page}.ipynb").write_text(_notebook(number), encoding="utf-8")
        _write_contents(source / chapter / "index.md", chapter, pages)
    _write_contents(source / "index.md", "Course", [f"{chapter}/index" for chapter in chapters])
    (source / "conf.py").write_text(_CONF, encoding="utf-8")


def _write_contents(file: Path, title: str, entries: list[str]) -> None:
    listed = "\n".join(entries)
    file.write_text(f"# {title}\n\n```{{toctree}}\n{listed}\n```\n", encoding="utf-8")


def _build(source: Path, out: Path, extensions: str) -> float:
    """Build the book from nothing, and give the seconds of processor time."""
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-D", f"extensions={extensions}"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [*command, str(source), str(out)],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    shown = "nbpull-launch" in (out / "chapter0" / "page0.html").read_text(encoding="utf-8")
    if shown != (extensions == _WITH):
        raise AssertionError(f"a page built with {extensions} has the wrong buttons")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@contextmanager
def _book(directory: Path, _: int) -> Iterator[Trial]:
    _write_book(directory / "source")
    numbers = count()

    def build(extensions: str) -> float:
        return _build(directory / "source", directory / f"out{next(numbers)}", extensions)

    yield Trial(subject=lambda: build(_WITH), floor=lambda: build(_WITHOUT))


ROWS = (
    Row(
        name="sphinx-build",
        what=f"a book of {_PAGES} notebooks with a menu on each / without, processor time",
        prepare=_book,
        unit="s",
        limit=1.02,
        runs=5,
    ),
)
