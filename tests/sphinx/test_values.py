"""What the options hold can be kept in Sphinx's environment and compared with the last build's."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, replace

import pytest

from nbpull_links.sphinx_ext.values import BinderHub, Hub, JupyterLite

H = "https://hub.example.org"
VALUES = [
    Hub(name="campus", label="Campus", url=H, server="gpu", app="lab"),
    BinderHub(url=H, env_repo="https://github.com/org/env", env_branch="v1"),
    JupyterLite(url="/lite/lab/index.html", root="docs", suffix="ipynb"),
]
each_value = pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)


@each_value
def test_a_value_comes_back_from_the_environment_as_it_was(value):
    again = pickle.loads(pickle.dumps(value))
    assert (again, hash(again)) == (value, hash(value))


@each_value
def test_a_change_in_any_field_is_another_value(value):
    for name in value.__slots__:
        assert replace(value, **{name: "other"}) != value


@each_value
def test_a_value_cannot_be_changed_after_it_was_checked(value):
    with pytest.raises(FrozenInstanceError):
        value.url = "https://evil.example.org"


@pytest.mark.parametrize(
    ("value", "absent"),
    [
        (Hub(name="campus", label="Campus", url=H), {"server": None, "app": None}),
        (BinderHub(url=H), {"env_repo": None, "env_branch": None}),
        (JupyterLite(url="/lite"), {"root": "", "suffix": None}),
    ],
)
def test_what_an_author_leaves_out_is_left_to_the_book(value, absent):
    assert {name: getattr(value, name) for name in absent} == absent
