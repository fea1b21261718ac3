"""nbgitpuller's own handlers, in a real server, pull what a link names and open the right file."""

from __future__ import annotations

import json
import re
import subprocess
from urllib.parse import quote, unquote, urlsplit

import pytest

from jupyter_process import running_server
from nbpull_links import make_link

NOTEBOOK = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture(scope="module")
def origin(names, tmp_path_factory):
    """A repository that holds a file of each name, with a branch of an awkward name."""
    place = tmp_path_factory.mktemp("origin") / "my course.git"
    for name in names.values():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(NOTEBOOK)
    for command in (
        ["init", "-q", "-b", "feature/ü+1"],
        ["add", "-A"],
        ["-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "-qm", "A course"],
    ):
        subprocess.run(["git", "-C", place, *command], check=True, timeout=60)
    return place.as_uri().replace("%20", " ")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    place = tmp_path_factory.mktemp("server")
    with running_server(
        place,
        base="/jupyter/",
        extensions=("nbgitpuller", "jupyterlab"),
        config={"ContentsManager": {"allow_hidden": True}},
    ) as running:
        yield running


def follow(server, link):
    """Ask for the page of a link, and read what its script will use."""
    parts = urlsplit(link)
    page = server.program().get(f"{parts.path}?{parts.query}")
    assert page.status == 200, page.text
    return {name: unquote(value) for name, value in re.findall(r'data-([\w-]+)="(.*?)"', page.text)}


def link_to(server, origin, path, app="lab"):
    return make_link(
        jupyter=server.url,
        content_repo=origin,
        content_branch="feature/ü+1",
        path=path,
        app=app,
        targetpath="kurs & übung/1",
        depth=0,
    )


@pytest.fixture(scope="module")
def pulled(server, origin):
    """Pull once, by the request that nbgitpuller's page makes."""
    told = follow(server, link_to(server, origin, None))
    query = "&".join(
        f"{name}={quote(told[name], safe='')}" for name in ("repo", "branch", "targetpath", "depth")
    )
    answer = server.program().get(f"git-pull/api?{query}")
    assert answer.events[-1]["phase"] == "finished", answer.events
    return told


def test_repository_branch_and_directory_arrive_as_they_were_given(pulled, origin, server):
    assert pulled["repo"] == origin
    assert pulled["branch"] == "feature/ü+1"
    assert pulled["targetpath"] == "kurs & übung/1"
    assert pulled["depth"] == "0"
    assert (server.root / "kurs & übung" / "1" / ".git").is_dir()


@pytest.mark.usefixtures("pulled")
def test_the_page_lands_on_the_file_that_the_link_names(server, origin, browser_paths, file_name):
    told = follow(server, link_to(server, origin, file_name))
    (landing,) = browser_paths([[server.url + "git-pull", told["base-url"] + told["path"]]])
    program = server.program()
    assert program.get(landing).status == 200
    # Lab asks for the file under the same path that stands in its own address.
    path = landing.removeprefix("/jupyter/lab/tree/")
    assert path != landing
    model = program.get(f"api/contents/{path}?content=0")
    assert model.status == 200, model.text
    assert model.json["path"] == f"kurs & übung/1/{file_name}"


def test_without_a_target_path_the_link_opens_the_directory_that_nbgitpuller_makes(server, origin):
    told = follow(server, make_link(jupyter=server.url, content_repo=origin, path="a.ipynb"))
    assert told["targetpath"] == "my course.git"
    assert unquote(told["path"]) == "lab/tree/my course.git/a.ipynb"


@pytest.mark.parametrize(
    "repo",
    ["https://h.org/o/r", "https://h.org/o/r/", "https://h.org/o/r.git", "git@h.org:r",
     "https://h.org/o/a%20b", "https://h.org/o/Übung", "file:///srv/a b"],
)  # fmt: skip
def test_the_directory_of_a_link_is_nbgitpuller_s_own(server, repo):
    told = follow(server, make_link(jupyter=server.url, content_repo=repo, path="x/a.ipynb"))
    assert unquote(told["path"]) == f"lab/tree/{told['targetpath']}/x/a.ipynb"


def test_a_link_without_a_path_leaves_the_landing_to_the_server(server, origin):
    told = follow(server, make_link(jupyter=server.url, content_repo=origin))
    assert told["path"] == "tree/my course.git/."
