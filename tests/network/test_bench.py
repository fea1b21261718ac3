"""The measurements run, compare like with like, and say so when one of them breaks."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from bench.runner import Result, Row, Trial, measure, spread

HOUSE = Path(__file__).parents[2]


def row(subject, floor=None, **options):
    @contextmanager
    def prepare(directory, _):
        assert directory.is_dir()
        yield Trial(subject=subject, floor=floor)

    return Row(name="a-row", what="", prepare=prepare, **options)


def test_ours_and_the_floor_take_turns_and_the_first_run_is_not_counted():
    calls, clock = [], count()

    def note(name):
        calls.append(name)
        return float(next(clock))

    result = measure(row(lambda: note("ours"), lambda: note("floor"), runs=3))
    assert calls == ["floor", "ours", "ours", "floor"] * 2
    assert result.subject == [2, 5, 6]
    assert result.floor == [3, 4, 7]


@pytest.mark.parametrize(
    ("compare", "figures"),
    [("ratio", [2, 4]), ("difference", [1, 6]), ("alone", [2, 8])],
)
def test_a_figure_is_what_the_limit_is_for(compare, figures):
    result = Result(row=row(None, compare=compare, limit=4), subject=[2, 8], floor=[1, 2])
    assert result.figures == figures
    assert result.holds is (sum(figures) / 2 <= 4)


def test_without_a_limit_nothing_holds_or_fails():
    assert Result(row=row(None), subject=[1], floor=[1]).holds is None


def test_what_breaks_is_said_with_its_place_and_no_figure():
    def breaks():
        raise ValueError("no luck")

    result = measure(row(breaks, limit=1)).to_dict()
    assert result["broken"].startswith("ValueError: no luck (test_bench.py:")
    assert result["holds"] is None
    assert "median" not in result


def test_the_spread_is_that_of_the_middle_half():
    assert spread([5]) == (5, 5, 5)
    assert spread([1, 2, 3, 4, 5]) == (2, 3, 4)


def bench(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        cwd=HOUSE, capture_output=True, text=True, check=False, timeout=200,
    )  # fmt: skip


def test_rows_of_each_kind_run_and_say_machine_and_runs():
    names = ["make-link", "nothing-new-operations", "merge-1mb"]
    only = [word for name in names for word in ("--only", name)]
    done = bench("--quick", "--json", *only)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {"processor", "cores", "git", "python"} <= told["machine"].keys()
    rows = {each["name"]: each for each in told["rows"]}
    assert set(names) <= rows.keys()
    assert all(each["runs"] == 3 for each in rows.values())
    assert rows["nothing-new-operations"]["holds"] is True


def test_a_row_that_is_not_there_is_a_wrong_use():
    done = bench("--only", "nothing-like-it")
    assert done.returncode == 2
    assert "no row that begins with" in done.stderr


def test_the_rows_can_be_listed():
    listed = [line.split()[0] for line in bench("--list").stdout.splitlines()]
    assert len(listed) == len(set(listed)) > 20
