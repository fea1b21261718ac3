"""Merge three versions of a notebook by its cells; pure, bytes in and bytes out.

The merged file is the learner's, byte for byte, but for the cells and the metadata in which
upstream brought something new.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbpull_sync.cells import GONE, Draft, is_edit, merge_cell, merge_json
from nbpull_sync.events import CellOutcome
from nbpull_sync.match import match
from nbpull_sync.names import give_names
from nbpull_sync.nbfile import IDS_SINCE, NotANotebookError, read
from nbpull_sync.nbwrite import write
from nbpull_sync.shape import fits
from nbpull_sync.weave import weave

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbpull_sync.nbfile import Cell, Notebook

Key = tuple[str, int]
Keyed = dict[Key, "Cell"]
"""The cells of a notebook in their order, by what is one for the same cell on all sides."""

_TITLE = 80  # characters of the first line that a report shows


@dataclass(frozen=True, slots=True)
class NotebookMerge:
    """A merged notebook.

    Attributes:
        merged: The file as it is to stand in the workspace.
        cells: What became of the cells that need saying, in their order; the removed last.
        problem: Why the learner's file stayed as it was; empty where it was merged.
    """

    merged: bytes
    cells: tuple[CellOutcome, ...] = ()
    problem: str = ""


def merge_notebook(base: bytes, ours: bytes, theirs: bytes) -> NotebookMerge:
    """Merge a notebook by cells; the learner's lines stay where both changed the same ones.

    Args:
        base: The version that the workspace was last synced to.
        ours: The learner's version.
        theirs: Upstream's new version.

    Returns:
        The merge; the learner's file as it was, and why, where a version is no notebook.
    """
    if ours in (base, theirs):
        return NotebookMerge(theirs)
    if base == theirs:
        return NotebookMerge(ours)
    name = ""
    try:
        name = "Your file"
        mine = read(ours)
        name = "Upstream's file"
        yours = read(theirs)
        name = "The file that was last synced"
        old = read(base)
        name = "The notebook"
        return _merge(old, mine, yours, ours)
    except NotANotebookError as error:
        return NotebookMerge(ours, problem=f"{name} {error}.")
    except RecursionError:
        return NotebookMerge(ours, problem=f"{name} is nested too deeply.")


def _merge(base: Notebook, ours: Notebook, theirs: Notebook, file: bytes) -> NotebookMerge:
    old: Keyed = {("base", i): cell for i, cell in enumerate(base.cells)}
    here, there = match(base.cells, ours.cells), match(base.cells, theirs.cells)
    for place in _both_filled(base.cells, (ours.cells, here), (theirs.cells, there)):
        del here[place]
    mine, yours = _keyed("ours", ours.cells, here), _keyed("theirs", theirs.cells, there)
    same = _added_by_both(mine, yours)
    yours = {same.get(key, key): cell for key, cell in yours.items()}
    drafts: list[Draft] = []
    removed: list[CellOutcome] = []
    arrivals: list[tuple[Draft, Cell | None]] = []
    for key in weave([*old], [*mine], [*yours]):
        draft = _draft(old.get(key), mine.get(key), yours.get(key))
        if draft is not None:
            drafts.append(draft)
            if draft.fields or not draft.mine:
                arrivals.append((draft, mine.get(key)))
        elif key in mine:
            removed.append(_outcome("removed", mine[key].id, mine[key].source))
    if wrong := _misfit(theirs, arrivals):
        return NotebookMerge(file, problem=f"Upstream's file {wrong}.")
    minor = max(ours.minor, theirs.minor)
    known = {cell.id for notebook in (base, ours, theirs) for cell in notebook.cells}
    ids = give_names(drafts, known) if minor >= IDS_SINCE else None
    merged = write(ours, theirs, drafts, ids, _merge_top(base, ours, theirs, minor))
    return NotebookMerge(file if merged is None else merged, (*_told(drafts, ids), *removed))


def _both_filled(base: list[Cell], *sides: tuple[list[Cell], dict[int, int]]) -> list[int]:
    """Find the empty cells in whose place both wrote, where no id says that it is one cell."""
    found = []
    for place, cell in enumerate(base):
        pair = [cells[pairs[place]] for cells, pairs in sides if place in pairs]
        if cell.blank and len(pair) == len(sides) and not any(it.blank for it in pair):
            named = cell.id and all(it.id == cell.id for it in pair)
            if not named and len({it.digest for it in pair}) > 1:
                found.append(place)
    return found


def _keyed(side: str, cells: list[Cell], pairs: dict[int, int]) -> Keyed:
    known = {new: old for old, new in pairs.items()}
    return {
        ("base", known[number]) if number in known else (side, number): cell
        for number, cell in enumerate(cells)
    }


def _added_by_both(mine: Keyed, yours: Keyed) -> dict[Key, Key]:
    """Find the same cell added by both: one id and source, or one source at one place.

    Different ids say that the cells are two, whatever their sources.
    """
    same: dict[Key, Key] = {}
    ids = {cell.id: key for key, cell in mine.items() if cell.id and key[0] == "ours"}
    places: dict[tuple[Key | None, bytes], list[Key]] = defaultdict(list)
    for key, place in _places(mine, yours):
        places[place, mine[key].digest].append(key)
    for key, place in _places(yours, mine):
        cell = yours[key]
        twin = ids.get(cell.id or "")
        if twin and mine[twin].digest == cell.digest and twin not in same.values():
            same[key] = twin
            continue
        for other in places[place, cell.digest]:
            if not (cell.id and mine[other].id) and other not in same.values():
                same[key] = other
                break
    return same


def _places(side: Keyed, other: Keyed) -> Iterator[tuple[Key, Key | None]]:
    """Give each added cell of a side with the cell of both sides before it."""
    place = None
    for key in side:
        if key in other:
            place = key
        elif key[0] != "base":
            yield key, place


def _draft(base: Cell | None, ours: Cell | None, theirs: Cell | None) -> Draft | None:
    """Decide on one cell; None where it is not in the merged notebook."""
    if ours and theirs:
        draft = merge_cell(base, ours, theirs)
    elif ours and (base is None or is_edit(base, ours)):
        draft = Draft(ours, mine=True, action="kept" if base else None)
    elif theirs and (base is None or is_edit(base, theirs)):
        draft = Draft(theirs, mine=False, action="added")
    else:
        return None
    draft.names = (theirs.id if theirs else None, ours.id if ours else None)
    return draft


def _misfit(theirs: Notebook, arrivals: list[tuple[Draft, Cell | None]]) -> str | None:
    """Say what of upstream's would leave a notebook that cannot be opened, where it could be."""
    metadata = theirs.top.get("metadata")
    if metadata is not None and not isinstance(metadata.value, dict):
        return "has metadata that are no object"
    for draft, ours in arrivals:
        value = {key: it for key, it in (draft.cell.value | draft.fields).items() if it is not GONE}
        if not fits(value) and (ours is None or fits(ours.value)):
            title = _title(draft.source) or "an empty one"
            return f"has a cell that does not fit the format ({title})"
    return None


def _merge_top(base: Notebook, ours: Notebook, theirs: Notebook, minor: int) -> dict[str, Any]:
    """Merge what stands beside the cells; give the members that differ from ours's."""
    changed = {"nbformat_minor": (str(minor),)} if minor != ours.minor else {}
    for key in {**ours.top, **theirs.top}:
        if key not in ("cells", "nbformat", "nbformat_minor"):
            values = [
                side.top[key].value if key in side.top else GONE for side in (base, ours, theirs)
            ]
            merged = merge_json(*values)
            if merged != values[1]:
                changed[key] = merged
    return changed


def _told(drafts: list[Draft], ids: list[str] | None) -> Iterator[CellOutcome]:
    for number, draft in enumerate(drafts):
        if draft.action:
            name = ids[number] if ids else draft.cell.id
            yield _outcome(draft.action, name, draft.source)


def _outcome(action: Any, name: str | None, source: str) -> CellOutcome:
    return CellOutcome(action=action, cell_id=name, first_line=_title(source))


def _title(source: str) -> str:
    line = source.strip().partition("\n")[0][:_TITLE].rstrip()
    return line.encode("utf-8", "replace").decode()
