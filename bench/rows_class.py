"""A class in real programs: twenty servers of one hub that sync at once, a browser that leaves."""

from __future__ import annotations

import json
import re
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from bench.content import publish, tree
from bench.rooms import served, timed
from bench.rows_server import school
from bench.runner import Row, Trial

if TYPE_CHECKING:
    from collections.abc import Iterator

LEARNERS = [f"learner{number}" for number in range(20)]
TOKEN = "a-token-for-measurements"
ROLE = ["admin:users", "admin:servers", "access:servers"]
HUB = f"""
c.JupyterHub.services = [{{"name": "bench", "api_token": "{TOKEN}"}}]
c.JupyterHub.load_roles = [{{"name": "bench", "scopes": {ROLE}, "services": ["bench"]}}]
c.JupyterHub.concurrent_spawn_limit = 5
"""
PATIENCE = 600
# Where the tests keep their hub and their browser.
sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))


def _ask(url: str, method: str = "GET") -> bytes:
    request = Request(url, method=method, headers={"Authorization": f"token {TOKEN}"})
    with urlopen(request, timeout=PATIENCE) as answer:
        content: bytes = answer.read()
        return content


def _spawn(hub: str, learner: str) -> None:
    """Start a learner's server and wait until the hub says that it is up."""
    user = f"{hub}/hub/api/users/{learner}"
    _ask(user, "POST")
    _ask(f"{user}/server", "POST")
    deadline = time.monotonic() + PATIENCE
    while not json.loads(_ask(user))["servers"].get("", {}).get("ready"):
        if time.monotonic() > deadline:
            raise AssertionError(f"the server of {learner} did not start")
        time.sleep(0.5)


def _click(hub: str, repo: str, number: int, learner: str) -> None:
    """Sync into a workspace that nobody used; anything but a good end is an error."""
    query = urlencode({"repo": repo, "targetpath": f"workspace{number}"})
    stream = _ask(f"{hub}/user/{learner}/git-pull/api?{query}")
    if b'{"phase": "finished"}' not in stream.splitlines()[-2]:
        raise AssertionError(f"the sync of {learner} ended with {stream[-300:]!r}")


@contextmanager
def _hub(directory: Path, _: int) -> Iterator[Trial]:
    import hub  # noqa: PLC0415 - a hub and its proxy are asked for by this row alone

    root = directory / "root"
    root.mkdir()
    publish(root, "course.git", [tree(100)])
    with served(root) as remote, hub.running_hub(directory / "hub", more=HUB) as running:
        with ThreadPoolExecutor(5) as office:
            list(office.map(partial(_spawn, running.url), LEARNERS))
        round_of = iter(range(1000))

        def lesson() -> None:
            click = partial(_click, running.url, f"{remote.url}/course.git", next(round_of))
            with ThreadPoolExecutor(len(LEARNERS)) as class_room:
                list(class_room.map(click, LEARNERS))

        yield Trial(subject=lambda: timed(lesson))


@contextmanager
def _leave(directory: Path, _: int) -> Iterator[Trial]:
    import browser  # noqa: PLC0415 - likewise

    executable = shutil.which("chromium") or shutil.which("google-chrome")
    with school(directory, 0) as there, browser.chromium(str(executable)) as chromium:
        page = chromium.new_page()
        page.route(re.compile("/lab/"), lambda route: route.fulfill(body="<h1>Lab</h1>"))

        def leave() -> float:
            """Give the milliseconds from the engine's last word to the next page's beginning."""
            link = there.link()
            page.goto(there.jupyter.with_token(link))
            page.wait_for_url(re.compile("/(lab|files|tree)/|/$"))
            begun: Any = page.evaluate("performance.timeOrigin")
            ended = float(there.noted("told.log")[-1])
            # The browser's clock is the calendar's, the server's the system's.
            return float(begun) - 1000 * (ended + time.time() - time.monotonic())

        leave()
        yield Trial(subject=leave)


ROWS = (
    Row(
        name="class-hub-20",
        what="20 servers of one hub sync at once, until the last has its content",
        prepare=_hub,
        compare="alone",
        runs=3,
    ),
    Row(
        name="class-leave",
        what="from the engine's end until the browser leaves for the file",
        prepare=_leave,
        compare="alone",
        limit=50,
        runs=11,
    ),
)
