"""The link of each button is the one that the library makes, and no button cannot work."""

from __future__ import annotations

import json

import pytest

from nbpull_links import InvalidValueError, make_link, parse_link
from nbpull_links.sphinx_ext.launch import buttons_for, link_to, unworkable
from nbpull_links.sphinx_ext.options import read_options
from nbpull_links.sphinx_ext.pages import Page
from nbpull_links.sphinx_ext.services import SERVICES

REPO = "https://github.com/org/course"
ENV = "https://github.com/org/env"
H = "https://hub.example.org"
PATH = "docs/a b#1?.ipynb"
EVERYTHING = {
    "hubs": [{"label": "One", "url": H}, {"label": "Two", "url": H, "server": "gpu",
                                          "app": "notebook"}],
    "binder": {"env_repo": ENV, "env_branch": "2026-01"},
    "jupyterlite": "/lite",
    "own_hub": True,
    "content_repo": REPO,
    "content_branch": "main",
    "buttons": ["own-hub", "hub", "binder", "jupyterlite", *SERVICES],
}  # fmt: skip


def options_of(**written):
    options, problems = read_options(written)
    assert problems == []
    return options


def page_of(options, path=PATH, **values):
    given = {
        "content_repo": options.content_repo, "content_branch": options.content_branch,
        "app": None, "urlpath": None, "targetpath": None, "depth": None,
        "buttons": options.buttons, "path": path,
    }  # fmt: skip
    return Page(**given | values)


def links(options, **values):
    buttons, problems = buttons_for(page_of(options, **values), options)
    assert problems == []
    return {button.label or button.kind: button.url for button in buttons}


def test_buttons_come_in_the_authors_order_and_say_what_the_library_says():
    given = {"content_repo": REPO, "content_branch": "main", "path": PATH}
    found = links(options_of(**EVERYTHING))
    assert json.loads(found.pop("own-hub")) == given | {"app": "lab"}
    blob = "https%3A%2F%2Fgithub.com%2Forg%2Fcourse%2Fblob%2Fmain%2Fdocs%2Fa%2520b%25231%253F.ipynb"
    page = "github/org/course/blob/main/docs/a%20b%231%3F.ipynb"
    assert list(found.items()) == [
        ("One", make_link(hub=H, app="lab", **given)),
        ("Two", make_link(hub=H, server="gpu", app="notebook", **given)),
        ("Binder", make_link(ENV, "2026-01", app="lab", content_repo=REPO, content_branch="main",
                             path=PATH)),
        ("JupyterLite", "/lite/lab/index.html?path=docs%2Fa%20b%231%3F.ipynb"),
        ("Colab", f"https://colab.research.google.com/{page}"),
        ("Deepnote", f"https://deepnote.com/launch?url={blob}"),
        ("Kaggle", f"https://www.kaggle.com/kernels/welcome?src={blob}"),
        ("CoCalc", f"https://cocalc.com/{page}"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("binder", "values", "expected"),
    [
        ({}, {}, make_link(REPO, "main", path=PATH, app="lab")),
        ({"env_repo": REPO}, {}, make_link(REPO, "main", path=PATH, app="lab")),
        (
            {"env_branch": "env"},
            {},
            make_link(REPO, "env", REPO, content_branch="main", path=PATH, app="lab"),
        ),
        (
            {"env_repo": ENV},
            {"content_branch": None, "targetpath": "x"},
            make_link(ENV, None, REPO, path=PATH, app="lab", targetpath="x"),
        ),
        (
            {"env_repo": ENV, "env_branch": "v1"},
            {"content_repo": None, "content_branch": None},
            make_link(ENV, "v1", path=PATH, app="lab"),
        ),
        (
            {},
            {"content_repo": "https://git.example.org/a/b", "content_branch": "x/y"},
            make_link("https://git.example.org/a/b", "x/y", path=PATH, app="lab"),
        ),
        (
            {},
            {"content_repo": "https://gitlab.com/group/sub/course"},
            make_link("https://gitlab.com/group/sub/course", "main", path=PATH, app="lab"),
        ),
    ],
)
def test_binder_pulls_the_content_only_where_it_is_not_the_environment(binder, values, expected):
    options = options_of(binder=binder or True, content_repo=REPO, content_branch="main")
    assert links(options, **values) == {"Binder": expected}


@pytest.mark.parametrize(
    ("app", "urlpath"),
    [
        ("lab", "lab/tree/course/docs/x%20%23.md?factory=Notebook"),
        ("notebook", "notebooks/course/docs/x%20%23.md?factory=Notebook"),
        ("classic", "nbclassic/notebooks/course/docs/x%20%23.md"),
        ("retro", "retro/notebooks/course/docs/x%20%23.md"),
        ("voila", "voila/render/course/docs/x%20%23.md"),
        ("rstudio", "rstudio/"),
    ],
)
def test_a_text_opens_as_a_notebook_where_the_application_can(app, urlpath):
    options = options_of(hubs=[{"label": "One", "url": H}], content_repo=REPO, app=app)
    [url] = links(options, path="docs/x #.md", as_notebook=True).values()
    assert parse_link(url).content.urlpath == urlpath


def test_a_text_in_the_environment_itself_opens_from_the_root():
    options = options_of(binder=True, content_repo=REPO)
    [url] = links(options, path="x.md", as_notebook=True).values()
    assert url == make_link(REPO, urlpath="lab/tree/x.md?factory=Notebook")


def test_a_pages_own_urlpath_goes_wherever_something_is_pulled_and_nowhere_else():
    found = links(options_of(**EVERYTHING), urlpath="rstudio/")
    assert list(found) == ["own-hub", "One", "Two", "Binder", "JupyterLite"]
    assert parse_link(found["One"]).content.urlpath == "rstudio/"


def test_a_text_has_no_button_for_what_opens_notebooks_only():
    found = links(options_of(**EVERYTHING), path="docs/a.md")
    assert list(found) == ["own-hub", "One", "Two", "Binder"]


def test_one_place_that_fails_costs_no_other():
    options = options_of(binder=True, hubs=[H], content_repo="file:///srv/course")
    buttons, [problem] = buttons_for(page_of(options), options)
    assert [button.kind for button in buttons] == ["hub"]
    assert problem.startswith("there is no binder button: ")


def test_without_a_repository_there_is_no_button_and_it_is_said_once():
    options = options_of(hubs=[H], own_hub=True, binder=True, buttons=["hub", "binder", "colab"])
    assert buttons_for(page_of(options), options) == ((), [])
    [problem] = unworkable(options)[1]
    assert problem.startswith("nbpull_content_repo is not set")
    assert "no button for: hub, binder, own-hub, colab." in problem
    assert unworkable(options_of()) == (options_of(), [])


def test_services_that_cannot_read_the_repository_are_taken_away_and_said_once():
    options = options_of(content_repo="https://gitlab.com/a/b", buttons=["hub", "colab", "kaggle"])
    fewer, [problem] = unworkable(options)
    assert fewer.buttons == ("hub",)
    assert problem.startswith("Colab, Kaggle can open notebooks on github.com only")
    assert unworkable(options_of(**EVERYTHING)) == (options_of(**EVERYTHING), [])


@pytest.mark.parametrize(
    ("place", "label"),
    [
        ("", "One"),
        ("Two", "Two"),
        ("binder", "Binder"),
        ("colab", "Colab"),
        ("https://else.example.org/hub/home", "else.example.org"),
    ],
)
def test_a_link_in_the_text_leads_to_a_place_by_any_of_its_names(place, label):
    options = options_of(**EVERYTHING)
    found, url = link_to(place, page_of(options), options)
    assert found == label
    assert url.startswith(("https://", "http://"))


@pytest.mark.parametrize(
    ("place", "written", "said"),
    [
        ("", {}, "no place that can open"),
        ("Three", EVERYTHING, "no place called 'Three'"),
        ("own-hub", EVERYTHING, "no place called 'own-hub'"),
        ("ftp://x", EVERYTHING, "must begin with"),
        ("binder", {"binder": True, "content_repo": "file:///srv/x"}, "BinderHub can reach"),
    ],
)
def test_a_link_to_nowhere_says_why(place, written, said):
    options = options_of(**written)
    with pytest.raises(InvalidValueError) as caught:
        link_to(place, page_of(options), options)
    assert said in str(caught.value)
