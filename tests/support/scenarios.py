"""Read the scenario table, ``tests/sync/scenarios.txt``, and make files of its words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from classroom import Link, Runs

TABLE = Path(__file__).parents[1] / "sync" / "scenarios.txt"


@dataclass(frozen=True)
class Scenario:
    """One row; its files lie in a folder of their own, and have contents of their own."""

    number: int
    text: str
    base: dict
    theirs: dict
    ours: dict
    there: dict
    said: dict

    @property
    def folder(self):
        return f"{self.number:02}/"


def read():
    """Give the rows of the table."""
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if line.strip()]
    return [_row(number, line) for number, line in enumerate(filter(_is_row, lines), 10)]


def _is_row(line):
    return not line.startswith("#")


def _row(number, line):
    *columns, said = line.split("|")
    files = [_files(number, column) for column in columns]
    told = dict(word.rsplit(":", 1) for word in said.split())
    told = {f"{number:02}/{name}": outcome for name, outcome in told.items()}
    return Scenario(number, " ".join(line.split()), *files, told)


def _files(number, column):
    pairs = (word.split("=", 1) for word in column.split())
    return {f"{number:02}/{name}": _content(number, name, word) for name, word in pairs}


def _content(number, name, word):
    if word == "x":
        return None
    if word.startswith("->"):
        return Link(word[2:])
    if name.endswith(".ipynb"):
        return _notebook(number, word)
    if name.endswith(".bin"):
        return bytes([0, 255, number]) + word.encode()
    text = _text(number, word.rstrip("!~"))
    if word.endswith("!"):
        return Runs(text)
    return text.replace("\n", "\r\n") if word.endswith("~") else text


def _text(number, word):
    """Give lines that tell the row, for git takes what is alike for moved."""
    if word == "empty":
        return ""
    lines = [f"{word if word == 'other' else 'row'} {number} line {k}" for k in range(1, 13)]
    plain = word.rstrip("+")
    lines[1] += {"theirs": " theirs", "both": " theirs", "clash": " ours"}.get(plain, "")
    lines[8] += " ours" if plain in {"ours", "both"} else ""
    return "\n".join([*lines, "the last", ""] if word.endswith("+") else [*lines, ""])


def _notebook(number, word):
    if word == "broken":
        return f"broken {number}"
    plain = word.rstrip("+")
    upstream = plain in {"theirs", "both"} or word.endswith("+")
    first = {"clash": " ours"}.get(plain, " theirs" if upstream else "")
    sources = {"a": f"first {number}{first}", "b": f"second {number}"}
    sources["b"] += " ours" if plain in {"ours", "both"} else ""
    sources |= {"c": f"third {number}"} if upstream else {}
    cells = [
        _cell(name, source, ran=plain == "ran" and name == "b") for name, source in sources.items()
    ]
    value = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(value, indent=1) + "\n"


def _cell(name, source, *, ran):
    output = {"name": "stdout", "output_type": "stream", "text": "printed\n"}
    return {
        "cell_type": "code",
        "execution_count": 3 if ran else None,
        "id": name,
        "metadata": {},
        "outputs": [output] if ran else [],
        "source": source,
    }


def joined(rows, side):
    """Give the files of all rows: ``base``, ``theirs`` (what changes), ``ours`` or ``there``."""
    return {name: it for row in rows for name, it in getattr(row, side).items()}


def changed(files, changes):
    """Give files after changes; None takes one away."""
    return {name: it for name, it in {**files, **changes}.items() if it is not None}


def is_mode(row):
    """Tell whether a row is about the executable bit."""
    return any(isinstance(it, Runs) for it in {**row.base, **row.theirs, **row.ours}.values())
