"""Themes that cannot live beside the others: Jupyter Book 1, book 1.3 and the newest pydata."""

from __future__ import annotations

import pytest

from books import HUB, REPO, Book, Page, notebook, run_in, text_notebook
from nbpull_links import make_link

FILES = {
    "sub/nb.ipynb": notebook(),
    "sub/text.md": text_notebook(),
    "index.md": "# Course\n\n{launch}`Go <sub/nb.ipynb>`\n\n```{toctree}\nsub/nb\nsub/text\n```\n",
}
CONTENT = {"content_repo": REPO, "content_branch": "main", "app": "lab"}


@pytest.mark.timeout(600)  # the environment is made here where nobody made it before
@pytest.mark.parametrize(
    ("environment", "theme"), [("jb1", "sphinx_book_theme"), ("pydata", "pydata_sphinx_theme")]
)
def test_a_theme_of_another_version_has_the_buttons_in_its_header(tmp_path, environment, theme):
    book = Book(tmp_path)
    book.write(FILES)
    conf = f"""
extensions = ["myst_nb", "nbpull_links.sphinx_ext"]
nb_execution_mode = "off"
html_theme = "{theme}"
nbpull_hubs = [{HUB!r}, "https://town.example.org"]
nbpull_content_repo = "{REPO}"
nbpull_content_branch = "main"
nbpull_own_hub = True
"""
    (book.source / "conf.py").write_text(conf)
    run_in(environment, "sphinx-build", "-W", "-j", "4", "-q", str(book.source), str(book.out))
    page = Page((book.out / "sub" / "nb.html").read_text())
    path = {"path": "sub/nb.ipynb"}
    assert page.links == {
        "Campus": make_link(hub=HUB["url"], **CONTENT, **path),
        "town.example.org": make_link(hub="https://town.example.org", **CONTENT, **path),
    }
    header = page.text.index('class="header-article-items__end"')
    assert header < page.text.index('class="nbpull-launch"')
    assert page.text.count('class="nbpull-launch"') == 1


@pytest.mark.timeout(600)  # the environment is made here where nobody made it before
def test_a_jupyter_book_1_needs_no_more_than_the_extensions_name(tmp_path):
    book = Book(tmp_path)
    config = f"""
title: Course
execute: {{execute_notebooks: "off"}}
repository: {{url: {REPO}, branch: main, path_to_book: book}}
launch_buttons:
  notebook_interface: jupyterlab
  jupyterhub_url: {HUB["url"]}
  binderhub_url: https://mybinder.org
  colab_url: https://colab.research.google.com
sphinx: {{extra_extensions: [nbpull_links.sphinx_ext]}}
"""
    chapters = "format: jb-book\nroot: index\nchapters: [{file: sub/nb}, {file: sub/text}]\n"
    index = "# Course\n\n{launch}`Go <book/sub/nb.ipynb>`\n"
    book.write(FILES | {"_config.yml": config, "_toc.yml": chapters, "index.md": index})
    run_in(
        "jb1", "jupyter-book", "build", "-W", "-n", "--keep-going",
        "--path-output", str(book.root), str(book.source),
    )  # fmt: skip
    out = book.root / "_build" / "html"
    page = Page((out / "sub" / "nb.html").read_text())
    path = "book/sub/nb.ipynb"
    assert page.links == {
        "JupyterHub": make_link(hub=HUB["url"], path=path, **CONTENT),
        "Binder": make_link(REPO, "main", path=path, app="lab"),
        "Colab": f"https://colab.research.google.com/github/org/course/blob/main/{path}",
    }
    assert "dropdown-launch-buttons" not in page.text
    [link] = Page((out / "index.html").read_text()).references
    assert link == make_link(hub=HUB["url"], path=path, **CONTENT)
    assert "Colab" not in Page((out / "sub" / "text.html").read_text()).links
