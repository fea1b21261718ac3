"""Where a link leads: on this server, in an app that is there, to the file."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbpull_server import landing
from nbpull_server.apps import Apps
from nbpull_server.errors import RefusedError
from nbpull_server.params import Opening, PullParams

LAB = ("lab", "doc/tree")
NOTEBOOK = (*LAB, "tree", "notebooks", "edit", "consoles", "view")
CLASSIC = ("tree", "notebooks", "edit", "view")
INSTALLED = {"lab": LAB, "notebook": NOTEBOOK, "nbclassic": CLASSIC, "none": ()}


def apps(installed):
    prefixes = INSTALLED[installed]
    return Apps(lambda path: any(path == p or path.startswith(p + "/") for p in prefixes))


def choose(installed="notebook", app="notebook", parent="", directory="course", **opening):
    workspace = "/".join(part for part in (parent, directory) if part)
    opening = Opening(directory=directory, **opening)
    return landing.choose(opening, workspace, parent, apps(installed), app)


@pytest.mark.parametrize(
    ("installed", "opening", "url"),
    [
        ("notebook", {}, "tree/course"),
        ("notebook", {"subpath": "a.ipynb"}, "notebooks/course/a.ipynb"),
        ("notebook", {"subpath": "dir/b.txt"}, "tree/course/dir/b.txt"),
        ("notebook", {"app": "lab"}, "lab/tree/course"),
        ("notebook", {"app": "LAB", "subpath": "a.ipynb"}, "lab/tree/course/a.ipynb"),
        ("lab", {}, "lab/tree/course"),
        ("lab", {"app": "notebook", "subpath": "a.ipynb"}, "lab/tree/course/a.ipynb"),
        ("nbclassic", {"app": "lab", "subpath": "a.ipynb"}, "notebooks/course/a.ipynb"),
        ("nbclassic", {"app": "lab"}, "tree/course"),
        ("none", {"subpath": "a.ipynb"}, "files/course/a.ipynb"),
        ("notebook", {"subpath": "Ü b#1?.ipynb"}, "notebooks/course/%C3%9C%20b%231%3F.ipynb"),
        ("notebook", {"backup": True, "urlpath": "lab/tree/course/a.ipynb"}, ""),
        ("notebook", {"urlpath": "lab/tree/course/a.ipynb"}, "lab/tree/course/a.ipynb"),
        ("notebook", {"urlpath": "/lab/tree/course/a.ipynb"}, "lab/tree/course/a.ipynb"),
        (
            "notebook",
            {"urlpath": "lab/tree/course/C%23%20x.ipynb"},
            "lab/tree/course/C%23%20x.ipynb",
        ),
        ("notebook", {"urlpath": "lab/tree/course/é x.ipynb"}, "lab/tree/course/%C3%A9%20x.ipynb"),
        ("notebook", {"urlpath": "lab/tree/a.ipynb?autodecode"}, "lab/tree/a.ipynb?autodecode"),
        ("notebook", {"urlpath": "lab?reset"}, "lab?reset"),
        (
            "notebook",
            {"urlpath": "lab/workspaces/w/tree/c/a.ipynb"},
            "lab/workspaces/w/tree/c/a.ipynb",
        ),
        ("lab", {"urlpath": "tree/course/a.ipynb"}, "lab/tree/course/a.ipynb"),
        ("lab", {"urlpath": "notebooks/course/a.ipynb"}, "lab/tree/course/a.ipynb"),
        ("lab", {"urlpath": "retro/tree/course/a%20b.ipynb"}, "lab/tree/course/a%20b.ipynb"),
        ("nbclassic", {"urlpath": "lab/tree/course/a.ipynb"}, "notebooks/course/a.ipynb"),
        ("nbclassic", {"urlpath": "lab/tree/course/x.txt"}, "tree/course/x.txt"),
        ("lab", {"urlpath": "rstudio/"}, ""),
        ("lab", {"urlpath": "shiny/course/app/"}, "lab/tree/course/app"),
        ("lab", {"urlpath": "own-app/x"}, ""),
    ],
)
def test_a_link_leads_to_an_app_that_opens_its_file(installed, opening, url):
    assert choose(installed, **opening).url == url


@pytest.mark.parametrize(
    ("urlpath", "file"),
    [
        ("lab/tree/course/C%23.ipynb", "course/C#.ipynb"),
        ("doc/tree/a.ipynb", "a.ipynb"),
        ("lab/workspaces/auto-x/tree/course/a.ipynb?reset", "course/a.ipynb"),
        ("lab/tree/RTC%3Acourse/a.ipynb", "course/a.ipynb"),
        ("lab/tree/", None),
        ("lab", None),
        ("rstudio/", None),
        ("tree", None),
        ("treehouse/x", None),
        ("nbclassic/notebooks/a.ipynb", "a.ipynb"),
    ],
)
def test_the_file_that_a_path_opens_is_known(urlpath, file):
    assert landing.read_urlpath(urlpath).file == file


@pytest.mark.parametrize(
    ("installed", "urlpath", "missing"),
    [
        ("lab", "rstudio/", "RStudio"),
        ("lab", "tree/a.ipynb", "Jupyter Notebook"),
        ("lab", "lab/tree/x", None),
        ("lab", "own-app/x", "own-app"),
    ],
)
def test_an_app_that_is_not_there_is_named(installed, urlpath, missing):
    assert choose(installed, urlpath=urlpath).instead_of == missing


def test_the_parent_path_is_part_of_a_derived_landing():
    assert choose(parent="classes").url == "tree/classes/course"
    assert choose(parent="classes", backup=True).url == "classes"


@pytest.mark.parametrize(
    "urlpath",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "https:evil.example",
        "javascript:alert(1)",
        " javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "lab/../../hub/logout",
        "..",
        "lab/%2e%2e/%2E%2E/hub",
        "lab/.%2e/x",
        "lab/%5cevil",
        "lab/..%5c..%5chub",
        "/\t/evil.example",
        "lab\n/x",
    ],
)
def test_a_path_that_leads_away_is_refused(urlpath):
    with pytest.raises(RefusedError) as caught:
        landing.read_urlpath(urlpath)
    assert caught.value.code == "landing-elsewhere"


def test_a_subpath_does_not_leave_its_workspace():
    with pytest.raises(RefusedError):
        choose(subpath="../other/secret.ipynb")


@settings(max_examples=500)
@given(st.text(st.sampled_from("/\\.:%2eEfc5 \t\njavscript#?@<'\"é&lab"), max_size=25))
def test_whatever_is_accepted_is_a_plain_path_on_this_server(urlpath):
    try:
        url = landing.read_urlpath(urlpath).url
    except RefusedError:
        return
    joined = "/user/x/" + url
    assert not set(joined) & set(" \"'<>\\\t\n`")
    assert not joined.removeprefix("/user/x/").startswith("/")
    assert joined.isascii()


@pytest.mark.parametrize(
    ("urlpath", "expected"),
    [
        ("lab/tree/course/a%20b.ipynb?x=1", "lab/tree/course-2/a%20b.ipynb?x=1"),
        ("lab/tree/other/a.ipynb", "lab/tree/other/a.ipynb"),
        ("rstudio/", "rstudio/"),
        (None, None),
    ],
)
def test_a_link_into_a_new_folder_opens_the_file_there(urlpath, expected):
    params = PullParams(repo="r", urlpath=urlpath)
    moved = landing.relocated(params, "course", "course-2")
    assert moved.urlpath == expected
