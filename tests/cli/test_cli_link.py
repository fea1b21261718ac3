"""`nbpull link` makes what `make_link` makes, however its inputs are given."""

from __future__ import annotations

import pytest

from nbpull_links.build import make_link
from nbpull_links.snippets import badge

HUB = "https://hub.example.org"
ENV = "https://github.com/org/env"
COURSE = "https://github.com/org/course"


@pytest.mark.parametrize(
    ("argv", "same"),
    [
        (["--hub", HUB, COURSE], {"hub": HUB, "content_repo": COURSE}),
        (["--hub", HUB, "--content-repo", COURSE], {"hub": HUB, "content_repo": COURSE}),
        (
            ["--hub", f"{HUB}/jupyter", "--server", "gpu", "--lti", "1.3", COURSE],
            {"hub": f"{HUB}/jupyter", "server": "gpu", "lti": "1.3", "content_repo": COURSE},
        ),
        (
            ["--jupyter", "http://localhost:8888", COURSE],
            {"jupyter": "http://localhost:8888", "content_repo": COURSE},
        ),
        ([ENV], {"env_repo": ENV}),
        ([ENV, "v1"], {"env_repo": ENV, "branch": "v1"}),
        ([ENV, "v1", COURSE], {"env_repo": ENV, "branch": "v1", "content_repo": COURSE}),
        (
            ["--env-repo", ENV, "--branch", "v1", COURSE],
            {"env_repo": ENV, "branch": "v1", "content_repo": COURSE},
        ),
        (
            [ENV, "--content-repo", COURSE, "--env-branch", "v1"],
            {"env_repo": ENV, "branch": "v1", "content_repo": COURSE},
        ),
        (
            [ENV, "--binder", "https://binder.example.org/b", "--provider", "git"],
            {"env_repo": ENV, "binder": "https://binder.example.org/b", "provider": "git"},
        ),
        (
            [
                *("--hub", HUB, COURSE, "--content-branch", "spring", "--path", "a b/#1.ipynb"),
                *("--app", "notebook", "--targetpath", "stats/week1", "--depth", "0"),
            ],
            {
                "hub": HUB,
                "content_repo": COURSE,
                "content_branch": "spring",
                "path": "a b/#1.ipynb",
                "app": "notebook",
                "targetpath": "stats/week1",
                "depth": 0,
            },
        ),
        (
            ["--hub", HUB, COURSE, "--urlpath", "lab/tree/course/x.ipynb?reset"],
            {"hub": HUB, "content_repo": COURSE, "urlpath": "lab/tree/course/x.ipynb?reset"},
        ),
    ],
)
def test_the_link_is_the_one_of_the_library(nbpull, argv, same):
    done = nbpull("link", *argv)
    assert (done.status, done.out, done.err) == (0, f"{make_link(**same)}\n", "")


@pytest.mark.parametrize("markup", ["markdown", "rst", "html", "myst"])
def test_a_badge_is_the_one_of_the_library(nbpull, markup):
    url = make_link(hub=HUB, content_repo=COURSE)
    done = nbpull("link", "--hub", HUB, COURSE, "--badge", markup)
    assert done.out == f"{badge(url, markup)}\n"
    done = nbpull(
        "link", "--hub", HUB, COURSE, "--badge", markup, "--label", "Go", "--image", "i.svg"
    )
    assert done.out == f"{badge(url, markup, label='Go', image='i.svg')}\n"


def test_what_was_assumed_is_said_on_stderr_and_the_link_stays_alone_on_stdout(nbpull):
    done = nbpull("link", "--hub", HUB, f"{COURSE}/blob/main/week1/intro.ipynb")
    assert done.out.startswith(f"{HUB}/hub/user-redirect/git-pull?repo=")
    assert done.out.count("\n") == 1
    assert done.err.startswith("warning: ")
    assert "[forge-page]" in done.err


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ([], "give --hub, --jupyter, or an ENV_REPO for Binder"),
        (["--content-repo", COURSE], "give --hub, --jupyter, or an ENV_REPO for Binder"),
        (["--hub", HUB], "--content-repo"),
        (["--hub", HUB, ENV, "v1", COURSE], "no place for 'v1', 'https://github.com/org/course'"),
        ([ENV, "v1", COURSE, "more"], "no place for 'more'"),
        (["--hub", HUB, "--jupyter", HUB, COURSE], "exactly one"),
        (["--hub", HUB, "--branch", "v1", COURSE], "--content-branch"),
        (["--hub", HUB, COURSE, "--app", "emacs"], "Use one of lab"),
        (["--hub", HUB, COURSE, "--depth", "many"], "--depth"),
        (["--hub", HUB, COURSE, "--depth", "-1"], "depth"),
        (["--hub", HUB, COURSE, "--label", "Go"], "need --badge"),
        (["--hub", HUB, "https://me:secret@github.com/org/course"], "credential"),
        (["--hub", HUB, COURSE, "--targetpath", "../x"], "stay inside"),
        (["--hub", HUB, COURSE, "--urlpath", "https://evil.example.org"], "another site"),
        (["--hub", HUB, COURSE, "--content-branch", "-x"], "branch"),
        (["--no-such"], "--no-such"),
    ],
)
def test_a_wrong_use_ends_with_2_and_one_line_that_names_the_remedy(nbpull, argv, words):
    done = nbpull("link", *argv)
    assert done.status == 2
    assert done.out == ""
    assert done.err.startswith("nbpull: ")
    assert done.err.count("\n") == 1
    assert words in done.err
    assert "secret" not in done.err
