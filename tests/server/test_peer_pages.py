"""nbgitpuller's own page against our stream, and our page against nbgitpuller's, in a browser."""

from __future__ import annotations

import contextlib
import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from jupyter_process import TOKEN, running_server
from learner import LAB, title

MIXED = """
from nbgitpuller import handlers as theirs
from nbpull_server.extension import claim
from tornado import web


class Absent(web.RequestHandler):
    def get(self):
        raise web.HTTPError(404)

    post = get

    def check_xsrf_cookie(self):
        pass


def _jupyter_server_extension_points():
    return [{"module": "zz_mixed"}]


def _load_jupyter_server_extension(app):
    base = app.web_app.settings["base_url"]
    app.web_app.settings["nbapp"] = app
    theirs_page = (base + "their-page", theirs.UIHandler)
    their_api = (base + "mixed/git-pull/api", theirs.SyncHandler)
    claim(app.web_app, [theirs_page, their_api, (base + "mixed/nbpull/api/.*", Absent)])
"""


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """A server that has both: nbgitpuller's page under a name of its own, and its stream too."""
    place = tmp_path_factory.mktemp("mixed")
    (place / "zz_mixed.py").write_text(MIXED)
    with running_server(
        place / "server",
        extensions=("nbpull_server", "nbgitpuller", "jupyterlab", "zz_mixed"),
        config={"NbPull": {"protocols": ["file", "http"]}},
        environment={"PYTHONPATH": str(place)},
    ) as server:
        yield server


@pytest.fixture
def tab(engine):
    with contextlib.closing(engine.new_context(locale="en")) as context:
        context.route(re.compile(r"/lab/"), lambda route: route.fulfill(body=LAB))
        yield context.new_page()


def link(teacher, name, **more):
    landing = f"lab/tree/{name}/intro.ipynb"
    return urlencode(
        {"repo": teacher.url, "targetpath": name, "urlpath": landing, "token": TOKEN, **more}
    )


def test_their_page_gets_the_files_from_our_stream_and_leaves(tab, mixed, teacher):
    tab.goto(f"{mixed.url}their-page?{link(teacher, 'theirs')}")
    tab.wait_for_url("**/lab/tree/theirs/intro.ipynb")
    assert (mixed.root / "theirs" / "intro.ipynb").is_file()
    assert "refs/nbpull/base" in teacher.git("-C", str(mixed.root / "theirs"), "for-each-ref")


def test_their_page_shows_our_error_with_its_own_help(tab, mixed, teacher):
    tab.goto(f"{mixed.url}their-page?{link(teacher, 'wrong', branch='absent')}")
    expect(tab.locator("#status-panel-title")).to_contain_text("Error: ")
    expect(tab.locator("#container-error-help")).to_contain_text("incorrect branch name")
    expect(tab.locator("#recovery-link")).to_be_visible()


def through_their_stream(tab, mixed):
    """Have our page find nbgitpuller's stream where ours would be, and nothing of our API."""

    def send_on(route):
        url = route.request.url.replace(mixed.url, f"{mixed.url}mixed/", 1)
        route.fulfill(response=route.fetch(url=url))

    tab.route(re.compile(r"/git-pull/api\?"), send_on)
    tab.route(re.compile(r"/nbpull/api/"), send_on)


def test_our_page_gets_the_files_from_their_stream_and_leaves(tab, mixed, teacher):
    through_their_stream(tab, mixed)
    tab.goto(f"{mixed.url}git-pull?{link(teacher, 'ours')}")
    tab.wait_for_url("**/lab/tree/ours/intro.ipynb")
    assert "refs/nbpull" not in teacher.git("-C", str(mixed.root / "ours"), "for-each-ref")


def test_our_page_shows_their_error(tab, mixed, teacher):
    through_their_stream(tab, mixed)
    tab.goto(f"{mixed.url}git-pull?{link(teacher, 'wrong', branch='absent')}")
    title(tab, "Git could not get the files")
    expect(tab.locator(".said")).to_contain_text("Branch does not exist")
    expect(tab.get_by_role("button", name="Try again")).to_be_visible()
