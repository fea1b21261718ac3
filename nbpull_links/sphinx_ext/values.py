"""What the options hold: where a page can be launched."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BinderHub", "Hub", "JupyterLite"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """A JupyterHub that readers know by a label.

    Attributes:
        name: What the launch directive calls it.
        label: What readers call it.
        url: Its address, cleaned of what was copied along.
        server: A named server; None is the default one.
        app: The application that opens pages there; None is the book's.
    """

    name: str
    label: str
    url: str
    server: str | None = None
    app: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BinderHub:
    """A BinderHub and what it builds.

    Attributes:
        url: Its address.
        env_repo: The env repo; None means that the content repo is built.
        env_branch: The env repo's branch, tag or commit.
    """

    url: str
    env_repo: str | None = None
    env_branch: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JupyterLite:
    """A JupyterLite site.

    Attributes:
        url: The address of its application, to which the file is added.
        root: The folder of the repository that it serves; empty is the repository's root.
        suffix: The suffix of its notebooks; None is the page's own.
    """

    url: str
    root: str = ""
    suffix: str | None = None
