"""What a page is, read from the real Sphinx."""

from __future__ import annotations

import pytest

from books import CONF, notebook, text_notebook
from nbpull_links.sphinx_ext.sources import source_of

FILES = {
    "index.md": "# Course\n\n```{toctree}\n:glob:\n**\n```\n",
    "sub/nb.ipynb": notebook(nbpull={"path": "x.ipynb"}),
    "sub/ä #1.ipynb": notebook(),
    "text.md": text_notebook(more="nbpull: false"),
    "plain.rst": ":author: Ada\n\nPlain\n=====\n",
    "made.md": "# Made\n",
    "made.ipynb": notebook(),
}


@pytest.fixture(scope="module")
def app(shared_book):
    conf = CONF + 'exclude_patterns = ["made.ipynb"]\n'
    built = shared_book.build(FILES, conf=conf, builder="dummy")
    assert built.warnings == ""
    return built.app


@pytest.mark.parametrize(
    ("docname", "file", "metadata", "made_notebook"),
    [
        ("index", "index.md", {}, False),
        ("sub/nb", "sub/nb.ipynb", {"nbpull": '{"path": "x.ipynb"}'}, False),
        ("sub/ä #1", "sub/ä #1.ipynb", {}, False),
        ("text", "text.md", {"nbpull": "False"}, False),
        ("plain", "plain.rst", {"author": "Ada"}, False),
        ("made", "made.md", {}, True),
    ],
)
def test_a_page_is_described_by_its_file_and_its_metadata(
    app, docname, file, metadata, made_notebook
):
    source = source_of(app, docname)
    assert (source.docname, source.file, source.made_notebook) == (docname, file, made_notebook)
    assert {name: source.metadata.get(name) for name in metadata} == metadata


@pytest.mark.parametrize(
    ("docname", "is_notebook", "is_text_notebook"),
    [("index", False, False), ("sub/nb", True, False), ("text", True, True)],
)
def test_sphinx_says_enough_to_know_a_notebook(app, docname, is_notebook, is_text_notebook):
    source = source_of(app, docname)
    assert (source.is_notebook, source.is_text_notebook) == (is_notebook, is_text_notebook)


def test_what_a_page_says_of_itself_is_said_of_no_other(app):
    assert "nbpull" not in source_of(app, "made").metadata
