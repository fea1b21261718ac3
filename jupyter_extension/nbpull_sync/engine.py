"""The sync itself: fetch, inspect, plan, protect, apply, settle, as a generator of events."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nbpull_sync import desk, fill, history, journal, lfs, refs
from nbpull_sync.address import Address, identity, read_address
from nbpull_sync.cancel import Cancel
from nbpull_sync.clone import clone, start
from nbpull_sync.errors import SyncError
from nbpull_sync.events import Event, Phase, Progress, Report
from nbpull_sync.git import GitError
from nbpull_sync.glance import glancing
from nbpull_sync.heal import heal
from nbpull_sync.lock import hold, released
from nbpull_sync.mend import mend, was_interrupted
from nbpull_sync.modules import pull_modules
from nbpull_sync.refname import clean_ref
from nbpull_sync.rehearse import rehearsal
from nbpull_sync.scope import bring_content, check_folder, clean_scope
from nbpull_sync.trouble import telling
from nbpull_sync.update import Before, Update
from nbpull_sync.upstream import Fetcher, Upstream
from nbpull_sync.workspace import BASE, TRACKING, Workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from nbpull_sync.glance import Glance
    from nbpull_sync.request import SyncRequest


_HEALINGS = 3
"""How often something broken is mended in one sync; git names one thing at a time."""


def sync(request: SyncRequest, *, cancel: Cancel | None = None) -> Iterator[Event]:
    """Bring the workspace to upstream's newest and lose nothing of the learner's.

    Args:
        request: What to pull, where to, and by which rules.
        cancel: Ends the sync from another thread.

    Yields:
        What is going on; the last event is the report.

    Raises:
        SyncError: If it could not be done. The workspace is then as it was, or the next
            sync completes what this one began.
    """
    token = cancel or Cancel()
    address = read_address(request.repo, request.protocols)
    ref, subdir = clean_ref(request.ref), clean_scope(request.subdir)
    directory = Path(request.directory).absolute()
    request = replace(request, ref=ref, subdir=subdir, directory=directory)
    with telling():
        if request.dry_run:
            with rehearsal(request.directory, address, token) as copy:
                workspace = _ruled(copy, request)
                yield (yield from _update(workspace, request, address))
            return
        lock = yield from hold(request.directory, token)
        with released(lock):
            yield from _sync(request, address, token)


def _sync(request: SyncRequest, address: Address, token: Cancel) -> Iterator[Event]:
    workspace = open_workspace(request.directory, token)
    if workspace is None and _is_vacant(request.directory):
        report = yield from clone(request, address, token)
        workspace = Workspace(request.directory, request.directory / ".git", token)
        yield from pull_modules(workspace, request, address)
        yield report
        return
    if workspace is None:
        workspace = Workspace(request.directory, request.directory / ".git", token, request.subdir)
        start(workspace, address)
    workspace = _ruled(workspace, request)
    report = yield from _update_healing(workspace, request, address)
    yield from pull_modules(workspace, request, address)
    yield report


def _ruled(workspace: Workspace, request: SyncRequest) -> Workspace:
    """Give the workspace under the rules of a request."""
    return replace(workspace, scope=request.subdir, lfs=lfs.is_used(wanted=request.lfs))


def _update_healing(
    workspace: Workspace, request: SyncRequest, address: Address
) -> Generator[Event, None, Report]:
    """Update; where the repository is broken, mend what git names and go on."""
    for _ in range(_HEALINGS):
        try:
            return (yield from _update(workspace, request, address))
        except (GitError, SyncError) as error:  # noqa: PERF203 - it is the loop's purpose
            if not (yield from heal(workspace, error, request, address)):
                raise
    return (yield from _update(workspace, request, address))


def _is_vacant(directory: Path) -> bool:
    return not directory.exists() or not any(directory.iterdir())


def _update(
    workspace: Workspace, request: SyncRequest, address: Address
) -> Generator[Event, None, Report]:
    interrupted, synced = was_interrupted(workspace), workspace.ref(BASE) is not None
    asked = interrupted or not synced
    tracked = refs.refs_under(workspace.common_dir, TRACKING) if asked else {}
    before = Before(
        # Without a base, a workspace is judged by what it knew of the remote before we ask it.
        tracked={} if synced else tracked,
        interrupted=interrupted,
        held=tuple(tracked.values()) if interrupted else (),
    )
    yield from mend(workspace)
    _check_remote(workspace, request, address)
    done = None
    if not request.dry_run:
        done = yield from _complete(workspace, request, address, before)
    with glancing(workspace, workspace.ref(BASE)) as glance:
        report = yield from _follow(workspace, request, address, replace(before, glance=glance))
    if done is None:
        return report
    return done if report.status == "unchanged" else _joined(done, report)


def _follow(
    workspace: Workspace, request: SyncRequest, address: Address, before: Before
) -> Generator[Event, None, Report]:
    """Fetch, and bring the workspace to what came."""
    memory, base = workspace.recall(), workspace.ref(BASE)
    upstream = yield from Fetcher(workspace, address, request).fetch()
    if upstream.memory == memory and upstream.commit == base and _is_sound(workspace):
        yield Progress(phase=Phase.INSPECTING, message="Looking at your files")
        wanted = request.restore_deleted or before.interrupted
        unfilled = workspace.lfs and fill.left(workspace)
        if not (unfilled or before.interrupted) and not (
            wanted and _has_gone(workspace, before.glance)
        ):
            return _unchanged(upstream, dry_run=request.dry_run)
    desk.prepare(workspace)
    check_folder(workspace, upstream.commit)
    commits = [oid for oid in (base, upstream.commit) if oid]
    yield from bring_content(workspace, request, address, commits)
    update = Update(workspace, request, address, upstream, before)
    return (yield from update.rehearse() if request.dry_run else update.run())


def _complete(
    workspace: Workspace, request: SyncRequest, address: Address, before: Before
) -> Generator[Event, None, Report | None]:
    """Complete a sync that was killed, if there is one; it needs no network."""
    left = journal.read(workspace)
    if left is None:
        return None
    upstream = Upstream(commit=left.upstream, memory=left.memory)
    before = replace(before, left=left)
    return (yield from Update(workspace, request, address, upstream, before).run())


def _unchanged(upstream: Upstream, *, dry_run: bool) -> Report:
    return Report(
        status="unchanged",
        base=upstream.commit,
        upstream=upstream.commit,
        branch=upstream.memory.name,
        dry_run=dry_run,
    )


def _joined(first: Report, second: Report) -> Report:
    """Tell of the sync that was completed and of this one together."""
    later = {outcome.path for outcome in second.files}
    return replace(
        second,
        status="updated",
        base=first.base,
        files=(*(it for it in first.files if it.path not in later), *second.files),
        restore_point=second.restore_point or first.restore_point,
    )


def _is_sound(workspace: Workspace) -> bool:
    """Tell whether there is nothing to mend beside the files."""
    index = workspace.git_dir / "index"
    return (
        workspace.index(workspace.ref(BASE)).is_file()
        and not workspace.unfinished
        and index.is_file()
        and desk.is_sound(index)
        and _is_upon(workspace, workspace.ref(BASE))
    )


def _is_upon(workspace: Workspace, base: str | None) -> bool:
    """Tell whether HEAD is base or goes on from it; else another commit was checked out."""
    head = workspace.ref("HEAD")
    if head is None or base is None:
        return False
    return head == base or history.contains(workspace, head, base)


def _has_gone(workspace: Workspace, glance: Glance | None) -> bool:
    seen = glance.at(workspace.index(workspace.ref(BASE))) if glance is not None else None
    return seen is None or bool(seen.differences.gone)


def _check_remote(workspace: Workspace, request: SyncRequest, address: Address) -> None:
    """Refuse to bring another repository's content into a workspace.

    Raises:
        SyncError: ``other-remote``.
    """
    memory = workspace.recall()
    if request.moved or (memory is not None and memory.repo == address.identity):
        return
    if _has_nothing(workspace):
        return  # a first sync that failed left only the address that it was given
    _, out = workspace.real.call("config", "-z", "--get-all", "remote.origin.url", ok=(0, 1))
    urls = [url for url in out.decode("utf-8", "replace").split("\0") if url]
    known = {identity(url) for url in urls}
    known |= {memory.repo} if memory is not None else set()
    if known and address.identity not in known:
        raise SyncError(
            "other-remote",
            f"{workspace.directory.name} holds the content of another repository.",
            who="you",
            hint="Sync into a new directory beside it, or say that the course moved "
            "to the new address and go on here.",
            directory=str(workspace.directory),
        )


def _has_nothing(workspace: Workspace) -> bool:
    """Tell whether nothing was ever brought into or committed to the repository."""
    known = (workspace.ref(name) for name in ("HEAD", BASE))
    return not any(known) and not refs.refs_under(workspace.common_dir, TRACKING)
