"""Each place builds its own URL, keeps its base path and refuses what is no address."""

from __future__ import annotations

import dataclasses

import pytest

from nbpull_links import (
    LTI,
    Binder,
    BinderEnv,
    Content,
    InvalidValueError,
    JupyterHub,
    JupyterServer,
    RepoUrl,
)

CONTENT = Content(repo=RepoUrl("https://h.org/r"), path="a&b.py")
PULL = "git-pull?repo=https%3A%2F%2Fh.org%2Fr&urlpath=lab%2Ftree%2Fr%2Fa%2526b.py"
NEXT = (
    "git-pull%3Frepo%3Dhttps%253A%252F%252Fh.org%252Fr"
    "%26urlpath%3Dlab%252Ftree%252Fr%252Fa%252526b.py"
)
ENV = BinderEnv(repo="https://github.com/o/env", ref="main")


@pytest.mark.parametrize(
    ("place", "link"),
    [
        (JupyterHub(url="https://h.org/"), f"https://h.org/hub/user-redirect/{PULL}"),
        (JupyterHub(url="https://h.org/x//y/", server="a b"),
         f"https://h.org/x/y/hub/user-redirect/a%20b/{PULL}"),
        (LTI(url="https://h.org/x"),
         f"https://h.org/x/hub/lti/launch?next=%2Fx%2Fhub%2Fuser-redirect%2F{NEXT}"),
        (LTI(url="https://h.org/x", version="1.3", server="a b"),
         f"https://h.org/x/hub?next=%2Fx%2Fhub%2Fuser-redirect%2Fa%2520b%2F{NEXT}"),
        (JupyterServer(url="http://localhost:8888/x?y#z"), f"http://localhost:8888/x/{PULL}"),
        (Binder(env=ENV), f"https://mybinder.org/v2/gh/o/env/main?urlpath={NEXT}"),
        (Binder(url="https://h.org/binder/", env=ENV),
         f"https://h.org/binder/v2/gh/o/env/main?urlpath={NEXT}"),
    ],
)  # fmt: skip
def test_a_place_builds_its_url(place, link):
    assert place.link(CONTENT) == link


def test_binder_opens_what_is_in_its_own_environment():
    binder = Binder(env=ENV)
    assert binder.link(Content()) == "https://mybinder.org/v2/gh/o/env/main"
    assert binder.link(Content(path="a b.py")) == (
        "https://mybinder.org/v2/gh/o/env/main?urlpath=lab%2Ftree%2Fa%2520b.py"
    )


@pytest.mark.parametrize("version", ["1.1", "1.3"])
def test_a_launch_survives_a_repository_that_is_called_next(version):
    content = Content(repo=RepoUrl("https://github.com/nextflow-io/next=training"))
    link = LTI(url="https://h.org", version=version).link(content)
    assert link.count("next=") == 1


@pytest.mark.parametrize(
    ("make", "values", "code"),
    [
        (JupyterHub, {"url": "h.org"}, "not-a-url"),
        (JupyterHub, {"url": "ftp://h.org"}, "unsupported-scheme"),
        (JupyterHub, {"url": "https://u:secret@h.org"}, "credentials-in-url"),
        (JupyterHub, {"url": "https://h.org/.."}, "dots-in-path"),
        (JupyterHub, {"url": "https://h.org/hub/home"}, "not-an-address"),
        (LTI, {"url": "https://h.org/hub/spawn/x"}, "not-an-address"),
        (JupyterHub, {"url": "https://h.org/v2/gh/o/r"}, "not-an-address"),
        (Binder, {"url": "https://h.org/build/gh", "env": ENV}, "not-an-address"),
        (JupyterHub, {"url": "https://h.org", "server": "a/b"}, "server-invalid"),
        (JupyterHub, {"url": "https://h.org", "server": "a\\b"}, "server-invalid"),
        (JupyterHub, {"url": "https://h.org", "server": ".."}, "server-invalid"),
        (JupyterHub, {"url": "https://h.org", "server": " "}, "server-invalid"),
        (JupyterHub, {"url": "https://h.org", "server": "user-redirect"}, "server-invalid"),
        (JupyterHub, {"url": "https://h.org", "server": "a\n"}, "control-character"),
        (LTI, {"url": "https://h.org", "version": "1.2"}, "lti-version"),
        (JupyterServer, {"url": "https://h.org/user/jo"}, "hub-as-server"),
        (JupyterServer, {"url": "https://h.org/user/jo/srv"}, "hub-as-server"),
        (JupyterServer, {"url": "https://h.org/user-redirect"}, "hub-as-server"),
    ],
)
def test_what_is_no_address_is_refused(make, values, code):
    with pytest.raises(InvalidValueError) as caught:
        make(**values)
    assert caught.value.code == code
    assert "secret" not in str(caught.value)


def test_places_are_values():
    hub = JupyterHub(url="https://H.org/")
    assert {hub, JupyterHub(url="https://h.org")} == {hub}
    with pytest.raises(dataclasses.FrozenInstanceError):
        hub.url = "x"
    with pytest.raises(TypeError):
        JupyterHub("https://h.org")
