"""A small course of real notebooks, and what its teacher and its learner do with it."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

if TYPE_CHECKING:
    from pathlib import Path

NAME = "weather-course"
LESSON = "lessons/01-temperatures.ipynb"
NEXT_LESSON = "lessons/02-rain.ipynb"
DATA = "data/temperatures.csv"
NOTES = "my-notes.md"

ANSWER = "warmest = max(rows, key=lambda row: float(row['celsius']))\nwarmest['day']"
REMARK = "A cell of my own: Tuesday was the warmest, but I expected Sunday."
HINT = "**Hint:** `max` takes a `key`: what to compare by."
CORRECTION = "with open('../data/temperatures.csv', encoding='utf-8') as file:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The course: a bare repository to clone from, and the teacher's own checkout of it."""

    bare: Path
    checkout: Path

    @classmethod
    def create(cls, root: Path, checkout: Path) -> Course:
        """Write the course's first week and publish it as ``root/weather-course.git``."""
        course = cls(bare=root / f"{NAME}.git", checkout=checkout)
        _git("init", "--quiet", "--bare", "--initial-branch=main", str(course.bare))
        _git("init", "--quiet", "--initial-branch=main", str(checkout))
        _write(checkout / "README.md", "# Weather\n\nA first course in reading data.\n")
        _write(checkout / DATA, "day,celsius\nMonday,18.5\nTuesday,24.0\n")
        _write_notebook(checkout / LESSON, _first_lesson())
        course.publish("The first week")
        return course

    def publish(self, message: str) -> None:
        """Commit all of the checkout and push it."""
        _git("add", "--all", cwd=self.checkout)
        _git("commit", "--quiet", f"--message={message}", cwd=self.checkout)
        _git("push", "--quiet", str(self.bare), "main", cwd=self.checkout)

    def update(self) -> None:
        """Correct and extend the lesson, add data and a second lesson: the teacher's next week."""
        lesson = read_notebook(self.checkout / LESSON)
        load = cell(lesson, "load")
        load.source = load.source.replace(load.source.splitlines()[1], CORRECTION)
        position = lesson.cells.index(cell(lesson, "task")) + 1
        lesson.cells.insert(position, new_markdown_cell(HINT, id="hint"))
        _write_notebook(self.checkout / LESSON, lesson)
        with (self.checkout / DATA).open("a", encoding="utf-8") as data:
            data.write("Wednesday,21.5\n")
        _write_notebook(self.checkout / NEXT_LESSON, _second_lesson())
        self.publish("The second week, and a correction to the first")


def learn(workspace: Path) -> None:
    """Work in the workspace as a learner does: answer, remark, and take notes."""
    lesson = read_notebook(workspace / LESSON)
    answer = cell(lesson, "answer")
    answer.source = ANSWER
    answer.execution_count = 3
    answer.outputs = [
        nbformat.v4.new_output("execute_result", {"text/plain": "'Tuesday'"}, execution_count=3)
    ]
    lesson.cells.append(new_markdown_cell(REMARK, id="remark"))
    _write_notebook(workspace / LESSON, lesson)
    _write(workspace / NOTES, "Ask on Thursday: why does a file need an encoding?\n")


def missing(workspace: Path) -> list[str]:
    """Name what should be in a workspace after both have worked, and is not.

    Returns:
        A line for each thing of the learner's that was lost and each of the teacher's that
        did not arrive; empty where all is well.
    """
    expected = {
        "the learner's answer": (LESSON, ANSWER),
        "the learner's own cell": (LESSON, REMARK),
        "the learner's notes": (NOTES, "Ask on Thursday"),
        "the teacher's hint": (LESSON, HINT),
        "the teacher's correction": (LESSON, CORRECTION),
        "the teacher's new data": (DATA, "Wednesday,21.5"),
        "the teacher's second lesson": (NEXT_LESSON, "How much did it rain?"),
    }
    return [
        f"{what} is not in {path}"
        for what, (path, text) in expected.items()
        if text not in _text(workspace / path)
    ]


def read_notebook(path: Path) -> Any:
    """Read a notebook and hold it to its format."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook


def cell(notebook: Any, cell_id: str) -> Any:
    """Find a cell by its id."""
    return next(each for each in notebook.cells if each.id == cell_id)


def _text(path: Path) -> str:
    """Give all that a reader sees in a file; nothing where there is none."""
    if not path.exists():
        return ""
    if path.suffix == ".ipynb":
        return "\n\n".join(each.source for each in read_notebook(path).cells)
    return path.read_text(encoding="utf-8")


def _first_lesson() -> Any:
    return _notebook(
        new_markdown_cell("# Temperatures\n\nWe read a week of weather.", id="title"),
        new_code_cell(
            "import csv\n"
            "with open('../data/temperatures.csv') as file:\n"
            "    rows = list(csv.DictReader(file))\n"
            "len(rows)",
            id="load",
        ),
        new_markdown_cell("## Your task\n\nWhich day was the warmest?", id="task"),
        new_code_cell("# your answer here", id="answer"),
    )


def _second_lesson() -> Any:
    return _notebook(
        new_markdown_cell("# Rain\n\nHow much did it rain?", id="rain-title"),
        new_code_cell("millimetres = [0, 3.5, 12]\nsum(millimetres)", id="rain-sum"),
    )


def _notebook(*cells: Any) -> Any:
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    return new_notebook(
        cells=list(cells),
        metadata={"kernelspec": kernel, "language_info": {"name": "python"}},
    )


def _write_notebook(path: Path, notebook: Any) -> None:
    nbformat.validate(notebook)
    _write(path, nbformat.writes(notebook) + "\n")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _git(*arguments: str, cwd: Path | None = None) -> None:
    """Run git as the teacher, whatever the user of the machine has configured."""
    environ = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "The teacher",
        "GIT_AUTHOR_EMAIL": "teacher@example.org",
        "GIT_COMMITTER_NAME": "The teacher",
        "GIT_COMMITTER_EMAIL": "teacher@example.org",
    }
    subprocess.run(["git", *arguments], cwd=cwd, env=environ, check=True)  # noqa: S603, S607 - fixed commands of the user's git
