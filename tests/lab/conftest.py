"""A real JupyterLab in a real Chromium, open for all tests here as it is for a learner all day."""

from __future__ import annotations

import contextlib
import json
import re
from pathlib import Path

import pytest

from browser import chromium
from classroom import Teacher
from faulty import FaultyServer
from jupyter_process import running_server
from lab import Lab, notebook

HERE = Path(__file__).parent
CONTEXT = {"locale": "en-GB", "permissions": ["clipboard-read", "clipboard-write"]}
RULES = {
    "protocols": ["https", "http", "ssh", "git", "file"],
    "allow": ["127.0.0.1:*", "https://*", "file://*"],
    "ask": ["localhost:*"],
}


class Desk:
    """A server, a browser, a tab with Lab in it: they take seconds to start, so all share them.

    A browser holds an event loop, and tests elsewhere have loops of their own: whoever runs the
    last test here leaves the desk.
    """

    def __init__(self) -> None:
        self._open: contextlib.ExitStack | None = None
        self.wanted = True

    def sit_down(self, place, executable):
        if self._open is not None:
            return
        with contextlib.ExitStack() as stack:
            self.server = stack.enter_context(both_apps(place))
            self.engine = stack.enter_context(chromium(executable))
            context = stack.enter_context(contextlib.closing(self.engine.new_context(**CONTEXT)))
            self.lab = Lab(context, self.server)
            self.lab.open_lab()
            self._open = stack.pop_all()

    def leave(self):
        if self._open is not None:
            with self._open:
                self._open = None
                # No test may have loaded it anew.
                assert self.lab.still_the_same_page()


DESK = Desk()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(nextitem):
    DESK.wanted = nextitem is not None and nextitem.path.parent == HERE


@contextlib.contextmanager
def both_apps(place):
    """Run a server with Lab and Notebook 7, whose Lab does not ask about news of Jupyter."""
    labconfig = place / "c" / "labconfig"
    labconfig.mkdir(parents=True)
    quiet = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    (labconfig / "page_config.json").write_text(json.dumps(quiet))
    with running_server(
        place,
        base="/base/",
        extensions=("nbpull_server", "jupyterlab", "notebook", "notebook_shim"),
        config={
            "NbPull": dict(RULES),
            "LabApp": {"expose_app_in_browser": True},
            "JupyterNotebookApp": {"expose_app_in_browser": True},
        },
    ) as running:
        yield running


@pytest.fixture(autouse=True)
def desk(tmp_path_factory, need):
    DESK.sit_down(tmp_path_factory.mktemp("lab"), need("chromium"))
    yield DESK
    if not DESK.wanted:
        DESK.leave()


@pytest.fixture
def server(desk):
    return desk.server


@pytest.fixture
def engine(desk):
    return desk.engine


@pytest.fixture
def lab(desk):
    """Lab with nothing open in it, never loaded anew by the tests that share it."""
    yield desk.lab
    desk.lab.tidy()


@pytest.fixture
def teacher(tmp_path, request):
    """A teacher's course of a name that no other test has, with a notebook and two texts."""
    name = re.sub(r"[^a-z_]", "", request.node.name[5:45])
    return Teacher(
        tmp_path / "upstream" / name,
        {
            "lesson.ipynb": notebook("# Lesson", "x = 1"),
            "notes.txt": "a\nb\nc\nd\ne\n",
            "data.csv": "1\n",
        },
    )


@pytest.fixture
def upstream(teacher):
    """The teacher's repository over smart HTTP."""
    with FaultyServer(teacher.directory.parent) as running:
        yield running.url_of(teacher.directory.name)
