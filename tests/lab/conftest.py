"""A real JupyterLab in a real Chromium, open for all tests of a file as it is for a learner."""

from __future__ import annotations

import contextlib
import json
import re

import pytest

from browser import chromium
from classroom import Teacher
from faulty import FaultyServer
from jupyter_process import running_server
from lab import Lab, notebook

CONTEXT = {"locale": "en-GB", "permissions": ["clipboard-read", "clipboard-write"]}
PROTOCOLS = ["https", "http", "ssh", "git", "file"]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A server with Lab and Notebook 7, whose Lab does not ask about news of Jupyter."""
    place = tmp_path_factory.mktemp("lab")
    labconfig = place / "c" / "labconfig"
    labconfig.mkdir(parents=True)
    quiet = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    (labconfig / "page_config.json").write_text(json.dumps(quiet))
    with running_server(
        place,
        base="/base/",
        extensions=("nbpull_server", "jupyterlab", "notebook", "notebook_shim"),
        config={
            "NbPull": {"protocols": PROTOCOLS},
            "LabApp": {"expose_app_in_browser": True},
            "JupyterNotebookApp": {"expose_app_in_browser": True},
        },
    ) as running:
        yield running


@pytest.fixture(scope="module")
def engine(need):
    """A browser. It holds an event loop of its own, so it must not outlive its module."""
    with chromium(need("chromium")) as running:
        yield running


@pytest.fixture
def lab(one_lab):
    """Lab with nothing open in it."""
    yield one_lab
    one_lab.tidy()


@pytest.fixture(scope="module")
def one_lab(engine, server):
    """One tab with Lab in it, never loaded anew by the tests that share it."""
    with contextlib.closing(engine.new_context(**CONTEXT)) as context:
        lab = Lab(context, server)
        lab.open_lab()
        yield lab
        assert lab.still_the_same_page()


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
