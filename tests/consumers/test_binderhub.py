"""BinderHub's own launch page opens what a Binder link names."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from nbpull_links import make_link

ENV = "https://github.com/org/env"
REPO = "https://git.example.org/o/c+d%20e.git"
SERVER = "https://hub.example.org/user/org-env-x1/"


@pytest.fixture(scope="module")
def opened(names, run_node):
    """Run the launch page's code on a link for each name, with a content repo and without."""
    made = {}
    for key, path in names.items():
        made["pull", key] = make_link(
            ENV, "main", REPO, content_branch="a+b&c=d#e", path=path, depth=0
        )
        made["own", key] = make_link(ENV, "main", path=path)
    urls = run_node("binder_launch.mjs", [[link, SERVER] for link in made.values()])
    return dict(zip(made, urls, strict=True))


def test_a_pull_arrives_with_every_parameter(opened, names, browser_paths):
    keys = list(names)
    arrived = {}
    for key in keys:
        url = urlsplit(opened["pull", key])
        assert url._replace(query="").geturl() == f"{SERVER}git-pull"
        arrived[key] = dict(parse_qsl(url.query, strict_parsing=True))
    landings = browser_paths([[SERVER, arrived[key].pop("urlpath")] for key in keys])
    for key, landing in zip(keys, landings, strict=True):
        assert arrived[key] == {
            "repo": REPO, "branch": "a+b&c=d#e", "depth": "0", "token": "T"
        }  # fmt: skip
        head, path = landing.split("/lab/tree/")
        assert head == "/user/org-env-x1"
        directory, _, name = path.partition("/")
        assert unquote(directory) == "c+d%20e.git"
        assert unquote(name) == names[key]


def test_a_file_of_the_environment_itself_opens(opened, names):
    for key, name in names.items():
        url = urlsplit(opened["own", key])
        head, path = url.path.split("/lab/tree/")
        assert (head, unquote(path), url.query) == ("/user/org-env-x1", name, "token=T")


@pytest.mark.parametrize(
    "urlpath",
    [
        "lab",
        "/lab",
        "a/b:c",
        "./x:y",
        "lab//x",
        "?x=//y",
        "#//y",
        "@evil.example",
        "a\\b",
        "%5C%5Cx",
    ],
)
def test_a_link_never_leads_the_token_away(run_node, urlpath):
    link = make_link(ENV, "main", urlpath=urlpath)
    (url,) = run_node("binder_launch.mjs", [[link, SERVER]])
    assert url.startswith(SERVER)
