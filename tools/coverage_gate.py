"""Hold the measured coverage to the floor of each package; run after `coverage combine`.

    python tools/coverage_gate.py

Prints one line per package and, where one is under its floor, the lines and branches that no
test reached. The exit status is 1 then.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from coverage import Coverage

FLOORS = {"nbpull_links": 100.0, "nbpull_sync": 97.5, "nbpull_server": 98.0}
"""The least share of lines and branches, in percent, that the tests of a package must reach."""


@dataclass
class Reached:
    """How much of a package the tests reached: lines and branches together."""

    possible: int = 0
    hit: int = 0

    @property
    def percent(self) -> float:
        """Give the share; a package with nothing to reach is reached."""
        return 100.0 * self.hit / self.possible if self.possible else 100.0


def measure(coverage: Coverage) -> dict[str, Reached]:
    """Add up the files of each package that has a floor."""
    with tempfile.TemporaryDirectory() as directory:
        report = Path(directory) / "coverage.json"
        coverage.json_report(outfile=str(report))
        files = json.loads(report.read_text())["files"]
    reached = {package: Reached() for package in FLOORS}
    for name, data in files.items():
        package = next((part for part in Path(name).parts if part in FLOORS), None)
        if package is None:
            continue
        summary = data["summary"]
        reached[package].possible += summary["num_statements"] + summary["num_branches"]
        reached[package].hit += summary["covered_lines"] + summary["covered_branches"]
    return reached


def main() -> int:
    """Print the table and give the exit status."""
    coverage = Coverage(messages=False)
    coverage.load()
    low = []
    print(f"{'package':<15}{'reached':>9}{'floor':>8}")
    for package, reached in measure(coverage).items():
        # Rounding must not lift a package over its floor: 99.996 % is not 100 %.
        shown = f"{int(reached.percent * 100) / 100:.2f}"
        print(f"{package:<15}{shown:>8}%{FLOORS[package]:>7g}%")
        if reached.percent < FLOORS[package]:
            low.append(package)
    for package in low:
        print(f"\n{package} is under its floor; not reached:")
        coverage.report(include=[f"*/{package}/*"], show_missing=True, skip_covered=True)
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
