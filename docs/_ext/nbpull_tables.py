"""Directives that write tables from what the software declares: settings, options, policy, API.

``nbpull-settings``
    Every ``c.NbPull`` setting, from its trait.

``nbpull-sphinx-options``
    Every option of the Sphinx extension, from its dataclass.

``nbpull-myst-options``
    What the MyST plugin takes: ``directive`` for its options, ``book`` for a book's settings.

``nbpull-policy``
    What happens to a file, from the engine's policy.

``nbpull-api``
    Every path of the server's API, from the OpenAPI document that the server answers with.
"""

from __future__ import annotations

import inspect
import json
import re
from importlib import resources
from typing import TYPE_CHECKING, Any

from docutils import nodes
from nbpull_reference import ROOT, code, table
from sphinx.util.docutils import SphinxDirective

from nbpull_links.sphinx_ext import options
from nbpull_server import settings
from nbpull_sync import policy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from enum import Enum

    from sphinx.application import Sphinx

PLUGIN = ROOT / "nbpull_links" / "web" / "nbpull.mjs"
_LITERAL = re.compile(r"``?([^`]+)``?")


def words(text: str) -> nodes.inline:
    """Make running text of one line, with what stands between backticks as code."""
    parts = _LITERAL.split(" ".join(text.split()))
    pieces = [code(part) if at % 2 else nodes.Text(part) for at, part in enumerate(parts)]
    return nodes.inline("", "", *pieces)


class Settings(SphinxDirective):
    """Write a table of the server's settings."""

    def run(self) -> list[nodes.Node]:
        """Ask the traits."""
        self.env.note_dependency(inspect.getfile(settings))
        traits = settings.NbPull.class_own_traits(config=True)
        rows = (
            [code(f"c.NbPull.{name}"), code(_default(name)), words(trait.help)]
            for name, trait in sorted(traits.items())
        )
        return [table(["Setting", "Default", "What it is for"], rows)]


def _default(name: str) -> str:
    # A default that depends on the environment is told in the help.
    if f"_default_{name}" in vars(settings.NbPull):
        return "see there"
    return repr(getattr(settings.NbPull(), name))


class SphinxOptions(SphinxDirective):
    """Write the table of the Sphinx extension's options."""

    def run(self) -> list[nodes.Node]:
        """Let the extension render it; it writes reStructuredText."""
        self.env.note_dependency(inspect.getfile(options))
        text = f"```{{eval-rst}}\n{options.reference_table()}```\n"
        return list(self.parse_text_to_nodes(text))


class MystOptions(SphinxDirective):
    """Write a table of the options of the MyST plugin."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Read the plugin's source."""
        self.env.note_dependency(str(PLUGIN))
        find = {"directive": directive_options, "book": book_settings}[self.arguments[0]]
        found = find(PLUGIN.read_text("utf-8"))
        return [table(["Option", ""], ([code(name), words(about)] for name, about in found))]


def directive_options(source: str) -> Iterator[tuple[str, str]]:
    """Find the options of the directive and the role, and what each is for."""
    _, _, rest = source.partition("const OPTION_HELP = {\n")
    for line in rest.partition("\n};")[0].splitlines():
        name, _, about = line.strip().removesuffix(",").partition(": ")
        yield name, json.loads(about)


def book_settings(source: str) -> Iterator[tuple[str, str]]:
    """Find the settings of a book: the shape of each, and what is said of it."""
    _, _, rest = source.partition("@typedef {object} BookSettings\n")
    for line in rest.partition("*/")[0].splitlines():
        if found := re.search(r"@property \{(.*)\} \[(\w+)\] ?(.*)", line):
            yield found[2], f"`{found[1]}` {found[3]}".strip()


_TEACHER = {
    policy.Theirs.SAME: "did nothing",
    policy.Theirs.CHANGED: "changed it",
    policy.Theirs.DELETED: "deleted it",
    policy.Theirs.ADDED: "added it",
    policy.Theirs.MOVED: "moved it",
}
_YOU = {
    policy.Ours.SAME: "did nothing",
    policy.Ours.EQUAL: "did the same",
    policy.Ours.CHANGED: "changed it",
    policy.Ours.DELETED: "deleted it",
    policy.Ours.ABSENT: "have no such file",
    policy.Ours.ADDED: "made one of that name",
}


class Policy(SphinxDirective):
    """Write the policy table; what leads to the same stands in one row."""

    def run(self) -> list[nodes.Node]:
        """Read the engine's own table."""
        self.env.note_dependency(inspect.getfile(policy))
        merged: dict[tuple[Enum, policy.Rule], list[str]] = {}
        for (theirs, ours), rule in policy.POLICY.items():
            merged.setdefault((theirs, rule), []).append(_YOU[ours])
        rows = (
            [
                nodes.Text(_TEACHER[policy.Theirs(theirs)]),
                nodes.Text(", or ".join(yours)),
                nodes.Text(rule.action.value),
                code(rule.outcome.value) if rule.outcome else nodes.Text(""),
            ]
            for (theirs, rule), yours in merged.items()
        )
        return [table(["The teacher", "You", "What happens", "In the report"], rows)]


class Api(SphinxDirective):
    """Write a table of the API's paths."""

    def run(self) -> list[nodes.Node]:
        """Read the document that the server ships."""
        path = resources.files("nbpull_server") / "schemas" / "openapi.json"
        self.env.note_dependency(str(path))
        document = json.loads(path.read_text("utf-8"))
        [server] = document["servers"]
        rows = (
            [code(f"{method.upper()} {server['url']}{where}"), words(_about(operation)),
             nodes.Text(", ".join(_takes(operation, document)))]
            for where, operations in document["paths"].items()
            for method, operation in operations.items()
            if method != "parameters"
        )  # fmt: skip
        return [
            nodes.paragraph("", document["info"]["description"]),
            table(["Request", "", "Takes"], rows),
        ]


def _about(operation: dict[str, Any]) -> str:
    return f"{operation['summary']}. {operation.get('description', '')}"


def _takes(operation: dict[str, Any], document: dict[str, Any]) -> Iterator[str]:
    """Give the names of an operation's parameters and of its body's fields."""
    for parameter in operation.get("parameters", ()):
        yield parameter["name"]
    for media in operation.get("requestBody", {}).get("content", {}).values():
        name = media["schema"]["$ref"].split("/")[-1]
        yield from document["components"]["schemas"][name]["properties"]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directives."""
    app.add_directive("nbpull-settings", Settings)
    app.add_directive("nbpull-sphinx-options", SphinxOptions)
    app.add_directive("nbpull-myst-options", MystOptions)
    app.add_directive("nbpull-policy", Policy)
    app.add_directive("nbpull-api", Api)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
