"""The documentation: pages in Markdown, references made from the code."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "nbpull"
author = "the nbpull developers"
version = release = metadata.version("nbpull")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "nbpull_reference",
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

html_theme = "furo"
html_title = f"nbpull {version}"
