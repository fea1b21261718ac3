"""A button of each theme, clicked in a real browser, opens the page's file in a real hub."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from books import Book, notebook
from browser import chromium
from hub import PASSWORD, running_hub
from nbpull_server.demo.course import Course
from nbpull_server.demo.githttp import GitServer

SLOW = 90_000  # milliseconds for a server to spawn or Lab to load on a busy machine
THEMES = ("alabaster", "furo", "pydata_sphinx_theme", "sphinx_book_theme", "sphinx_rtd_theme")


@pytest.fixture(scope="module")
def page(need):
    """One browser for one reader, who logs in once."""
    with chromium(need("chromium")) as browser:
        context = browser.new_context()
        context.set_default_timeout(SLOW)
        yield context.new_page()
        context.close()


@pytest.fixture(scope="module")
def hub(tmp_path_factory, need):
    need("node")
    with running_hub(tmp_path_factory.mktemp("hub"), base_url="/jupyter/") as hub:
        yield hub


@pytest.fixture(scope="module")
def git(tmp_path_factory):
    root = tmp_path_factory.mktemp("git")
    with GitServer(root) as git:
        yield git


@pytest.fixture(scope="module")
def course(git, tmp_path_factory):
    """A course whose branch for the term has a page for each theme."""
    course = Course.create(git.root, tmp_path_factory.mktemp("teacher") / "course")
    for theme in THEMES:
        path = course.checkout / "book" / f"{theme} #1.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_text(notebook(f"Read in {theme}"))
    course.publish("The book")
    subprocess.run(["git", "-C", course.bare, "branch", "--move", "main", "term/2026"], check=True)
    return git.url_of(course.bare.name)


def wait_for_lab(page, text):
    """Log in where the hub asks, and wait until Lab shows the notebook that holds the text."""
    lab = page.locator(".jp-Notebook .jp-RenderedMarkdown").get_by_text(text).first
    login = page.locator("#username_input")
    login.or_(lab).first.wait_for()
    if login.is_visible():
        page.fill("#username_input", "ada")
        page.fill("#password_input", PASSWORD)
        page.click("#login_submit")
    lab.wait_for()


@pytest.mark.timeout(400)  # the first page waits for the hub to start a server
@pytest.mark.parametrize("theme", THEMES)
def test_a_click_opens_the_pages_own_file(theme, page, hub, course, tmp_path):
    built = Book(tmp_path).build(
        {f"{theme} #1.ipynb": notebook("Shown in the book")}, html_theme=theme,
        hubs=[{"label": "Campus", "url": f"{hub.url}/hub/home"}], own_hub=True, content_repo=course,
        content_branch="term/2026", path_to_docs="book",
    )  # fmt: skip
    assert built.warnings == ""
    page.goto((built.out / f"{theme} #1.html").as_uri())
    page.locator(".nbpull-menu summary").click()
    page.get_by_role("link", name="Campus").click()
    wait_for_lab(page, f"Read in {theme}")
    assert re.search(r"/jupyter/user/ada/lab/", page.url)
    clone = hub.home("ada") / course.rpartition("/")[2]
    opened = json.loads((clone / "book" / f"{theme} #1.ipynb").read_text())
    assert f"Read in {theme}" in json.dumps(opened)
    done = subprocess.run(
        ["git", "-C", clone, "rev-parse", "--abbrev-ref", "HEAD"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "term/2026"
