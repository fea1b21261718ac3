"""A class day in a real hub under a base path, with a real browser, as learners meet it."""

from __future__ import annotations

import re

import nbformat
import pytest

from browser import chromium
from hub import PASSWORD, running_hub
from nbpull_links import make_link
from nbpull_server.demo import course as script
from nbpull_server.demo.course import Course
from nbpull_server.demo.githttp import GitServer

SLOW = 90_000  # milliseconds for a server to spawn or Lab to load on a busy machine
LAB = re.compile(r"/lab/(?:workspaces/[^/]+/)?tree/")


@pytest.fixture(scope="module")
def browser(need):
    with chromium(need("chromium")) as browser:
        yield browser


@pytest.fixture(scope="module")
def hub(tmp_path_factory, need):
    need("node")
    with running_hub(tmp_path_factory.mktemp("hub"), base_url="/jupyter/") as hub:
        yield hub


@pytest.fixture
def git(tmp_path):
    (tmp_path / "git").mkdir()
    with GitServer(tmp_path / "git") as git:
        yield git


@pytest.fixture
def course(git, tmp_path):
    return Course.create(git.root, tmp_path / "teacher")


@pytest.fixture
def learner(browser):
    context = browser.new_context()
    context.set_default_timeout(SLOW)
    yield context
    context.close()


def log_in(page, user):
    page.fill("#username_input", user)
    page.fill("#password_input", PASSWORD)
    page.click("#login_submit")


def wait_for_notebook(page, text):
    """Wait until Lab shows the notebook whose cells hold `text`."""
    page.wait_for_url(LAB)
    # A rendered cell keeps its source hidden in the page: attached is what holds for both.
    page.locator(".jp-Notebook").get_by_text(text).first.wait_for(state="attached")


def test_a_link_brings_the_lesson_then_the_update_and_keeps_what_the_learner_wrote(
    hub, git, course, learner
):
    link = make_link(
        hub=hub.url,
        content_repo=git.url_of(course.bare.name),
        content_branch="main",
        path=script.LESSON,
        targetpath=script.NAME,
    )
    first = learner.new_page()
    first.goto(link)
    log_in(first, "ada")
    wait_for_notebook(first, "Temperatures")
    first.close()
    workspace = hub.home("ada") / script.NAME
    script.learn(workspace)
    course.update()

    tabs = [learner.new_page(), learner.new_page()]
    for tab in tabs:
        tab.goto(link, wait_until="commit")
    for tab in tabs:
        wait_for_notebook(tab, "Hint:")

    lesson = nbformat.read(workspace / script.LESSON, as_version=4)
    sources = [cell.source for cell in lesson.cells]
    assert script.ANSWER in sources
    assert script.REMARK in sources
    assert script.HINT in sources
    assert (workspace / script.NEXT_LESSON).exists()
    assert (workspace / script.NOTES).exists()


def test_a_link_to_a_named_server_syncs_in_that_server(hub, git, course, learner):
    page = learner.new_page()
    page.goto(f"{hub.url}/hub/home")
    log_in(page, "emmy")
    page.goto(f"{hub.url}/hub/spawn/emmy/lab2")
    page.wait_for_url("**/user/emmy/lab2/**")
    page.goto(
        make_link(
            hub=hub.url,
            server="lab2",
            content_repo=git.url_of(course.bare.name),
            path=script.LESSON,
            targetpath=script.NAME,
        )
    )
    wait_for_notebook(page, "Temperatures")
    assert "/user/emmy/lab2/" in page.url


def test_a_repository_that_is_not_there_ends_in_a_page_that_offers_a_way_on(hub, git, learner):
    page = learner.new_page()
    page.goto(make_link(hub=hub.url, content_repo=git.url_of("nowhere.git")))
    log_in(page, "sonja")
    page.get_by_role("button", name="Continue without syncing").wait_for()
    assert "Traceback" not in page.content()
