"""Bring the large files (Git LFS) that a sync is about to write, before anything is touched."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from nbpull_links.redaction import redact
from nbpull_links.urls import decode, host_and_path
from nbpull_sync import lfs, remote, trees
from nbpull_sync.attributes import holds_attributes
from nbpull_sync.errors import SyncError
from nbpull_sync.events import Event, Phase, Progress
from nbpull_sync.git import Git, GitError, GitStalledError
from nbpull_sync.progress import Throttle
from nbpull_sync.transport import too_large

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from nbpull_sync.address import Address
    from nbpull_sync.lfs import Pointer
    from nbpull_sync.model import Entry
    from nbpull_sync.request import SyncRequest
    from nbpull_sync.workspace import Workspace

_PROGRESS = re.compile(r"Downloading LFS objects: +\d+% \((\d+)/(\d+)\)")
_REFUSED = re.compile(
    r"not found|does not exist|Authorization error|could not read (?:Username|Password)|"
    r"storage|quota|budget|bandwidth|Not Implemented|Expected JSON|Authentication required",
    re.IGNORECASE,
)
"""What a server says that will say the same tomorrow: the content stays out, the rest goes on."""


def pointers(
    workspace: Workspace, index: Path, entries: Iterable[tuple[str, Entry]]
) -> dict[str, list[Pointer]]:
    """Give, by path, which large files stand behind entries that the attributes leave to Git LFS.

    Args:
        workspace: The workspace.
        index: The index that holds the attributes.
        entries: Paths and what stands there, in base or upstream.
    """
    wanted = [(path, entry) for path, entry in entries if entry.is_file]
    if not wanted or not holds_attributes(index):
        return {}
    lines = b"".join(os.fsencode(path) + b"\0" for path, _ in wanted)
    git = workspace.own_at(index)
    out = git.run("check-attr", "-z", "--cached", "--stdin", "filter", stdin=lines)
    values = out.split(b"\0")[2::3]
    named = [it for it, value in zip(wanted, values, strict=False) if value == b"lfs"]
    found: dict[str, list[Pointer]] = {}
    if named:
        with trees.blob_reader(git) as read:
            for path, entry in named:
                pointer = lfs.read_pointer(read(entry.oid, lfs.LONGEST_POINTER) or b"")
                if pointer is not None:
                    found.setdefault(path, []).append(pointer)
    return found


def bring(
    workspace: Workspace,
    request: SyncRequest,
    address: Address,
    wanted: Mapping[str, list[Pointer]],
) -> Generator[Event, None, str]:
    """Have the content of large files lie in the store.

    Returns:
        Why some of them are not there, in words; nothing where all are.

    Raises:
        SyncError: ``lfs-failed`` where the network failed and another try may help.
    """
    missing = {
        pointer.oid: pointer
        for found in wanted.values()
        for pointer in found
        if lfs.stored(workspace.common_dir, pointer) is None
    }
    if not missing:
        return ""
    if not workspace.lfs:
        return _left_out(request)
    if request.max_bytes and sum(it.size for it in missing.values()) > request.max_bytes:
        raise too_large(request)
    if request.dry_run:
        return ""
    if address.protocol == "file":
        return _copy(workspace, address, missing.values())
    endpoint = _endpoint(address)
    if endpoint is None:
        return _refused(f"it cannot be asked for over {address.protocol}")
    return (yield from _download(workspace, request, address, endpoint, missing.values()))


def filled(workspace: Workspace, wanted: Mapping[str, list[Pointer]]) -> frozenset[str]:
    """Give the paths whose content git-lfs can fill in: all of it lies in the store."""
    if not workspace.lfs:
        return frozenset()
    return frozenset(
        path
        for path, found in wanted.items()
        if all(lfs.stored(workspace.common_dir, pointer) is not None for pointer in found)
    )


def _endpoint(address: Address) -> str | None:
    """Give where the large files are: at the repository's own server, whatever its content says."""
    if address.protocol in {"http", "https"}:
        url = address.url.rstrip("/")
        return f"{url}/info/lfs" if url.endswith(".git") else f"{url}.git/info/lfs"
    return address.url if address.protocol == "ssh" else None


def _copy(workspace: Workspace, address: Address, wanted: Iterable[Pointer]) -> str:
    """Take large files from a repository on this machine."""
    repository = Path(decode(host_and_path(address.url)[1]))
    missing = False
    for pointer in wanted:
        workspace.cancel.check()
        lfs.copy_from(repository, workspace.common_dir, pointer)
        missing |= lfs.stored(workspace.common_dir, pointer) is None
    return _refused("the repository does not have it") if missing else ""


def _download(
    workspace: Workspace,
    request: SyncRequest,
    address: Address,
    endpoint: str,
    wanted: Iterable[Pointer],
) -> Generator[Event, None, str]:
    git = _git(workspace, request, address, endpoint)
    commit = _commit_of(git, wanted)
    chunks = git.talk("lfs", "fetch", "origin", commit, stall_timeout=request.stall_timeout)
    throttle = Throttle()
    yield Progress(phase=Phase.RECEIVING, message="Fetching the large files")
    try:
        for chunk in chunks:
            for found in _PROGRESS.finditer(chunk.decode("utf-8", "replace")):
                yield from throttle.push(_fetching(int(found[1]), int(found[2])))
            if not chunk:
                yield from throttle.idle()
        yield from throttle.flush()
    except GitStalledError as error:
        raise remote.stalled(address.url, request.stall_timeout) from error
    except GitError as error:
        said = _reason(error.stderr)
        if _REFUSED.search(error.stderr):
            return _refused(said)
        raise SyncError(
            "lfs-failed",
            f"The large files of the content did not arrive: {said}",
            who="network",
            hint="Try again in a few minutes; your files are as they were.",
        ) from error
    finally:
        chunks.close()
    return ""


def _fetching(done: int, total: int) -> Progress:
    return Progress(
        phase=Phase.RECEIVING, message="Fetching the large files", done=done, total=total
    )


def _git(workspace: Workspace, request: SyncRequest, address: Address, endpoint: str) -> Git:
    """Give a git for the network: the learner's own logins, and an endpoint of ours alone.

    It writes nothing into the learner's configuration, only reads it.
    """
    seconds = str(max(1, round(request.stall_timeout or 30)))
    secrets = {
        name.replace(f"http.{address.url}.", f"http.{endpoint}."): value
        for name, value in address.secrets.items()
    }
    return Git(
        workspace.desk,
        workspace.directory,
        environment={
            "GIT_OBJECT_DIRECTORY": str(workspace.common_dir / "objects"),
            "GIT_LFS_FORCE_PROGRESS": "1",
            "SSH_ASKPASS": "",
        },
        settings={
            "include.path": str(workspace.common_dir / "config"),
            "remote.origin.url": address.url,
            "lfs.url": endpoint,
            f"lfs.{endpoint}.access": "none",
            "lfs.storage": str(lfs.storage(workspace.common_dir)),
            "lfs.fetchinclude": "",
            "lfs.fetchexclude": "",
            "lfs.fetchrecentalways": "false",
            "lfs.skipdownloaderrors": "false",
            "lfs.dialtimeout": seconds,
            "lfs.tlstimeout": seconds,
            "lfs.activitytimeout": seconds,
            "lfs.transfer.maxretries": "2",
            "lfs.transfer.maxretrydelay": "2",
            **secrets,
        },
        cancel=workspace.cancel,
    )


def _commit_of(git: Git, wanted: Iterable[Pointer]) -> str:
    """Write a commit of nothing but these pointers: so git-lfs fetches them and no more."""
    lines = b""
    for number, pointer in enumerate(wanted):
        text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{pointer.oid}\n"
        blob = trees.store_bytes(git, f"{text}size {pointer.size}\n".encode())
        lines += f"100644 blob {blob}\t{number}\0".encode()
    tree = git.run("mktree", "-z", stdin=lines).decode().strip()
    return git.run("commit-tree", "-m", "Large files", tree).decode().strip()


def _reason(stderr: str) -> str:
    """Give git-lfs's own words for what went wrong, its progress and its general end apart."""
    lines = [
        line.strip()
        for line in re.split(r"[\r\n]+", stderr)
        if line.strip() and not line.startswith(("Downloading", "error: failed to fetch", "fetch:"))
    ]
    return redact((lines or ["git-lfs gave no reason."])[0])[:300]


def _left_out(request: SyncRequest) -> str:
    why = "is not installed here" if request.lfs else "is switched off here"
    return (
        f"Some files are kept with Git LFS, which {why}: "
        "short pointer files stand in place of their content."
    )


def _refused(why: str) -> str:
    return (
        "Some files are kept with Git LFS, and their content could not be had "
        f"({why}): short pointer files stand in their place."
    )
