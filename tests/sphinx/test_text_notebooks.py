"""Pages that are notebooks written as text, opened as the guide says, in a real Jupyter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import pages
from books import Book, text_notebook
from browser import chromium
from jupyter_process import TOKEN, running_server
from nbpull_links import make_link, parse_link
from nbpull_server.demo.course import Course
from nbpull_server.demo.githttp import GitServer

SLOW = 90_000  # milliseconds for Lab to load on a busy machine
PAGE = text_notebook("Written as text") + "\n```{code-cell} python\n1 + 1\n```\n"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("git")
    with GitServer(root) as git:
        course = Course.create(git.root, tmp_path_factory.mktemp("teacher") / "course")
        (course.checkout / "book").mkdir()
        (course.checkout / "book" / "text.md").write_text(PAGE)
        course.publish("A page")
        yield git.url_of(course.bare.name)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server with jupytext, in which the guide's command has been given."""
    place = tmp_path_factory.mktemp("server")
    made = subprocess.run(
        [pages.ROOT / "tools" / "aside", "jupytext"], check=True, stdout=subprocess.PIPE, text=True
    )
    aside = Path(made.stdout.strip())
    environment = {
        "PYTHONPATH": str(aside), "JUPYTER_PATH": str(aside / "share" / "jupyter"),
    }  # fmt: skip
    (command,) = pages.blocks("howto/sphinx", "sh")
    program, *arguments = command.text.split()
    subprocess.run(
        [sys.executable, aside / "bin" / program, *arguments],
        env={**os.environ, **environment, "JUPYTER_CONFIG_DIR": str(place / "c")}, check=True,
    )  # fmt: skip
    with running_server(
        place,
        extensions=("nbpull_server", "jupyterlab", "notebook", "jupyterlab_jupytext"),
        config={"NbPull": {"protocols": ["http"]}},
        environment=environment,
    ) as server:
        yield server


@pytest.mark.timeout(400)
@pytest.mark.parametrize("app", ["notebook", "lab"])
def test_a_page_written_as_text_opens_as_a_notebook(app, course, server, tmp_path, need):
    built = Book(tmp_path).build(
        {"text.md": PAGE}, hubs=["https://hub.example.org"], app=app, content_repo=course,
        path_to_docs="book",
    )  # fmt: skip
    (url,) = built.page("text.html").links.values()
    content = parse_link(url).content
    here = make_link(jupyter=server.url, content_repo=course, urlpath=content.urlpath)
    with chromium(need("chromium")) as browser:
        page = browser.new_page()
        page.set_default_timeout(SLOW)
        page.goto(f"{here}&token={TOKEN}")
        heading = page.locator(".jp-Notebook .jp-RenderedMarkdown").get_by_text("Written as text")
        heading.first.wait_for()
        assert "1 + 1" in page.locator(".jp-Notebook .jp-CodeCell").first.inner_text()
