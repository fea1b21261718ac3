"""Read what a book says already about its repository and its launch buttons.

Each reader takes one foreign configuration and gives option values in this extension's own terms.
What is written there and cannot be read is said, never dropped in silence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Found", "Gallery", "from_book", "from_context", "from_gallery", "from_theme"]

_FORGES = ("github", "gitlab", "bitbucket")
_INTERFACES = {"classic": "notebook", "jupyterlab": "lab", "lab": "lab", "notebook": "notebook"}
# Keys that say nothing about a link, or that the theme acts on by itself.
_NOT_OURS = ("thebe", "notebook_interface", "jupyterlite_ext")
_GALLERY_KEYS = (
    "org", "repo", "branch", "binderhub_url", "dependencies", "filepath_prefix", "notebooks_dir",
    "use_jupyter_lab",
)  # fmt: skip


@dataclass(slots=True)
class Found:
    """What one configuration says.

    Attributes:
        values: Option values by their names.
        written: Where each was written.
        services: Services whose button is asked for.
        problems: What is written there and could not be read.
    """

    values: dict[str, object] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    services: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def add(self, option: str, value: object, written: str) -> None:
        """Keep a value that is there; an empty one counts as absent, as it does for the themes."""
        if value:
            self.values[option] = value
            self.written[option] = written


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """Where sphinx-gallery publishes the notebooks that it makes.

    Attributes:
        folders: Its folders in the documentation's sources.
        repo: The repository that holds the published documentation.
        branch: Its branch.
        prefix: The folder in it that holds the notebooks.
    """

    folders: tuple[str, ...]
    repo: str
    branch: str
    prefix: str


def from_theme(options: Mapping[str, Any], where: str = "html_theme_options") -> Found:
    """Read a theme's options: the book theme's, and furo's for its repository."""
    found = Found()
    for option, names in (
        ("content_repo", ("repository_url", "source_repository")),
        ("content_branch", ("repository_branch", "source_branch")),
        ("path_to_docs", ("path_to_docs", "source_directory")),
    ):
        for name in names:
            if option not in found.values:
                found.add(option, options.get(name), f"{where}: {name}")
    buttons = options.get("launch_buttons") or {}
    if isinstance(buttons, dict):
        _read_launch_buttons(buttons, found, f"{where}: launch_buttons")
    else:
        found.problems.append(f"{where}: launch_buttons cannot be read: it is no table.")
    return found


def _read_launch_buttons(buttons: Mapping[str, Any], found: Found, where: str) -> None:
    hub, lite = buttons.get("jupyterhub_url"), buttons.get("jupyterlite_url")
    found.add("hubs", hub and [{"label": "JupyterHub", "url": hub}], f"{where}.jupyterhub_url")
    found.add("binder", _table(url=buttons.get("binderhub_url")), f"{where}.binderhub_url")
    suffix = buttons.get("jupyterlite_ext")
    found.add("jupyterlite", lite and _table(url=lite, suffix=suffix), f"{where}.jupyterlite_url")
    interface = buttons.get("notebook_interface")
    if interface in _INTERFACES:
        found.add("app", _INTERFACES[interface], f"{where}.notebook_interface")
    elif interface:
        found.problems.append(
            f"{where}.notebook_interface is left out: there is no interface {interface!r}. "
            "Use jupyterlab or classic, or set nbpull_app."
        )
    for service in ("colab", "deepnote"):
        if buttons.get(f"{service}_url"):
            found.services.append(service)
    known = (*_NOT_OURS, *(f"{name}_url" for name in _URLS))
    for name in buttons:
        if name not in known:
            found.problems.append(f"{where}.{name} is left out: it means nothing to nbpull.")


_URLS = ("binderhub", "jupyterhub", "jupyterlite", "colab", "deepnote")


def from_context(context: Mapping[str, Any]) -> Found:
    """Read the repository from ``html_context``, where pydata, rtd and others want it."""
    found = Found()
    for forge in _FORGES:
        user, repo = context.get(f"{forge}_user"), context.get(f"{forge}_repo")
        if user and repo:
            site = context.get(f"{forge}_url") or f"https://{forge}.{_TOP[forge]}"
            where = "html_context: "
            found.add("content_repo", f"{str(site).rstrip('/')}/{user}/{repo}", where + "_repo")
            found.add("content_branch", context.get(f"{forge}_version"), f"{where}{forge}_version")
            folder = context.get("doc_path") or str(context.get("conf_py_path") or "").strip("/")
            found.add("path_to_docs", folder, f"{where}doc_path")
            break
    return found


_TOP = {"github": "com", "gitlab": "com", "bitbucket": "org"}


def from_book(config: Mapping[str, Any]) -> Found:
    """Read Jupyter Book 1's ``_config.yml``."""
    repository = config.get("repository") or {}
    if not isinstance(repository, dict):  # another program's file of that name: Jekyll's
        return Found()
    options = {
        "repository_url": repository.get("url"),
        "repository_branch": repository.get("branch"),
        "path_to_docs": repository.get("path_to_book"),
        "launch_buttons": config.get("launch_buttons"),
    }
    return from_theme(options, "_config.yml")


def from_gallery(config: Mapping[str, Any]) -> tuple[Found, Gallery | None]:
    """Read ``sphinx_gallery_conf``: its Binder, and where its notebooks are published."""
    found = Found()
    binder = config.get("binder") or {}
    where = "sphinx_gallery_conf: binder"
    missing = [key for key in ("org", "repo", "branch") if not binder.get(key)]
    found.problems += [
        f"{where}.{key} is left out: it means nothing to nbpull."
        for key in binder
        if key not in _GALLERY_KEYS
    ]
    if not binder:
        return found, None
    if missing:
        found.problems.append(f"{where} cannot be read: {', '.join(missing)} is missing.")
        return found, None
    repo = f"https://github.com/{binder['org']}/{binder['repo']}"
    found.add("binder", _table(url=binder.get("binderhub_url")) or True, f"{where}.binderhub_url")
    parts = (binder.get("filepath_prefix"), binder.get("notebooks_dir", "notebooks"))
    folders = config.get("gallery_dirs", "auto_examples")
    return found, Gallery(
        folders=tuple([folders] if isinstance(folders, str) else folders),
        repo=repo,
        branch=binder["branch"],
        prefix="/".join(str(part).strip("/") for part in parts if part),
    )


def _table(**values: object) -> dict[str, object]:
    return {name: value for name, value in values.items() if value}
