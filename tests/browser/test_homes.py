"""The link generator works in each of its homes: under `nbpull web` and in a Jupyter server."""

from __future__ import annotations

import contextlib
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from jupyter_process import running_server
from nbpull_links import make_link

REPO, HUB = "https://github.com/org/course", "https://hub.example.org"


@contextlib.contextmanager
def local(_folder):
    command = [sys.executable, "-m", "nbpull_links", "web", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@contextlib.contextmanager
def server(folder):
    with running_server(folder, base="/user/jo/") as running:
        # Without a slash at its end, and with a form in it, as a person passes it on.
        yield f"{running.url}nbpull/links"


@pytest.mark.parametrize("home", [local, server])
def test_the_page_works_in_each_of_its_homes(browser, tmp_path, home):
    complaints = []
    with home(tmp_path) as address, contextlib.closing(browser.new_context()) as context:
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text))
        page.goto(f"{address}?hub={HUB}")
        page.locator("#paste").fill(f"{REPO}/blob/main/a.ipynb")
        expect(page.locator("#link")).to_have_value(
            make_link(hub=HUB, content_repo=REPO, content_branch="main", path="a.ipynb", app="lab")
        )
        picture = page.locator("#badge-preview img")
        expect(picture).to_have_js_property("complete", value=True)
        assert picture.evaluate("(image) => image.naturalWidth") > 100
        expect(page.locator("#qr svg")).to_be_visible()
    assert complaints == []
