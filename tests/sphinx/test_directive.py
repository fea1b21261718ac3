"""The launch directive and role."""

from __future__ import annotations

import pytest

from books import HUB, REPO, notebook, text_notebook
from nbpull_links import make_link

SETTINGS = {
    "hubs": [HUB, {"label": "Town", "url": "https://town.example.org"}],
    "binder": {"env_repo": "https://github.com/org/env"},
    "content_repo": REPO,
    "path_to_docs": "docs",
}
CAMPUS = {"hub": HUB["url"], "content_repo": REPO, "app": "lab"}


def directive(argument="", content="", **options):
    lines = [f":{name}: {value}" for name, value in options.items()]
    return "\n".join([f"```{{launch}} {argument}".rstrip(), *lines, *([""] * bool(lines)), content,
                      "```\n"])  # fmt: skip


@pytest.mark.parametrize(
    ("source", "text", "link"),
    [
        (directive(), "Launch on Campus", make_link(**CAMPUS, path="docs/index.md")),
        (directive("a b.ipynb"), "Launch on Campus", make_link(**CAMPUS, path="a b.ipynb")),
        (directive("lab/", "Go *on*"), "Go *on*", make_link(**CAMPUS, path="lab/")),
        (
            directive("a.ipynb", place="Town"), "Launch on Town",
            make_link(**CAMPUS | {"hub": "https://town.example.org"}, path="a.ipynb"),
        ),
        (
            directive("a.ipynb", place="binder"), "Launch on Binder",
            make_link("https://github.com/org/env", content_repo=REPO, path="a.ipynb", app="lab"),
        ),
        (
            directive("a.R", repo="https://gitlab.com/a/b", branch="v1", app="rstudio",
                      targetpath="x", depth="1"),
            "Launch on Campus",
            make_link(hub=HUB["url"], content_repo="https://gitlab.com/a/b", content_branch="v1",
                      app="rstudio", targetpath="x", depth=1),
        ),
        (
            directive(urlpath="lab/tree/course/x?reset"), "Launch on Campus",
            make_link(hub=HUB["url"], content_repo=REPO, urlpath="lab/tree/course/x?reset"),
        ),
        ("{launch}`Try <a.ipynb>`", "Try", make_link(**CAMPUS, path="a.ipynb")),
        ("{launch}`a.ipynb`", "a.ipynb", make_link(**CAMPUS, path="a.ipynb")),
        ("{launch}`Here <.>`", "Here", make_link(**CAMPUS, path="docs/index.md")),
        ("{launch}`.`", "Launch on Campus", make_link(**CAMPUS, path="docs/index.md")),
    ],
)  # fmt: skip
def test_a_link_in_the_text(book, source, text, link):
    other = "[elsewhere](https://example.org)"
    built = book.build({"index.md": f"# Course\n\n{other}\n\n{source}\n"}, **SETTINGS)
    assert built.warnings == ""
    page = built.page("index.html")
    assert page.references == [link]
    assert f">{text}</a>" in page.text


def test_a_badge_and_a_class_are_marked_for_the_style_sheet(book):
    source = directive("a.ipynb", badge="", **{"class": "wide"})
    page = book.build({"index.md": f"# Course\n\n{source}"}, **SETTINGS).page("index.html")
    assert 'class="nbpull-link nbpull-badge wide reference external"' in page.text
    assert "_static/nbpull.css" in page.text


def test_a_role_made_from_the_role_has_its_options(book):
    rst = """
Course
======

.. role:: town(launch)
   :place: Town
   :branch: v2
   :badge:

Go :town:`there <a.ipynb>`.
"""
    built = book.build({"index.rst": rst}, **SETTINGS)
    assert built.warnings == ""
    town = CAMPUS | {"hub": "https://town.example.org", "content_branch": "v2"}
    page = built.page("index.html")
    assert page.references == [make_link(**town, path="a.ipynb")]
    assert "nbpull-badge" in page.text


def test_a_link_to_its_own_page_follows_the_pages_metadata(book):
    files = {
        "text.md": text_notebook() + directive(),
        "other.md": text_notebook(more="nbpull: {branch: v3}") + directive(),
        "nb.ipynb": notebook(nbpull={"path": "other/nb.ipynb"}),
    }
    built = book.build(files, **SETTINGS)
    assert built.warnings == ""
    factory = "lab/tree/course/docs/{}.md?factory=Notebook"
    given = {"hub": HUB["url"], "content_repo": REPO}
    assert built.page("text.html").references == [
        make_link(**given, urlpath=factory.format("text"))
    ]
    assert built.page("other.html").references == [
        make_link(**given, content_branch="v3", urlpath=factory.format("other"))
    ]
    assert built.page("nb.html").links["Campus"] == make_link(**CAMPUS, path="other/nb.ipynb")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (directive("../x"), "leaves the repository"),
        (directive("x", place="Village"), "no place called 'Village'"),
        ("{launch}`x <../x>`", "leaves the repository"),
    ],
)
def test_a_link_that_cannot_be_stays_as_text_and_is_said_with_its_line(book, source, said):
    built = book.build({"index.md": f"# Course\n\n{source}\n"}, **SETTINGS)
    assert said in built.warnings
    assert "index.md:3: WARNING: launch: " in built.warnings
    assert built.page("index.html").references == []


def test_a_warning_can_be_suppressed_by_its_name(book):
    files = {"index.md": f"# Course\n\n{directive('../x')}"}
    built = book.build(files, suppress_warnings=["nbpull.launch"], **SETTINGS)
    assert built.warnings == ""
