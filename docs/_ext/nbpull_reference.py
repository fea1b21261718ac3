"""Directives that write reference pages from the code itself, so that they cannot fall behind it.

``nbpull-commands``
    Every command of the command line with its help, its options and its examples.

``nbpull-codes``
    Every code that errors or warnings carry; the arguments are the classes and methods that
    make them.

``nbpull-fields``
    The fields of a dataclass with what its docstring says of them.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from nbpull_links.cli import COMMANDS, nbpull

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sphinx.application import Sphinx

ROOT = Path(__file__).parents[2]
ROOMS = (ROOT / "nbpull_links", ROOT / "jupyter_extension")


def table(heads: Sequence[str], rows: Iterable[Sequence[nodes.Node]]) -> nodes.table:
    """Make a table of nodes that are ready."""
    group = nodes.tgroup(cols=len(heads))
    group += [nodes.colspec(colwidth=1) for _ in heads]
    group += nodes.thead("", _row([nodes.Text(head) for head in heads]))
    group += nodes.tbody("", *(_row(row) for row in rows))
    return nodes.table("", group)


def _row(cells: Iterable[nodes.Node]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells))


def code(text: str) -> nodes.literal:
    """Make a piece of code in running text."""
    return nodes.literal(text, text)


class Commands(SphinxDirective):
    """Write a section for each command."""

    def run(self) -> list[nodes.Node]:
        """Ask click for what it knows."""
        context = click.Context(nbpull, info_name="nbpull")
        self.env.note_dependency(str(ROOT / "nbpull_links" / "cli.py"))
        return [self._section(context, name) for name in COMMANDS]

    def _section(self, parent: click.Context, name: str) -> nodes.section:
        command = nbpull.get_command(parent, name)
        assert command is not None
        self.env.note_dependency(str(ROOT / "nbpull_links" / f"{COMMANDS[name]}.py"))
        section = nodes.section(ids=[f"nbpull-{name}"], names=[f"nbpull {name}"])
        section += nodes.title("", f"nbpull {name}")
        context = click.Context(command, info_name=name, parent=parent)
        usage = " ".join(["nbpull", name, *command.collect_usage_pieces(context)])
        section += nodes.literal_block(usage, usage, language="text")
        for paragraph in (command.help or "").split("\n\n"):
            section += nodes.paragraph("", " ".join(paragraph.split()))
        options = [param for param in command.params if isinstance(param, click.Option)]
        if options:
            section += table(["Option", ""], (self._option(option, context) for option in options))
        examples = _examples(command)
        block = nodes.literal_block(examples, examples, language="shell")
        section += block
        return section

    def _option(self, option: click.Option, context: click.Context) -> list[nodes.Node]:
        record = option.get_help_record(context)
        assert record is not None
        return [code(record[0]), nodes.Text(record[1])]


def _examples(command: click.Command) -> str:
    lines = (command.epilog or "").splitlines()
    return "\n".join(line.strip() for line in lines if line.startswith("  "))


@dataclass(frozen=True, order=True)
class Code:
    """One code, as the code says it."""

    code: str
    message: str
    hint: str
    who: str


POSITIONS = {"Failure": ("code", "who", "pattern", "message", "hint")}
"""The parameters of a call by position, where they are not code and message."""


class Codes(SphinxDirective):
    """Write a table of the codes that calls of the named classes and methods carry."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Look at every call."""
        names = self.arguments[0].split()
        found: dict[str, Code] = {}
        for room in ROOMS:
            for path in sorted(room.rglob("*.py")):
                self.env.note_dependency(str(path))
                for each in calls_of(names, path.read_text()):
                    found.setdefault(each.code, each)
        with_who = any(each.who for each in found.values())
        heads = ["Code", "What it says", *(["Who can mend it"] if with_who else [])]
        cells = (self._cells(each, with_who=with_who) for each in sorted(found.values()))
        return [table(heads, cells)]

    def _cells(self, each: Code, *, with_who: bool) -> list[nodes.Node]:
        words = nodes.Text(f"{each.message} {each.hint}".strip())
        return [code(each.code), words, *([nodes.Text(each.who)] if with_who else [])]


def calls_of(names: Sequence[str], source: str) -> Iterator[Code]:
    """Find the calls whose code is written out and that have a message."""
    tree = ast.parse(source)
    known = dict(_constants(tree))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or ast.unparse(node.func) not in names:
            continue
        positions = POSITIONS.get(ast.unparse(node.func), ("code", "message"))
        given = dict(zip(positions, node.args, strict=False))
        given |= {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
        first = given.get("code")
        if isinstance(first, ast.Constant) and isinstance(first.value, str) and "message" in given:
            rest = (_words(given.get(field), known) for field in ("message", "hint", "who"))
            yield Code(first.value, *rest)


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Give the texts that a module names at its top."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            for target in node.targets:
                if isinstance(target, ast.Name) and isinstance(node.value.value, str):
                    yield target.id, node.value.value


def _words(node: ast.expr | None, known: Mapping[str, str]) -> str:
    """Give a text as it stands in the source, with an ellipsis where a value comes in."""
    if node is None:
        return ""
    if isinstance(node, ast.Constant):
        return re.sub(r"\{\w+\}", "…", str(node.value))
    if isinstance(node, ast.JoinedStr):
        return "".join(_words(part, known) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return _words(node.value, known)
    if isinstance(node, ast.IfExp):
        return f"{_words(node.body, known)} / {_words(node.orelse, known)}"
    return known.get(node.id, "…") if isinstance(node, ast.Name) else "…"


class Fields(SphinxDirective):
    """Write a table of the fields of a dataclass, from its docstring."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Read the docstring."""
        module, _, name = self.arguments[0].rpartition(".")
        kind = getattr(importlib.import_module(module), name)
        self.env.note_dependency(inspect.getfile(kind))
        rows = [[code(field), nodes.Text(words)] for field, words in attributes(kind)]
        return [
            nodes.paragraph("", inspect.getdoc(kind).splitlines()[0]),
            table(["Field", ""], rows),
        ]


def attributes(kind: type) -> Iterator[tuple[str, str]]:
    """Give each field of a dataclass and what its docstring says of it.

    Raises:
        ValueError: A field has no words.
    """
    _, _, text = (inspect.getdoc(kind) or "").partition("Attributes:\n")
    found: dict[str, str] = {}
    for line in text.splitlines():
        if begin := re.match(r" {4}(\w+): (.*)", line):
            name, found[begin[1]] = begin[1], begin[2]
        elif line.startswith(" " * 8):
            found[name] += f" {line.strip()}"
    for field in dataclasses.fields(kind):
        if field.name not in found:
            raise ValueError(f"{kind.__name__}.{field.name} is not in the docstring")
        yield field.name, found[field.name].replace("``", "")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directives."""
    app.add_directive("nbpull-commands", Commands)
    app.add_directive("nbpull-codes", Codes)
    app.add_directive("nbpull-fields", Fields)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
