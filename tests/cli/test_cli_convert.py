"""`nbpull convert` keeps the content and changes the place."""

from __future__ import annotations

import pytest

from nbpull_links.build import make_link
from nbpull_links.parse import parse_link

HUB = "https://hub.example.org/jupyter"
ENV = "https://github.com/org/env"
COURSE = "https://github.com/org/course"
JUPYTER = "http://localhost:8888"
CONTENT = {
    "content_repo": COURSE,
    "content_branch": "spring",
    "path": "week 1/#1.ipynb",
    "app": "notebook",
    "targetpath": "stats",
    "depth": 0,
}
PLACES = {
    "hub": {"hub": HUB, "server": "gpu"},
    "lti": {"hub": HUB, "server": "gpu", "lti": "1.3"},
    "server": {"jupyter": JUPYTER},
    "binder": {"env_repo": ENV, "branch": "v1", "binder": "https://binder.example.org/b"},
}


def options(parameters):
    for name, value in parameters.items():
        yield from (f"--{name.replace('_', '-')}", value)


@pytest.mark.parametrize("source", PLACES)
@pytest.mark.parametrize("target", PLACES)
def test_the_content_arrives_whole_in_every_place_from_every_place(nbpull, source, target):
    url = make_link(**CONTENT, **PLACES[source])
    done = nbpull("convert", url, "--to", target, *options(PLACES[target]))
    assert (done.status, done.err) == (0, "")
    assert done.out.strip() == make_link(**CONTENT, **PLACES[target])


@pytest.mark.parametrize(
    ("source", "argv", "place"),
    [
        ("hub", ["--to", "lti"], {"hub": HUB, "server": "gpu", "lti": "1.1"}),
        ("lti", ["--to", "hub"], {"hub": HUB, "server": "gpu"}),
        ("lti", ["--to", "lti"], {"hub": HUB, "server": "gpu", "lti": "1.3"}),
        ("lti", ["--to", "lti", "--lti", "1.1"], {"hub": HUB, "server": "gpu", "lti": "1.1"}),
        ("hub", ["--to", "hub", "--server", "cpu"], {"hub": HUB, "server": "cpu"}),
        (
            "hub",
            ["--to", "hub", "--hub", "https://new.example.org"],
            {"hub": "https://new.example.org"},
        ),
        ("server", ["--to", "server"], {"jupyter": JUPYTER}),
        ("binder", ["--to", "binder", "--branch", "v2"], PLACES["binder"] | {"branch": "v2"}),
        ("binder", ["--to", "binder", "--env-repo", COURSE], {"env_repo": COURSE}),
    ],
)
def test_what_the_places_have_in_common_is_kept(nbpull, source, argv, place):
    url = make_link(**CONTENT, **PLACES[source])
    assert nbpull("convert", url, *argv).out.strip() == make_link(**CONTENT, **place)


@pytest.mark.parametrize("branch", [None, "v1"])
def test_content_in_the_env_repo_itself_is_pulled_from_there_and_said(nbpull, branch):
    url = make_link(ENV, branch, path="index.ipynb")
    done = nbpull("convert", url, "--to", "hub", "--hub", HUB)
    assert done.status == 0, done.err
    made = parse_link(done.out.strip())
    assert (str(made.content.repo), made.content.branch) == (ENV, branch)
    assert made.content.urlpath == "lab/tree/env/index.ipynb"
    assert "[env-as-content]" in done.err


def test_a_custom_path_into_the_env_repo_stays_as_it_is(nbpull):
    url = make_link(ENV, urlpath="proxy/8000/")
    done = nbpull("convert", url, "--to", "hub", "--hub", HUB)
    assert parse_link(done.out.strip()).content.urlpath == "proxy/8000/"


def test_a_link_without_content_of_its_own_stays_so_on_binder(nbpull):
    url = make_link(ENV, "v1", path="index.ipynb")
    done = nbpull("convert", url, "--to", "binder", "--branch", "v2")
    assert done.out.strip() == make_link(ENV, "v2", path="index.ipynb")


def test_an_archive_cannot_be_pulled_by_git(nbpull):
    url = make_link("10.5281/zenodo.3242074")
    done = nbpull("convert", url, "--to", "hub", "--hub", HUB)
    assert done.status == 2
    assert "git cannot pull" in done.err


def test_a_badge_can_be_had_of_the_new_link(nbpull):
    url = make_link(**CONTENT, **PLACES["hub"])
    assert nbpull("convert", url, "--to", "lti", "--badge", "html").out.startswith("<a href=")


def test_repairs_of_the_old_link_are_said(nbpull):
    url = make_link(**CONTENT, **PLACES["hub"]).replace("&branch", "&amp;branch")
    assert nbpull("convert", url, "--to", "lti").err.startswith("warning: ")


@pytest.mark.parametrize(
    ("argv", "status", "words"),
    [
        (["--to", "server"], 2, "--to server needs --jupyter"),
        (["--to", "binder"], 2, "--to binder needs --env-repo"),
        (["--to", "hub", "--jupyter", JUPYTER], 2, "--jupyter does not belong to --to hub"),
        (["--to", "binder", "--env-repo", "nonsense"], 2, "nonsense"),
        (["--to", "moon"], 2, "--to"),
    ],
)
def test_what_is_missing_or_too_much_is_named(nbpull, argv, status, words):
    done = nbpull("convert", make_link(**CONTENT, **PLACES["hub"]), *argv)
    assert (done.status, done.out) == (status, "")
    assert words in done.err
    assert done.err.count("\n") == 1


def test_what_is_no_link_is_a_failure(nbpull):
    done = nbpull("convert", "no link", "--to", "hub")
    assert (done.status, done.out) == (1, "")
