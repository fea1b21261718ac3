"""A link is a place and a content, and one flat JSON form."""

from __future__ import annotations

import pytest

from nbpull_links import (
    LTI,
    Binder,
    BinderEnv,
    Content,
    InvalidValueError,
    JupyterHub,
    JupyterServer,
    Link,
    LinkWarning,
    RepoUrl,
)

CONTENT = Content(
    repo=RepoUrl("https://h.org/r"),
    branch="main",
    path="a b.py",
    app="lab",
    targetpath="t",
    depth=3,
)
FLAT = {
    "repo": "https://h.org/r", "branch": "main", "app": "lab", "path": "a b.py",
    "urlpath": "lab/tree/t/a%20b.py", "targetpath": "t", "depth": 3, "warnings": [],
}  # fmt: skip
ENV = {"provider": "gh", "repo": "https://github.com/o/e", "spec": "o/e/main", "ref": "main"}
BINDER = Binder(env=BinderEnv(repo="https://github.com/o/e", ref="main"))


@pytest.mark.parametrize(
    ("place", "head"),
    [
        (JupyterHub(url="https://h.org", server="s"),
         {"kind": "jupyterhub", "hub": "https://h.org", "server": "s", "env": None}),
        (LTI(url="https://h.org", server="s"),
         {"kind": "lti", "hub": "https://h.org", "server": "s", "env": None}),
        (JupyterServer(url="http://h.org"),
         {"kind": "server", "hub": "http://h.org", "server": None, "env": None}),
        (BINDER, {"kind": "binder", "hub": "https://mybinder.org", "server": None, "env": ENV}),
    ],
)  # fmt: skip
def test_the_json_form_is_flat_and_complete(place, head):
    assert Link(place, CONTENT).to_dict() == head | FLAT
    assert list(Link(place, CONTENT).to_dict()) == list(head | FLAT)


def test_an_environment_that_holds_its_content_has_no_content_repository():
    flat = Link(BINDER).to_dict()
    assert [flat[name] for name in FLAT] == [None] * 7 + [[]]


def test_warnings_are_shown_but_are_no_part_of_what_a_link_is():
    warned = Link(BINDER, CONTENT, (LinkWarning("a", "b"),))
    assert warned == Link(BINDER, CONTENT)
    assert hash(warned) == hash(Link(BINDER, CONTENT))
    assert warned.to_dict()["warnings"] == [{"code": "a", "message": "b"}]


def test_only_binder_can_do_without_a_content_repository():
    with pytest.raises(InvalidValueError) as caught:
        Link(JupyterHub(url="https://h.org"), Content(app="lab"))
    assert caught.value.code == "no-content-repo"


def test_a_link_never_ends_with_a_dot():
    content = Content(repo=RepoUrl("https://h.org/r"), path="a.")
    assert str(Link(JupyterHub(url="https://h.org"), content)).endswith("a%2E")
