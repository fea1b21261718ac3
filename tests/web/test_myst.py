"""Real mystmd builds a book with nbpull.mjs as its plugin, strictly and without a network."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from nbpull_links import make_link, parse_link

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "nbpull_links" / "web" / "nbpull.mjs"
MYST = ROOT / "node_modules" / "mystmd" / "dist" / "myst.cjs"
REPO, ENV, HUB = (
    "https://github.com/org/course",
    "https://github.com/org/env",
    "https://h.org/jupyter",
)
BINDER = {"env_repo": ENV, "branch": "2026-01"}

SETTINGS = f"""\
import {{ launchPlugin }} from "./nbpull.mjs";
export default launchPlugin({{
  hubs: [
    {{ name: "campus", label: "Campus", url: "{HUB}" }},
    {{ name: "lab", url: "https://lab.org", server: "gpu", app: "notebook" }},
  ],
  binder: {{ env_repo: "{ENV}", env_branch: "2026-01" }},
  content_repo: "{REPO}",
  content_branch: "main",
  path_to_docs: "book",
  pages: true,
}});
"""
# A strict build asks every link's host whether it is there; a hub behind a login never says yes.
CONFIG = """\
version: 1
project:
  plugins: [{plugin}]
  error_rules:
    - rule: link-resolves
      severity: ignore
site:
  template: ./theme
"""
THEME = """\
jtex: v1
version: 0.0.1
build:
  install: "true"
  start: node server.js
"""

# What a page says, and the inputs of the link that it must lead to.
HERE = {"content_repo": REPO, "content_branch": "main", "app": "lab"}
LINKS = {
    "```{launch}\n```": {"hub": HUB, **HERE, "path": "book/index.md"},
    "```{launch} week 1/a#b?.ipynb\n```": {"hub": HUB, **HERE, "path": "week 1/a#b?.ipynb"},
    "```{launch}\n:place: binder\nTry it\n```": {**BINDER, **HERE, "path": "book/index.md"},
    "```{launch}\n:place: lab\n:path: a.ipynb\n```": {
        "hub": "https://lab.org", "server": "gpu", **HERE, "app": "notebook", "path": "a.ipynb",
    },
    "```{launch} a.ipynb\n:hub: https://other.org/hub/home\n:lti: '1.3'\n:depth: 0\n```": {
        "hub": "https://other.org", "lti": "1.3", **HERE, "path": "a.ipynb", "depth": 0,
    },
    "```{launch}\nhub: https://other.org\ncontent_repo: 'https://gitlab.com/g/s/r' # theirs\n"
    'branch: v1.0\npath: "x/\u00e9.ipynb"\napp: classic\ntargetpath: theirs\n```': {
        "hub": "https://other.org", "content_repo": "https://gitlab.com/g/s/r",
        "content_branch": "v1.0", "path": "x/\u00e9.ipynb", "app": "classic",
        "targetpath": "theirs",
    },
    "```{launch}\n---\nplace: binder\nenv_repo: https://github.com/org/course\n---\n```": {
        "env_repo": REPO, "branch": "main", "app": "lab", "path": "book/index.md",
    },
    "```{launch}\njupyter: http://localhost:8888/lab\nurlpath: doc/tree/course/a.ipynb\n```": {
        "jupyter": "http://localhost:8888", "content_repo": REPO, "content_branch": "main",
        "urlpath": "doc/tree/course/a.ipynb",
    },
    "```{launch}\n:repo: https://gitlab.com/g/other\n```": {
        "hub": HUB, "content_repo": "https://gitlab.com/g/other", "app": "lab",
    },
    "See {launch}`the first <a.ipynb>`.": {"hub": HUB, **HERE, "path": "a.ipynb"},
    "See {launch}`.`.": {"hub": HUB, **HERE, "path": "book/index.md"},
    "See {launch place=binder}`Try it <q.ipynb>`.": {**BINDER, **HERE, "path": "q.ipynb"},
}  # fmt: skip


@pytest.fixture(scope="module")
def myst(need):
    node = need("node")

    def run(book, *arguments):
        return subprocess.run(
            [node, str(MYST), "build", *arguments],
            cwd=book, capture_output=True, encoding="utf-8", timeout=120, check=False,
        )  # fmt: skip

    return run


def write_book(folder, pages, plugin="launch.mjs"):
    (folder / "nbpull.mjs").write_bytes(PLUGIN.read_bytes())
    (folder / "launch.mjs").write_text(SETTINGS)
    (folder / "myst.yml").write_text(CONFIG.format(plugin=plugin))
    (folder / "theme" / "public").mkdir(parents=True)
    (folder / "theme" / "template.yml").write_text(THEME)
    for name, text in pages.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def links_of(book, slug):
    """Give address, class and text of each link of a page, as a theme gets them."""
    page = json.loads((book / "_build/site/content" / f"{slug}.json").read_text(encoding="utf-8"))

    def walk(node):
        if node["type"] == "link":
            text = "".join(child["value"] for child in node["children"])
            yield node["url"], node["class"].split(), text
        for child in node.get("children", []):
            yield from walk(child)

    return list(walk(page["mdast"]))


@pytest.fixture(scope="module")
def book(myst, tmp_path_factory):
    cells = "---\nkernelspec:\n  name: python3\n  display_name: Python\n---\n"
    pages = {
        "index.md": "# Index\n\n" + "\n\n".join(LINKS) + "\n",
        "week1/plain.md": "# Plain\n\nText.\n",
        "week1/cells.md": cells + "# Cells\n\n```{code-cell} python\n1\n```\n",
        "quiet.md": "# Quiet\n\n```{launch}\n:place: none\n```\n\nText.\n",
        "styled.md": "# S\n\n```{launch}\n:badge:\n:class: big\nGo &\n```\n",
    }
    folder = write_book(tmp_path_factory.mktemp("book"), pages)
    done = myst(folder, "--site", "--strict")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_every_directive_and_role_leads_where_make_link_would(book):
    found = [url for url, _, _ in links_of(book, "index")]
    assert found == [make_link(**given) for given in LINKS.values()]


def test_a_link_without_a_text_says_what_it_does(book):
    said = [text for _, _, text in links_of(book, "index")]
    assert said[:4] == ["Launch on Campus", "Launch on Campus", "Try it", "Launch on lab.org"]
    assert said[-3:] == ["the first", "Launch on Campus", "Try it"]


def test_a_page_without_a_link_of_its_own_gets_one_for_every_place(book):
    found = links_of(book, "plain")
    assert [text for _, _, text in found] == [
        "Launch on Campus", "Launch on lab.org", "Launch on Binder",
    ]  # fmt: skip
    assert {parse_link(url).content.path for url, _, _ in found} == {"book/week1/plain.md"}
    assert all("button" in look for _, look, _ in found)


def test_a_page_with_cells_opens_as_a_notebook(book):
    opened = [parse_link(url).content.urlpath for url, _, _ in links_of(book, "cells")]
    assert opened == [
        "lab/tree/course/book/week1/cells.md?factory=Notebook",
        "notebooks/course/book/week1/cells.md?factory=Notebook",
        "lab/tree/course/book/week1/cells.md?factory=Notebook",
    ]


def test_a_page_may_refuse_its_links(book):
    assert links_of(book, "quiet") == []


def test_a_link_looks_as_its_options_say(book):
    [(_, look, text)] = links_of(book, "styled")
    assert look == ["nbpull-link", "button", "nbpull-badge", "big"]
    assert text == "Go &"


def test_the_plugin_alone_needs_no_settings_and_a_link_that_cannot_be_fails_a_strict_build(
    myst, tmp_path
):
    page = "# Page\n\n```{{launch}} a.ipynb\nhub: {hub}\nrepo: https://github.com/org/course\n```\n"
    book = write_book(
        tmp_path,
        {
            "index.md": page.format(hub="https://hub.example.org"),
            "bad.md": page.format(hub="https://me:secret@hub.example.org") + "\nThe rest.\n",
        },
        plugin="nbpull.mjs",
    )
    done = myst(book, "--site", "--strict")
    assert done.returncode == 1
    said = done.stdout + done.stderr
    assert "The hub 'https://***@hub.example.org' holds credentials" in said
    assert "secret" not in said
    assert [url for url, _, _ in links_of(book, "index")] == [
        make_link(hub="https://hub.example.org", content_repo=REPO, path="a.ipynb")
    ]
    assert "The rest." in (book / "_build/site/content/bad.json").read_text()
