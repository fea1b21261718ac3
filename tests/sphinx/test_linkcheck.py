"""Launch links are left alone by the linkcheck builder, and every other link is checked."""

from __future__ import annotations

import re

import pytest

from nbpull_links import make_link
from nbpull_links.sphinx_ext.linkcheck import ignored_links
from nbpull_links.sphinx_ext.options import read_options
from nbpull_links.sphinx_ext.services import SERVICES, Notebook, jupyterlite_url, service_url
from nbpull_links.sphinx_ext.values import JupyterLite

REPO = "https://github.com/org/course"
H = "https://hub.example.org"
NOTEBOOK = Notebook(repo=REPO, branch="main", path="a.ipynb")


def is_ignored(url, **written):
    """Ask as Sphinx does: a pattern holds from the start of the address on."""
    options, problems = read_options(written)
    assert problems == []
    return any(re.match(pattern, url) for pattern in ignored_links(options))


@pytest.mark.parametrize(
    "url",
    [
        make_link(hub=H, content_repo=REPO, path="a.ipynb"),
        make_link(hub=H + "/base", server="gpu", content_repo=REPO),
        make_link(hub="http://localhost:8000", content_repo=REPO),
        make_link(REPO, path="a.ipynb"),
        make_link(REPO, "v1", REPO, path="a.ipynb"),
        make_link("https://gitlab.com/group/sub/course"),
        make_link("https://git.example.org/a/b", "main"),
        make_link(REPO, binder=H + "/binder"),
        *(service_url(service, NOTEBOOK) for service in SERVICES),
    ],
)
def test_a_launch_link_of_any_place_is_left_alone_without_a_setting(url):
    assert is_ignored(url)


@pytest.mark.parametrize(
    "url",
    [
        H,
        H + "/hub/home",
        REPO,
        REPO + "/blob/main/git-pull.md",
        "https://docs.example.org/?next=/git-pull?",
        "https://docs.example.org/page#/git-pull?",
        "https://docs.example.org/git-pull",
        "https://docs.example.org/v2/reference/",
        "https://colab.research.google.com/",
        "https://deepnote.com/",
        "https://www.kaggle.com/docs",
        "https://cocalc.com/features",
    ],
)
def test_an_ordinary_link_is_checked(url):
    assert not is_ignored(url, hubs=[H], jupyterlite="https://lite.example.org")


@pytest.mark.parametrize(
    ("url", "written"),
    [
        (H + "/hub/user-redirect/lab/tree/a.ipynb", {"hubs": [H]}),
        (
            jupyterlite_url(JupyterLite(url="https://lite.example.org/lab/index.html"), "a.ipynb"),
            {"jupyterlite": "https://lite.example.org"},
        ),
    ],
)
def test_what_a_place_of_the_book_opens_is_left_alone(url, written):
    assert is_ignored(url, **written)
    assert not is_ignored(url)


def test_the_address_of_a_place_is_no_pattern():
    assert not is_ignored("https://hubxexample.org/hub/user-redirect/lab", hubs=[H])
