"""JupyterHub 5, with its own single-user server: the same click, the same sync."""

from __future__ import annotations

import contextlib
import subprocess
from pathlib import Path

import pytest

from browser import chromium
from hub import PASSWORD, running_hub
from nbpull_links import make_link
from nbpull_server.demo import course as script
from nbpull_server.demo.course import Course
from nbpull_server.demo.githttp import GitServer

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def python():
    """The interpreter of an environment with JupyterHub 5 and no Lab."""
    made = subprocess.run(
        [ROOT / "tools" / "theme_venv", "hub5"], stdout=subprocess.PIPE, text=True, check=True
    )
    return f"{made.stdout.strip()}/bin/python"


def test_a_link_ends_in_the_file(need, python, tmp_path):
    need("node")
    course = Course.create(tmp_path, tmp_path / "teacher")
    (course.checkout / "read me.txt").write_text("Welcome to the course.\n")
    course.publish("A word to begin with")
    with (
        chromium(need("chromium")) as browser,
        running_hub(tmp_path / "hub", base_url="/jupyter/", python=python) as hub,
        GitServer(tmp_path) as git,
        contextlib.closing(browser.new_context()) as context,
    ):
        context.set_default_timeout(90_000)
        page = context.new_page()
        repo = git.url_of(course.bare.name)
        page.goto(make_link(hub=hub.url, content_repo=repo, path="read me.txt", targetpath="c"))
        page.fill("#username_input", "ada")
        page.fill("#password_input", PASSWORD)
        page.click("#login_submit")
        page.get_by_text("JupyterLab is not installed here").wait_for()
        page.get_by_role("button", name="Open now").click()
        page.wait_for_url("**/user/ada/files/c/read%20me.txt")
        page.get_by_text("Welcome to the course.").wait_for()
        assert "jupyterhub version 5" in hub.log.lower()
        assert (hub.home("ada") / "c" / script.LESSON).is_file()
