"""Small books, built by the real Sphinx in this process."""

from __future__ import annotations

import contextlib
import html
import io
import json
import os
import re
import subprocess
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx import locale
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
CONF = """
project = "Course"
extensions = ["myst_nb", "nbpull_links.sphinx_ext"]
nb_execution_mode = "off"
"""
TEXT_NOTEBOOK = """---
kernelspec: {{name: python3, display_name: Python 3, language: python}}
{more}
---
# {title}
"""
REPO = "https://github.com/org/course"
HUB = {"label": "Campus", "url": "https://hub.example.org"}


def notebook(title: str = "Notebook", **metadata: object) -> str:
    """Give a notebook with one cell."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cell = {"cell_type": "markdown", "metadata": {}, "source": f"# {title}", "id": "a"}
    return json.dumps(
        {
            "cells": [cell],
            "metadata": {"kernelspec": kernel, **metadata},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )


def text_notebook(title: str = "Text", more: str = "") -> str:
    """Give a MyST-NB page, with ``more`` lines of front matter."""
    return TEXT_NOTEBOOK.format(title=title, more=more)


def run_in(environment: str, program: str, *arguments: str, cwd: Path | None = None) -> None:
    """Run a program of an environment whose themes cannot live beside the others."""
    made = subprocess.run(
        [ROOT / "tools" / "theme_venv", environment],
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    # Coverage is no package of these environments, and must not be asked for there.
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("COV", "COVERAGE"))}
    done = subprocess.run(
        [f"{made.stdout.strip()}/bin/{program}", *arguments],
        check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=clean,
        cwd=cwd,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


@contextlib.contextmanager
def warnings_of_others() -> Iterator[None]:
    """Let pass what Sphinx tells other packages about themselves."""
    with warnings.catch_warnings():
        for package in ("sphinxcontrib.serializinghtml", "sphinx_book_theme"):
            for category in (DeprecationWarning, PendingDeprecationWarning):
                warnings.filterwarnings("ignore", f"'{package}", category)
        yield


@dataclass
class Page:
    """A built page.

    Attributes:
        text: Its HTML.
    """

    text: str

    @property
    def launch(self) -> str:
        """The HTML of its buttons; empty if it has none."""
        found = re.search(r'<div class="nbpull-launch".*?\n</div>', self.text, re.DOTALL)
        return found[0] if found else ""

    @property
    def links(self) -> dict[str, str]:
        """What its buttons say, and where they lead."""
        pairs = re.findall(r'<a class="nbpull-[^"]*" href="([^"]*)">(.*?)</a>', self.launch)
        return {re.sub("<[^>]*>", "", label): html.unescape(url) for url, label in pairs}

    @property
    def references(self) -> list[str]:
        """Where the launch links in its text lead."""
        return [
            html.unescape(url)
            for url in re.findall(r'<a class="nbpull-link[^"]*" href="([^"]*)"', self.text)
        ]


@dataclass
class Built:
    """A build that is done.

    Attributes:
        app: Sphinx, as it was at the end.
        out: Where the output is.
        warnings: What it warned of.
        updated: The pages that were read in this build.
    """

    app: Sphinx
    out: Path
    warnings: str
    updated: list[str]

    def page(self, name: str) -> Page:
        """Give a built page by its file."""
        return Page((self.out / name).read_text())


class Book:
    """A book in a directory, which can be built again and again."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.source = root / "source"
        self.out = root / "out"

    def write(self, files: dict[str, str]) -> None:
        """Write sources; a book without an index gets one that lists every page."""
        for name, content in files.items():
            path = self.source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        names = [Path(name).with_suffix("").as_posix() for name in files]
        if "index" not in names and not (self.source / "index.md").exists():
            pages = [name for name in names if name not in ("conf", "_config")]
            listed = "\n".join(pages)
            (self.source / "index.md").write_text(f"# Course\n\n```{{toctree}}\n{listed}\n```\n")

    def build(
        self,
        files: dict[str, str] | None = None,
        *,
        builder: str = "html",
        conf: str = CONF,
        jobs: int = 1,
        **settings: Any,
    ) -> Built:
        """Write files, build, and give what came out.

        Settings without ``nbpull_`` or ``html_`` in front are the extension's.
        """
        self.write(files or {})
        if not (self.source / "conf.py").exists():
            (self.source / "conf.py").write_text(conf)
        said = io.StringIO()
        updated: list[str] = []
        named = {
            name if name.startswith(("html_", "nbpull_", "sphinx_", "language", "suppress"))
            else f"nbpull_{name}": value
            for name, value in settings.items()
        }  # fmt: skip
        locale.translators.clear()
        with warnings_of_others(), patch_docutils(self.source), docutils_namespace():
            app = Sphinx(
                self.source, self.source, self.out / builder, self.root / "doctrees", builder,
                confoverrides=named, status=None, warning=said, parallel=jobs,
            )  # fmt: skip
            app.connect("source-read", lambda _app, docname, _source: updated.append(docname))
            app.build()
        text = re.sub(r"\x1b\[[0-9;]*m", "", said.getvalue())
        return Built(app, self.out / builder, text, updated)
