"""Measures a row: the subject and its floor in turn, so that both meet the same machine."""

from __future__ import annotations

import os
import statistics
import traceback
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is measured: each call gives one figure, without its own preparation.

    Attributes:
        subject: Our side.
        floor: What it is compared with, None for a figure that stands alone.
    """

    subject: Callable[[], float]
    floor: Callable[[], float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table.

    Attributes:
        name: How ``--only`` calls it.
        what: What is measured, and beside what.
        prepare: Makes the trial in an empty directory; given the number of runs to come.
        unit: Of the figures of subject and floor.
        compare: How the two become one figure: their ratio, their difference, or the subject alone.
        limit: The most that this figure may be, None where none is promised.
        runs: How often it is measured.
    """

    name: str
    what: str
    prepare: Callable[[Path, int], AbstractContextManager[Trial]]
    unit: str = "ms"
    compare: str = "ratio"
    limit: float | None = None
    runs: int = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came out: the figures of each run, or why there are none.

    Attributes:
        row: What was measured.
        subject: Our figures.
        floor: The figures of what they are compared with.
        broken: What went wrong.
        load: How many programs wanted a processor in the minute before the last run.
    """

    row: Row
    subject: list[float]
    floor: list[float]
    broken: str = ""
    load: float = 0.0

    @property
    def figures(self) -> list[float]:
        """The figure of each run that the limit is for."""
        if self.row.compare == "alone":
            return self.subject
        pairs = zip(self.subject, self.floor, strict=True)
        if self.row.compare == "difference":
            return [ours - theirs for ours, theirs in pairs]
        return [ours / theirs for ours, theirs in pairs]

    @property
    def holds(self) -> bool | None:
        """Whether the median is within the limit; None where there is no limit or no figure."""
        if self.row.limit is None or self.broken:
            return None
        return statistics.median(self.figures) <= self.row.limit

    def to_dict(self) -> dict[str, Any]:
        """Give the result in its JSON form."""
        data: dict[str, Any] = {"name": self.row.name, "what": self.row.what, "unit": self.row.unit}
        data |= {"compare": self.row.compare, "limit": self.row.limit, "holds": self.holds}
        if self.broken:
            return data | {"broken": self.broken}
        low, middle, high = spread(self.figures)
        data |= {"median": middle, "low": low, "high": high, "runs": len(self.figures)}
        data["load"] = self.load
        return data | {"subject": self.subject, "floor": self.floor}


def spread(figures: list[float]) -> tuple[float, float, float]:
    """Give the lower quartile, the median and the upper quartile."""
    if len(figures) == 1:
        return figures[0], figures[0], figures[0]
    low, middle, high = statistics.quantiles(figures, n=4, method="inclusive")
    return low, middle, high


def measure(row: Row, *, quick: bool = False) -> Result:
    """Measure one row; what goes wrong is in the result."""
    runs = min(row.runs, 3) if quick else row.runs
    subject: list[float] = []
    floor: list[float] = []
    warm = int(runs > 1)  # one run that is not counted warms the caches of both
    try:
        with (
            TemporaryDirectory(prefix="nbpull-bench-") as directory,
            row.prepare(Path(directory), runs + warm) as trial,
        ):
            for number in range(runs + warm):
                _pair(trial, subject, floor, ours_first=bool(number % 2))
    except Exception as error:  # noqa: BLE001 - one broken row must not hide the others
        where = traceback.extract_tb(error.__traceback__)[-1]
        broken = f"{type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})"
        return Result(row=row, subject=[], floor=[], broken=broken)
    load = round(os.getloadavg()[0], 1)
    return Result(row=row, subject=subject[warm:], floor=floor[warm:], load=load)


def _pair(trial: Trial, subject: list[float], floor: list[float], *, ours_first: bool) -> None:
    """Run both once; who comes first changes from pair to pair."""
    if ours_first:
        subject.append(trial.subject())
    if trial.floor is not None:
        floor.append(trial.floor())
    if not ours_first:
        subject.append(trial.subject())
