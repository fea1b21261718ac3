"""One real server for all tests of this folder, empty again for each of them."""

from __future__ import annotations

import contextlib
import shutil

import pytest

from browser import chromium
from classroom import Teacher
from faulty import FaultyServer
from jupyter_process import running_server
from learner import Visit

PROTOCOLS = ["https", "http", "ssh", "git", "file"]


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory):
    """A server with Lab, under a base URL that has to be quoted."""
    with running_server(
        tmp_path_factory.mktemp("server"),
        base="/a%40b/",
        extensions=("nbpull_server", "jupyterlab"),
        config={"NbPull": {"protocols": PROTOCOLS}},
    ) as server:
        yield server


@pytest.fixture
def server(shared_server):
    """The server, at rest and with nothing in its root."""
    program = shared_server.program()
    for job in program.get("nbpull/api/syncs").json:
        if job["state"] in {"waiting", "running"}:
            program.get(f"nbpull/api/syncs/{job['id']}/events")
    for entry in shared_server.root.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    return shared_server


@pytest.fixture
def root(server):
    return server.root


@pytest.fixture
def program(server):
    return server.program()


@pytest.fixture
def browser(server):
    return server.browser()


@pytest.fixture
def stranger(server):
    return server.stranger()


@pytest.fixture
def teacher(tmp_path):
    """A teacher's repository, whose clone is named ``course``."""
    return Teacher(tmp_path / "upstream" / "course", {"intro.ipynb": "{}", "week1/a b.txt": "a\n"})


@pytest.fixture(scope="module")
def engine(need):
    """A browser. It holds an event loop of its own, so it must not outlive its module."""
    with chromium(need("chromium")) as running:
        yield running


@pytest.fixture
def upstream(teacher):
    """The teacher's repository over smart HTTP, which a test may make misbehave."""
    with FaultyServer(teacher.directory.parent) as running:
        yield running


@pytest.fixture
def visit(engine, server):
    """A learner's tab, whose browser must have nothing to complain of."""
    with contextlib.closing(engine.new_context(locale="en-GB")) as context:
        visit = Visit(context, server)
        yield visit
        assert visit.complaints == []
