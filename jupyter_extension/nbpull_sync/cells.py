"""Merge three versions of one notebook cell, field by field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from nbpull_sync.nbfile import joined
from nbpull_sync.text import merge_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbpull_sync.nbfile import Cell

GONE: Any = object()
"""The value of a member that is not there."""

_EMPTY: Mapping[str, Any] = {"metadata": {}, "outputs": [], "execution_count": None}
_OF_CODE = ("outputs", "execution_count")
_TYPED = frozenset(("collapsed", "scrolled", "execution", "format"))
"""Metadata that the format constrains in cells of one type only."""
_VIEW_STATE = frozenset(
    (
        *("collapsed", "scrolled", "autoscroll", "trusted", "jupyter", "execution"),
        *("ExecuteTime", "executionInfo", "outputId", "vscode", "pycharm"),
    )
)
"""Metadata that an editor writes when a cell is run or looked at: no edit of the cell."""


@dataclass(slots=True)
class Draft:
    """A cell of the merged notebook before it is written.

    Attributes:
        cell: The cell whose bytes it takes.
        mine: Whether that is the learner's.
        fields: The values that differ from that cell's; GONE where one is to go.
        action: What is to be told of it.
        names: The ids that it may take, the best first.
    """

    cell: Cell
    mine: bool
    fields: dict[str, Any] = field(default_factory=dict)
    action: Literal["merged", "kept", "added", "not-taken"] | None = None
    names: tuple[str | None, ...] = ()

    @property
    def source(self) -> str:
        """The source of the merged cell."""
        source = self.fields.get("source")
        return source if isinstance(source, str) else self.cell.source


def merge_cell(base: Cell | None, ours: Cell, theirs: Cell) -> Draft:
    """Merge a cell that both sides have; without base, both added it."""
    if is_same(ours, theirs) or (base is not None and is_same(theirs, base)):
        return Draft(ours, mine=True)
    if base is not None and is_same(ours, base):
        return Draft(theirs, mine=False)
    mine, yours = ours.value, theirs.value
    old = base.value if base else {**_EMPTY, **_only(mine, "cell_type", "source")}
    if not all(_is_regular(value) for value in (old, mine, yours)):
        return Draft(ours, mine=True, action="not-taken")
    return _merge_fields(old, ours, yours)


def is_same(a: Cell, b: Cell) -> bool:
    """Tell whether two cells are the same but for their ids and how they are written."""
    if a.is_same_text(b):
        return True
    return a.digest == b.digest and _plain(a.value) == _plain(b.value)


def is_edit(before: Cell, after: Cell) -> bool:
    """Tell whether a cell was edited, not only run, folded or looked at."""
    if before.is_same_text(after):
        return False
    return before.digest != after.digest or _text_of(before.value) != _text_of(after.value)


def merge_json(base: Any, ours: Any, theirs: Any) -> Any:
    """Merge a value key by key, the learner's winning; GONE where nothing is left."""
    if ours in (base, theirs):
        return theirs
    if theirs == base:
        return ours
    if not (isinstance(ours, dict) and isinstance(theirs, dict)):
        return ours
    old = base if isinstance(base, dict) else {}
    merged = {}
    for key in _keys(list(ours), list(theirs)):
        value = merge_json(old.get(key, GONE), ours.get(key, GONE), theirs.get(key, GONE))
        if value is not GONE:
            merged[key] = value
    return merged


def _merge_fields(old: Mapping[str, Any], ours: Cell, yours: Mapping[str, Any]) -> Draft:
    mine = ours.value
    source, refused = _merge_source(old, mine, yours)
    kind, quarrel = _merge_kind(old, mine, yours, refused=refused)
    merged: dict[str, Any] = {"cell_type": kind, "source": source}
    for key in _keys(list(mine), list(yours)):
        if key not in ("id", "cell_type", "source", *_OF_CODE):
            sides = [side.get(key, GONE) for side in (old, mine, yours)]
            merged[key] = merge_json(*sides)
            quarrel |= key == "attachments" and _quarrel(*sides)
    if mine["cell_type"] != yours["cell_type"]:
        side = mine if kind == mine["cell_type"] else yours
        merged["metadata"] = _fitting(merged.get("metadata", {}), side.get("metadata", {}))
    merged.update(_merge_outputs(kind, merged, (old, mine, yours)))
    if kind == "code":
        merged["attachments"] = GONE
    fields = {
        key: value for key, value in merged.items() if not _alike(key, value, mine.get(key, GONE))
    }
    draft = Draft(ours, mine=True, fields=fields)
    if refused or quarrel:
        draft.action = "not-taken"
    elif fields.keys() - {"metadata"}:
        draft.action = "merged"
    return draft


def _merge_source(
    old: Mapping[str, Any], mine: Mapping[str, Any], yours: Mapping[str, Any]
) -> tuple[str, bool]:
    """Merge the source by lines, and tell whether some of upstream's were not taken."""
    sources = [
        joined(side.get("source", "")).encode("utf-8", "surrogatepass")
        for side in (old, mine, yours)
    ]
    merge = merge_plain(*sources)
    return merge.merged.decode("utf-8", "surrogatepass"), bool(merge.hunks)


def _merge_kind(
    old: Mapping[str, Any], mine: Mapping[str, Any], yours: Mapping[str, Any], *, refused: bool
) -> tuple[str, bool]:
    """Merge the type of a cell, and tell whether upstream's was not taken.

    Where lines of upstream's were refused the text is the learner's, and so is its type;
    likewise where the learner put pictures in, which a code cell cannot hold.
    """
    before, here, there = (side["cell_type"] for side in (old, mine, yours))
    if there in (before, here):
        return here, False
    pictures = there == "code" and mine.get("attachments") not in (None, {}, old.get("attachments"))
    if here != before or refused or pictures:
        return here, True
    return there, False


def _fitting(metadata: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Give metadata in which the members that mean something to one type only are that side's."""
    kept = {key: value for key, value in metadata.items() if key not in _TYPED}
    return kept | {key: value for key, value in own.items() if key in _TYPED}


def _merge_outputs(
    kind: str, merged: Mapping[str, Any], sides: tuple[Mapping[str, Any], ...]
) -> dict[str, Any]:
    """Choose outputs and execution count, which always go together."""
    if kind != "code":
        return dict.fromkeys(_OF_CODE, GONE)
    _, mine, yours = sides
    before, here, there = (_run_of(side) for side in sides)
    if mine["cell_type"] != "code":
        return there
    if yours["cell_type"] == "code" and (here == before or _plain(here) == _plain(before)):
        return there
    if merged["source"] != joined(mine.get("source", "")):
        return dict(_run_of(_EMPTY))
    return here


def _run_of(side: Mapping[str, Any]) -> dict[str, Any]:
    return {key: side.get(key, _EMPTY[key]) for key in _OF_CODE}


def _is_regular(value: Mapping[str, Any]) -> bool:
    """Tell whether a cell is of the shape that can be merged by field."""
    return (
        isinstance(joined(value.get("source", "")), str)
        and isinstance(value.get("cell_type"), str)
        and isinstance(value.get("metadata", {}), dict)
    )


def _only(value: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value[key] for key in keys if key in value}


def _quarrel(base: Any, ours: Any, theirs: Any) -> bool:
    """Tell whether something of upstream's gave way in a merge by key."""
    old, mine, yours = (side if isinstance(side, dict) else {} for side in (base, ours, theirs))
    return any(
        yours.get(key, GONE) not in (old.get(key, GONE), mine.get(key, GONE))
        and mine.get(key, GONE) != old.get(key, GONE)
        for key in yours
    )


def _alike(key: str, a: Any, b: Any) -> bool:
    return bool(a == b) or _plain({key: a}) == _plain({key: b})


def _plain(value: Mapping[str, Any]) -> dict[str, Any]:
    """Give a cell without its id, and each multi-line string as one string."""
    return {key: _flat(key, item) for key, item in value.items() if key != "id"}


def _flat(key: str, value: Any) -> Any:
    if key in ("source", "text"):
        return joined(value)
    if key == "outputs" and isinstance(value, list):
        return [_plain(item) if isinstance(item, dict) else item for item in value]
    if key == "attachments" and isinstance(value, dict):
        return {name: _flat("data", item) for name, item in value.items()}
    if key == "data" and isinstance(value, dict):
        return {
            mime: item if mime.endswith("json") else joined(item) for mime, item in value.items()
        }
    return value


def _text_of(value: Mapping[str, Any]) -> dict[str, Any]:
    """Give what an author writes into a cell besides its source."""
    plain = {key: item for key, item in _plain(value).items() if key not in _OF_CODE}
    metadata = plain.get("metadata")
    if isinstance(metadata, dict):
        plain["metadata"] = {k: item for k, item in metadata.items() if k not in _VIEW_STATE}
    return plain


def _keys(ours: list[str], theirs: list[str]) -> list[str]:
    """Join two orders of keys: ours's, each new one after its neighbour in theirs."""
    keys = list(ours)
    known = set(ours)
    for index, key in enumerate(theirs):
        if key not in known:
            known.add(key)
            at = keys.index(theirs[index - 1]) + 1 if index else 0
            keys.insert(at, key)
    return keys
