"""Specs that other programs write wrong are read as they were meant."""

from __future__ import annotations

import pytest

from nbpull_links import InvalidValueError, UnreadableLinkError
from nbpull_links.binder_reading import read_binder_content, read_env
from nbpull_links.reading import Notes
from nbpull_links.urls import Url
from nbpull_links.wrappers import Target

# provider, spec, repo, ref, codes
SPECS = [
    ("gh", "o/r/main", "https://github.com/o/r", "main", []),
    ("gh", "o/r.git/a/b/", "https://github.com/o/r", "a/b", []),
    ("gh", "o%2Fr/main", "https://github.com/o/r", "main", ["spec-encoded"]),
    ("gh", "o/r", "https://github.com/o/r", "HEAD", ["missing-ref"]),
    ("gh", "o/r/{ref}", "https://github.com/o/r", "{ref}", ["template"]),
    ("gist", "u/ab12", "https://gist.github.com/u/ab12", None, []),
    ("gist", "gist.github.com/u/ab12/master", "https://gist.github.com/u/ab12", "master",
     ["spec-repaired"]),
    ("gl", "a%2Fb%2Fc/main", "https://gitlab.com/a/b/c", "main", []),
    ("gl", "a%2Fb", "https://gitlab.com/a/b", "HEAD", ["missing-ref"]),
    ("gl", "a/b/main", "https://gitlab.com/a/b", "main", ["unescaped-spec"]),
    ("gl", "a/b%2Fc/x/y", "https://gitlab.com/a/b/c", "x/y", ["unescaped-spec"]),
    ("git", "https%3A%2F%2Fh.org%2Fr/main", "https://h.org/r", "main", []),
    ("git", "git%40h.org%3Ao%2Fr/main", "git@h.org:o/r", "main", []),
    ("git", "git@h.org:o%2Fr/main", "git@h.org:o/r", "main", []),
    ("git", "https%3A%2F%2Fh.org%2Fr", "https://h.org/r", "HEAD", ["missing-ref"]),
    ("git", "https%3A//h.org/o/r/main", "https://h.org/o/r", "main", ["unescaped-spec"]),
    ("git", "https://h.org/o/r.git/a/b", "https://h.org/o/r.git", "a/b", ["unescaped-spec"]),
    ("git", "https:/github.com/o/r/a/b", "https://github.com/o/r", "a/b", ["unescaped-spec"]),
    ("git", "https://h.org/o/r", "https://h.org/o/r", "HEAD", ["unescaped-spec", "missing-ref"]),
    ("git", "https://h.org/r", "https://h.org/r", "HEAD", ["unescaped-spec", "missing-ref"]),
    ("git", "https%3A%2F%2Fu%3Asecret%40h.org%2Fa%2520b/main", "https://h.org/a%20b", "main",
     ["credentials-in-url"]),
    ("zenodo", "10.5281/zenodo.1/", "10.5281/zenodo.1", None, []),
    ("zenodo", "10.5281%2Fzenodo.1", "10.5281/zenodo.1", None, []),
    ("hydroshare", "0" * 32, "https://www.hydroshare.org/resource/" + "0" * 32, None, []),
    ("ckan", "https://c.org/dataset/x", "https://c.org/dataset/x", None, []),
]  # fmt: skip


@pytest.mark.parametrize("row", SPECS, ids=[f"{row[0]}-{row[1][:40]}" for row in SPECS])
def test_a_spec_is_read_and_each_repair_is_said(row):
    provider, spec, repo, ref, said = row
    notes = Notes()
    env = read_env(provider, spec, notes)
    assert (env.repo, env.ref) == (repo, ref)
    assert [warning.code for warning in notes()] == said
    assert "secret" not in repr((env, notes()))


@pytest.mark.parametrize(
    ("provider", "spec", "code"),
    [("gh", "o//main", "env-repo-invalid"), ("gl", "x", "env-repo-invalid"),
     ("git", "x/main", "not-a-url"), ("git", "x%3A//", "not-a-url")],
)  # fmt: skip
def test_a_spec_that_names_nothing_is_refused(provider, spec, code):
    with pytest.raises(InvalidValueError) as caught:
        read_env(provider, spec, Notes())
    assert caught.value.code == code


@pytest.mark.parametrize(("provider", "spec"), [("gh", "<org>/<repo>/main"), ("git", "%7Burl%7D")])
def test_a_placeholder_is_no_environment(provider, spec):
    with pytest.raises(UnreadableLinkError) as caught:
        read_env(provider, spec, Notes())
    assert caught.value.code == "template"


def content_of(query, opens=None):
    notes = Notes()
    url = Url(scheme="https", host="h.org", port=None, path="/", query=query)
    target = Target(kind="binder", url=url, base="https://h.org", opens=opens)
    content = read_binder_content(target, notes)
    return content, [warning.code for warning in notes()]


@pytest.mark.parametrize(
    ("query", "says", "said"),
    [
        (None, {"repo": None, "urlpath": None}, []),
        ("urlpath=%2Flab&urlpath=tree&token=x&foo=y", {"urlpath": "lab"},
         ["token-dropped", "unknown-parameter", "pull-missing"]),
        ("labpath=a%23b.py&urlpath=x", {"app": "lab", "path": "a#b.py"}, ["old-parameters"]),
        ("filepath=../x", {"path": None}, ["old-parameters", "path-outside"]),
        ("urlpath=git-pull%2F%3Frepo%3Dhttps%253A%252F%252Fg.org%252Fr", {"branch": None}, []),
        ("urlpath=git-pull%253Frepo%253Dhttps%3A%2F%2Fg.org%2Fr", {"branch": None},
         ["over-encoded"]),
        ("urlpath=git-pull?repo=https://g.org/r%23x&branch=y", {"branch": "y"},
         ["fragment-dropped", "leaked-parameter"]),
        ("urlpath=git-pull&repo=https://g.org/r", {"urlpath": None}, ["leaked-parameter"]),
        ("urlpath=https://h.org/git-pull?repo=https://g.org/r", {"urlpath": None},
         ["urlpath-absolute"]),
        ("urlpath=https://evil.example/", {"urlpath": None}, ["urlpath-absolute"]),
    ],
)  # fmt: skip
def test_what_a_binder_link_opens_is_read(query, says, said):
    content, codes = content_of(query)
    assert {name: getattr(content, name) for name in says} == says
    assert codes == said


def test_the_path_of_the_first_link_form_is_opened():
    assert content_of(None, "/notebooks/a.ipynb")[0].path == "a.ipynb"
    assert content_of("urlpath=lab", "/notebooks/a.ipynb")[0].app == "lab"
