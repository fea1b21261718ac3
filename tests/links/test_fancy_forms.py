"""The options behind a link's hash are read where they hold a pull."""

from __future__ import annotations

import json

import pytest

from nbpull_links.fancy_forms import read_form
from nbpull_links.urls import encode


def form(value) -> str:
    return "fancy-forms-config=" + encode(json.dumps(value))


def test_a_pull_in_the_options_is_read():
    options = {"gitPuller:repo": "https://h.org/r", "gitPuller:branch": "x", "image": "y"}
    assert read_form(form(options)) == "repo=https%3A%2F%2Fh.org%2Fr&branch=x"


@pytest.mark.parametrize(
    "fragment",
    [
        None, "", "x", "fancy-forms-config=", "fancy-forms-config={", form([]), form({}),
        form({"gitPuller:repo": ""}), form({"gitPuller:repo": "\ud800"}),
        "fancy-forms-config=" + "[" * 50_000,
    ],
)  # fmt: skip
def test_anything_else_is_no_pull(fragment):
    assert read_form(fragment) is None


def test_a_value_of_another_kind_is_left_out():
    assert read_form(form({"gitPuller:repo": 5})) == ""
