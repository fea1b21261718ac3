"""Links that bring a git repository into a Jupyter.

`make_link` builds one, `parse_link` reads one, and between them stand the values that a link is
made of. Nothing here knows git, Jupyter or Sphinx, and nothing asks the network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbpull_links.binder_providers import BinderEnv
from nbpull_links.build import build_link, make_link
from nbpull_links.content import Content
from nbpull_links.errors import InvalidValueError, NbpullError, UnreadableLinkError
from nbpull_links.forges import RepoPage, read_page
from nbpull_links.link import Link
from nbpull_links.notices import LinkWarning
from nbpull_links.places import LTI, Binder, JupyterHub, JupyterServer
from nbpull_links.redaction import redact
from nbpull_links.repo import RepoUrl

if TYPE_CHECKING:
    from nbpull_links.parse import parse_link

__all__ = [
    "LTI",
    "Binder",
    "BinderEnv",
    "Content",
    "InvalidValueError",
    "JupyterHub",
    "JupyterServer",
    "Link",
    "LinkWarning",
    "NbpullError",
    "RepoPage",
    "RepoUrl",
    "UnreadableLinkError",
    "build_link",
    "make_link",
    "parse_link",
    "read_page",
    "redact",
]


def __getattr__(name: str) -> object:
    """Import the reader when it is first asked for; who only builds links starts faster."""
    if name == "parse_link":
        from nbpull_links.parse import parse_link  # noqa: PLC0415  # see above

        globals()[name] = parse_link
        return parse_link
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
