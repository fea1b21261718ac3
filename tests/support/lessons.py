"""Lessons: one notebook, and what a teacher and a learner each do to their copy of it.

Every cell and every line knows who it is, which no file tells. What must become of each can
therefore be said from the deeds alone, without comparing any text: see ``expect.py``.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field, replace

KINDS = ("code", "code", "markdown", "raw")
ALIKE = (  # what stands in many cells of many notebooks
    "plt.show()", "pass", "# YOUR CODE HERE", "df.head()", "## Exercise", "print(x)", "x = 1",
)  # fmt: skip
PATTERNS = ("x{0} = {0}", "print(x{0})", "plot({0})", "## Part {0}", "x = {0}", "f({0}, {0})")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that keeps its token when its text changes."""

    token: str
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that keeps its key whatever is done to it."""

    key: str
    kind: str
    lines: tuple[Line, ...]
    outputs: tuple[str, ...] = ()
    count: int | None = None
    metadata: dict = field(default_factory=dict, hash=False)
    pictures: dict = field(default_factory=dict, hash=False)

    @property
    def texts(self):
        return [line.text for line in self.lines]

    @property
    def source(self):
        return "\n".join(self.texts)

    @property
    def written(self):
        """What its author wrote: a cell that was only run or folded is as it was."""
        tags = {key: value for key, value in self.metadata.items() if key != "collapsed"}
        return self.kind, self.texts, tags, self.pictures

    @property
    def ran(self):
        return self.outputs, self.count


@dataclass
class Copy:
    """One person's copy of the lesson. Each deed is a verb and two numbers that choose."""

    name: str
    base: list[Cell]
    alike: bool = False
    cells: list[Cell] = field(default_factory=list)
    moved: bool = False
    number: int = 0

    def __post_init__(self):
        self.cells = list(self.base)

    @property
    def keys(self):
        return [cell.key for cell in self.cells]

    def get(self, key):
        return next((cell for cell in self.cells if cell.key == key), None)

    def do(self, verb, place, choice):
        self.number += 1
        if verb == "add":
            self._add(place, choice)
        elif self.cells:
            getattr(self, f"_{verb}")(place % len(self.cells), choice)

    def paste(self):
        """Give a cell that is gone, and whose text now stands under a new key, its own again.

        No file tells a cell that was copied and then deleted from one that was cut and pasted.
        """
        known, here = ({cell.key for cell in cells} for cells in (self.base, self.cells))
        texts = [[(it.kind, it.source) for it in cells] for cells in (self.base, self.cells)]
        for cell, text in zip(self.base, texts[0], strict=True):
            if cell.key not in here and cell.source and all(it.count(text) == 1 for it in texts):
                place = texts[1].index(text)
                if self.cells[place].key not in known:
                    self.moved = True
                    self._put(place, key=cell.key)

    def _word(self):
        return f"{self.name}{self.number}"

    def _text(self, choice):
        """Give a new line: one of its own, or in an alike lesson one as others are."""
        if not self.alike:
            return f"{self._word()} writes {choice * 7919 + self.number * 104729}"
        if choice % 3 == 0:
            return ALIKE[choice % len(ALIKE)]
        return PATTERNS[choice % len(PATTERNS)].format(choice % 10)

    def _line(self, choice):
        return Line(f"{self._word()}.{choice}", self._text(choice))

    def _add(self, place, choice):
        lines = [self._line(choice + 40 * n) for n in range(1 if self.alike else 1 + choice % 3)]
        cell = Cell(self._word(), KINDS[choice % len(KINDS)], tuple(lines))
        self.cells.insert(place % (len(self.cells) + 1), cell)

    def _delete(self, place, _):
        del self.cells[place]

    def _move(self, place, choice):
        cell = self.cells.pop(place)
        to = choice % (len(self.cells) + 1)
        self.cells.insert(to, cell)
        self.moved = self.moved or to != place

    def _duplicate(self, place, _):
        self.cells.insert(place + 1, replace(self.cells[place], key=self._word()))

    def _change(self, place, choice):
        """Change one line so that it can still be known."""
        lines = list(self.cells[place].lines)
        if not lines:
            return self._insert(place, choice)
        at = choice % len(lines)
        lines[at] = replace(lines[at], text=f"{lines[at].text}  # {self._word()}")
        return self._put(place, lines=tuple(lines))

    def _insert(self, place, choice):
        lines = list(self.cells[place].lines)
        lines.insert(choice % (len(lines) + 1), self._line(choice))
        self._put(place, lines=tuple(lines))

    def _strike(self, place, choice):
        lines = list(self.cells[place].lines)
        if len(lines) > 1:
            del lines[choice % len(lines)]
        self._put(place, lines=tuple(lines))

    def _empty(self, place, _):
        self._put(place, lines=())

    def _split(self, place, choice):
        cell = self.cells[place]
        if len(cell.lines) > 1:
            at = 1 + choice % (len(cell.lines) - 1)
            self._put(place, lines=cell.lines[:at])
            rest = Cell(self._word(), cell.kind, cell.lines[at:])
            self.cells.insert(place + 1, rest)

    def _join(self, place, _):
        pair = self.cells[place : place + 2]
        kinds, texts = {cell.kind for cell in pair}, [it for cell in pair for it in cell.texts]
        if len(pair) == 2 and len(kinds) == 1 and len(set(texts)) == len(texts):
            self._put(place, lines=pair[0].lines + pair[1].lines)
            del self.cells[place + 1]

    def _run(self, place, choice):
        if self.cells[place].kind == "code":
            self._put(place, outputs=(f"{self._word()} prints",), count=choice + 1)

    def _clear(self, place, _):
        self._put(place, outputs=(), count=None)

    def _tag(self, place, choice):
        key = self.name if choice % 2 else "tag"
        self._put(place, metadata={**self.cells[place].metadata, key: self._word()})

    def _fold(self, place, _):
        if self.cells[place].kind == "code":
            self._put(place, metadata={**self.cells[place].metadata, "collapsed": True})

    def _retype(self, place, _):
        kind = {"code": "markdown", "markdown": "code", "raw": "code"}[self.cells[place].kind]
        tags = {key: it for key, it in self.cells[place].metadata.items() if key != "collapsed"}
        self._put(place, kind=kind, outputs=(), count=None, pictures={}, metadata=tags)

    def _attach(self, place, choice):
        if self.cells[place].kind == "markdown":
            name = f"{self.name if choice % 2 else 'same'}.png"
            bundle = {name: {"image/png": self._word()}}
            self._put(place, pictures={**self.cells[place].pictures, **bundle})

    def _put(self, place, **values):
        self.cells[place] = replace(self.cells[place], **values)


VERBS = (
    *("add", "add", "add", "change", "change", "change", "insert", "insert", "strike"),
    *("delete", "move", "duplicate", "empty", "split", "join", "retype"),
    *("run", "run", "clear", "tag", "fold", "attach"),
)
Deed = tuple[str, int, int]


@dataclass(frozen=True)
class Scene:
    """A lesson and what both people do to it; drawn from a seed, and cut down by hand."""

    cells: tuple[Cell, ...]
    mine: tuple[Deed, ...]
    yours: tuple[Deed, ...]
    alike: bool

    def play(self):
        """Give base, ours and theirs."""
        ours, theirs = (Copy(name, list(self.cells), self.alike) for name in ("mine", "yours"))
        for copy, deeds in ((ours, self.mine), (theirs, self.yours)):
            for deed in deeds:
                copy.do(*deed)
            copy.paste()
        return list(self.cells), ours, theirs


def draw(seed, *, alike=False, verbs=VERBS, most=7):
    """Draw a scene."""
    rng = random.Random(seed)
    cells = tuple(_first(rng, number, alike=alike) for number in range(rng.randrange(7)))

    def deeds():
        return tuple(
            (rng.choice(verbs), rng.randrange(40), rng.randrange(40))
            for _ in range(rng.randrange(most))
        )

    return Scene(cells, deeds(), deeds(), alike)


def _first(rng, number, *, alike):
    kind = rng.choice(KINDS)
    if alike:
        pattern = rng.choice(PATTERNS).format(rng.randrange(6))
        texts = [rng.choice((rng.choice(ALIKE), pattern)) for _ in range(rng.choice((0, 1, 1, 2)))]
    else:
        texts = [
            f"b{number} line {k} holds {number * 31 + k * 17}" for k in range(rng.randrange(6))
        ]
    lines = tuple(Line(f"b{number}.{k}", text) for k, text in enumerate(texts))
    outputs = ("base prints",) if kind == "code" and rng.random() < 0.3 else ()
    metadata = {"tag": "base"} if rng.random() < 0.3 else {}
    return Cell(f"b{number}", kind, lines, outputs, 1 if outputs else None, metadata)


def to_json(cell, name):
    """Write a cell as nbformat does."""
    value = {"cell_type": cell.kind, "metadata": cell.metadata}
    value["source"] = cell.source.splitlines(keepends=True)
    if name is not None:
        value["id"] = name
    if cell.kind == "code":
        value["execution_count"] = cell.count
        value["outputs"] = [
            {"name": "stdout", "output_type": "stream", "text": [line]} for line in cell.outputs
        ]
    elif cell.pictures:
        value["attachments"] = cell.pictures
    return value


def to_file(cells, *, names=None, minor=5, metadata=None, layout=None):
    """Write a notebook; ``names`` gives the ids, the keys by default."""
    ids = {cell.key: cell.key for cell in cells} if names is None else names
    values = [to_json(cell, ids.get(cell.key) if minor >= 5 else None) for cell in cells]
    value = {"cells": values, "metadata": metadata or {}, "nbformat": 4}
    value["nbformat_minor"] = minor
    style = {"indent": 1, "ensure_ascii": False, "sort_keys": True, **(layout or {})}
    return (json.dumps(value, **style) + "\n").encode()


def to_old_file(cells, metadata=None):
    """Write a notebook of version 3."""
    sheet = []
    for cell in cells:
        value = {"cell_type": cell.kind, "metadata": cell.metadata}
        lines = cell.source.splitlines(keepends=True)
        if cell.kind == "code":
            outputs = [
                {"output_type": "stream", "stream": "stdout", "text": [line]}
                for line in cell.outputs
            ]
            value |= {"input": lines, "language": "python", "outputs": outputs, "collapsed": False}
            if cell.count is not None:
                value["prompt_number"] = cell.count
        else:
            value["source"] = lines
        sheet.append(value)
    value = {"metadata": {"name": "", **(metadata or {})}, "nbformat": 3, "nbformat_minor": 0}
    return json.dumps(value | {"worksheets": [{"cells": sheet, "metadata": {}}]}, indent=1).encode()
