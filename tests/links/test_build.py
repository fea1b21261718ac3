"""Links are made from what people have at hand, and what had to be assumed is said."""

from __future__ import annotations

import inspect

import pytest

from nbpull_links import Binder, InvalidValueError, build_link, make_link

HUB, REPO, ENV = "https://h.org", "https://github.com/org/r", "https://github.com/org/env"
PULL = "git-pull?repo=https%3A%2F%2Fgithub.com%2Forg%2Fr"


def codes(link):
    return [warning.code for warning in link.warnings]


def test_the_link_is_the_value_s_text():
    wanted = {"hub": HUB, "content_repo": REPO, "path": "a.py", "content_branch": "x", "depth": 0}
    assert make_link(**wanted) == str(build_link(**wanted))
    assert inspect.signature(make_link).parameters == inspect.signature(build_link).parameters


@pytest.mark.parametrize(
    ("pasted", "address"),
    [
        ("https://h.org/hub/home", "https://h.org"),
        ("https://h.org/hub", "https://h.org"),
        ("https://h.org/hub/hub/home", "https://h.org/hub"),
        ("https://h.org/x/hub/spawn?a=b#c", "https://h.org/x"),
        ("https://h.org/x/user/jo/lab/tree/d", "https://h.org/x"),
        ("https://h.org/user-redirect/x", "https://h.org"),
        ("https://h.org/hub/user-redirect/git-pull?repo=x", "https://h.org"),
        ("https://h.org/hubble", "https://h.org/hubble"),
    ],
)
def test_a_pasted_page_of_a_hub_gives_the_hub(pasted, address):
    link = build_link(hub=pasted, content_repo=REPO)
    assert link.place.url == address
    assert codes(link) == (["address-cleaned"] if pasted != address else [])


@pytest.mark.parametrize(
    ("pasted", "address"),
    [
        ("http://localhost:8888/lab?token=secret", "http://localhost:8888"),
        ("http://localhost:8888/x/tree/d/e", "http://localhost:8888/x"),
        ("http://localhost:8888/laboratory", "http://localhost:8888/laboratory"),
    ],
)
def test_a_pasted_page_of_a_server_gives_the_server_without_its_token(pasted, address):
    link = build_link(jupyter=pasted, content_repo=REPO)
    assert str(link) == f"{address}/{PULL}"
    assert "secret" not in repr(link)


def test_a_pasted_binder_link_gives_the_binderhub():
    link = build_link(ENV, "main", binder="https://b.org/x/v2/gh/a/b/c?urlpath=lab")
    assert str(link) == "https://b.org/x/v2/gh/org/env/main"
    assert codes(link) == ["address-cleaned"]


def test_a_blank_binder_is_the_public_one():
    assert make_link(ENV, binder="") == "https://mybinder.org/v2/gh/org/env/HEAD"


def test_a_page_of_the_content_gives_branch_and_path_unless_they_are_given():
    page = f"{REPO}/blob/dev/d/a.py"
    content = build_link(hub=HUB, content_repo=page).content
    assert (str(content.repo), content.branch, content.path) == (REPO, "dev", "d/a.py")
    content = build_link(hub=HUB, content_repo=page, content_branch="x", path="b.py").content
    assert (content.branch, content.path) == ("x", "b.py")
    content = build_link(hub=HUB, content_repo=page, urlpath="rstudio/").content
    assert (content.branch, content.urlpath) == ("dev", "rstudio/")


def test_a_page_of_the_environment_gives_its_ref_and_what_to_open_in_it():
    link = build_link(f"{ENV}/blob/v1/a.py")
    assert isinstance(link.place, Binder)
    assert (link.place.env.ref, link.content.path, codes(link)) == ("v1", "a.py", ["forge-page"])
    link = build_link(f"{ENV}/blob/v1/a.py", None, REPO)
    assert link.content.path is None
    link = build_link(f"{ENV}/tree/feature/x", "feature/x")
    assert link.place.env.ref == "feature/x"


def test_an_archive_needs_neither_branch_nor_page():
    link = make_link("10.5281/zenodo.3242074", path="a.py")
    assert link == "https://mybinder.org/v2/zenodo/10.5281/zenodo.3242074?urlpath=lab%2Ftree%2Fa.py"


def test_a_doubtful_ref_is_said():
    link = build_link(hub=HUB, content_repo=f"{REPO}/blob/feature/x/a.py")
    assert codes(link) == ["forge-page", "ambiguous-ref"]


def test_a_path_that_the_application_cannot_open_is_said():
    link = build_link(hub=HUB, content_repo=REPO, path="a.Rmd", app="rstudio")
    assert codes(link) == ["path-not-opened"]
    assert codes(build_link(hub=HUB, content_repo=REPO, path="a.py", app="lab")) == []


def test_a_branch_that_looks_like_a_commit_is_said():
    assert codes(build_link(hub=HUB, content_repo=REPO, content_branch="da39a3e")) == [
        "short-commit"
    ]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"content_repo": REPO}, "place-missing"),
        ({"hub": HUB, "env_repo": ENV}, "place-ambiguous"),
        ({"hub": HUB, "jupyter": HUB, "content_repo": REPO}, "place-ambiguous"),
        ({"hub": HUB, "branch": "x", "content_repo": REPO}, "branch-without-env"),
        ({"hub": HUB, "provider": "gh", "content_repo": REPO}, "provider-without-env"),
        ({"jupyter": HUB, "server": "x", "content_repo": REPO}, "server-without-hub"),
        ({"env_repo": ENV, "lti": "1.1"}, "server-without-hub"),
        ({"hub": HUB}, "no-content-repo"),
        ({"env_repo": 5}, "wrong-type"),
        ({"env_repo": REPO, "provider": 5}, "wrong-type"),
        ({"hub": 5, "content_repo": REPO}, "wrong-type"),
        ({"hub": HUB, "content_repo": 5}, "wrong-type"),
        ({"hub": HUB, "content_repo": f"{REPO}/tree/x", "content_branch": 5}, "wrong-type"),
        ({"hub": HUB, "content_repo": REPO, "lti": "1.2"}, "lti-version"),
        ({"hub": HUB, "content_repo": REPO, "content_branch": "0" * 40}, "commit-as-branch"),
        ({"hub": HUB, "content_repo": f"{REPO}/commit/{'0' * 40}"}, "commit-as-branch"),
    ],
)
def test_what_does_not_fit_together_is_refused(values, code):
    with pytest.raises(InvalidValueError) as caught:
        make_link(**values)
    assert caught.value.code == code
    assert caught.value.hint or code == "wrong-type"


def test_the_version_of_a_launch_may_be_a_number():
    link, same = (make_link(hub=HUB, content_repo=REPO, lti=version) for version in (1.3, "1.3"))
    assert link == same
