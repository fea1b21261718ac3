"""One conversation of git with the remote: how far it is, when it is given up, when tried again."""

from __future__ import annotations

import random
import re
import time
from typing import TYPE_CHECKING

from nbpull_sync import remote, trouble
from nbpull_sync.errors import SyncError
from nbpull_sync.events import Event, Log, Phase, Progress
from nbpull_sync.git import GitError, GitMissingError, GitStalledError
from nbpull_sync.progress import GitOutput, Throttle

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from nbpull_sync.address import Address
    from nbpull_sync.git import Git
    from nbpull_sync.request import SyncRequest

_ANNOUNCED = re.compile(rb"Counting objects: +\d+% \(\d+/(\d+)\)")


class TooMuchError(Exception):
    """The remote announced far more than the content can need."""


def talk(
    git: Git, args: Sequence[str], address: Address, request: SyncRequest, *, most: int = 0
) -> Generator[Event, None, str]:
    """Run one command of the network, telling how far it is; again where that helps.

    Args:
        git: The repository.
        args: The command.
        address: The remote.
        request: What was asked for.
        most: The number of objects that the content can need, 0 for any.

    Returns:
        What git said, the headers of the answers included.

    Raises:
        SyncError: If the network or the remote fails.
        TooMuchError: If the remote announces more than `most` objects.
    """
    attempt = 0
    while True:
        try:
            return (yield from _once(git, args, address, request, most))
        except SyncError as error:
            # The spread of waits needs no cryptography.
            delay = remote.retry_delay(error, attempt, random.Random())  # noqa: S311
            if delay is None:
                raise
            yield Log(message=f"{error.message} Trying again in {delay:.0f} s.")
        attempt += 1
        _sleep(delay, git)


def _once(
    git: Git, args: Sequence[str], address: Address, request: SyncRequest, most: int
) -> Generator[Event, None, str]:
    yield Progress(phase=Phase.CONNECTING, message="Connecting to the server")
    output, throttle = GitOutput(), Throttle()
    there = _at(git, address, request).having(environment=remote.TRACE)
    chunks = there.talk(*args, protocols=request.protocols, stall_timeout=request.stall_timeout)
    try:
        for chunk in chunks:
            if not chunk:
                yield from throttle.idle()
            if most and any(int(n) > most for n in _ANNOUNCED.findall(chunk)):
                raise TooMuchError
            for event in output.feed(chunk):
                _check_size(event, request)
                yield from throttle.push(event)
        for event in output.close():
            yield from throttle.push(event)
        yield from throttle.flush()
    except GitError as error:
        output.close()
        raise _told(error, output.said, address, request) from error
    finally:
        chunks.close()
    return output.said


def list_remote(git: Git, address: Address, request: SyncRequest, *args: str) -> bytes:
    """Ask the remote what it has; only where a ref is missing or the default has moved.

    Raises:
        SyncError: If the network or the remote fails.
    """
    options = [arg for arg in args if arg.startswith("--")]
    patterns = [arg for arg in args if not arg.startswith("--")]
    command = ["ls-remote", *options, "--", address.url, *patterns]
    there = _at(git, address, request)
    try:
        return there.call(
            *command, protocols=request.protocols, timeout=request.stall_timeout or None
        )[1]
    except GitError as error:
        raise _told(error, error.stderr, address, request) from error


def _at(git: Git, address: Address, request: SyncRequest) -> Git:
    stall = remote.stall_settings(request.stall_timeout)
    return git.having(settings={**stall, **address.secrets})


def _told(error: GitError, said: str, address: Address, request: SyncRequest) -> SyncError:
    if isinstance(error, GitMissingError):
        return trouble.of_git(error)
    if isinstance(error, GitStalledError):
        return remote.stalled(address.url, request.stall_timeout)
    return remote.classify(said, error.status, url=address.url)


def _check_size(event: Event, request: SyncRequest) -> None:
    """Give up on content that is larger than allowed, before it fills the disk."""
    if not request.max_bytes or not isinstance(event, Progress):
        return
    if (event.bytes or 0) > request.max_bytes:
        raise too_large(request)


def too_large(request: SyncRequest) -> SyncError:
    """Give the error for content that is larger than allowed."""
    return SyncError(
        "too-large",
        f"The content is larger than the {request.max_bytes / 2**20:.0f} MiB allowed here.",
        who="admin",
        hint="Ask whoever gave you the link for a smaller repository, or the hub's "
        "administrator for more room.",
        limit=request.max_bytes,
    )


def _sleep(seconds: float, git: Git) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        git.cancel.check()
        time.sleep(min(left, 0.1))
