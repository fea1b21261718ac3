"""Write a merged notebook as the learner's file with parts of it replaced."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nbpull_sync.cells import GONE
from nbpull_sync.jsontext import encoded, rewrite
from nbpull_sync.nbfile import joined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbpull_sync.cells import Draft
    from nbpull_sync.jsontext import Bytes
    from nbpull_sync.nbfile import Cell, Notebook

_CELL = 2  # the depth at which a cell stands


def write(
    ours: Notebook,
    theirs: Notebook,
    drafts: Sequence[Draft],
    ids: Sequence[str] | None,
    top: Mapping[str, Any],
) -> bytes | None:
    """Give the bytes of the merged notebook; None where they are the learner's own.

    Args:
        ours: The learner's notebook, whose layout is kept.
        theirs: Upstream's.
        drafts: The merged cells.
        ids: Their ids; None for a format that has none.
        top: The members beside the cells that differ from the learner's; GONE for none.
    """
    writer = _Writer(ours, theirs)
    new = [writer.new_fields(draft, ids[n] if ids else None) for n, draft in enumerate(drafts)]
    same = [draft.cell for draft in drafts] == ours.cells and not any(new)
    if same and not top:
        return None
    head, tail = writer.frame(top)
    if same:
        body = ours.top["cells"]
        return b"".join((head, memoryview(ours.data)[body.value_start : body.stop], tail))
    cells = [writer.cell(draft, fields) for draft, fields in zip(drafts, new, strict=True)]
    return b"".join((head, *writer.body(cells), tail))


class _Writer:
    """What is written in the learner's layout."""

    def __init__(self, ours: Notebook, theirs: Notebook) -> None:
        self.ours = ours
        self.style = ours.layout
        self.strings = bool(theirs.strings if ours.strings is None else ours.strings)
        # Whether upstream's cells can stand as they are; that their keys are sorted is no harm.
        plain = replace(theirs.layout, sort=self.style.sort and theirs.layout.sort)
        self.alike = plain == self.style and theirs.strings in (None, self.strings)

    def new_fields(self, draft: Draft, name: str | None) -> dict[str, Any]:
        """Give the members of a cell that are to be other than in its file."""
        fields = dict(draft.fields)
        if name is not None and name != draft.cell.id:
            fields["id"] = name
        elif name is None and draft.cell.id and not draft.mine:
            fields["id"] = GONE
        return fields

    def cell(self, draft: Draft, fields: Mapping[str, Any]) -> list[Bytes]:
        """Write one cell: its own text where it can stand, with other values in it, in pieces."""
        cell = draft.cell
        as_it_is = draft.mine or self.alike
        if as_it_is and not fields:
            return [cell.raw]
        strings = _writes_strings(cell, default=self.strings) if draft.mine else self.strings
        values = {**cell.value, **fields}
        keys = [key for key in values if values[key] is not GONE]
        if "id" in fields and "id" not in cell.value and "metadata" in keys:
            keys.remove("id")  # a new id goes where nbformat writes it
            keys.insert(keys.index("metadata"), "id")
        if self.style.sort:
            keys.sort()
        if not as_it_is:
            whole = {key: _shaped(key, values[key], strings=strings) for key in keys}
            return [encoded(self.style.write(whole, _CELL))]
        texts = {
            key: self.style.write(_shaped(key, value, strings=strings), _CELL + 1)
            for key, value in fields.items()
            if value is not GONE
        }
        return rewrite(cell.raw, texts, keys, self.style, _CELL + 1)

    def body(self, cells: Sequence[list[Bytes]]) -> list[Bytes]:
        """Set the cells apart as the learner's file does."""
        if not cells:
            return [b"[]"]
        data, old, body = self.ours.data, self.ours.cells, self.ours.top["cells"]
        style = self.style
        lead, tail = style.line(_CELL).encode(), style.line(_CELL - 1).encode()
        comma = style.comma.encode() + lead
        if old:
            lead = data[body.value_start + 1 : old[0].start]
            tail = data[old[-1].stop : body.stop - 1]
        if len(old) > 1:
            comma = data[old[0].stop : old[1].start]
        parts: list[Bytes] = [b"[", lead]
        for number, cell in enumerate(cells):
            parts += [comma, *cell] if number else cell
        return [*parts, tail, b"]"]

    def frame(self, top: Mapping[str, Any]) -> tuple[Bytes, Bytes]:
        """Write what stands before and after the value of ``cells``."""
        ours, body = self.ours, self.ours.top["cells"]
        data = memoryview(ours.data)
        before, after = data[: body.value_start], data[body.stop :]
        if not top:
            return before, after
        outline = bytes(before[ours.start :]) + b"[]" + ours.data[body.stop : ours.stop]
        keys = [key for key in {**ours.top, **top} if top.get(key) is not GONE]
        texts = {key: self.style.write(value, 1) for key, value in top.items() if value is not GONE}
        # No JSON text holds a NUL, so it marks the place of the cells.
        pieces = rewrite(outline, {**texts, "cells": "\0"}, keys, self.style, 1)
        head, _, tail = b"".join(pieces).partition(b"\0")
        return ours.data[: ours.start] + head, tail + ours.data[ours.stop :]


def _writes_strings(cell: Cell, *, default: bool) -> bool:
    source = cell.value.get("source")
    return isinstance(source, str) if source else default


def _shaped(key: str, value: Any, *, strings: bool) -> Any:
    """Give a value with its multi-line strings as one string or as lists of lines."""
    if key in ("source", "text"):
        return _lines(value, strings=strings)
    if key == "outputs" and isinstance(value, list):
        return [
            {name: _shaped(name, item, strings=strings) for name, item in output.items()}
            if isinstance(output, dict)
            else output
            for output in value
        ]
    if key == "data" and isinstance(value, dict):
        return {
            mime: item if mime.endswith("json") else _lines(item, strings=strings)
            for mime, item in value.items()
        }
    return value


def _lines(value: Any, *, strings: bool) -> Any:
    whole = joined(value)
    if not isinstance(whole, str) or strings:
        return whole
    return whole.splitlines(keepends=True)
