"""The address of a notebook in each service, and no address for what a service cannot open."""

from __future__ import annotations

import pytest

from nbpull_links.sphinx_ext.services import SERVICES, Notebook, jupyterlite_url, service_url
from nbpull_links.sphinx_ext.values import JupyterLite

REPO = "https://github.com/org/course"
QUOTED = "https%3A%2F%2Fgithub.com%2Forg%2Fcourse%2Fblob%2Ffeature%2Fx%2Fa%2520b%2523.ipynb"


@pytest.mark.parametrize(
    ("repo", "owner_and_name"),
    [
        (REPO, "org/course"),
        (REPO + "/", "org/course"),
        (REPO + ".git", "org/course"),
        ("http://github.com/org/course", None),
        ("https://github.com/org", None),
        ("https://github.com/org/course/x", None),
        ("https://me@github.com/org/course", None),
        ("https://github.com.example.org/org/course", None),
        ("https://gitlab.com/org/course", None),
    ],
)
def test_a_repository_is_on_github_or_it_is_not(repo, owner_and_name):
    assert Notebook(repo=repo, branch=None, path="a.ipynb").github == owner_and_name


@pytest.mark.parametrize(
    ("service", "url"),
    [
        (
            "colab",
            "https://colab.research.google.com/github/org/course/blob/feature%2Fx/a%20b%23.ipynb",
        ),
        ("cocalc", "https://cocalc.com/github/org/course/blob/feature/x/a%20b%23.ipynb"),
        ("deepnote", f"https://deepnote.com/launch?url={QUOTED}"),
        ("kaggle", f"https://www.kaggle.com/kernels/welcome?src={QUOTED}"),
    ],
)
def test_a_service_opens_a_notebook_by_an_address_of_its_own(service, url):
    notebook = Notebook(repo=REPO, branch="feature/x", path="a b#.ipynb")
    assert service_url(service, notebook) == url


@pytest.mark.parametrize(
    ("repo", "path"),
    [
        (REPO, "docs/a.md"),
        (REPO, "docs/a.py"),
        ("https://gitlab.com/org/course", "a.ipynb"),
        ("git@github.com:org/course.git", "a.ipynb"),
        ("https://github.com/org", "a.ipynb"),
        ("https://github.example.org/org/course", "a.ipynb"),
    ],
)
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_gets_no_button_for_what_it_cannot_open(service, repo, path):
    assert service_url(service, Notebook(repo=repo, branch="main", path=path)) is None


@pytest.mark.parametrize(
    ("branch", "colab", "kaggle"),
    [
        (None, "blob/HEAD/", "%2Fblob%2FHEAD%2F"),
        ("feature/x#1", "blob/feature%2Fx%231/", "%2Fblob%2Ffeature%2Fx%25231%2F"),
    ],
)
def test_a_branch_is_encoded_as_each_service_reads_it(branch, colab, kaggle):
    notebook = Notebook(repo=REPO + ".git", branch=branch, path="a.ipynb")
    assert colab in service_url("colab", notebook)
    assert kaggle in service_url("kaggle", notebook)


@pytest.mark.parametrize(
    ("site", "path", "url"),
    [
        ({}, "docs/a.ipynb", "/l?path=docs%2Fa.ipynb"),
        ({"root": "docs"}, "docs/a.ipynb", "/l?path=a.ipynb"),
        ({"root": "docs"}, "documents/a.ipynb", None),
        ({}, "docs/a.md", None),
        ({"suffix": "ipynb"}, "docs/a.md", "/l?path=docs%2Fa.ipynb"),
        ({"suffix": ".ipynb"}, "LICENSE", "/l?path=LICENSE.ipynb"),
    ],
)
def test_jupyterlite_opens_the_notebooks_that_it_serves(site, path, url):
    assert jupyterlite_url(JupyterLite(url="/l", **site), path) == url
