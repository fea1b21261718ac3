"""A first clone: built beside the target and renamed into place, so what exists is whole."""

from __future__ import annotations

import os
import shutil
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from nbpull_sync import desk, lfs, refs, remote
from nbpull_sync.aside import free_names
from nbpull_sync.errors import SyncError
from nbpull_sync.events import Event, Log, Phase, Progress, Report
from nbpull_sync.fill import fill_clone
from nbpull_sync.git import Git
from nbpull_sync.history import move_base
from nbpull_sync.progress import GitOutput, Throttle
from nbpull_sync.scope import bring_content, check_folder
from nbpull_sync.settle import write_learners_index
from nbpull_sync.transport import list_remote, talk
from nbpull_sync.upstream import REMOTE_HEAD, Fetcher, Upstream
from nbpull_sync.workspace import Memory, Workspace

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from nbpull_sync.address import Address
    from nbpull_sync.cancel import Cancel
    from nbpull_sync.request import SyncRequest


def clone(request: SyncRequest, address: Address, cancel: Cancel) -> Generator[Event, None, Report]:
    """Clone into a directory that does not exist or is empty.

    Raises:
        SyncError: If the network or the remote fails; the directory is then as before.
    """
    target = request.directory
    with _scaffold(target) as place:
        use_lfs = lfs.is_used(wanted=request.lfs)
        workspace = Workspace(place, place / ".git", cancel, request.subdir, use_lfs)
        upstream = yield from _receive(workspace, request, address)
        desk.prepare(workspace)
        check_folder(workspace, upstream.commit)
        yield from bring_content(workspace, request, address, [upstream.commit])
        yield Progress(phase=Phase.APPLYING, message="Writing the files")
        yield from _write_files(workspace, upstream)
        note = yield from fill_clone(workspace, request, address, workspace.index(upstream.commit))
        _settle(workspace, upstream)
        cancel.check()
        if target.exists():
            target.rmdir()
        place.rename(target)
    return Report(
        status="cloned",
        base=None,
        upstream=upstream.commit,
        branch=upstream.memory.name,
        notes=(note,) if note else (),
    )


@contextmanager
def _scaffold(target: Path) -> Iterator[Path]:
    """Give a new directory beside the target; whatever is left of it in the end is removed.

    We hold the lock of the target: what an earlier clone left here was left by a kill.
    """
    prefix = f".{target.name}.nbpull-clone-"
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in target.parent.iterdir():
        if left.name.startswith(prefix):
            shutil.rmtree(left, ignore_errors=True)
    place = target.parent / f"{prefix}{os.getpid()}"
    try:
        place.mkdir()
        yield place
    except OSError as error:
        # The reader knows the directory that was asked for.
        if isinstance(error.filename, str) and error.filename.startswith(str(place)):
            error.filename = str(target) + error.filename[len(str(place)) :]
        raise
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _receive(
    workspace: Workspace, request: SyncRequest, address: Address
) -> Generator[Event, None, Upstream]:
    git = Git(workspace.git_dir, workspace.directory, cancel=workspace.cancel, named=False)
    if request.ref is not None and refs.is_oid(request.ref):
        start(workspace, address)
        return (yield from Fetcher(workspace, address, request).fetch())
    name = (request.ref or "").removeprefix("refs/").removeprefix("heads/").removeprefix("tags/")
    args = ["clone", "--progress", "--no-checkout", "--no-tags", "--single-branch", "--template="]
    args += [f"--depth={request.depth}"] if request.depth else []
    args += [f"--branch={name}"] if name else []
    args += ["--filter=blob:none"] if workspace.scope else []
    try:
        yield from _clone_sharing(workspace, git, args, address, request)
    except SyncError as error:
        if error.code != "ref-not-found":
            raise
        listing = list_remote(git, address, request, "--heads", "--tags")
        raise remote.missing_ref(request.ref, listing, url=address.url) from error
    return _received(workspace, request, address, name)


def _clone_sharing(
    workspace: Workspace, git: Git, args: Sequence[str], address: Address, request: SyncRequest
) -> Generator[Event, None, None]:
    """Clone with what the shared store has; without it where git fails on the store."""
    if request.reference is None or workspace.scope:
        yield from _clone_whole(workspace, git, args, address, request)
        return
    # Copied, not borrowed: a store that vanishes must take no workspace with it.
    share = [f"--reference-if-able={Path(request.reference).absolute()}", "--dissociate"]
    try:
        yield from _clone_whole(workspace, git, [*args, *share], address, request)
    except SyncError as error:
        if error.code not in {"git-failed", "interrupted"}:
            raise
        yield Log(message=f"The shared store is of no use: {error.message}")
        shutil.rmtree(workspace.git_dir, ignore_errors=True)
        yield from _clone_whole(workspace, git, args, address, request)


def _clone_whole(
    workspace: Workspace, git: Git, args: Sequence[str], address: Address, request: SyncRequest
) -> Generator[Event, None, None]:
    """Clone; once more where a cut answer made the repository seem empty."""
    place, target = str(workspace.directory), str(request.directory)
    command = [*args, "--", address.url, place]
    for again in (True, False):
        said = yield from _naming(target, place, talk(git, command, address, request))
        cut = remote.cut_short(said, url=address.url)
        if cut is None or workspace.ref("HEAD") is not None:
            return
        if not again or cut.code != "interrupted":
            raise cut
        yield Log(message=f"{cut.message} Trying again.")
        shutil.rmtree(workspace.git_dir)


def _naming(
    target: str, place: str, events: Generator[Event, None, str]
) -> Generator[Event, None, str]:
    """Pass events on with the directory that was asked for in place of ours beside it."""
    with closing(events):
        while True:
            try:
                event = next(events)
            except StopIteration as end:
                return cast("str", end.value)
            if isinstance(event, Log):
                event = Log(message=event.message.replace(place, target))
            yield event


def _received(workspace: Workspace, request: SyncRequest, address: Address, name: str) -> Upstream:
    commit = workspace.ref("HEAD")
    if commit is None:
        raise remote.missing_ref(None, b"", url=address.url)
    if workspace.branch is not None:
        kind, name, tip = "branch", workspace.branch, commit
    else:
        kind, tip = "tag", commit
    memory = Memory(
        repo=address.identity,
        kind="branch" if kind == "branch" else "tag",
        name=name,
        default=request.ref is None,
        tip=tip,
        subdir=workspace.scope,
        lfs=workspace.lfs,
    )
    return Upstream(commit=commit, memory=memory)


def start(workspace: Workspace, address: Address) -> None:
    """Make an empty repository that belongs to the content repo.

    A file or link in its place, which names none, is the learner's like any other in the way.
    """
    place = workspace.directory / ".git"
    if os.path.lexists(place) and not place.is_dir():
        place.rename(workspace.directory / free_names(workspace.directory, ())(place.name))
    workspace.real.run("init", "--quiet", "--template=")
    workspace.real.run("config", "remote.origin.url", address.url)
    workspace.real.run("config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
    if workspace.scope:
        workspace.real.run("config", "remote.origin.promisor", "true")
        workspace.real.run("config", "remote.origin.partialclonefilter", "blob:none")


def _write_files(workspace: Workspace, upstream: Upstream) -> Generator[Event, None, None]:
    index = workspace.index(upstream.commit)
    tree = workspace.tree(upstream.commit)
    plain = replace(workspace, lfs=False)  # large files come together, once it is known which
    git = plain.own_at(index).having(environment={"GIT_PROGRESS_DELAY": "0"})
    output, throttle = GitOutput(), Throttle()
    with closing(git.talk("read-tree", "-v", "--reset", "-u", tree, stall_timeout=0)) as chunks:
        for chunk in chunks:
            for event in output.feed(chunk):
                yield from throttle.push(event)
    yield from throttle.flush()


def _settle(workspace: Workspace, upstream: Upstream) -> None:
    index = workspace.index(upstream.commit)
    write_learners_index(workspace, index, upstream.commit, upstream.commit)
    if upstream.memory.kind == "commit":
        workspace.real.run("update-ref", "--no-deref", "HEAD", upstream.commit)
    if upstream.memory.default:
        workspace.set_ref(REMOTE_HEAD, upstream.commit)  # as the next fetch would
    workspace.remember(upstream.memory)
    move_base(workspace, upstream.commit)
