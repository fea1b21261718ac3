"""Read the parameters of the endpoint that pulled before ``git-pull`` did."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbpull_links.reading import Notes, Pairs

__all__ = ["read_interact"]


def read_interact(pairs: Pairs, notes: Notes) -> Pairs:
    """Read the endpoint of 2016, which knew repositories of one GitHub account."""
    notes.add("interact", "The link is of the old form 'interact'; it is read as a pull.")
    values = dict(pairs)
    if len([name for name, _ in pairs if name == "path"]) > 1:
        notes.add("duplicate-parameter", "path is given more than once; the last one counts.")
    others = [(name, value) for name, value in pairs if name not in ("account", "path", "repo")]
    if not values.get("branch"):
        others.append(("branch", "gh-pages"))
    if values.get("repo"):
        account = f"https://github.com/{values.get('account') or 'data-8'}/"
        others.append(("repo", ("" if "://" in values["repo"] else account) + values["repo"]))
    return [*others, ("subPath", values.get("path", "."))]
