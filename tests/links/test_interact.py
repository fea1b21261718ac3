"""The endpoint of 2016 named a repository of one account."""

from __future__ import annotations

import pytest

from nbpull_links.interact import read_interact
from nbpull_links.reading import Notes

DATA8 = "https://github.com/data-8/r"


@pytest.mark.parametrize(
    ("pairs", "read"),
    [
        ([("repo", "r")], {"repo": DATA8, "branch": "gh-pages", "subPath": "."}),
        ([("repo", "r"), ("account", "a"), ("branch", "b"), ("path", "x")],
         {"repo": "https://github.com/a/r", "branch": "b", "subPath": "x"}),
        ([("repo", "https://h.org/o/r")],
         {"repo": "https://h.org/o/r", "branch": "gh-pages", "subPath": "."}),
        ([], {"branch": "gh-pages", "subPath": "."}),
    ],
)  # fmt: skip
def test_its_parameters_are_read_as_those_of_a_pull(pairs, read):
    notes = Notes()
    assert dict(read_interact(pairs, notes)) == read
    assert [note.code for note in notes()] == ["interact"]


def test_the_last_of_several_paths_counts_and_is_said():
    notes = Notes()
    assert (
        dict(read_interact([("repo", "r"), ("path", "a"), ("path", "b")], notes))["subPath"] == "b"
    )
    assert [note.code for note in notes()] == ["interact", "duplicate-parameter"]
