"""Trees and blobs: what differs, what a file's content is called, how a tree is made."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast

from nbpull_sync.git import GitError
from nbpull_sync.model import Change, Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from nbpull_sync.git import Git

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_NOTHING = "000000"


def parse_raw(out: bytes) -> Iterator[tuple[str, Entry | None, Entry | None, str, str]]:
    """Read git's ``--raw -z`` lines: status, the two sides, old path and new path."""
    fields = iter(out.split(b"\0"))
    for field in fields:
        if not field:
            continue
        old_mode, new_mode, old_oid, new_oid, status = field[1:].decode().split(" ")
        old_path = os.fsdecode(next(fields))
        new_path = os.fsdecode(next(fields)) if status[0] in "RC" else old_path
        old = None if old_mode == _NOTHING else Entry(old_mode, old_oid)
        new = None if new_mode == _NOTHING else Entry(new_mode, new_oid)
        yield status[0], old, new, old_path, new_path


def changes_between(git: Git, base: str, theirs: str, *, renames: bool = True) -> list[Change]:
    """Give what upstream did between two trees, one change for each path of theirs or base.

    Raises:
        GitError: If an object is missing.
    """
    find = ["-M", "-l1000"] if renames else ["--no-renames"]
    out = git.run("diff-tree", "-r", "-z", "--raw", "--full-index", *find, base, theirs, "--")
    changes = []
    for status, old, new, old_path, new_path in parse_raw(out):
        moved_from = old_path if status == "R" else None
        changes.append(Change(path=new_path, base=old, theirs=new, moved_from=moved_from))
    return changes


def list_tree(git: Git, tree: str) -> dict[str, Entry]:
    """Give every path of a tree."""
    entries = {}
    for line in git.run("ls-tree", "-r", "-z", "--full-tree", tree, "--").split(b"\0"):
        if line:
            meta, path = line.split(b"\t", 1)
            mode, _, oid = meta.decode().split(" ")
            entries[os.fsdecode(path)] = Entry(mode, oid)
    return entries


def write_tree(git: Git, index: str, changes: Mapping[str, Entry | None]) -> str:
    """Write a tree: that of the index file `index`, with `changes` put over it.

    The index file is changed with it, so give a copy.
    """
    there = git.having(environment={"GIT_INDEX_FILE": index})
    edit_index(there, changes)
    return there.run("write-tree", "--missing-ok").decode().strip()


def edit_index(git: Git, changes: Mapping[str, Entry | None]) -> None:
    """Put `changes` over the index that `git` works on; None takes a path out."""
    if not changes:
        return
    gone = [path for path, entry in changes.items() if entry is None]
    lines = [b"0 " + b"0" * 40 + b"\t" + os.fsencode(path) for path in gone]
    lines += [
        f"{entry.mode} {entry.oid}\t".encode() + os.fsencode(path)
        for path, entry in changes.items()
        if entry is not None
    ]
    git.run("update-index", "-z", "--index-info", stdin=b"\0".join(lines) + b"\0")


def hash_files(
    git: Git, paths: Iterable[str], *, store: bool, exact: bool = False
) -> dict[str, str]:
    """Give what git calls the content of regular files, with line ends as it keeps them.

    With `exact` it is that of their very bytes.

    Raises:
        GitError: If a file cannot be read.
    """
    wanted = list(paths)
    if not wanted:
        return {}
    command = ["hash-object", *(["-w"] if store else []), *(["--no-filters"] if exact else [])]
    command.append("--stdin-paths")
    lines = b"".join(quoted(path) + b"\n" for path in wanted)
    return dict(zip(wanted, git.run(*command, stdin=lines).decode().split(), strict=True))


def hash_bytes(content: bytes, algorithm: str = "sha1") -> str:
    """Give what git calls these bytes as a blob."""
    head = b"blob %d\0" % len(content)
    return hashlib.new(algorithm, head + content, usedforsecurity=False).hexdigest()


def hash_file(file: Path) -> str:
    """Give what git calls the content of a file, read piece by piece and kept as it is.

    A file that grows or shrinks meanwhile gets a name that nothing else has.
    """
    with file.open("rb") as content:
        found = hashlib.sha1(
            b"blob %d\0" % os.fstat(content.fileno()).st_size, usedforsecurity=False
        )
        while piece := content.read(1 << 20):
            found.update(piece)
    return found.hexdigest()


def store_bytes(git: Git, content: bytes) -> str:
    """Write a blob and give its id."""
    if not content:
        return git.run("hash-object", "-w", "--no-filters", "--", os.devnull).decode().strip()
    out = git.run("hash-object", "-w", "--stdin", "--no-filters", stdin=content)
    return out.decode().strip()


@contextmanager
def blob_reader(git: Git) -> Iterator[Callable[[str, int], bytes | None]]:
    """Give a function that reads one blob after another, all from one process.

    It gives None for a blob of more bytes than it is told to read at most; only the blob that
    was asked for is held in memory.
    """
    with git.process("cat-file", "--batch", pipe_in=True) as process:
        ask, answer = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)

        def read(oid: str, most: int) -> bytes | None:
            ask.write(oid.encode() + b"\n")
            ask.flush()
            head = answer.readline().split()
            if len(head) != 3:  # noqa: PLR2004 - "<id> missing" has two words, a blob's head three
                raise GitError("cat-file", 1, f"missing blob {oid}")
            left = int(head[2])
            content = answer.read(left) if left <= most else None
            while content is None and left > 0:
                left -= len(answer.read(min(left, 1 << 20)))
            answer.read(1)
            return content

        yield read


def missing(git: Git, oids: Iterable[str]) -> list[str]:
    """Give those objects that are not here."""
    asked = list(dict.fromkeys(oids))
    if not asked:
        return []
    out = git.run("cat-file", "--batch-check", stdin="\n".join([*asked, ""]).encode())
    answers = (line.split(" ", 1) for line in out.decode().splitlines())
    return [oid for oid, answer in answers if answer == "missing"]


def folder_tree(git: Git, commit: str, folder: str) -> str:
    """Write a tree that holds one folder of a commit, at its place, and nothing else.

    Returns:
        The tree; the empty one where the commit has no such folder.
    """
    line = git.run("ls-tree", "-z", "-d", "--full-tree", commit, "--", folder)
    mode, kind, oid = (line.split(b"\t")[0].decode().split(" ") + [""] * 3)[:3]
    if kind != "tree":
        return EMPTY_TREE
    for name in reversed(folder.split("/")):
        line = f"{mode} tree {oid}\t".encode() + os.fsencode(name) + b"\0"
        oid = git.run("mktree", "-z", stdin=line).decode().strip()
    return oid


def quoted(path: str) -> bytes:
    """Give a path as git reads it from a line: quoted where it would be misread otherwise."""
    raw = os.fsencode(path)
    if b"\n" not in raw and not raw.startswith(b'"'):
        return raw
    escaped = raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + escaped + b'"'
