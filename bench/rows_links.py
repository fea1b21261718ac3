"""Links: the time to make and to read one, and what importing the library costs."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager
from itertools import count, islice
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from yarl import URL

from bench.rooms import timed
from bench.runner import Row, Trial
from nbpull_links import make_link, parse_link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

HUB, REPO = "https://hub.example.org/jupyter", "https://github.com/org/course"
_CALLS = 300
_HEAVY = ("git", "jupyter_server", "tornado", "nbformat", "click", "rich", "sphinx")


def file(number: int) -> str:
    """Give a path that needs encoding, another one for each number: some libraries keep a cache."""
    return f"week {number}/Ünits & more.ipynb"


def urlpath(number: int) -> str:
    """Give what opens it in Lab."""
    return f"lab/tree/course/{quote(file(number))}"


def by_us(number: int) -> str:
    """Make the link with nbpull."""
    return make_link(
        hub=HUB, content_repo=REPO, content_branch="main", path=file(number), app="lab"
    )


def by_urllib(number: int) -> str:
    """Make the same string with urllib alone, checking nothing."""
    fields = {"repo": REPO, "branch": "main", "urlpath": urlpath(number)}
    return f"{HUB}/hub/user-redirect/git-pull?{urlencode(fields, quote_via=quote, safe='')}"


def by_yarl(number: int) -> str:
    """Make it with yarl, which leaves ``/`` and ``:`` in a query as they are."""
    fields = {"repo": REPO, "branch": "main", "urlpath": urlpath(number)}
    return str(URL(f"{HUB}/hub/user-redirect/git-pull").with_query(fields))


def read_by_us(number: int) -> object:
    """Read a link with nbpull."""
    return parse_link(by_urllib(number))


def read_by_urllib(number: int) -> object:
    """Take a link apart with urllib, checking nothing."""
    fields = parse_qs(urlsplit(by_urllib(number)).query)
    return fields["repo"], fields["branch"], unquote(fields["urlpath"][0])


def read_by_yarl(number: int) -> object:
    """Take a link apart with yarl, checking nothing."""
    query = URL(by_urllib(number)).query
    return query["repo"], query["branch"], URL("/" + query["urlpath"]).path


def _calls(
    subject: Callable[[int], object], floor: Callable[[int], object]
) -> Callable[[Path, int], AbstractContextManager[Trial]]:
    @contextmanager
    def prepare(_: Path, __: int) -> Iterator[Trial]:
        if by_us(1) != by_urllib(1):
            raise AssertionError(f"not the same link: {by_us(1)} and {by_urllib(1)}")
        numbers = count()
        yield Trial(subject=lambda: _micro(subject, numbers), floor=lambda: _micro(floor, numbers))

    return prepare


def _micro(work: Callable[[int], object], numbers: Iterator[int]) -> float:
    """Give the microseconds of processor time that one call takes."""
    start = time.process_time()
    for number in islice(numbers, _CALLS):
        work(number)
    return (time.process_time() - start) / _CALLS * 1e6


def _python(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True)


@contextmanager
def _import(_: Path, __: int) -> Iterator[Trial]:
    _python(
        "import sys, nbpull_links\n"
        f"heavy = sorted(set({_HEAVY!r}) & set(sys.modules))\n"
        "sys.exit('nbpull_links imports ' + ', '.join(heavy) if heavy else 0)"
    )
    yield Trial(
        subject=lambda: timed(lambda: _python("import nbpull_links")),
        floor=lambda: timed(lambda: _python("pass")),
    )


@contextmanager
def _command(_: Path, __: int) -> Iterator[Trial]:
    command = [sys.executable, "-m", "nbpull_links", "--version"]
    yield Trial(
        subject=lambda: timed(
            lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        ),
        floor=lambda: timed(lambda: _python("pass")),
    )


ROWS = (
    *(
        Row(
            name=name,
            what=f"{what}, processor time of a call",
            prepare=_calls(subject, floor),
            unit="µs",
            runs=15,
        )
        for name, what, subject, floor in (
            ("make-link", "make_link / urllib making the same string", by_us, by_urllib),
            ("make-link-yarl", "make_link / yarl making one that means the same", by_us, by_yarl),
            ("parse-link", "parse_link / urllib taking it apart", read_by_us, read_by_urllib),
            ("parse-link-yarl", "parse_link / yarl taking it apart", read_by_us, read_by_yarl),
        )
    ),
    Row(
        name="import-links",
        what="python -c 'import nbpull_links' over python -c pass",
        prepare=_import,
        compare="difference",
        limit=60,
        runs=21,
    ),
    Row(
        name="command-start",
        what="nbpull --version, the whole process",
        prepare=_command,
        compare="alone",
        limit=250,
        runs=15,
    ),
)
