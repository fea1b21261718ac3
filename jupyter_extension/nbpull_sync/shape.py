"""Tell whether a cell has the shape that the format asks for; nbformat's own word takes too long.

Members that are not known here are left alone: a later version of the format may have them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbpull_sync.jsontext import Raw
from nbpull_sync.nbfile import joined

if TYPE_CHECKING:
    from collections.abc import Mapping


def fits(cell: Mapping[str, Any]) -> bool:
    """Tell whether Jupyter could open a notebook with this cell."""
    if not isinstance(cell.get("metadata"), dict) or not isinstance(
        joined(cell.get("source")), str
    ):
        return False
    kind = cell.get("cell_type")
    if kind == "code":
        return _are_outputs(cell.get("outputs")) and _is_count(cell.get("execution_count", ""))
    return kind in ("markdown", "raw") and _are_pictures(cell.get("attachments", {}))


def _are_outputs(value: Any) -> bool:
    if isinstance(value, Raw):
        return value.text.startswith("[")
    return isinstance(value, list) and all(
        isinstance(output, dict) and isinstance(output.get("output_type"), str) for output in value
    )


def _is_count(value: Any) -> bool:
    return value is None or isinstance(value, tuple)


def _are_pictures(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(it, dict) for it in value.values())
