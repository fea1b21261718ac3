"""What the demo shows: steps, the sync as it runs, the report, the files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from nbpull_server.demo import course

if TYPE_CHECKING:
    from pathlib import Path

_COLOURS = {"learner": "cyan", "teacher": "green"}


class Screen:
    """Writes to the terminal, numbering the steps."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)
        self._step = 0

    def step(self, title: str) -> None:
        """Begin a step."""
        self._step += 1
        self._console.print()
        self._console.print(Rule(f"[bold]{self._step}. {title}[/]", align="left", style="dim"))

    def say(self, text: str) -> None:
        """Say what happens."""
        self._console.print(Padding(Text(text), (0, 0, 0, 3), expand=False))

    def url(self, url: str) -> None:
        """Show a URL, in one line however long it is, so that it can be copied."""
        self._console.print(Text(f"   {url}", style="bold blue"), soft_wrap=True)

    def output(self, text: str) -> None:
        """Show a line of the sync."""
        for line in text.replace("\r", "\n").splitlines():
            self._console.print(Text(f"   │ {line}", style="dim"), soft_wrap=True)

    def report(self, report: dict[str, Any]) -> None:
        """Show a report: what happened to each file."""
        self.say(f"The report says: {report['status']}, now at {report['upstream'][:10]}.")
        table = Table(box=None, padding=(0, 0, 0, 3), show_header=False)
        for _ in ("outcome", "path", "remark"):
            table.add_column(overflow="fold")
        for outcome in report["files"]:
            cells = [f"{cell['action']}: {cell['first_line']}" for cell in outcome.get("cells", [])]
            remark = outcome.get("reason", "") or "; ".join(cells)
            kind = Text(outcome["outcome"], style="bold")
            table.add_row(kind, Text(outcome["path"]), Text(remark))
        self._console.print(table)

    def files(self, workspace: Path) -> None:
        """Show what is in a workspace."""
        for path in sorted(workspace.rglob("*")):
            name = path.relative_to(workspace)
            if path.is_file() and ".git" not in name.parts:
                self._console.print(Text(f"   {name}  ") + Text(f"{path.stat().st_size} B", "dim"))

    def notebook(self, path: Path) -> None:
        """Show a notebook's cells, and in the margin who wrote what stands there."""
        table = Table(box=None, padding=(0, 0, 0, 1), show_header=False)
        table.add_column(justify="right", width=10)
        for cell in course.read_notebook(path).cells:
            table.add_row("", Text(cell.cell_type, style="dim"))
            for line in cell.source.splitlines():
                who = _author(line)
                style = _COLOURS.get(who, "")
                table.add_row(Text(who, style=style), Text(f"│ {line}", style=style))
        self._console.print(table)

    def verdict(self, missing: list[str]) -> None:
        """Say whether all is as it should be."""
        self._console.print()
        for line in missing:
            self._console.print(Text(f"✗ {line}", style="bold red"))
        if not missing:
            text = "✓ All of the learner's work is there, and all of the teacher's has arrived."
            self._console.print(Text(text, style="bold green"))

    def error(self, text: str) -> None:
        """Say why it does not go on."""
        self._console.print(Text(f"✗ {text}", style="bold red"), soft_wrap=True)


def _author(line: str) -> str:
    """Tell who wrote a line of the lesson since its first week; empty for neither."""
    if line in (*course.ANSWER.splitlines(), *course.REMARK.splitlines()):
        return "learner"
    return "teacher" if line in (course.HINT, course.CORRECTION) else ""
