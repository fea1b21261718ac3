"""Pages of forges are told from repositories."""

from __future__ import annotations

import pytest

from nbpull_links.forge_pages import recognise
from nbpull_links.urls import Url


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/org/repo",
        "https://gitlab.com/a/b/c/repo",
        "https://gist.github.com/user/abc",
        "https://bitbucket.org/org/repo",
        "https://codeberg.org/org/repo",
        "https://h.org/repo",
        "https://h.org/group/-",
        "https://raw.githubusercontent.com/org/repo",
    ],
)
def test_a_repository_is_no_page(url):
    assert recognise(Url.split(url)) == ({}, "")


def test_a_page_says_its_repository_what_kind_it_is_and_the_rest():
    url = Url.split("https://www.github.com/org/repo/blob/main/a.ipynb")
    page = {"repo": "org/repo", "word": "blob", "rest": "main/a.ipynb"}
    assert recognise(url) == (page, "https://github.com")
