"""``python -m bench [--only NAME] [--quick] [--json] [--list]``."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from bench import (
    rows_class,
    rows_links,
    rows_memory,
    rows_merge,
    rows_scale,
    rows_server,
    rows_sphinx,
    rows_sync,
)
from bench.machine import describe
from bench.rooms import hermetic
from bench.runner import measure, spread

if TYPE_CHECKING:
    from bench.runner import Result, Row

ROWS: tuple[Row, ...] = (
    *rows_links.ROWS,
    *rows_sync.ROWS,
    *rows_scale.ROWS,
    *rows_merge.ROWS,
    *rows_memory.ROWS,
    *rows_server.ROWS,
    *rows_class.ROWS,
    *rows_sphinx.ROWS,
)


def main() -> int:
    """Measure the rows asked for; 1 if any of them broke, whatever the figures are."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="What nbpull costs.")
    parser.add_argument("--only", metavar="NAME", action="append", help="rows that begin so")
    parser.add_argument("--quick", action="store_true", help="three runs of each row")
    parser.add_argument("--json", action="store_true", help="all figures, as one document")
    parser.add_argument("--list", action="store_true", help="name the rows")
    options = parser.parse_args()
    rows = [row for row in ROWS if not options.only or row.name.startswith(tuple(options.only))]
    if not rows:
        parser.error(f"there is no row that begins with {' or '.join(options.only)}")
    if options.list:
        print("\n".join(f"{row.name:<28} {row.what}" for row in rows))
        return 0
    machine = describe()
    with hermetic():
        results = [_measured(row, quick=options.quick) for row in rows]
    if options.json:
        rows_json = [result.to_dict() for result in results]
        print(json.dumps({"machine": machine, "rows": rows_json}, indent=1))
    else:
        _show(machine, results)
    return 1 if any(result.broken for result in results) else 0


def _measured(row: Row, *, quick: bool) -> Result:
    print(f"measuring {row.name} ...", file=sys.stderr, flush=True)
    return measure(row, quick=quick)


def _show(machine: dict[str, str], results: list[Result]) -> None:
    console = Console() if sys.stdout.isatty() else Console(width=140)
    words = ", ".join(f"{name} {value}" for name, value in machine.items())
    table = Table(
        title=f"Medians, with quartiles in brackets, of interleaved runs on:\n{words}",
        title_justify="left",
    )
    for heading in ("row", "measured", "bound", "", "ours", "floor", "runs", "load"):
        table.add_column(heading, overflow="fold")
    for result in results:
        row = result.row
        what = f"[bold]{row.name}[/]\n[dim]{row.what}[/]"
        if result.broken:
            table.add_row(what, f"[red]broken: {result.broken}[/]")
            continue
        low, middle, high = spread(result.figures)
        unit = "x" if row.compare == "ratio" else f" {row.unit}"
        table.add_row(
            what,
            f"[bold]{middle:.3g}{unit}[/] ({low:.3g} .. {high:.3g})",
            "" if row.limit is None else f"{row.limit:g}{unit}",
            {True: "[green]holds[/]", False: "[red]over[/]", None: ""}[result.holds],
            f"{spread(result.subject)[1]:.3g} {row.unit}",
            f"{spread(result.floor)[1]:.3g} {row.unit}" if result.floor else "",
            str(len(result.subject)),
            f"{result.load:.1f}",
        )
    console.print(table)


sys.exit(main())
