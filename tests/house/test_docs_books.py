"""The settings and pages of books that the documentation shows do what it says."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from types import SimpleNamespace

import pytest
import yaml

import pages
from books import Book, Page, notebook, run_in, text_notebook
from nbpull_links import parse_link
from nbpull_links.sphinx_ext.options import Options, read_options, reference_table
from nbpull_links.sphinx_ext.pages import Source, look_at

PLUGIN = pages.ROOT / "nbpull_links" / "web" / "nbpull.mjs"
MYST = pages.ROOT / "node_modules" / "mystmd" / "dist" / "myst.cjs"
REPO, ENV = "https://github.com/org/course", "https://github.com/org/environment"
PAGES = {
    "week1.ipynb": notebook(),
    "text.md": text_notebook(),
    "lessons/plain.md": "# Plain\n",
    "solutions/week1.ipynb": notebook(),
}
CONFS = pages.captioned("conf.py")


@pytest.mark.parametrize("number", range(len(CONFS)))
def test_a_sphinx_book_with_these_settings_builds_and_has_its_buttons(tmp_path, number):
    conf = 'project = "Course"\nnb_execution_mode = "off"\n' + CONFS[number].text
    built = Book(tmp_path).build({**PAGES, "conf.py": conf})
    assert built.warnings == ""
    with_buttons = {name for name in ("week1", "text", "lessons/plain", "solutions/week1")
                    if built.page(f"{name}.html").launch}  # fmt: skip
    links = built.page("week1.html").links
    contents = [parse_link(url).content for url in links.values() if "://" in url]
    assert {str(content.repo) for content in contents} == {REPO}
    if "nbpull_pages" in conf:
        assert with_buttons == {"week1", "text", "lessons/plain"}
    else:
        assert with_buttons == {"week1", "text", "solutions/week1"}
        assert {(content.branch, content.path) for content in contents} == {
            ("main", "book/week1.ipynb")
        }


def test_the_launch_links_of_the_guide_lead_where_it_says(tmp_path):
    (page,) = pages.captioned("page.md")
    conf = 'project = "Course"\nnb_execution_mode = "off"\n' + CONFS[0].text
    built = Book(tmp_path).build({"page.md": f"# Page\n\n{page.text}", "conf.py": conf})
    assert built.warnings == ""
    found = [parse_link(url) for url in built.page("page.html").references]
    assert [(type(link.place).__name__, link.content.path) for link in found] == [
        ("JupyterHub", "week1/exercise.ipynb"),
        ("Binder", "book/page.md"),
        ("JupyterHub", "week2/exercise.ipynb"),
    ]
    env = found[1].place.env
    assert (env.repo, env.ref) == (ENV, "2026-02-01")


@pytest.mark.parametrize("block", pages.captioned("front matter"), ids=lambda block: block.page)
def test_the_front_matter_of_a_page_is_understood(block):
    options, _ = read_options({"content_repo": REPO})
    settings = SimpleNamespace(options=options, gallery=None)
    given = yaml.safe_load(block.text)
    page, wanted, problems = look_at(Source(docname="a", file="a.ipynb", metadata=given), settings)
    assert problems == []
    if given["nbpull"] is False:
        assert not wanted
    else:
        assert wanted
        assert (page.path, page.content_branch) == ("week1/exercise.ipynb", "spring")


@pytest.mark.timeout(600)  # the environment is made here where nobody made it before
def test_the_jupyter_book_1_of_the_guide_builds_and_has_its_buttons(tmp_path):
    (config,) = pages.captioned("_config.yml")
    (command,) = pages.blocks(config.page, "sh")
    program, *arguments = shlex.split(command.text)
    files = {
        "_config.yml": config.text + 'execute: {execute_notebooks: "off"}\n',
        "_toc.yml": "format: jb-book\nroot: index\nchapters: [{file: week1}]\n",
        "index.md": "# Course\n",
        "week1.ipynb": notebook(),
    }
    book = Book(tmp_path / "book")
    book.source = tmp_path / arguments[-1]
    book.write(files)
    run_in("jb1", program, *arguments, cwd=tmp_path)
    page = Page((book.source / "_build" / "html" / "week1.html").read_text())
    hub, binder = (parse_link(page.links[place]) for place in ("JupyterHub", "Binder"))
    for link in (hub, binder):
        assert (str(link.content.repo), link.content.branch) == (REPO, "main")
        assert (link.content.path, link.content.app) == ("book/week1.ipynb", "lab")
    assert hub.place.url == "https://hub.example.org"
    assert (binder.place.env.repo, binder.place.env.ref) == (ENV, "2026-02-01")
    assert "data-nbpull-forget" in page.launch  # the reader's own hub


@pytest.fixture
def myst(need, tmp_path):
    """Give a function that lets mystmd make plain Markdown of a page, strictly."""
    node = need("node")
    shutil.copy(PLUGIN, tmp_path)

    def build(name, text, config):
        (tmp_path / name).write_text(text)
        (tmp_path / "myst.yml").write_text(config)
        out = tmp_path / "out.md"
        done = subprocess.run(
            [node, str(MYST), "build", name, "--md", "--output", str(out), "--strict"],
            cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return [parse_link(url) for url in re.findall(r"\]\(<?(https:[^)>]+)>?\)", out.read_text())]

    build.folder = tmp_path
    return build


def test_a_myst_book_with_the_settings_of_the_guide_builds(myst):
    (launch,) = pages.captioned("launch.mjs")
    (page,) = pages.captioned("index.md")
    (myst.folder / "launch.mjs").write_text(launch.text)
    for config in pages.captioned("myst.yml"):
        found = myst("index.md", page.text, config.text)
        assert [(type(link.place).__name__, link.content.path) for link in found] == [
            ("JupyterHub", "week1/exercise.ipynb"),
            ("Binder", "week1/exercise.ipynb"),
            ("JupyterHub", "week2/exercise.ipynb"),
        ]
        assert {str(link.content.repo) for link in found} == {REPO}
        assert found[1].place.env.ref == "2026-02-01"


def test_the_plugin_alone_makes_the_link_of_the_guide(myst):
    (page,) = pages.captioned("alone.md")
    config = json.dumps({"version": 1, "project": {"plugins": ["nbpull.mjs"]}})
    (link,) = myst("alone.md", page.text, config)
    assert (link.place.url, str(link.content.repo)) == ("https://hub.example.org", REPO)


def test_the_table_of_options_has_a_row_for_each():
    text = reference_table()
    assert text.count("   * - ") == len(Options.__dataclass_fields__) + 1
