"""Read a notebook file into cells that know where they stand in it.

nbformat upgrades what is older than version 4; the cells of version 4 are read here, one
by one and by their place, for the merge puts the learner's own bytes back wherever it can,
and a notebook of 20 MB is not to be held in memory as objects three times over.
"""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from typing import Any

from nbpull_sync.jsontext import (
    Member,
    Raw,
    Style,
    elements,
    is_sorted,
    members,
    scan,
    skim,
    skip,
    spans,
    style_of,
)

_BOM = b"\xef\xbb\xbf"
_HELD = 4 << 20  # bytes of a file up to which its cells stay in memory as objects
_LARGE = 1 << 16  # characters of outputs beyond which they stay text in a file larger than that
_TELLING = 10  # cells that show how the whole file is laid out
_MARKER = re.compile(rb"^(?:<{7}|={7}|>{7})(?: |\r?$)", re.MULTILINE)
_MAJOR = 4
_DIGITS = 9  # of a version number; more are no number of a version
IDS_SINCE = 5  # the minor version of nbformat 4 from which each cell has an id


class NotANotebookError(Exception):
    """A file cannot be read as a notebook; the message completes "it ..."."""


class Cell:
    """One cell of a notebook file.

    Attributes:
        id: Its id, None where it has none.
        kind: ``code``, ``markdown``, ``raw``; empty where it does not say.
        digest: What tells its kind and source from others.
        blank: Whether its source is empty, which tells nothing.
    """

    __slots__ = ("_data", "_value", "blank", "digest", "id", "kind", "start", "stop")

    def __init__(self, data: bytes, start: int, stop: int, value: dict[str, Any]) -> None:
        self._data = data
        self.start = start
        self.stop = stop
        held = len(data) <= _HELD
        raw = data[start:stop]
        if not raw.isascii():
            value, _ = (scan if held else skim)(raw.decode(), 0)
        self._value = value if held else None
        name, kind = value.get("id"), value.get("cell_type")
        self.id: str | None = name if isinstance(name, str) and name else None
        self.kind: str = kind if isinstance(kind, str) else ""
        source = joined(value.get("source"))
        self.blank = isinstance(source, str) and not source.strip()
        known = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else raw
        self.digest = blake2b(
            known, digest_size=16, person=self.kind.encode("utf-8", "surrogatepass")[:16]
        ).digest()

    @property
    def raw(self) -> memoryview:
        """The bytes of the cell in its file."""
        return memoryview(self._data)[self.start : self.stop]

    @property
    def text(self) -> str:
        """The JSON text of the cell."""
        return self._data[self.start : self.stop].decode()

    @property
    def value(self) -> dict[str, Any]:
        """The cell as an object, never to be changed; numbers as they are written."""
        if self._value is not None:
            return self._value
        if self.stop - self.start > _LARGE:
            return _opened(self.raw)
        value: dict[str, Any] = scan(self.text, 0)[0]
        return value

    @property
    def source(self) -> str:
        """The source as one string; empty where there is none."""
        source = joined(self.value.get("source"))
        return source if isinstance(source, str) else ""

    def is_same_text(self, other: Cell) -> bool:
        """Tell whether both stand in their files with the same bytes."""
        return self.stop - self.start == other.stop - other.start and self.raw == other.raw


def _opened(view: memoryview) -> dict[str, Any]:
    """Read a cell of a large notebook; outputs that are large themselves stay in their file."""
    return {
        key: Raw(view[start:stop])
        if key == "outputs" and stop - start > _LARGE
        else scan(str(view[start:stop], "utf-8"), 0)[0]
        for key, (_, start, stop) in spans(view).items()
    }


@dataclass(frozen=True)
class Notebook:
    """A notebook file: its bytes, and where its parts stand in them.

    Attributes:
        data: The file, upgraded to version 4 where it was older.
        start: Where the outermost object starts.
        stop: Where it ends.
        top: Its members; the value of ``cells`` is left empty.
        cells: The cells.
        style: How the file is laid out.
    """

    data: bytes
    start: int
    stop: int
    top: dict[str, Member]
    cells: list[Cell]
    style: Style

    @cached_property
    def minor(self) -> int:
        """The minor version of the format."""
        return _whole(self.top.get("nbformat_minor"), IDS_SINCE - 1)

    @cached_property
    def strings(self) -> bool | None:
        """Whether sources are plain strings, not lists of lines; None where nothing tells."""
        for cell in self.cells:
            source = cell.value.get("source")
            if isinstance(source, (list, str)) and source:
                return isinstance(source, str)
        return None

    @cached_property
    def layout(self) -> Style:
        """The style, and whether keys are sorted as far as the first cells tell."""
        cells = [cell.value for cell in self.cells[:_TELLING]]
        told = [{key: value[key] for key in value if key != "outputs"} for value in cells]
        sort = is_sorted([{key: member.value for key, member in self.top.items()}, *told])
        return replace(self.style, sort=sort)


def joined(value: Any) -> Any:
    """Give a multi-line string of the format as one string, anything else as it is."""
    if isinstance(value, list):
        try:
            return "".join(value)
        except TypeError:  # a list of something else than lines
            return value
    return value


def read(data: bytes) -> Notebook:
    """Read a notebook of any version up to 4.

    Raises:
        NotANotebookError: The file is no notebook.
    """
    if not data.strip():
        raise NotANotebookError("is empty")
    try:
        _check(data)
        notebook = _read(data)
        major = _whole(notebook.top.get("nbformat"), _MAJOR)
        if major < _MAJOR:
            notebook = _read(_upgraded(data))
    except (ValueError, IndexError) as error:
        if _MARKER.search(data):
            raise NotANotebookError("holds the conflict markers of an unfinished merge") from error
        raise NotANotebookError(f"is not valid JSON ({error})") from error
    if major > _MAJOR:
        raise NotANotebookError(f"is of a version of the format ({major}) that is not known here")
    if "cells" not in notebook.top:
        raise NotANotebookError("has no cells")
    return notebook


def _check(data: bytes) -> None:
    """See that the file is UTF-8, in parts, to hold no second copy of a large one."""
    if not data.isascii():
        decoder = codecs.getincrementaldecoder("utf-8")()
        for start in range(0, len(data), 1 << 20):
            decoder.decode(data[start : start + (1 << 20)])
        decoder.decode(b"", final=True)


def _read(data: bytes) -> Notebook:
    # One byte is one character in Latin-1, so that places in the text are places in the
    # file. What is not ASCII is read again from its own bytes.
    text = data.decode("latin-1")
    start = skip(text, len(_BOM) if data.startswith(_BOM) else 0)
    cells: list[Cell] = []

    def read_value(key: str, at: int) -> tuple[Any, int]:
        if key == '"cells"':
            cells[:], stop = _read_cells(data, text, at)
            return [], stop
        _, stop = scan(text, at)
        return scan(data[at:stop].decode(), 0)[0], stop

    found = list(members(text, start, read_value))
    stop = skip(text, found[-1].stop if found else start + 1) + 1
    if skip(text, stop) != len(text):
        raise json.JSONDecodeError("Extra data", text, stop)
    if not found:
        raise NotANotebookError("has no cells")
    style = style_of(data, text, found[0], found[1] if len(found) > 1 else None)
    return Notebook(data, start, stop, {member.key: member for member in found}, cells, style)


def _read_cells(data: bytes, text: str, at: int) -> tuple[list[Cell], int]:
    cells = []
    stop = at
    for value, start, stop in elements(text, at, scan if len(data) <= _HELD else skim):
        if stop == start + 1 and value is None:
            break
        if not isinstance(value, dict):
            raise NotANotebookError("has something among its cells that is no cell")
        cells.append(Cell(data, start, stop, value))
    return cells, stop


def _upgraded(data: bytes) -> bytes:
    """Upgrade a notebook older than version 4; ids are given where cells are written."""
    import nbformat  # noqa: PLC0415 -- a quarter of a second, and hardly ever needed

    try:
        node = nbformat.converter.convert(nbformat.reader.reads(data.decode("utf-8-sig")), _MAJOR)
    except Exception as error:  # whatever a broken file of an old version makes it raise
        raise NotANotebookError("cannot be upgraded to version 4 of the format") from error
    for cell in node["cells"]:
        cell.pop("id", None)
    for transient in ("orig_nbformat", "orig_nbformat_minor"):
        node["metadata"].pop(transient, None)
    node["nbformat_minor"] = IDS_SINCE - 1
    text = json.dumps(node, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return text.encode("utf-8", "backslashreplace")


def _whole(member: Member | None, default: int) -> int:
    """Read a version number; a file that does not tell is read by the default."""
    if member is not None and isinstance(member.value, tuple) and member.value[0].isdigit():
        return int(member.value[0][:_DIGITS])
    return default
