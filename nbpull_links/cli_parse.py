"""`nbpull parse`: take links apart."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from nbpull_links.cli_text import error_event, examples, one_line, print_json, table, warn
from nbpull_links.errors import NbpullError
from nbpull_links.parse import parse_link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nbpull_links.link import Link


@click.command(
    epilog=examples(
        "nbpull parse 'https://hub.example.org/hub/user-redirect/git-pull"
        "?repo=https%3A%2F%2Fgithub.com%2Forg%2Fcourse&urlpath=lab%2Ftree%2Fcourse'"
    )
)
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line for each URL.")
@click.pass_context
def parse(ctx: click.Context, urls: tuple[str, ...], *, as_json: bool) -> None:
    """Take nbgitpuller links apart: where each runs, what it pulls and what it opens.

    A URL of - reads links from standard input, one a line. What had to be repaired is said on
    standard error. The exit status is 1 where a link could not be read.
    """
    many = len(urls) > 1 or urls == ("-",)
    failed = False
    for number, url in enumerate(_each(urls)):
        if many and number and not as_json:
            click.echo()
        try:
            found = parse_link(url)
        except NbpullError as error:
            failed = True
            if as_json:
                print_json(error_event(error))
            click.echo(f"nbpull: {one_line(str(error))}", err=True)
        else:
            _show(found, as_json=as_json)
    ctx.exit(1 if failed else 0)


def _each(urls: Iterable[str]) -> Iterator[str]:
    """Give each link, those of standard input among them; empty lines are none."""
    for url in urls:
        if url == "-":
            yield from (line.strip() for line in sys.stdin if line.strip())
        else:
            yield url


def _show(found: Link, *, as_json: bool) -> None:
    data = found.to_dict()
    if as_json:
        print_json(data)
        return
    click.echo(table(_rows(data)))
    warn(found.warnings)


def _rows(data: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Give a row for each field that says something."""
    for name, value in data.items():
        if isinstance(value, dict):
            yield from _rows(value, f"{name} ")
        elif value is not None and name != "warnings":
            yield f"{prefix}{name}", str(value)
