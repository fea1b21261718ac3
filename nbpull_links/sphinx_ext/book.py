"""Read Jupyter Book 1's ``_config.yml`` from the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_book"]

_FILE = "_config.yml"


def read_book(source: Path) -> tuple[dict[str, Any], list[str]]:
    """Read a book's configuration beside its pages.

    Returns:
        The configuration, empty if there is none, and why it could not be read.
    """
    try:
        text = (source / _FILE).read_text("utf-8")
    except FileNotFoundError:
        return {}, []
    except (OSError, UnicodeDecodeError) as error:
        return {}, [f"{_FILE} cannot be read: {error}"]
    try:
        import yaml  # noqa: PLC0415  # a book of this kind brings it; others do without
    except ImportError:
        return {}, [f"{_FILE} cannot be read without PyYAML: pip install PyYAML"]
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        return {}, [f"{_FILE} cannot be read: {' '.join(str(error).split())}"]
    return found if isinstance(found, dict) else {}, []
