"""Note in an index of git's when files that it knows were put in their places.

A file that is laid ready elsewhere and renamed keeps everything that an index holds of it, but for
the time of its last change (ctime). To git, that time out of date means to read the whole file.
"""

from __future__ import annotations

import hashlib
import os
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_HEAD = struct.Struct(">4sLL")
_STAT = struct.Struct(">10L")  # changed, modified (seconds, nanoseconds), dev, inode ... size
_CHANGED = struct.Struct(">2L")
_NAME = 62  # where the name begins; before it stand stat, a SHA-1 and the flags
_LONG = 0xFFF  # the length of a name that its flags cannot hold
_HASH = 20


def restamp(index: Path, directory: Path, paths: Collection[str]) -> bool:
    """Note of `paths` what the file system says now, where nothing but their ctime differs.

    The index keeps its own time: by it, git tells which entries are too young to be trusted.

    Returns:
        Whether it was done; not in an index of another version, or of SHA-256.
    """
    raw = bytearray(index.read_bytes())
    signature, version, count = _HEAD.unpack_from(raw)
    whole = hashlib.sha1(raw[:-_HASH], usedforsecurity=False).digest()
    if (signature, version) != (b"DIRC", 2) or raw[-_HASH:] != whole:
        return False
    root = os.fsencode(directory) + b"/"
    wanted = {os.fsencode(path) for path in paths}
    for place, name in _entries(raw, count):
        if name in wanted:
            _note(raw, place, root + name)
    raw[-_HASH:] = hashlib.sha1(raw[:-_HASH], usedforsecurity=False).digest()
    status = index.stat()
    index.write_bytes(raw)
    os.utime(index, ns=(status.st_atime_ns, status.st_mtime_ns))
    return True


def _entries(raw: bytearray, count: int) -> Iterator[tuple[int, bytes]]:
    place = _HEAD.size
    for _ in range(count):
        start = place + _NAME
        length = (raw[start - 2] << 8 | raw[start - 1]) & _LONG
        stop = start + length if length < _LONG else raw.index(0, start)
        yield place, bytes(raw[start:stop])
        place += (stop - place + 8) & ~7  # one zero at least, up to a multiple of eight


def _note(raw: bytearray, place: int, file: bytes) -> None:
    try:
        found = os.lstat(file)
    except (FileNotFoundError, NotADirectoryError):
        return
    _, _, *known = _STAT.unpack_from(raw, place)
    modified, inode, size = known[:2], known[3], known[7]
    here = [*divmod(found.st_mtime_ns, 10**9)]
    if (modified, inode, size) == (here, found.st_ino & 0xFFFFFFFF, found.st_size & 0xFFFFFFFF):
        _CHANGED.pack_into(raw, place, *divmod(found.st_ctime_ns, 10**9))
