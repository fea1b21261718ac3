"""A class day in a real hub under a base path, with a real browser, as learners meet it."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from urllib.parse import urlencode, urlsplit

import nbformat
import pytest

from browser import chromium
from faulty import Faults, FaultyServer
from hub import PASSWORD, running_hub
from nbpull_links import make_link
from nbpull_server.demo import course as script
from nbpull_server.demo.course import Course
from nbpull_server.demo.githttp import GitServer
from relay import Relay

SLOW = 90_000  # milliseconds for a server to spawn or Lab to load on a busy machine
TOKEN = "the-token-of-a-program"
PROGRAM = f"""
c.JupyterHub.services = [{{"name": "program", "api_token": "{TOKEN}"}}]
c.JupyterHub.load_roles = [
    {{"name": "program", "scopes": ["access:servers"], "services": ["program"]}}
]
"""
LAB = re.compile(r"/lab/(?:workspaces/[^/]+/)?tree/")


@pytest.fixture(scope="module")
def browser(need):
    with chromium(need("chromium")) as browser:
        yield browser


@pytest.fixture(scope="module")
def hub(tmp_path_factory, need):
    need("node")
    with running_hub(tmp_path_factory.mktemp("hub"), base_url="/jupyter/", more=PROGRAM) as hub:
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
def repo(git, course):
    """Where the course is to be had."""
    return git.url_of(course.bare.name)


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
    hub, repo, course, learner
):
    link = make_link(
        hub=hub.url,
        content_repo=repo,
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


# What each app calls its page, and the element in it that shows a notebook.
APPS = {
    "notebook": ("notebooks", ".jp-Notebook"),
    "classic": ("nbclassic/notebooks", "#notebook-container"),
}


@pytest.mark.parametrize("app", APPS)
def test_the_notebook_opens_in_the_app_that_the_link_names(hub, repo, learner, app):
    place, notebook = APPS[app]
    page = learner.new_page()
    page.goto(
        make_link(hub=hub.url, content_repo=repo, path=script.LESSON, app=app, targetpath=app)
    )
    log_in(page, "ada")
    page.wait_for_url(f"**/user/ada/{place}/{app}/{script.LESSON}")
    page.locator(notebook).get_by_text("Temperatures").first.wait_for(state="attached")


def test_a_hub_without_its_network_says_so_and_goes_on_when_it_is_back(hub, course, learner):
    with FaultyServer(course.bare.parent, faults=Faults(cut_after=600, matching="")) as upstream:
        page = learner.new_page()
        page.goto(
            make_link(
                hub=hub.url,
                content_repo=upstream.url_of(course.bare.name),
                path=script.LESSON,
                targetpath="cut",
            )
        )
        log_in(page, "ada")
        page.get_by_role("heading", name="The connection broke off").wait_for()
        assert not (hub.home("ada") / "cut").exists()
        upstream.faults = Faults()
        page.get_by_role("button", name="Try again").click()
        wait_for_notebook(page, "Temperatures")


def test_a_learner_whose_network_fails_comes_back_to_the_same_sync(hub, repo, learner):
    home, far = urlsplit(hub.url), urlsplit(repo)
    with Relay(home.port) as near_wire, Relay(far.port) as far_wire:
        far_wire.hold()
        followed = []
        page = learner.new_page()
        page.on("request", lambda it: followed.append(it) if "/events?" in it.url else None)
        page.goto(
            make_link(
                hub=home._replace(netloc=f"127.0.0.1:{near_wire.port}").geturl(),
                content_repo=far._replace(netloc=f"127.0.0.1:{far_wire.port}").geturl(),
                path=script.LESSON,
                targetpath="back",
            )
        )
        log_in(page, "ada")
        page.locator(".step", has_text="Asking for news").wait_for()
        near_wire.cut()
        page.locator(".calm, .warn", has_text="Connection lost.").wait_for()
        near_wire.mend()
        page.get_by_text("Your own work is safe.").wait_for()
        far_wire.mend()
        wait_for_notebook(page, "Temperatures")
    first, *again = [request.all_headers().get("last-event-id") for request in followed]
    assert first is None
    assert again[-1].isdigit()


def test_a_program_syncs_with_a_token_of_the_hubs(hub, repo, learner):
    page = learner.new_page()
    page.goto(f"{hub.url}/hub/spawn")
    log_in(page, "ada")
    page.wait_for_url("**/user/ada/**")
    query = urlencode({"repo": repo, "targetpath": "program"})
    address = f"{hub.url}/user/ada/git-pull/api?{query}"
    request = urllib.request.Request(address, headers={"Authorization": f"token {TOKEN}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.headers["Content-Type"] == "text/event-stream"
        assert b'"phase": "finished"' in answer.read()
    assert (hub.home("ada") / "program" / script.LESSON).is_file()
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(address, timeout=60)
    with refused.value:
        assert refused.value.code == 403


def test_a_link_to_a_named_server_syncs_in_that_server(hub, repo, learner):
    page = learner.new_page()
    page.goto(f"{hub.url}/hub/home")
    log_in(page, "emmy")
    page.goto(f"{hub.url}/hub/spawn/emmy/lab2")
    page.wait_for_url("**/user/emmy/lab2/**")
    page.goto(
        make_link(
            hub=hub.url,
            server="lab2",
            content_repo=repo,
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
