"""Which path opens what in which application, read in both directions.

One table. A path in the server is a prefix that names the application, then the directory of the
clone, then the path in the repository; each segment is percent-encoded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nbpull_links.checks import shown
from nbpull_links.errors import InvalidValueError
from nbpull_links.urls import decode, encode_path

__all__ = ["APPS", "App", "build_urlpath", "find_app", "read_urlpath"]


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """One application: the prefix before a notebook, another file and a directory.

    Attributes:
        name: What links call it.
        root: The path that opens it and nothing else.
        notebook: The prefix before a notebook; empty where the application opens only itself.
        file: The prefix before another file; empty where it opens the file's directory.
        directory: The prefix before a directory.
        slash: Whether a directory's path ends with a slash.
        also: Further prefixes before a path, known when reading.
        bare: Further paths that open only the application, known when reading.
    """

    name: str
    root: str
    notebook: str = ""
    file: str = ""
    directory: str = ""
    slash: bool = False
    also: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()

    @property
    def opens_paths(self) -> bool:
        """Whether it can open a file or a directory, or only itself."""
        return bool(self.directory)


APPS: dict[str, App] = {
    app.name: app
    for app in (
        App(
            name="lab", root="lab", notebook="lab/tree/", file="lab/tree/",
            directory="lab/tree/", also=("doc/tree/",),
        ),
        App(
            name="notebook", root="tree", notebook="notebooks/", file="edit/",
            directory="tree/", also=("consoles/", "view/"),
        ),
        App(
            name="classic", root="nbclassic/tree", notebook="nbclassic/notebooks/",
            file="nbclassic/edit/", directory="nbclassic/tree/", bare=("nbclassic/",),
        ),
        App(
            name="retro", root="retro/tree", notebook="retro/notebooks/", file="retro/edit/",
            directory="retro/tree/", bare=("retro/",),
        ),
        App(name="rstudio", root="rstudio/"),
        App(name="shiny", root="shiny/", directory="shiny/", slash=True),
        App(name="vscode", root="vscode/", bare=("code-server/", "codeserver/")),
        App(
            name="voila", root="voila", notebook="voila/render/", file="voila/render/",
            directory="voila/tree/",
        ),
        App(name="desktop", root="desktop/"),
    )
}  # fmt: skip

# Names that other link makers and people use.
ALIASES = {"jupyterlab": "lab", "retrolab": "retro", "nbclassic": "classic", "code": "vscode"}

_WORKSPACE = re.compile(r"(lab|doc)/workspaces/[^/]+/(?=tree/|$)")


def find_app(name: str) -> App:
    """Find an application by name, in any case.

    Raises:
        InvalidValueError: ``unknown-app``.
    """
    low = name.lower()
    app = APPS.get(ALIASES.get(low, low))
    if app is None:
        raise InvalidValueError(
            "unknown-app",
            f"There is no application {shown(name)}.",
            hint=f"Use one of {', '.join(APPS)}, or urlpath for any other.",
            field="app",
        )
    return app


def is_directory(path: str) -> bool:
    """Tell whether ``path`` means a directory: a slash at its end, or a last name without a dot.

    A dot at the start is no ending, so ``.github`` is a directory. A directory such as ``app.v2``
    is written ``app.v2/``.
    """
    last = path.rpartition("/")[2]
    return "." not in last[1:]


def build_urlpath(app: App, directory: str | None, path: str | None) -> str:
    """Give the path, percent-encoded, under which ``app`` opens ``path`` of a clone.

    Args:
        app: The application.
        directory: The clone's directory; None where the content is the server's own root.
        path: The path in the repository; None opens the clone's directory.
    """
    if not app.opens_paths:
        return app.root
    if path and not app.file and not is_directory(path):
        path = path.rpartition("/")[0]
    place = "/".join(part for part in (directory, path) if part)
    if not place:
        return app.root
    if not path or is_directory(path):
        prefix = app.directory
        place = f"{place.rstrip('/')}/" if app.slash else place
    else:
        prefix = app.notebook if path.lower().endswith(".ipynb") else app.file
    return prefix + encode_path(place)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a path in the server says.

    Attributes:
        app: The application's name; None if no prefix is known.
        path: The path in the repository; None if it opens the clone, or nothing in it.
        elsewhere: The directory it opens instead of the clone's, if it does.
    """

    app: str | None
    path: str | None
    elsewhere: str | None = None


def read_urlpath(urlpath: str, directory: str | None) -> Reading:
    """Read a path in the server back into an application and a path in the repository.

    Args:
        urlpath: The path as the server gets it: decoded once from the link.
        directory: The clone's directory; None where the content is the server's own root.
    """
    bare = re.split(r"[?#]", urlpath.lstrip("/"), maxsplit=1)[0]
    app, rest = _match_prefix(_WORKSPACE.sub(lambda found: f"{found[1]}/", bare))
    if app is None or not app.opens_paths:
        return Reading(app.name if app else None, None)
    trailing = "/" if rest.endswith("/") else ""
    names = [decode(name) for name in rest.split("/") if name not in ("", ".")]
    if not names:
        return Reading(app.name, None)
    root = directory.split("/") if directory else []
    if names[: len(root)] != root:
        return Reading(app.name, None, "/".join(names[: len(root)]))
    path = "/".join(names[len(root) :])
    return Reading(app.name, path + trailing if path else None)


def _match_prefix(urlpath: str) -> tuple[App | None, str]:
    """Find the application whose longest prefix ``urlpath`` begins with, and the path after it."""
    for prefix, (app, before_path) in _PREFIXES.items():
        if urlpath.startswith(prefix):
            return app, urlpath[len(prefix) :] if before_path else ""
        if urlpath == prefix[:-1]:
            return app, ""
    return None, ""


def _table() -> dict[str, tuple[App, bool]]:
    """List every prefix, the longest first, with whether a path may follow it."""
    prefixes: dict[str, tuple[App, bool]] = {}
    for app in APPS.values():
        prefixes |= {f"{root.rstrip('/')}/": (app, False) for root in (app.root, *app.bare)}
        before_path = (app.notebook, app.file, app.directory, *app.also)
        prefixes |= {prefix: (app, True) for prefix in before_path if prefix}
    return dict(sorted(prefixes.items(), key=lambda item: -len(item[0])))


_PREFIXES = _table()
