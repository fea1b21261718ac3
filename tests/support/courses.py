"""Courses as plain values: a notebook as a list of cells, and what people do to it.

This is the model that the merge is held against. A cell knows who it is, which no file
tells, so that what ought to become of it can be said without any matching.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

PATTERNS = ("# Exercise\nimport math\n", "", "import numpy as np\nprint('start')\n")


@dataclass(frozen=True)
class Cell:
    key: str
    kind: str
    lines: tuple[str, ...]
    outputs: tuple[str, ...] = ()
    count: int | None = None
    metadata: dict = field(default_factory=dict, hash=False)

    @property
    def source(self):
        return "\n".join(self.lines)

    def to_json(self, cell_id):
        value = {"cell_type": self.kind, "metadata": dict(self.metadata)}
        value["source"] = self.source.splitlines(keepends=True)
        if cell_id is not None:
            value["id"] = cell_id
        if self.kind == "code":
            value["execution_count"] = self.count
            value["outputs"] = [
                {"name": "stdout", "output_type": "stream", "text": [line]} for line in self.outputs
            ]
        return value


def notebook(cells, *, ids=True, minor=None, names=None, indent=1, metadata=None):
    """Write cells as a file; ``names`` gives other ids than the keys."""
    values = [
        cell.to_json((names or {}).get(cell.key, cell.key) if ids else None) for cell in cells
    ]
    value = {"cells": values, "metadata": metadata or {}, "nbformat": 4}
    value["nbformat_minor"] = minor if minor is not None else 5 if ids else 4
    return (json.dumps(value, indent=indent, sort_keys=True, ensure_ascii=False) + "\n").encode()


def cells_of(data):
    return json.loads(data)["cells"]


def source_of(cell):
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


@dataclass
class Person:
    """One side: its cells, and what was done to them, by their keys."""

    name: str
    cells: list[Cell]
    base: list[Cell]
    moved: set[str] = field(default_factory=set)
    steps: int = 0

    @property
    def keys(self):
        return [cell.key for cell in self.cells]

    @property
    def edited(self):
        return self._differ("lines")

    @property
    def changed(self):
        """What the person wrote into: a cell that was only run is not."""
        return self.edited | self._differ("metadata") | self._differ("kind")

    @property
    def ran(self):
        return self._differ("outputs") | self._differ("count")

    @property
    def touched(self):
        return self.changed | self.ran

    def _differ(self, name):
        old = {cell.key: cell for cell in self.base}
        return {
            cell.key
            for cell in self.cells
            if cell.key in old and getattr(cell, name) != getattr(old[cell.key], name)
        }

    def get(self, key):
        return next((cell for cell in self.cells if cell.key == key), None)

    def act(self, action, where, which):
        self.steps += 1
        word = f"{self.name}-{self.steps}-{which}"
        place = where % (len(self.cells) + 1)
        if action == "add":
            lines = (f"{word} brings {which * 7919}", f"and {word} says {which * 104729}")
            kind = ("code", "markdown", "raw")[which % 3]
            self.cells.insert(place, Cell(f"{self.name}{self.steps}", kind, lines))
        elif self.cells:
            getattr(self, action)(place % len(self.cells), which, word)

    def edit(self, place, which, word):
        cell = self.cells[place]
        lines = list(cell.lines)
        at = which % len(lines) if lines else 0
        if which % 3 == 0:
            lines.insert(at, f"{word} inserts")
        elif which % 3 == 1 or len(lines) < 4:
            lines[at : at + 1] = [f"{word} changes"]
        else:
            del lines[at]
        self.cells[place] = replace(cell, lines=tuple(lines))

    def delete(self, place, _which, _word):
        del self.cells[place]

    def move(self, place, which, _word):
        cell = self.cells.pop(place)
        self.cells.insert(which % (len(self.cells) + 1), cell)
        self.moved.add(cell.key)

    def run(self, place, which, word):
        cell = self.cells[place]
        if cell.kind == "code":
            self.cells[place] = replace(cell, outputs=(f"{word} prints",), count=which + 1)

    def retype(self, place, _which, _word):
        cell = self.cells[place]
        kind = {"code": "markdown", "markdown": "code", "raw": "code"}[cell.kind]
        self.cells[place] = replace(cell, kind=kind, outputs=(), count=None)

    def tag(self, place, _which, word):
        cell = self.cells[place]
        self.cells[place] = replace(cell, metadata={**cell.metadata, self.name: word})


def base_cell(number, kind, length, pattern):
    head = PATTERNS[pattern].splitlines()
    lines = [f"cell {number} line {k} holds {number * 31 + k * 17}" for k in range(length)]
    return Cell(f"b{number}", kind, (*head, *lines))


bases = st.lists(
    st.tuples(st.sampled_from(["code", "markdown"]), st.integers(3, 7), st.integers(0, 2)),
    min_size=0,
    max_size=7,
).map(lambda rows: [base_cell(number, *row) for number, row in enumerate(rows)])

ACTIONS = ("add", "edit", "edit", "edit", "delete", "move", "run", "tag", "retype")
deeds = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.integers(0, 20), st.integers(0, 40)), max_size=7
)


def play(name, base, script):
    person = Person(name, list(base), base)
    for deed in script:
        person.act(*deed)
    return person
