"""What is there after a sync, and what a wrong path may have meant."""

from __future__ import annotations

import pytest

from nbpull_server import content

FILES = [
    "intro.ipynb",
    "week1/Exercise 1.ipynb",
    "week1/data.csv",
    "week2/exercise2.ipynb",
    ".hidden/intro.ipynb",
]


@pytest.fixture
def root(tmp_path):
    for name in FILES:
        path = tmp_path / "course" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("course/Intro.ipynb", "course/intro.ipynb"),
        ("course/week1/exercise 1.ipynb", "course/week1/Exercise 1.ipynb"),
        ("course/week1/exercise2.ipynb", "course/week2/exercise2.ipynb"),
        ("other/week1/data.csv", "course/week1/data.csv"),
        ("course/week1/data.cvs", "course/week1/data.csv"),
    ],
)
def test_the_likeliest_file_is_suggested_first(root, asked, meant):
    assert content.suggestions(root, "course", asked)[0] == meant


def test_nothing_is_suggested_where_nothing_is_alike(root):
    assert content.suggestions(root, "course", "course/zzzzzz.qqq") == []
    assert content.suggestions(root, "absent", "absent/a.ipynb") == []


def test_hidden_files_are_not_suggested(root):
    assert all(
        ".hidden" not in path for path in content.suggestions(root, "course", "course/intro.ipynb")
    )


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("course", True),
        ("course/intro.ipynb", True),
        ("x", False),
        ("a\x00b", False),
        ("x" * 5000, False),
    ],
)
def test_what_is_there_is_known(root, path, there):
    assert content.exists(root, path) is there
