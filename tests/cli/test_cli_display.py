"""How a sync looks to a person."""

from __future__ import annotations

import io
import sys

import pytest

from nbpull_links.cli_display import display, rate, size, summary
from nbpull_sync import CellOutcome, FileOutcome, Hunk, Outcome, Phase, Progress, Report

SHA = "0123456789abcdef0123456789abcdef01234567"


def report(*files, status="updated", **fields):
    return Report(status=status, base=None, upstream=SHA, files=files, **fields)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (report(status="cloned", branch="main"), "Cloned course to 0123456789 of main."),
        (report(), "Updated course to 0123456789."),
        (report(status="unchanged"), "course has the newest content, 0123456789."),
        (
            report(dry_run=True),
            "Would have updated course to 0123456789.\nNothing was written.",
        ),
        (
            report(restore_point="2025"),
            "Updated course to 0123456789.\nYour work as it was before: nbpull restore 2025",
        ),
    ],
)
def test_the_summary_begins_with_what_was_done(made, said):
    assert summary(made, "course") == said


def lines(*files):
    text = summary(report(*files), "course")
    return [line.strip() for line in text.splitlines()[1:] if line.startswith("  ")]


@pytest.mark.parametrize(
    ("outcome", "line"),
    [
        (FileOutcome(path="a", outcome=Outcome.ADDED), "added       a"),
        (FileOutcome(path="b", outcome=Outcome.MOVED, moved_from="a"), "moved       a -> b"),
        (
            FileOutcome(path="a", outcome=Outcome.SET_ASIDE, set_aside_as="a__2025"),
            "set-aside   a  (yours is now a__2025)",
        ),
        (
            FileOutcome(path="a", outcome=Outcome.KEPT_YOURS, reason="It is no text."),
            "kept-yours  a  (It is no text.)",
        ),
        (
            FileOutcome(
                path="a",
                outcome=Outcome.MERGED,
                hunks=(Hunk(line=1, ours="x", theirs="y"),),
            ),
            "merged      a  (1 change of upstream not taken)",
        ),
        (
            FileOutcome(
                path="a",
                outcome=Outcome.MERGED,
                cells=(
                    CellOutcome(action="not-taken", cell_id=None, first_line="x"),
                    CellOutcome(action="not-taken", cell_id=None, first_line="y"),
                    CellOutcome(action="merged", cell_id=None, first_line="z"),
                ),
            ),
            "merged      a  (2 cells of upstream not taken)",
        ),
        (FileOutcome(path="\x1b[2J", outcome=Outcome.ADDED), "added       \\x1b[2J"),
    ],
)
def test_each_file_has_a_line_that_says_what_is_not_plain(outcome, line):
    (shown,) = lines(outcome)
    assert _plain(shown) == line


def _plain(text):
    for colour in (31, 32, 33, 36):
        text = text.replace(f"\x1b[{colour}m", "")
    return text.replace("\x1b[0m", "")


def test_many_files_that_cost_nobody_anything_are_counted_and_the_others_named():
    files = [FileOutcome(path=str(n), outcome=Outcome.UPDATED) for n in range(100)]
    files += [FileOutcome(path=str(n), outcome=Outcome.KEPT_YOURS) for n in range(20)]
    shown = lines(*files)
    assert shown[0] == "updated     100 files"
    assert len(shown) == 21


def test_what_was_kept_comes_with_the_way_to_the_teachers_version():
    kept = report(FileOutcome(path="a", outcome=Outcome.KEPT_YOURS))
    assert summary(kept, "course").endswith("The teacher's version of a file: nbpull take PATH")


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (2_500_000, "2.5 MB"), (3e9, "3.0 GB")],
)
def test_sizes_are_for_people(count, text):
    assert size(count) == text


def test_the_rate_says_what_is_known():
    assert rate(Progress(phase=Phase.RECEIVING)) == ""
    assert rate(Progress(phase=Phase.RECEIVING, bytes=2000, speed=1000)) == "2.0 kB, 1.0 kB/s"


def test_a_log_gets_one_line_a_phase(capsys):
    with display() as show:
        for phase in (Phase.CONNECTING, Phase.RECEIVING, Phase.RECEIVING):
            show(Progress(phase=phase))
    assert capsys.readouterr().err == "Connecting ...\nReceiving ...\n"


def test_every_phase_has_words(capsys):
    with display() as show:
        for phase in Phase:
            show(Progress(phase=phase))
    assert len(capsys.readouterr().err.splitlines()) == len(Phase)


def test_a_person_sees_a_line_that_moves_and_goes_away(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with display() as show:
        show(Progress(phase=Phase.RECEIVING, done=1, total=4, bytes=1000))
    shown = terminal.getvalue()
    assert "Receiving" in shown
    assert "25%" in shown
    assert "1.0 kB" in shown
    assert shown.endswith("\x1b[2K")  # the last thing is that the line is erased
