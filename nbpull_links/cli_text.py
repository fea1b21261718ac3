"""Text on its way to a terminal: safe to show, in one line where one line is promised."""

from __future__ import annotations

import json
import re
import unicodedata
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from nbpull_links.errors import InvalidValueError, NbpullError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nbpull_links.notices import LinkWarning

_PARAMETER = re.compile(r"\b(?:env_repo|content_repo|content_branch)\b")

BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""Characters that turn the reading direction round: one can make `x.exe` look like a notebook."""


def printable(text: str) -> str:
    """Escape what a terminal would obey rather than show; links and paths may come from anyone."""
    return "".join(
        character.encode("unicode_escape").decode("ascii") if _acts(character) else character
        for character in text
    )


def _acts(character: str) -> bool:
    """Tell whether a character is one that acts: controls, line ends, direction, half of a pair."""
    category = unicodedata.category(character)
    return category in {"Cc", "Cs", "Zl", "Zp"} or character in BIDI_CONTROLS


def one_line(text: str) -> str:
    """Put a message into one line that is safe to show."""
    return printable(" ".join(text.split()))


def table(rows: Iterable[tuple[str, str]]) -> str:
    """Lay out names and values in two columns."""
    cells = list(rows)
    width = max((len(name) for name, _ in cells), default=0)
    return "\n".join(f"{name:<{width}}  {printable(value)}" for name, value in cells)


def examples(*commands: str) -> str:
    """Write the examples of a command for the end of its help."""
    title = "Example:" if len(commands) == 1 else "Examples:"
    # \b keeps click from filling the lines; the backslash form is what shells take.
    return "\n".join(["\b", title, *(f"  {command}" for command in commands)])


def warn(warnings: Iterable[LinkWarning]) -> None:
    """Say on stderr what was repaired or is doubtful, a line each."""
    for warning in warnings:
        click.echo(f"warning: {one_line(warning.message)} [{warning.code}]", err=True)


@contextmanager
def as_options() -> Iterator[None]:
    """Have errors of the library speak of options where it speaks of parameters."""
    try:
        yield
    except InvalidValueError as error:
        message, hint = (
            _PARAMETER.sub(lambda found: f"--{found[0].replace('_', '-')}", text)
            for text in (error.message, error.hint)
        )
        raise InvalidValueError(error.code, message, hint=hint, **error.context) from error


def print_json(data: Mapping[str, Any]) -> None:
    """Print one JSON object a line; all beyond ASCII is escaped, so any terminal can hold it."""
    click.echo(json.dumps(data))


@contextmanager
def failing_as_json(
    as_json: bool, hints: Mapping[str, str] = MappingProxyType({})
) -> Iterator[None]:
    """Have an error be the last line of `--json` too, with the hints of a command for its codes."""
    try:
        yield
    except NbpullError as error:
        error.hint = hints.get(error.code, error.hint)
        if as_json:
            print_json(error_event(error))
        raise


def error_event(error: NbpullError) -> dict[str, Any]:
    """Give an error in its JSON form, as the last line of what `--json` prints."""
    return {
        "type": "error",
        "code": error.code,
        "message": error.message,
        "hint": error.hint,
        "who": getattr(error, "who", "you"),
    }
