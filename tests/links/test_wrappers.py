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


@pytest.mark.parametrize(
    ("link", "kind", "base", "said"),
    [
        ("https://h.org/b/v2/gh/o/r/main", "binder", "/b", set()),
        ("https://h.org/build/gh/o/r/main", "binder", "", {"binder-build-api"}),
        ("https://h.org/repo/o/r/a.ipynb", "binder", "", {"old-binder"}),
        ("https://h.org/x/lab/index.html?repo=y", "lite", "/x", {"jupyterlite"}),
        ("https://h.org/git-pull/api?repo=x", "server", "", set()),
        ("https://h.org/x/hub/home/hub/user-redirect/git-pull", "jupyterhub", "/x", {"hub-page"}),
        ("https://h.org/hub/user-redirect/lab/git-pull", "jupyterhub", "", {"odd-server"}),
        ("https://u:p@h.org/git-pull#x", "server", "", {"credentials-in-url", "fragment-dropped"}),
        ("https://h.org/x/hub/spawn#fancy-forms-config=%7B%22gitPuller%3Arepo%22%3A%22y%22%7D",
         "form", "/x", {"spawn-options"}),
        ("https://h.org/x/hub/login?next=/hub/user-redirect/git-pull", "jupyterhub", "/x",
         {"base-path-lost"}),
        ("https://h.org/x?next=%252Fgit-pull", "server", "", {"over-encoded"}),
        ("https://g.org/x?next=https://h.org/git-pull", "server", "", {"next-elsewhere"}),
    ],
)  # fmt: skip
def test_each_kind_of_link_is_recognised(link, kind, base, said):
    target, codes = follow(link)
    assert (target.kind, target.base) == (kind, f"https://h.org{base}")
    assert codes == said


@pytest.mark.parametrize(
    ("link", "code"),
    [("https://h.org/lab", "no-pull"), ("https://h.org/hs-pull?id=1", "not-git"),
     ("https://h.org/repo/o/r?next=/", "no-pull"),
     ("https://h.org/hub/lti13/x?target_link_uri=/lab", "no-pull")],
)  # fmt: skip
def test_what_pulls_nothing_is_refused(link, code):
    with pytest.raises(UnreadableLinkError) as caught:
        unwrap(link, Notes())
    assert caught.value.code == code
