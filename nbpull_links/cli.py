"""The command `nbpull`: a table of commands, a main, and the one place where errors become words.

Each command lives in a sibling module that is imported when the command is named, and imports what
it needs when it runs: making a link must not wait for git, Jupyter or a progress bar.
"""

from __future__ import annotations

import errno
import importlib
import os
import sys
from typing import TYPE_CHECKING

import click

from nbpull_links.cli_text import one_line
from nbpull_links.errors import InvalidValueError, NbpullError

if TYPE_CHECKING:
    from collections.abc import Sequence

FAILURE = 1
WRONG_USE = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells count

COMMANDS = {
    "link": "cli_link",
    "parse": "cli_parse",
    "convert": "cli_convert",
    "sync": "cli_sync",
    "restore": "cli_restore",
    "take": "cli_restore",
    "demo": "cli_local",
    "web": "cli_local",
    "completion": "cli_local",
}
"""Each command, and the module of this package whose function of that name it is."""

REMEDIES = {
    errno.EACCES: "Choose a place that you may write to, or ask its owner for leave.",
    errno.EPERM: "Choose a place that you may write to, or ask its owner for leave.",
    errno.EROFS: "Choose a place that can be written to.",
    errno.ENOSPC: "Delete what you no longer need, and run the same command again.",
    errno.EDQUOT: "Delete what you no longer need, and run the same command again.",
    errno.EMFILE: "Close other programs, or raise the limit with 'ulimit -n'.",
    errno.EADDRINUSE: "Choose another port with --port.",
}
"""What to do about an error of the operating system."""


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name the commands in the order of the table, which is the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import and give a command, None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"nbpull_links.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="nbpull", message="nbpull %(version)s")
@click.pass_context
def nbpull(ctx: click.Context) -> None:
    """Links that bring a git repository into a Jupyter, and the sync that loses nobody's work.

    `nbpull COMMAND --help` shows an example of each command.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help(), err=True)
        ctx.exit(WRONG_USE)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line and give its exit status: 0, 1 failure, 2 wrong use, 130 interrupt."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # A name of another alphabet must not end a command on a terminal that cannot show it.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = nbpull.main(args=argv, prog_name="nbpull", standalone_mode=False)
    except (click.ClickException, click.Abort, NbpullError, OSError) as error:
        status, words = explain(error)
        click.echo(f"nbpull: {one_line(words)}", err=True)
        _let_go_of_output()
    return status if isinstance(status, int) else 0


def explain(error: Exception) -> tuple[int, str]:
    """Give the exit status of a foreseeable error, and its words with the remedy."""
    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx else "nbpull"
        return WRONG_USE, f"{error.format_message()} See '{command} --help'."
    if isinstance(error, click.ClickException):
        return FAILURE, error.format_message()
    if isinstance(error, click.Abort):
        return INTERRUPTED, "stopped."
    if isinstance(error, NbpullError):
        if error.code == "cancelled":
            return INTERRUPTED, str(error)
        return (WRONG_USE if isinstance(error, InvalidValueError) else FAILURE), str(error)
    return FAILURE, _of_the_system(error)


def _of_the_system(error: Exception) -> str:
    if not isinstance(error, OSError) or error.errno is None:
        return str(error)
    if error.errno == errno.ENOENT and error.filename == "git":
        return "git is not installed. Install git 2.34 or newer."
    where = f": {error.filename}" if error.filename else ""
    return f"{error.strerror}{where}. {REMEDIES.get(error.errno, '')}"


def _let_go_of_output() -> None:
    """Drop what could not be written, else Python tries again at exit and complains itself."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
