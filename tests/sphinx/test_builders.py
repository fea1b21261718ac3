"""Every builder writes launch links as ordinary links, and only web pages have buttons."""

from __future__ import annotations

import functools
import re
import zipfile

import pytest
from sphinx import locale

from books import CONF, HUB, REPO, Book, notebook

DIRECTIVES = """
# Course

Try {launch}`the lab <lab/a b#.ipynb>` now.

```{launch} lab/one.ipynb
:badge:
Open the lab
```

```{toctree}
sub/nb
```
"""
LINK = (
    "https://hub.example.org/hub/user-redirect/git-pull?repo=https%3A%2F%2Fgithub.com%2Forg%2Fcourse"
    "&branch=main&urlpath=lab%2Ftree%2Fcourse%2Flab%2Fa%2520b%2523.ipynb"
)
FILES = {"index.md": DIRECTIVES, "sub/nb.ipynb": notebook()}
SETTINGS = {"hubs": [HUB], "content_repo": REPO, "content_branch": "main"}


@pytest.fixture(scope="module")
def built_by(tmp_path_factory):
    """Give a function that builds the course, once for each builder."""

    @functools.cache
    def build(builder):
        built = Book(tmp_path_factory.mktemp(builder)).build(
            FILES, builder=builder, path_to_docs="docs/book", **SETTINGS
        )
        assert built.warnings == ""
        return built

    yield build
    locale.translators.clear()


@pytest.mark.parametrize(
    ("builder", "file", "written"),
    [
        ("html", "index.html", LINK.replace("&", "&amp;")),
        ("dirhtml", "index.html", LINK.replace("&", "&amp;")),
        ("singlehtml", "index.html", LINK.replace("&", "&amp;")),
        ("latex", "course.tex", LINK.replace("%", r"\%").replace("&", r"\&").replace("#", r"\#")),
        ("text", "index.txt", "the lab"),
        ("man", "course.1", LINK),
        ("texinfo", "course.texi", LINK),
        ("gettext", "index.pot", "the lab"),
        ("xml", "index.xml", LINK.replace("&", "&amp;")),
        ("json", "index.fjson", LINK.replace("&", "&amp;")),
        ("pseudoxml", "index.pseudoxml", LINK),
    ],
)
def test_a_launch_link_is_an_ordinary_link_in_every_builder(built_by, builder, file, written):
    built = built_by(builder)
    # A manual page marks where an address may be broken.
    assert written in (built.out / file).read_text().replace(r"\:", "")


def test_an_epub_has_the_link_and_no_part_of_the_buttons(book):
    built = book.build(
        FILES, builder="epub",
        conf=CONF + "version = copyright = '1'\n", **SETTINGS,
    )  # fmt: skip
    assert built.warnings == ""
    with zipfile.ZipFile(built.out / "Course.epub") as epub:
        assert LINK.replace("&", "&amp;") in epub.read("index.xhtml").decode()
        assert not [name for name in epub.namelist() if "nbpull" in name]
        assert "nbpull-launch" not in epub.read("sub/nb.xhtml").decode()


@pytest.mark.parametrize("builder", ["singlehtml", "json", "pickle"])
def test_builders_that_make_no_page_of_a_file_have_no_buttons(built_by, builder):
    built = built_by(builder)
    found = [
        path for path in built.out.rglob("*") if path.is_file() and "_static" not in path.parts
    ]
    assert not [path for path in found if b"nbpull-button" in path.read_bytes()]


@pytest.mark.parametrize(
    ("builder", "file"), [("html", "sub/nb.html"), ("dirhtml", "sub/nb/index.html")]
)
def test_a_nested_page_opens_its_own_file_whatever_its_address_is(built_by, builder, file):
    [url] = built_by(builder).page(file).links.values()
    assert url.endswith("&urlpath=lab%2Ftree%2Fcourse%2Fdocs%2Fbook%2Fsub%2Fnb.ipynb")


def test_a_parallel_build_is_the_same_and_clean(book):
    files = {f"part{n % 3}/nb{n}.ipynb": notebook() for n in range(12)}
    alone = book.build(files, own_hub=True, **SETTINGS)
    pages = {f"part{n % 3}/nb{n}.html": "" for n in range(12)}
    first = {name: alone.page(name).launch for name in pages}
    (book.root / "doctrees" / "environment.pickle").unlink()
    together = book.build(jobs=4, own_hub=True, **SETTINGS)
    assert alone.warnings == together.warnings == ""
    assert {name: together.page(name).launch for name in pages} == first
    assert all(first.values())


def test_linkcheck_leaves_launch_links_alone(book):
    built = book.build(
        {
            "index.md": DIRECTIVES
            + "```{launch} a.ipynb\n:place: https://other.example.org\n```\n"
            + "```{launch} a.ipynb\n:place: colab\n```\n",
            "sub/nb.ipynb": notebook(),
        },
        builder="linkcheck", jupyterlite="https://lite.example.org",
        binder={"env_repo": "https://github.com/org/env"}, buttons=["hub", "colab"], **SETTINGS,
    )  # fmt: skip
    assert built.warnings == ""
    statuses = re.findall(r"\[(\w+)\]", (built.out / "output.txt").read_text())
    assert set(statuses) <= {"ignored"}
