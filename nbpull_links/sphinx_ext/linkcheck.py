"""Which links the linkcheck builder must leave alone.

A launch link starts a server for whoever follows it, and most hubs are behind a login.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbpull_links.sphinx_ext.options import Options

__all__ = ["ignored_links"]

_ANY_LAUNCH = (
    r"https?://[^?#]*/git-pull\?",
    r"https?://[^?#]*/v2/(?:gh|gl|git|gist|zenodo|figshare|dataverse|hydroshare|ckan)/",
    r"https://colab\.research\.google\.com/github/",
    r"https://deepnote\.com/launch\?",
    r"https://www\.kaggle\.com/kernels/welcome\?",
    r"https://cocalc\.com/github/",
)


def ignored_links(options: Options) -> list[str]:
    """Give patterns for ``linkcheck_ignore``: the book's places, and every kind of launch link."""
    places = [f"{hub.url}/hub/user-redirect/" for hub in options.hubs]
    if options.jupyterlite:
        places.append(f"{options.jupyterlite.url}?path=")
    return [*(re.escape(place) for place in places), *_ANY_LAUNCH]
