"""`nbpull sync`: bring a workspace up to date."""

from __future__ import annotations

import os
import re
import signal
import threading
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from nbpull_links.checks import shown
from nbpull_links.cli_text import examples, failing_as_json, print_json, warn
from nbpull_links.errors import InvalidValueError
from nbpull_links.forges import read_page
from nbpull_links.repo import clone_directory
from nbpull_links.urls import Url, decode

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from types import FrameType

    from nbpull_sync import Cancel, Event, SyncRequest

HINTS = {
    "not-a-repository": "Give the URL that git clone takes, or the path of a repository.",
    "other-remote": "Name another DIR, or give --moved to go on here with the new address.",
}
"""What to do about an error, where this command has an option for it."""

# A host has a dot or a colon after it, an account an "@".
_ADDRESS = re.compile(r"[^/.]+[.:@]")


@click.command(
    epilog=examples(
        "nbpull sync https://github.com/org/course",
        "nbpull sync https://github.com/org/course stats --branch spring --dry-run",
    )
)
@click.argument("repo")
@click.argument("directory", required=False, metavar="[DIR]", type=click.Path(path_type=Path))
@click.option(
    "--branch", metavar="REF", help="Branch, tag or full commit.  [default: the remote's]"
)
@click.option(
    "--depth",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="Commits of history that a first clone gets; 0 for all.",
)
@click.option("--subdir", metavar="PATH", help="Pull this one folder of the repository.")
@click.option("--submodules", is_flag=True, help="Pull submodules too.")
@click.option(
    "--lfs/--no-lfs",
    default=True,
    show_default=True,
    help="Bring the content of large files (Git LFS), where git-lfs is installed.",
)
@click.option(
    "--conflict",
    type=click.Choice(["ours", "upstream"]),
    default="ours",
    show_default=True,
    help="Whose version stays where both sides changed the same lines; nothing of yours is lost.",
)
@click.option(
    "--reference",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="A repository here whose objects a first clone copies instead of moving them.",
)
@click.option("--moved", is_flag=True, help="DIR belongs to another repository: go on here.")
@click.option("--dry-run", is_flag=True, help="Show what would happen, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one event a line, the report last.")
def sync(
    repo: str, directory: Path | None, branch: str | None, *, as_json: bool, **rules: Any
) -> None:
    """Bring the newest content of REPO into DIR, and keep every byte of your own work.

    REPO is a URL, or the path of a repository on this machine. DIR is the directory to fill or to
    bring up to date; without it, the one that is called like the repository.
    """
    with failing_as_json(as_json, HINTS):
        _run(_request(repo, directory, branch, **rules), as_json=as_json)


def _request(repo: str, directory: Path | None, branch: str | None, **rules: Any) -> SyncRequest:
    """Make the engine's request of what was typed."""
    from nbpull_sync import SAFE_PROTOCOLS, SyncRequest  # noqa: PLC0415 - only a sync needs it

    address, name, ref = _source(repo, branch)
    # The engine may be called from anywhere, so it is told a place, not a direction.
    target = (directory or Path(name)).absolute()
    if address.startswith("file:"):
        _refuse_itself(repo, Path(decode(Url.split(address).path)), target)
    return SyncRequest(
        repo=address,
        directory=target,
        ref=ref,
        # Who types a path here may read it anyway; a link from elsewhere is another matter.
        protocols=(*SAFE_PROTOCOLS, "file"),
        **rules,
    )


def _source(repo: str, branch: str | None) -> tuple[str, str, str | None]:
    """Tell the address, the clone's directory and the ref: of a local path, a URL or a page."""
    if "://" not in repo and (os.path.lexists(repo) or Path(repo).is_absolute()):
        # Without "..", so that the last name is the repository's.
        local = Path(os.path.abspath(repo))  # noqa: PTH100 - resolve() would rename a linked one
        return local.as_uri(), clone_directory(local.as_posix()), branch
    if "://" not in repo and not _ADDRESS.match(repo):
        raise InvalidValueError(
            "not-a-repository",
            f"There is no {shown(repo)} here, and it is no URL either.",
            field="repo",
        )
    page = read_page(repo, branch)
    warn(page.warnings)
    return page.repo.url, page.repo.directory, branch or page.ref


def _refuse_itself(repo: str, source: Path, target: Path) -> None:
    """Refuse to make a workspace of the very repository that it would be filled from."""
    source = source.resolve()
    source = source.parent if source.name == ".git" else source
    if target.exists() and target.resolve() == source:
        raise InvalidValueError(
            "same-directory",
            f"{shown(repo)} is the repository itself, not a workspace to fill from it.",
            hint="Name another DIR for the workspace.",
            field="directory",
        )


def _run(request: SyncRequest, *, as_json: bool) -> None:
    """Run a sync to its end and show it."""
    from nbpull_sync import Cancel, sync  # noqa: PLC0415 - only a sync needs it

    cancel = Cancel()
    running = cast("Generator[Event, None, None]", sync(request, cancel=cancel))
    with _cancelled_by_signals(cancel), closing(running) as events:
        if as_json:
            for event in events:
                print_json(event.to_dict())
        else:
            _show(events, request.directory.name)


def _show(events: Iterator[Event], name: str) -> None:
    """Show a sync to a person."""
    # Who reads JSON needs none of these.
    from nbpull_links.cli_display import display, summary  # noqa: PLC0415
    from nbpull_sync import Progress, Report  # noqa: PLC0415

    text = ""
    with display() as show:
        for event in events:
            if isinstance(event, Progress):
                show(event)
            elif isinstance(event, Report):
                text = summary(event, name)
    click.echo(text)


@contextmanager
def _cancelled_by_signals(cancel: Cancel) -> Iterator[None]:
    """Have Ctrl-C and a polite kill end the sync in order; the second one ends it at once."""

    def stop(number: int, _: FrameType | None) -> None:
        signal.signal(number, before[number])
        # Not in the handler itself: the interrupted code may hold what cancelling waits for.
        threading.Thread(target=cancel.cancel).start()

    before: dict[int, Any] = {
        number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)
    }
    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
