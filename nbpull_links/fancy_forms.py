"""Read the server options that jupyterhub-fancy-profiles keeps behind a link's ``#``."""

from __future__ import annotations

import json

from nbpull_links.urls import decode, encode_query

PREFIX = "fancy-forms-config="
# What a development version called the parameters of a pull.
_NAMES = {"gitPuller:repo": "repo", "gitPuller:branch": "branch", "gitPuller:filePath": "urlpath"}


def read_form(fragment: str | None) -> str | None:
    """Give the pull in a form as a query; None if there is none.

    Args:
        fragment: What follows ``#``, nothing decoded.
    """
    if not (fragment or "").startswith(PREFIX):
        return None
    try:
        form = json.loads(decode((fragment or "").removeprefix(PREFIX)))
    except (ValueError, RecursionError):
        return None
    if not isinstance(form, dict) or not form.get("gitPuller:repo"):
        return None
    pairs = [(name, form.get(key)) for key, name in _NAMES.items()]
    texts = [(name, value) for name, value in pairs if isinstance(value, str)]
    try:
        return encode_query(texts)
    except UnicodeEncodeError:  # JSON can name half a character, a URL cannot
        return None
