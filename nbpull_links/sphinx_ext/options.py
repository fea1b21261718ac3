"""Every option of the extension: its type, its default, what it accepts, and what it is for.

One dataclass says it all: the configuration values are registered from it, and the table in the
documentation is rendered from it. A value may be written in ``conf.py``, in TOML or in YAML, so
only texts, numbers, booleans, lists and tables occur.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nbpull_links.errors import InvalidValueError
from nbpull_links.sphinx_ext import checks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nbpull_links.sphinx_ext.values import BinderHub, Hub, JupyterLite

__all__ = ["PREFIX", "Options", "page_option", "read_options", "reference_table"]

PREFIX = "nbpull_"


def _says(check: Callable[[object], Any], kind: str, about: str) -> dict[str, Any]:
    return {"check": check, "kind": kind, "help": about}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What an author can set; each name is prefixed by ``nbpull_`` in the configuration."""

    hubs: tuple[Hub, ...] = field(
        default=(),
        metadata=_says(
            checks.hubs,
            "list of tables, or a table of tables by name",
            "JupyterHubs to launch on. Each has a ``url``, and may have a ``label`` that readers "
            "see, a ``name`` for the launch directive, a named ``server`` and an ``app``.",
        ),
    )
    binder: BinderHub | None = field(
        default=None,
        metadata=_says(
            checks.binder,
            "table, or true",
            "A BinderHub to launch on: ``url`` (mybinder.org if absent), and ``env_repo`` and "
            "``env_branch`` where the environment is another repository than the content.",
        ),
    )
    jupyterlite: JupyterLite | None = field(
        default=None,
        metadata=_says(
            checks.jupyterlite,
            "table, or the site's URL",
            "A JupyterLite site that holds the notebooks: ``url``, the ``root`` folder of the "
            "repository that it serves, and the ``suffix`` of its notebooks if not the page's.",
        ),
    )
    content_repo: str | None = field(
        default=None,
        metadata=_says(
            checks.content_repo,
            "text",
            "The repository that holds the pages as notebooks. A copied page of it will do: then "
            "its branch and folder are the defaults of the next options.",
        ),
    )
    content_branch: str | None = field(
        default=None,
        metadata=_says(
            checks.branch,
            "text",
            "The branch or tag to pull; the repository's default branch if absent.",
        ),
    )
    follow_version: bool = field(
        default=False,
        metadata=_says(
            checks.flag,
            "true or false",
            "Pull the branch or tag that is being built where the build service names it (Read the "
            "Docs, GitHub Actions, GitLab CI), and ``nbpull_content_branch`` elsewhere.",
        ),
    )
    path_to_docs: str | None = field(
        default=None,
        metadata=_says(
            checks.folder,
            "text",
            "The folder of the repository that holds the documentation's sources. Found without "
            "being told in a checkout of the content repository.",
        ),
    )
    targetpath: str | None = field(
        default=None,
        metadata=_says(
            checks.targetpath,
            "text",
            "The folder of the learner's workspace to pull into; the repository's name if absent.",
        ),
    )
    depth: int | None = field(
        default=None,
        metadata=_says(
            checks.depth,
            "whole number",
            "How many commits to fetch; 0 is all, absent leaves it to the server.",
        ),
    )
    app: str = field(
        default="lab",
        metadata=_says(
            checks.app,
            "text",
            "The application that opens a page: lab, notebook, classic, retro, voila and others.",
        ),
    )
    own_hub: bool = field(
        default=False,
        metadata=_says(
            checks.flag,
            "true or false",
            "Offer readers a hub of their own; its address stays in their browser.",
        ),
    )
    pages: tuple[str, ...] = field(
        default=("auto",),
        metadata=_says(
            checks.patterns,
            "list of texts",
            "Which pages get buttons: patterns for page names or source files such as "
            "``lessons/*`` or ``*.md``, suffixes such as ``.ipynb``, and ``auto`` for notebooks, "
            "MyST-NB and jupytext pages. A pattern that begins with ``!`` takes pages away.",
        ),
    )
    buttons: tuple[str, ...] = field(
        default=("hub", "binder", "jupyterlite", "own-hub"),
        metadata=_says(
            checks.buttons,
            "list of texts",
            "Which buttons, in which order: hub, binder, jupyterlite, colab, deepnote, kaggle, "
            "cocalc, own-hub. The services need no further setting and show where they can open "
            "the page.",
        ),
    )
    label: str = field(
        default="",
        metadata=_says(
            checks.text,
            "text",
            "What the button says; by default a translated ``Launch``.",
        ),
    )


def read_options(
    values: Mapping[str, object], written: Mapping[str, str] = MappingProxyType({})
) -> tuple[Options, list[str]]:
    """Check ``values`` and give the options, with a message for each value that was refused.

    Args:
        values: Option names without their prefix; None counts as absent.
        written: Where a value was written if not under the option's own name.
    """
    accepted: dict[str, Any] = {}
    refused = []
    for option in fields(Options):
        value = values.get(option.name)
        if value is None:
            continue
        try:
            accepted[option.name] = option.metadata["check"](value)
        except InvalidValueError as error:
            source = written.get(option.name, PREFIX + option.name)
            refused.append(f"{source} is left out: {error}")
    options = replace(Options(), **accepted)
    buttons = tuple(name for name in options.buttons if name != "own-hub" or options.own_hub)
    if options.own_hub and "own-hub" not in buttons:
        buttons += ("own-hub",)
    return replace(options, buttons=buttons), refused


def page_option(name: str, value: object) -> Any:
    """Check a value that a page gives for the option ``name``.

    Raises:
        InvalidValueError: Says why it is refused.
    """
    return {option.name: option for option in fields(Options)}[name].metadata["check"](value)


def reference_table() -> str:
    """Render the options as a reStructuredText table, for the documentation."""
    lines = [
        ".. list-table::", "   :header-rows: 1", "   :widths: 22 18 14 46", "",
        "   * - Option", "     - Type", "     - Default", "     - What it is for",
    ]  # fmt: skip
    for option in fields(Options):
        lines += [
            f"   * - ``{PREFIX}{option.name}``",
            f"     - {option.metadata['kind']}",
            f"     - {_show(option.default)}",
            f"     - {option.metadata['help']}",
        ]
    return "\n".join(lines) + "\n"


def _show(default: object) -> str:
    if isinstance(default, tuple):
        return f"``[{', '.join(repr(item) for item in default)}]``"
    if default is None or default == "":
        return "absent"
    return f"``{str(default).lower() if isinstance(default, bool) else repr(default)}``"
