"""How a sync looks to a person: a live line while it runs, and a summary of what it did."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from nbpull_links.cli_text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from nbpull_sync import FileOutcome, Progress, Report

PHASES = {
    "waiting": "Waiting for another sync of this directory",
    "connecting": "Connecting",
    "receiving": "Receiving",
    "inspecting": "Looking at what changed",
    "protecting": "Keeping your work safe",
    "applying": "Updating files",
    "settling": "Finishing",
}
QUIET = ("added", "updated", "removed", "moved")
"""Outcomes that cost nobody anything: they are counted where there are many of them."""
FEW = 12
KILO = 1000
COLOURS = {"kept-yours": "yellow", "set-aside": "yellow", "merged": "green", "restored": "cyan"}


def display() -> AbstractContextManager[Callable[[Progress], None]]:
    """Give what shows progress: a live line where a person watches, else a line a phase."""
    return _live_line() if sys.stderr.isatty() else _phase_lines()


@contextmanager
def _phase_lines() -> Iterator[Callable[[Progress], None]]:
    """Say each phase when it begins, for a log or a pipe."""
    last = ""

    def show(progress: Progress) -> None:
        nonlocal last
        if progress.phase.value != last:
            last = progress.phase.value
            click.echo(f"{PHASES[last]} ...", err=True)

    yield show


@contextmanager
def _live_line() -> Iterator[Callable[[Progress], None]]:
    """Show what is happening, how far it is and how fast, and give the line back at the end."""
    # Only a person at a terminal waits for this import.
    from rich import progress as bars  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415

    line = bars.Progress(
        bars.TextColumn("{task.description}", markup=False),
        bars.BarColumn(bar_width=30),
        bars.TaskProgressColumn(),
        bars.TextColumn("{task.fields[rate]}", markup=False),
        console=Console(stderr=True),
        transient=True,
    )
    task = line.add_task(PHASES["connecting"], total=None, rate="")

    def show(progress: Progress) -> None:
        line.update(
            task,
            description=PHASES[progress.phase.value],
            completed=progress.done or 0,
            total=progress.total,
            rate=rate(progress),
        )

    with line:
        yield show


def rate(progress: Progress) -> str:
    """Say how much came and how fast, empty where nothing is known of it."""
    parts = []
    if progress.bytes is not None:
        parts.append(size(progress.bytes))
    if progress.speed is not None:
        parts.append(f"{size(progress.speed)}/s")
    return ", ".join(parts)


def size(count: float) -> str:
    """Write a number of bytes for a person."""
    for unit in ("B", "kB", "MB"):
        if count < KILO:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= KILO
    return f"{count:.1f} GB"


def summary(report: Report, directory: str) -> str:
    """Say in words what a sync did, or with `dry_run` would do."""
    return "\n".join(
        [_headline(report, printable(directory)), *_outcomes(report), *_afterwards(report)]
    )


def _headline(report: Report, directory: str) -> str:
    ref = f" of {printable(report.branch)}" if report.branch else ""
    at = f"{report.upstream[:10]}{ref}"
    if report.status == "unchanged":
        return f"{directory} has the newest content, {at}."
    verb = {"cloned": "Cloned", "updated": "Updated"}[report.status]
    if report.dry_run:
        verb = f"Would have {verb.lower()}"
    return f"{verb} {directory} to {at}."


def _outcomes(report: Report) -> list[str]:
    lines = []
    by_kind: dict[str, list[FileOutcome]] = {}
    for outcome in report.files:
        by_kind.setdefault(outcome.outcome.value, []).append(outcome)
    for kind, outcomes in by_kind.items():
        if kind in QUIET and len(outcomes) > FEW:
            lines.append(f"  {kind:<10}  {len(outcomes)} files")
        else:
            lines += [_line(kind, outcome) for outcome in outcomes]
    return lines


def _line(kind: str, outcome: FileOutcome) -> str:
    path = printable(outcome.path)
    if outcome.moved_from is not None:
        path = f"{printable(outcome.moved_from)} -> {path}"
    return f"  {click.style(f'{kind:<10}', fg=COLOURS.get(kind))}  {path}{_remark(outcome)}"


def _remark(outcome: FileOutcome) -> str:
    """Say what is not plain from the outcome alone."""
    remarks = [printable(outcome.reason)] if outcome.reason else []
    if outcome.set_aside_as is not None:
        remarks.append(f"yours is now {printable(outcome.set_aside_as)}")
    if outcome.hunks:
        remarks.append(f"{_count(len(outcome.hunks), 'change')} of upstream not taken")
    if missed := sum(cell.action == "not-taken" for cell in outcome.cells):
        remarks.append(f"{_count(missed, 'cell')} of upstream not taken")
    return f"  ({'; '.join(remarks)})" if remarks else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _afterwards(report: Report) -> list[str]:
    lines = [printable(note) for note in report.notes]
    if report.dry_run:
        return [*lines, "Nothing was written."]
    if any(outcome.hunks or outcome.outcome.value == "kept-yours" for outcome in report.files):
        lines.append("The teacher's version of a file: nbpull take PATH")
    if report.restore_point:
        lines.append(f"Your work as it was before: nbpull restore {report.restore_point}")
    return lines
