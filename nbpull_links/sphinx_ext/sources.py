"""Read from Sphinx what the rest of the extension has to know of a page."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from nbpull_links.sphinx_ext.pages import Source

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["source_of"]


def source_of(app: Sphinx, docname: str) -> Source:
    """Describe the page ``docname``."""
    file = PurePath(app.env.doc2path(docname, base=False)).as_posix()
    return Source(
        docname=docname,
        file=file,
        metadata=app.env.metadata[docname],
        made_notebook=not file.endswith(".ipynb")
        and Path(app.srcdir, f"{docname}.ipynb").is_file(),
    )
