"""Options: what each accepts, what is said of what it refuses, and the table made from them."""

from __future__ import annotations

import dataclasses
import json

import pytest
from docutils.core import publish_doctree

from nbpull_links.sphinx_ext.options import Options, page_option, read_options, reference_table
from nbpull_links.sphinx_ext.values import BinderHub, Hub, JupyterLite

H = "https://hub.example.org"
CAMPUS = Hub(name="Campus", label="Campus", url=H)
MYBINDER = "https://mybinder.org"
REPO = "https://github.com/org/course"


@pytest.mark.parametrize(
    ("option", "written", "value"),
    [
        ("hubs", [{"label": "Campus", "url": H}], (CAMPUS,)),
        ("hubs", {"label": "Campus", "url": H}, (CAMPUS,)),
        ("hubs", {"Campus": {"url": H}}, (CAMPUS,)),
        ("hubs", {"Campus": H}, (CAMPUS,)),
        ("hubs", H, (Hub(name="hub.example.org", label="hub.example.org", url=H),)),
        ("hubs", [H], (Hub(name="hub.example.org", label="hub.example.org", url=H),)),
        ("hubs", [{"name": "Campus", "url": H + "/hub/home"}], (CAMPUS,)),
        ("hubs", [{"name": "Campus", "url": H + "/user/x/lab?reset"}], (CAMPUS,)),
        ("hubs", [], ()),
        (
            "hubs",
            [{"name": "n", "label": "L", "url": H + "/base/", "server": "gpu", "app": "RetroLab"}],
            (Hub(name="n", label="L", url=H + "/base", server="gpu", app="retro"),),
        ),
        ("binder", True, BinderHub(url=MYBINDER)),
        ("binder", "yes", BinderHub(url=MYBINDER)),
        ("binder", False, None),
        ("binder", {}, BinderHub(url=MYBINDER)),
        ("binder", H + "/binder/v2/gh/a/b", BinderHub(url=H + "/binder")),
        (
            "binder",
            {"url": H, "env_repo": "https://github.com/org/env", "env_branch": "2026-01"},
            BinderHub(url=H, env_repo="https://github.com/org/env", env_branch="2026-01"),
        ),
        ("jupyterlite", "/lite", JupyterLite(url="/lite/lab/index.html")),
        ("jupyterlite", H + "/lite/lab/", JupyterLite(url=H + "/lite/lab/index.html")),
        ("jupyterlite", H + "/tree/index.html", JupyterLite(url=H + "/tree/index.html")),
        (
            "jupyterlite",
            {"url": H, "root": "/content/", "suffix": ".ipynb"},
            JupyterLite(url=H + "/lab/index.html", root="content", suffix=".ipynb"),
        ),
        ("content_repo", REPO + "/tree/main/docs", REPO),
        ("content_branch", "feature/x", "feature/x"),
        ("path_to_docs", "/docs/book/", "docs/book"),
        ("path_to_docs", "", ""),
        ("targetpath", "courses/stats", "courses/stats"),
        ("depth", 0, 0),
        ("depth", " 5", 5),
        ("app", "JupyterLab", "lab"),
        ("own_hub", "on", True),
        ("follow_version", 0, False),
        ("pages", "lessons/*, !lessons/intro", ("lessons/*", "!lessons/intro")),
        ("buttons", ["colab", "own_hub", "colab"], ("colab", "own-hub")),
        ("label", "Try it", "Try it"),
    ],
)
def test_an_option_accepts(option, written, value):
    assert page_option(option, written) == value


@pytest.mark.parametrize(
    ("option", "written", "said"),
    [
        ("hubs", [{"label": "Campus"}], "no url"),
        ("hubs", [{"url": H, "colour": "red"}], "'colour', which means nothing here"),
        ("hubs", [{"url": "hub.example.org"}], "no scheme"),
        ("hubs", [{"url": "https://user:secret@hub.example.org"}], "credentials"),
        ("hubs", [{"url": H, "server": "a/b"}], "server name"),
        ("hubs", [{"url": H, "app": "excel"}], "no application 'excel'"),
        ("hubs", [H, H + "/hub/home"], "two hubs are called"),
        ("hubs", [3], "must be a table, not int"),
        ("hubs", {"a": 3}, "must be a table, not int"),
        ("hubs", 3, "a list is needed"),
        ("binder", {"repo": REPO}, "'repo', which means nothing here"),
        ("binder", 3, "must be a table"),
        ("binder", {"env_repo": "ftp://x/y"}, "the scheme 'ftp'"),
        ("jupyterlite", "lite", "no scheme"),
        ("jupyterlite", "//evil.example/lite", "no scheme"),
        ("jupyterlite", {"root": "x"}, "no URL"),
        ("content_repo", "github.com/org/course", "no scheme"),
        ("content_repo", "", "is empty"),
        ("content_branch", "a..b", "no name that git allows"),
        ("content_branch", "da39a3ee5e6b4b0d3255bfef95601890afd80709", "is a commit"),
        ("path_to_docs", "../up", "leaves the repository"),
        ("targetpath", "/abs", "does not stay inside"),
        ("depth", -1, "no number of commits"),
        ("depth", "all", "no number of commits"),
        ("own_hub", "perhaps", "neither true nor false"),
        ("pages", [""], "is empty"),
        ("buttons", ["rocket"], "no button 'rocket'"),
        ("label", 3, "must be a text"),
    ],
)
def test_a_wrong_value_is_left_out_with_a_reason_and_without_its_secrets(option, written, said):
    options, [problem] = read_options({option: written})
    assert options == Options(buttons=("hub", "binder", "jupyterlite"))
    assert problem.startswith(f"nbpull_{option} is left out: ")
    assert said in problem
    assert "secret" not in problem


def test_a_value_from_elsewhere_is_refused_under_the_name_it_was_written_by():
    _, [problem] = read_options({"app": "excel"}, {"app": "launch_buttons.notebook_interface"})
    assert problem.startswith("launch_buttons.notebook_interface is left out: ")


@pytest.mark.parametrize(
    ("written", "buttons"),
    [
        ({}, ("hub", "binder", "jupyterlite")),
        ({"own_hub": True}, ("hub", "binder", "jupyterlite", "own-hub")),
        ({"own_hub": True, "buttons": ["binder"]}, ("binder", "own-hub")),
        ({"own_hub": True, "buttons": ["own-hub", "hub"]}, ("own-hub", "hub")),
        ({"buttons": ["own-hub", "hub"]}, ("hub",)),
    ],
)
def test_the_readers_own_hub_has_a_switch_of_its_own(written, buttons):
    assert read_options(written)[0].buttons == buttons


def test_every_option_is_declared_with_all_that_the_table_needs():
    table = reference_table()
    for option in dataclasses.fields(Options):
        assert f"``nbpull_{option.name}``" in table
        assert option.metadata["help"] in table
        assert option.metadata["kind"] in table
        assert callable(option.metadata["check"])
    document = publish_doctree(table, settings_overrides={"report_level": 1, "halt_level": 2})
    assert document.astext().count("nbpull_") >= len(dataclasses.fields(Options))


def test_every_default_passes_its_own_check_as_toml_would_hold_it():
    for option in dataclasses.fields(Options):
        if option.default is not None:
            written = json.loads(json.dumps(option.default))
            assert option.metadata["check"](written) == option.default
