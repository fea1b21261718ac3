"""The JavaScript twin says, byte for byte, what the Python library says: links, warnings, refusals."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbpull_links.build import build_link
from nbpull_links.errors import NbpullError

TWIN = Path(__file__).with_name("twin.mjs")

HOSTS = ("github.com", "gitlab.com", "bitbucket.org", "gist.github.com", "www.github.com",
         "raw.githubusercontent.com", "nbviewer.org", "codeberg.org", "hub.example.org",
         "localhost:8888", "[::1]:8000", "h\u00fcb.example", "xn--hb-xka.example", "a..b", "h:0",
         "h:080", "h:443", "\uff0fevil.example", "zenodo.org", "doi.org", "")  # fmt: skip
NAMES = ("org", "course", "course.git", ".git", ".", "..", "-", "blob", "tree", "src", "raw",
         "branch", "main", "v1.0", "feature", "hub", "user", "jo", "home", "lab", "user-redirect",
         "v2", "gh", "refs", "heads", "commits", "releases", "tag", "a.ipynb", "a b#c?.ipynb",
         "app.R", "caf\u00e9", "%C3%A9", "%zz", "%2F", "\u05e9\u05dc\u05d5\u05dd.ipynb",
         "\U0001f600", "a&b=c+d", "record", "3242074", "10.5281", "zenodo.1", "-x", "~", "\\",
         "'\"`", "*", "github", "0123456789abcdef0123456789abcdef", "", " ", "a\nb", "\ud800",
         "\x85", "\u3000", "\ufeff", "\u2028x", "da39a3ee5e6b4b0d3255bfef95601890afd80709")  # fmt: skip
SCHEMES = ("https://", "HTTP://", "ssh://git@", "ssh://git:pw@", "git@", "git://", "file://",
           "https://token@", "javascript:", "ftp://", "doi:", "", " https://")  # fmt: skip

paths = st.lists(st.sampled_from(NAMES) | st.text(max_size=4), max_size=7).map("/".join)
addresses = st.builds(
    lambda scheme, host, mark, path, tail: f"{scheme}{host}{mark}{path}{tail}",
    st.sampled_from(SCHEMES), st.sampled_from(HOSTS), st.sampled_from("//:"), paths,
    st.sampled_from(("", "", "", "/", "?x=y", "#top", "?", ".git", " ")),
)  # fmt: skip
texts = paths | addresses | st.text(max_size=12) | st.none()
good = st.sampled_from(("https://github.com/org/course", "https://hub.example.org/base"))
APPS = ("lab", "Notebook", "classic", "retro", "shiny", "vscode", "rstudio", "voila", "nope", "")
inputs = st.fixed_dictionaries(
    {},
    optional={
        "env_repo": addresses | good,
        "branch": texts,
        "content_repo": addresses | good | texts,
        "content_branch": texts,
        "path": texts,
        "app": st.sampled_from(APPS) | texts,
        "urlpath": texts | paths.map(lambda path: f"lab/tree/{path}"),
        "targetpath": texts,
        "depth": st.none() | st.integers(-2, 2**32) | st.booleans() | texts,
        "binder": addresses | good,
        "provider": st.sampled_from(("gh", "gl", "git", "gist", "zenodo", "ckan", "x", "")),
        "hub": addresses | good,
        "server": texts,
        "lti": st.sampled_from(("1.1", "1.3", "2", "")),
        "jupyter": addresses | good,
    },
)
# Most dictionaries name no place, or two; these reach what comes after that check.
one_place = st.builds(
    lambda given, place, address: (
        {name: value for name, value in given.items() if name not in ("env_repo", "hub", "jupyter")}
        | {place: address}
    ),
    inputs, st.sampled_from(("env_repo", "hub", "jupyter")), addresses | good,
)  # fmt: skip


class Node:
    """One process that answers every call of this file."""

    def __init__(self, node: str) -> None:
        self._process = subprocess.Popen(
            [node, str(TWIN)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def ask(self, call: str, *args: object) -> object:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"call": call, "args": args}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the twin died: an error that is not the library's own"
        return json.loads(line)

    def end(self) -> None:
        self._process.communicate(timeout=20)


@pytest.fixture(scope="module")
def node(need):
    process = Node(need("node"))
    yield process
    process.end()


def answer(call, *args, **options):
    """Give what the twin would say."""
    try:
        value = call(*args, **options)
    except NbpullError as error:
        return {"error": error.code, "message": error.message, "hint": error.hint}
    # Through JSON, because that is the form both share.
    return {"value": json.loads(json.dumps(value))}


def build(**given):
    link = build_link(**given)
    return {"url": str(link), **link.to_dict()}


@settings(max_examples=500)
@given(given=inputs | one_place)
def test_both_make_the_same_link_or_refuse_in_the_same_words(node, given):
    assert node.ask("build", given) == answer(build, **given)
