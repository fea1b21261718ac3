"""Read refs where git keeps them, so that a look at one costs no process."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_OID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_DEEPEST = 5  # git's own limit for symbolic refs


def is_oid(text: str) -> bool:
    """Tell whether the text is a full object id."""
    return _OID.fullmatch(text) is not None


def read_symbolic(common_dir: Path, name: str) -> str | None:
    """Give the ref that a symbolic ref names, None where it is none."""
    text = _loose(common_dir, name)
    return text[5:].strip() if text is not None and text.startswith("ref: ") else None


def read_ref(common_dir: Path, name: str) -> str | None:
    """Give the object id that a ref holds, None where there is none or it cannot be read."""
    for _ in range(_DEEPEST):
        text = _loose(common_dir, name)
        if text is None:
            return _packed(common_dir).get(name)
        if not text.startswith("ref: "):
            return text if is_oid(text) else None
        name = text[5:].strip()
    return None


def refs_under(common_dir: Path, prefix: str) -> dict[str, str]:
    """Give the refs whose names begin with `prefix` (a folder such as ``refs/nbpull/restore/``)."""
    found = {name: oid for name, oid in _packed(common_dir).items() if name.startswith(prefix)}
    for file in sorted((common_dir / prefix).rglob("*")):
        name = file.relative_to(common_dir).as_posix()
        if not file.is_dir() and (oid := read_ref(common_dir, name)):
            found[name] = oid
    return found


def write_ref(common_dir: Path, name: str, oid: str) -> None:
    """Set a ref of ours, which nobody else writes; a kill leaves the old value or the new one."""
    file = common_dir / name
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.lock")
    draft.write_text(f"{oid}\n", "ascii")
    draft.replace(file)


def _loose(common_dir: Path, name: str) -> str | None:
    try:
        return (common_dir / name).read_text("utf-8", "replace").strip() or None
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _packed(common_dir: Path) -> dict[str, str]:
    try:
        lines = (common_dir / "packed-refs").read_text("utf-8", "surrogateescape").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    pairs = (line.split(" ", 1) for line in lines if line and line[0] not in "#^")
    return {name: oid for oid, name in pairs if is_oid(oid)}
