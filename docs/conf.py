"""The documentation: pages in Markdown, references made from the code."""

from __future__ import annotations

import shutil
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "nbpull"
author = "the nbpull developers"
version = release = metadata.version("nbpull")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "nbpull_reference",
    "nbpull_tables",
    "nbpull_links.sphinx_ext",
]
exclude_patterns = ["_build", "_ext"]
myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

autodoc_typehints = "description"
autodoc_member_order = "bysource"
autodoc_class_signature = "mixed"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
nitpick_ignore_regex = [
    # No other project's index is fetched: the build needs no network.
    ("py:.*", r"(collections\.abc|datetime|pathlib|types|typing)\..*"),
    ("py:.*", r"Any|Callable|Iterator|Path|datetime"),
    # Unions and literals of ours, which are written out where they are used.
    ("py:.*", r"(nbpull_(links|sync)\.\w+\.)?(Conflict|Event|Place|Who)"),
]

# The buttons of one page, howto/sphinx.md: what it opens is Binder's own example repository.
nbpull_content_repo = "https://github.com/binder-examples/requirements"
nbpull_binder = True
nbpull_own_hub = True
nbpull_pages = ["howto/sphinx"]

html_theme = "furo"
html_title = f"nbpull {version}"


def copy_link_generator(app: Sphinx, failure: Exception | None) -> None:
    """Put the link generator page beside the documentation, whole."""
    if failure is None and app.builder.name == "html":
        web = Path(__file__).parents[1] / "nbpull_links" / "web"
        shutil.copytree(web, Path(app.outdir) / "links", dirs_exist_ok=True)


def setup(app: Sphinx) -> None:
    """Copy the link generator when the pages are written."""
    app.connect("build-finished", copy_link_generator)
