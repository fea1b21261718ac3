"""The layers around a pull are followed inwards, decoded once each."""

from __future__ import annotations

import pytest

from nbpull_links import UnreadableLinkError
from nbpull_links.reading import Notes
from nbpull_links.urls import encode
from nbpull_links.wrappers import MAX_LAYERS, unwrap

PULL = "git-pull?repo=x"


def follow(text):
    notes = Notes()
    target = unwrap(text, notes)
    return target, {warning.code for warning in notes()}


@pytest.mark.parametrize(
    ("path", "kind", "base", "server"),
    [
        ("/git-pull", "server", "", None),
        ("/a/lab/git-pull", "server", "/a/lab", None),
        ("/user/git-pull", "server", "/user", None),
        ("/hub/user-redirect/git-pull", "jupyterhub", "", None),
        ("/user-redirect/git-pull", "jupyterhub", "", None),
        ("/a/hub/user-redirect/s%20t/git-pull", "jupyterhub", "/a", "s t"),
        ("/hub/hub/user-redirect/git-pull", "jupyterhub", "/hub", None),
        ("/a/user/jo/git-pull", "jupyterhub", "/a", None),
        ("/a/hub/user/jo/s/git-sync/", "jupyterhub", "/a", "s"),
        ("/a/hub/interact", "jupyterhub", "/a", None),
        ("/a/interact", "server", "/a", None),
        ("/a/hub/git-pull", "server", "/a/hub", None),
    ],
)
def test_the_endpoint_is_found_from_the_right(path, kind, base, server):
    target, _ = follow(f"https://h.org{path}?repo=x")
    assert (target.kind, target.base, target.server) == (kind, f"https://h.org{base}", server)


@pytest.mark.parametrize("wrapper", ["next", "custom_next", "target_link_uri", "url"])
@pytest.mark.parametrize("layers", range(1, MAX_LAYERS))
def test_each_layer_is_decoded_exactly_once(wrapper, layers):
    link = f"https://h.org/git-pull?repo={encode('a%2520b c')}"
    for _ in range(layers):
        link = f"https://h.org/x?{wrapper}={encode(link)}"
    target, said = follow(link)
    assert target.url.query == f"repo={encode('a%2520b c')}"
    assert not said


def test_there_is_an_end_to_layers():
    link = f"https://h.org/{PULL}"
    for _ in range(MAX_LAYERS):
        link = f"https://h.org/x?next={encode(link)}"
    with pytest.raises(UnreadableLinkError) as caught:
        unwrap(link, Notes())
    assert caught.value.code == "too-many-layers"


def test_the_outermost_wrapper_that_the_rules_name_first_is_followed():
    target, _ = follow(
        f"https://h.org/x?next=/a/{encode(PULL)}&url=https%3A%2F%2Fg.org%2F{encode(PULL)}"
    )
    assert target.base == "https://g.org"


def test_an_encoded_question_mark_in_the_path_is_read():
    target, said = follow("https://h.org/hub/user-redirect/git-pull%3Frepo%3Dx%26branch%3Dy")
    assert (target.kind, target.url.query) == ("jupyterhub", "repo=x&branch=y")
    assert said == {"over-encoded"}


def test_parameters_that_leaked_are_handed_on():
    target, _ = follow("https://h.org/hub/login?next=/git-pull?repo=x&branch=y&foo=z")
    assert target.leaked == [("branch", "y")]


def test_a_launch_tells_its_version():
    assert follow(f"https://h.org/hub/lti/launch?next=/hub/user-redirect/{PULL}")[0].lti == "1.1"
    assert follow(f"https://h.org/hub?next=/hub/user-redirect/{PULL}")[0].lti == "1.3"
    assert follow(f"https://h.org/hub/login?next=/hub/user-redirect/{PULL}")[0].lti is None
