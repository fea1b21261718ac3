"""Read from Sphinx what the rest of the extension has to know of a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nbpull_links.sphinx_ext.pages import Source

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["source_of"]


def source_of(app: Sphinx, docname: str) -> Source:
    """Describe the page ``docname``."""
    file = Path(app.env.doc2path(docname, base=False))
    beside = Path(app.srcdir) / f"{docname}.ipynb"
    return Source(
        docname=docname,
        file=file.as_posix(),
        metadata=app.env.metadata[docname],
        made_notebook=file.suffix != ".ipynb" and beside.is_file(),
    )
