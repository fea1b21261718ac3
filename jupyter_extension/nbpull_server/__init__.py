"""The Jupyter server extension: the endpoints that launch links hit."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

__version__ = version("nbpull")


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Tell Jupyter where the extension is."""
    return [{"module": "nbpull_server"}]


def _load_jupyter_server_extension(app: ServerApp) -> None:
    """Load the extension into a server."""
    # Imported late, so that the list of extensions does not cost the import of them.
    from nbpull_server.extension import load  # noqa: PLC0415

    load(app)
