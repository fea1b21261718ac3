"""Git LFS: the pointers that git keeps, the store of what they stand for, and our one filter.

The filter is the ``git-lfs`` of this machine and never what a repository names. It is asked only
for what lies in the store already, so it needs no network.
"""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\noid sha256:([0-9a-f]{64})\n"
    rb"size (0|[1-9][0-9]{0,15})\n"
)
LONGEST_POINTER = 1024  # bytes, by the specification


UNFILTERED = {
    "filter.lfs.process": "",
    "filter.lfs.smudge": "",
    "filter.lfs.clean": "",
    "filter.lfs.required": "false",
}
"""Settings by which git writes pointers as they are."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """What stands in git for a large file: the hash of its content, and its size in bytes."""

    oid: str
    size: int


def read_pointer(content: bytes) -> Pointer | None:
    """Read a pointer; None for any other content, also for pointers with extensions."""
    found = _POINTER.fullmatch(content) if len(content) < LONGEST_POINTER else None
    return Pointer(found[1].decode(), int(found[2])) if found else None


def command() -> str | None:
    """Give the path of git-lfs, None where it is not installed."""
    return shutil.which("git-lfs")


def is_used(*, wanted: bool) -> bool:
    """Tell whether large files are filled in: that is wanted, and git-lfs is installed."""
    return wanted and command() is not None


def storage(common_dir: Path) -> Path:
    """Give the place of the store in a repository; git-lfs itself has it there too."""
    return common_dir / "lfs"


def settings(common_dir: Path) -> dict[str, str]:
    """Give the settings by which git fills large files in and takes them out again."""
    program = shlex.quote(command() or "git-lfs")
    return {
        "filter.lfs.process": f"{program} filter-process",
        "filter.lfs.smudge": f"{program} smudge -- %f",
        "filter.lfs.clean": f"{program} clean -- %f",
        "filter.lfs.required": "true",
        "lfs.storage": str(storage(common_dir)),
    }


def stored(common_dir: Path, pointer: Pointer) -> Path | None:
    """Give the file of the store that holds the content of a pointer, None where none does."""
    if pointer.size == 0:
        return Path(os.devnull)  # git-lfs neither keeps nor sends what is empty
    return _find(_stores(common_dir), pointer)


def copy_from(repository: Path, common_dir: Path, pointer: Pointer) -> None:
    """Copy the content of a pointer from a repository on this machine, if it is there whole."""
    source = _find([storage(repository / ".git"), storage(repository)], pointer)
    if source is None:
        return
    target = _place(storage(common_dir), pointer)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.new")
    shutil.copyfile(source, draft)
    with draft.open("rb") as file:
        digest = hashlib.sha256()
        while piece := file.read(1 << 20):
            digest.update(piece)
    if digest.hexdigest() == pointer.oid:
        draft.replace(target)
    else:
        draft.unlink()


def _place(store: Path, pointer: Pointer) -> Path:
    return store / "objects" / pointer.oid[:2] / pointer.oid[2:4] / pointer.oid


def _find(stores: Iterable[Path], pointer: Pointer) -> Path | None:
    for store in stores:
        file = _place(store, pointer)
        try:
            if file.stat().st_size == pointer.size:
                return file
        except OSError:
            continue
    return None


def _stores(common_dir: Path) -> Iterator[Path]:
    """Give the store of a repository and those of the repositories that it borrows from."""
    yield storage(common_dir)
    try:
        lines = (common_dir / "objects" / "info" / "alternates").read_text("utf-8").splitlines()
    except OSError:
        return
    yield from (storage(Path(line).parent) for line in lines if line.startswith("/"))


def content_of(common_dir: Path, content: bytes, most: int) -> bytes | None:
    """Give what a blob stands for: itself, or the large file that it points to.

    Returns:
        The content; None where it is not here or has more than `most` bytes.
    """
    pointer = read_pointer(content)
    if pointer is None:
        return content
    file = stored(common_dir, pointer)
    return file.read_bytes() if file is not None and pointer.size <= most else None
