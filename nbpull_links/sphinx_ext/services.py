"""Services that open a notebook from where it is published, without pulling a repository.

Each knows what it can open. A page that it cannot open gets no button for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from nbpull_links.urls import Url, encode, encode_path

if TYPE_CHECKING:
    from nbpull_links.sphinx_ext.values import JupyterLite

__all__ = ["SERVICES", "Notebook", "jupyterlite_url", "service_url"]

SERVICES = {
    "colab": "Colab",
    "deepnote": "Deepnote",
    "kaggle": "Kaggle",
    "cocalc": "CoCalc",
}
"""The services that read GitHub, and what people call them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notebook:
    """A notebook in a repository: its address, branch and path."""

    repo: str
    branch: str | None
    path: str

    @property
    def github(self) -> str | None:
        """``owner/name`` if the repository is on github.com, which is all the services read."""
        return _on_github(self.repo)


@lru_cache(maxsize=64)  # most pages of a book are in one repository
def _on_github(repo: str) -> str | None:
    """Give ``owner/name`` of a repository on github.com."""
    if not repo.startswith("https://"):
        return None
    url = Url.split(repo, "The repository")
    names = url.path.strip("/").removesuffix(".git")
    on_github = url.origin == "https://github.com" and url.user is None
    return names if on_github and names.count("/") == 1 else None


def service_url(service: str, notebook: Notebook) -> str | None:
    """Give the URL that opens ``notebook`` in ``service``; None if the service cannot open it."""
    if notebook.github is None or not notebook.path.endswith(".ipynb"):
        return None
    # GitHub knows the default branch as HEAD, so nobody has to guess between main and master.
    branch = notebook.branch or "HEAD"
    repo, path = encode_path(notebook.github), encode_path(notebook.path)
    page = f"https://github.com/{repo}/blob/{encode_path(branch)}/{path}"
    if service == "colab":
        # Colab takes the first segment for the branch, so a branch's slash must be encoded.
        return f"https://colab.research.google.com/github/{repo}/blob/{encode(branch)}/{path}"
    if service == "cocalc":
        return f"https://cocalc.com/{page.removeprefix('https://').replace('.com', '', 1)}"
    if service == "deepnote":
        return f"https://deepnote.com/launch?url={encode(page)}"
    return f"https://www.kaggle.com/kernels/welcome?src={encode(page)}"


def jupyterlite_url(site: JupyterLite, path: str) -> str | None:
    """Give the URL that opens ``path`` of the content repo in a JupyterLite site.

    Returns:
        None for what the site does not hold or cannot run: it opens notebooks only.
    """
    if site.suffix:
        path = f"{path.rpartition('.')[0] or path}.{site.suffix.lstrip('.')}"
    if site.root and not path.startswith(f"{site.root}/"):
        return None
    if not path.endswith(".ipynb"):
        return None
    return f"{site.url}?path={encode(path.removeprefix(site.root).lstrip('/'))}"
