"""The parameters of a link, as nbgitpuller reads them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbpull_server.errors import RefusedError
from nbpull_server.params import Opening, PullParams

REPO = "https://example.org/org/course"


@pytest.mark.parametrize(
    ("query", "field", "expected"),
    [
        ("repo=a+b%2Fc", "repo", "a b/c"),
        ("repo=first&repo=last", "repo", "last"),
        ("repo=%20padded%20", "repo", "padded"),
        ("repo=r&branch=", "branch", None),
        ("repo=r&branch=main", "branch", "main"),
        ("repo=r&urlPath=lab", "urlpath", "lab"),
        ("repo=r&urlpath=lower&urlPath=camel", "urlpath", "lower"),
        ("repo=r&urlpath=&urlPath=camel", "urlpath", "camel"),
        ("repo=r&targetPath=camel&targetpath=lower", "targetpath", "lower"),
        ("repo=r&targetPath=camel", "targetpath", "camel"),
        ("repo=r&subpath=a.ipynb", "subpath", "a.ipynb"),
        ("repo=r&subPath=b.ipynb", "subpath", "b.ipynb"),
        ("repo=r&app=lab", "app", "lab"),
        ("repo=r&depth=0", "depth", 0),
        ("repo=r&depth=7", "depth", 7),
        ("repo=r&depth=", "depth", None),
        ("repo=r&backup=true", "backup", True),
        ("repo=r&backup=1", "backup", True),
        ("repo=r&backup=anything", "backup", True),
        ("repo=r&backup=false", "backup", False),
        ("repo=r&backup=", "backup", False),
        ("repo=r", "backup", False),
        ("repo=r&token=secret&redirects=1", "repo", "r"),
    ],
)
def test_a_parameter_is_read_as_nbgitpuller_reads_it(query, field, expected):
    assert getattr(PullParams.from_query(query), field) == expected


@pytest.mark.parametrize(
    ("repo", "directory"),
    [
        ("https://example.org/org/course", "course"),
        ("https://example.org/org/course/", "course"),
        ("https://example.org/org/course.git", "course.git"),
        ("git@example.org:course", "git@example.org:course"),
        ("git@example.org:org/course", "course"),
    ],
)
def test_a_workspace_without_a_target_path_is_named_after_its_repository(repo, directory):
    assert PullParams.from_fields({"repo": repo}).directory == directory


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "missing-repo"),
        ("repo=", "missing-repo"),
        ("repo=%20", "missing-repo"),
        ("repo=%ff", "unreadable-link"),
        ("&".join(f"a{n}=1" for n in range(200)), "unreadable-link"),
        ("repo=r&depth=many", "invalid-depth"),
        ("repo=r&depth=-1", "invalid-depth"),
        ("repo=r&depth=" + "9" * 5000, "invalid-depth"),
        ("repo=r&depth=²", "invalid-depth"),
        ("repo=r%00s", "control-character"),
        ("repo=r&targetpath=a%0Ab", "control-character"),
    ],
)
def test_a_link_that_cannot_be_meant_is_refused_with_its_own_code(query, code):
    with pytest.raises(RefusedError) as caught:
        PullParams.from_query(query)
    assert (caught.value.code, caught.value.status) == (code, 400)
    assert caught.value.hint


@settings(max_examples=200)
@given(st.text())
def test_no_query_raises_anything_but_a_refusal(query):
    with contextlib.suppress(RefusedError):
        PullParams.from_query(query)


@settings(max_examples=100)
@given(
    st.dictionaries(
        st.sampled_from(["repo", "depth", "backup", "app"]),
        st.integers() | st.none() | st.booleans() | st.lists(st.text()),
    )
)
def test_no_fields_raise_anything_but_a_refusal(fields):
    with contextlib.suppress(RefusedError):
        PullParams.from_fields(fields)


TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Z"]), min_size=1)


@settings(max_examples=100)
@given(
    st.builds(
        Opening,
        directory=TEXT,
        urlpath=st.none() | TEXT,
        subpath=st.none() | TEXT,
        app=st.none() | TEXT,
        backup=st.booleans(),
    )
)
def test_an_opening_survives_its_query(opening):
    assert Opening.from_query(opening.to_query()) == opening
