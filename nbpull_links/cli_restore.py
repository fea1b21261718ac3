"""`nbpull restore` and `nbpull take`: bring back the learner's own work, or the teacher's file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nbpull_links.cli_text import examples, failing_as_json, print_json, printable, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbpull_sync.restore import Restored

workspace_option = click.option(
    "-C",
    "--workspace",
    "directory",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The workspace.  [default: the one that holds the current directory]",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")


@click.command(
    epilog=examples("nbpull restore --list", "nbpull restore 20260131T093000Z week1/notes.ipynb")
)
@click.argument("point", required=False, metavar="[ID]", shell_complete=lambda *_: _ids())
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option("--list", "listing", is_flag=True, help="List the restore points, newest first.")
@json_option
@workspace_option
def restore(
    point: str | None,
    paths: tuple[Path, ...],
    directory: Path | None,
    *,
    listing: bool,
    as_json: bool,
) -> None:
    """Bring back your work as it was at the restore point ID, all of it or the PATHs alone.

    A sync writes a restore point before it touches anything of yours. What is there now goes into
    a restore point of its own first.
    """
    from nbpull_sync import restore as bring_back  # noqa: PLC0415 - only this command needs it

    if listing == (point is not None):
        raise click.UsageError("Give an ID, or --list to see them.", click.get_current_context())
    root = _workspace(directory)
    with failing_as_json(as_json):
        if point is None:
            _list(root, as_json=as_json)
        else:
            _tell(bring_back(root, point, _inside(root, paths)), as_json=as_json)


@click.command(epilog=examples("nbpull take week1/notes.ipynb"))
@click.argument("path", type=click.Path(path_type=Path))
@json_option
@workspace_option
def take(path: Path, directory: Path | None, *, as_json: bool) -> None:
    """Replace PATH by the teacher's version; yours goes into a restore point first."""
    from nbpull_sync import take as take_theirs  # noqa: PLC0415 - only this command needs it

    root = _workspace(directory)
    with failing_as_json(as_json):
        _tell(take_theirs(root, *_inside(root, [path])), as_json=as_json)


def _list(root: Path, *, as_json: bool) -> None:
    """Show the restore points of a workspace."""
    from nbpull_sync import restore_points  # noqa: PLC0415 - only this command needs it

    points = restore_points(root)
    if as_json:
        for point in points:
            print_json(point.to_dict())
    elif points:
        click.echo(table((point.id, point.why) for point in points))
    else:
        click.echo("There is no restore point yet: no sync has touched anything of yours.")


def _tell(done: Restored, *, as_json: bool) -> None:
    """Say what was brought back, and what became of what was there."""
    if as_json:
        print_json(done.to_dict())
        return
    for path in done.paths:
        click.echo(f"brought back  {printable(path)}")
    for path, name in done.set_aside.items():
        click.echo(f"set aside     {printable(path)}, now {printable(name)}")
    if done.restore_point:
        click.echo(f"What was there before: nbpull restore {done.restore_point}")
    if not (done.paths or done.set_aside):
        click.echo("Everything is so already.")


def _ids() -> list[str]:
    """Give what may be completed as an ID."""
    from nbpull_sync import restore_points  # noqa: PLC0415 - only completion needs it

    return [point.id for point in restore_points(_workspace(None))]


def _workspace(directory: Path | None) -> Path:
    """Find the workspace that holds a directory: the nearest one upwards with a repository."""
    start = (directory or Path()).absolute()
    for place in (start, *start.parents):
        if (place / ".git").exists():
            return place
    raise click.UsageError(
        f"{printable(str(start))} is in no workspace; name one with --workspace.",
        click.get_current_context(),
    )


def _inside(root: Path, paths: Sequence[Path]) -> tuple[str, ...]:
    """Name paths as the workspace does; they were typed as seen from the current directory."""
    named = []
    for path in paths:
        # Not resolved: a symbolic link in the workspace is named itself, not what it leads to.
        absolute = Path(os.path.normpath(path.absolute()))
        if not absolute.is_relative_to(root):
            raise click.UsageError(
                f"{printable(str(path))} is not in the workspace {printable(str(root))}.",
                click.get_current_context(),
            )
        named.append(absolute.relative_to(root).as_posix())
    return tuple(named)
