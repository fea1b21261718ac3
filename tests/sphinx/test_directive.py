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


LINKS = {
    "itself": (directive(), "Launch on Campus", make_link(**CAMPUS, path="docs/itself.md")),
    "path": (directive("a b.ipynb"), "Launch on Campus", make_link(**CAMPUS, path="a b.ipynb")),
    "text": (directive("lab/", "Go *on*"), "Go *on*", make_link(**CAMPUS, path="lab/")),
    "hub": (
        directive("a.ipynb", place="Town"), "Launch on Town",
        make_link(**CAMPUS | {"hub": "https://town.example.org"}, path="a.ipynb"),
    ),
    "binder": (
        directive("a.ipynb", place="binder"), "Launch on Binder",
        make_link("https://github.com/org/env", content_repo=REPO, path="a.ipynb", app="lab"),
    ),
    "options": (
        directive("a.R", repo="https://gitlab.com/a/b", branch="v1", app="rstudio",
                  targetpath="x", depth="1"),
        "Launch on Campus",
        make_link(hub=HUB["url"], content_repo="https://gitlab.com/a/b", content_branch="v1",
                  app="rstudio", targetpath="x", depth=1),
    ),
    "urlpath": (
        directive(urlpath="lab/tree/course/x?reset"), "Launch on Campus",
        make_link(hub=HUB["url"], content_repo=REPO, urlpath="lab/tree/course/x?reset"),
    ),
    "role": ("{launch}`Try <a.ipynb>`", "Try", make_link(**CAMPUS, path="a.ipynb")),
    "role-path": ("{launch}`a.ipynb`", "a.ipynb", make_link(**CAMPUS, path="a.ipynb")),
    "role-itself": (
        "{launch}`Here <.>`", "Here", make_link(**CAMPUS, path="docs/role-itself.md"),
    ),
    "role-here": (
        "{launch}`.`", "Launch on Campus", make_link(**CAMPUS, path="docs/role-here.md"),
    ),
}  # fmt: skip
"""What is written on a page of that name, what readers see, and where it leads."""


@pytest.fixture(scope="module")
def linked(shared_book):
    """One book with a page for each of the links, beside an ordinary one."""
    other = "[elsewhere](https://example.org)"
    pages = {f"{name}.md": f"# Page\n\n{other}\n\n{row[0]}\n" for name, row in LINKS.items()}
    built = shared_book.build(pages, **SETTINGS)
    assert built.warnings == ""
    return built


@pytest.mark.parametrize("name", LINKS)
def test_a_link_in_the_text(linked, name):
    _, text, link = LINKS[name]
    page = linked.page(f"{name}.html")
    assert page.references == [link]
    assert f">{text}</a>" in page.text
    assert 'href="https://example.org">elsewhere</a>' in page.text


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


def test_a_link_that_cannot_be_stays_as_text_and_is_said_with_its_line(book):
    rows = {
        "up": (directive("../x", "Up"), "leaves the repository"),
        "village": (directive("x", "Up", place="Village"), "no place called 'Village'"),
        "role": ("{launch}`Up <../x>`", "leaves the repository"),
    }
    pages = {f"{name}.md": f"# Page\n\n{source}\n" for name, (source, _) in rows.items()}
    built = book.build(pages, **SETTINGS)
    for name, (_, said) in rows.items():
        [warning] = [line for line in built.warnings.splitlines() if f"{name}.md:3: " in line]
        assert "WARNING: launch: " in warning
        assert said in warning
        page = built.page(f"{name}.html")
        assert page.references == []
        assert '<span class="nbpull-link">Up</span>' in page.text


def test_a_warning_can_be_suppressed_by_its_name(book):
    files = {"index.md": f"# Course\n\n{directive('../x')}"}
    built = book.build(files, suppress_warnings=["nbpull.launch"], **SETTINGS)
    assert built.warnings == ""
