"""What readers see is in the book's language, and the catalogs are whole."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from books import HUB, REPO, notebook

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("language", "button", "title"),
    [
        ("en", "Launch on Campus", "Launch on my own hub"),
        ("de", "Auf Campus starten", "Auf meinem eigenen Hub starten"),
        ("fr", "Lancer sur Campus", "Lancer sur mon propre hub"),
        ("es", "Abrir en Campus", "Abrir en mi propio hub"),
        ("sv", "Launch on Campus", "Launch on my own hub"),
    ],
)
def test_buttons_and_links_speak_the_books_language(book, language, button, title):
    index = "# Course\n\n```{launch}\n```\n\n```{toctree}\none\ntwo\n```\n"
    files = {
        "index.md": index,
        "one.ipynb": notebook(nbpull={"buttons": ["hub"]}),
        "two.ipynb": notebook(),
    }
    built = book.build(files, language=language, hubs=[HUB], own_hub=True, content_repo=REPO)
    assert f">{button}</a>" in built.page("index.html").text
    assert list(built.page("one.html").links) == [button]
    assert f'id="nbpull-dialog-title">{title}</p>' in built.page("two.html").launch


def test_the_authors_label_is_said_as_it_is(book):
    files = {"a.ipynb": notebook()}
    built = book.build(files, hubs=[HUB], content_repo=REPO, label="Try <it> & see")
    assert list(built.page("a.html").links) == ["Try &lt;it&gt; &amp; see"]


def test_every_catalog_is_whole_and_compiled():
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "catalogs.py", "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")


def test_no_text_for_readers_is_outside_the_catalogs():
    template = (ROOT / "nbpull_links/sphinx_ext/templates/nbpull-menu.html").read_text()
    assert "words." in template
    source = ast.parse((ROOT / "nbpull_links/sphinx_ext/words.py").read_text())
    marked = [
        call for call in ast.walk(source)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "_"
    ]  # fmt: skip
    assert len(marked) == 14
