"""Who may import whom, and what an import may cost."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
HOMES = {
    "nbpull_links": ROOT / "nbpull_links",
    "nbpull_sync": ROOT / "jupyter_extension" / "nbpull_sync",
    "nbpull_server": ROOT / "jupyter_extension" / "nbpull_server",
}
BLOCK = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in BLOCKED:
            raise ImportError(f"{name} is blocked here")
sys.meta_path.insert(0, Refuse())
for name in BLOCKED:
    sys.modules.pop(name, None)
"""


def python(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def loaded_by(statement):
    """Name the modules that a statement imports, beyond those of a bare Python."""
    code = f"import sys; bare = set(sys.modules)\n{statement}\nimport json\n"
    return set(json.loads(python(code + "print(json.dumps(sorted(set(sys.modules) - bare)))")))


def roots(modules):
    return {name.partition(".")[0] for name in modules}


def test_links_are_made_where_git_jupyter_and_sphinx_do_not_exist():
    blocked = ["jupyter_server", "git", "tornado", "sphinx", "docutils", "nbformat", "subprocess"]
    blocked += ["click", "rich", "nbpull_sync", "nbpull_server"]
    made = python(
        f"BLOCKED = {blocked!r}\n{BLOCK}\n"
        "from nbpull_links import make_link, parse_link\n"
        "url = make_link(hub='https://hub.example.org',"
        " content_repo='https://github.com/org/course')\n"
        "assert str(parse_link(url)) == url\nprint(url)"
    )
    assert made.startswith("https://hub.example.org/hub/user-redirect/git-pull?repo=")


def test_the_library_imports_furl_and_the_standard_library_only():
    ours = {"nbpull_links", "furl", "orderedmultidict", "six"}
    foreign = roots(loaded_by("import nbpull_links")) - ours - set(sys.stdlib_module_names)
    assert {name for name in foreign if not name.startswith(("_", "sitecustomize"))} == set()


@pytest.mark.parametrize(
    ("argv", "unwanted"),
    [
        (["--help"], {"rich", "git", "nbformat", "tornado", "jupyter_server", "nbpull_sync"}),
        (["--version"], {"rich", "git", "nbformat", "tornado", "jupyter_server", "nbpull_sync"}),
        (
            ["link", "--hub", "https://hub.example.org", "https://github.com/org/course"],
            {"rich", "git", "nbformat", "tornado", "jupyter_server", "nbpull_sync", "asyncio"},
        ),
        (["sync", "--help"], {"rich", "git", "nbformat", "nbpull_sync"}),
    ],
)
def test_a_command_imports_no_more_than_it_needs(argv, unwanted):
    statement = f"""
import contextlib, io
from nbpull_links.cli import main
with contextlib.redirect_stdout(io.StringIO()):
    assert main({argv!r}) == 0
"""
    assert roots(loaded_by(statement)) & unwanted == set()


def test_the_engine_imports_no_server_and_no_terminal():
    unwanted = {"jupyter_server", "tornado", "sphinx", "click", "rich", "nbpull_server"}
    assert roots(loaded_by("import nbpull_sync")) & unwanted == set()


def test_the_import_contracts_hold():
    done = subprocess.run(
        [str(BIN / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def imports_of(path):
    """Name every module that a file imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


@pytest.mark.parametrize("room", HOMES)
def test_nothing_imports_the_command_line_the_sphinx_room_or_the_server_from_outside(room):
    closed = ("nbpull_links.cli", "nbpull_links.sphinx_ext", "nbpull_server")
    for path in HOMES[room].rglob("*.py"):
        own = f"{room}." + ".".join(path.relative_to(HOMES[room]).with_suffix("").parts)
        for name in imports_of(path):
            for door in closed:
                inside = own.startswith(door) or path.name == "__main__.py"
                assert inside or not name.startswith(door), f"{own} imports {name}"


def test_every_module_of_the_links_has_a_test_file_of_its_own():
    rooms = (ROOT / "tests" / name for name in ("links", "cli", "sphinx"))
    names = {path.stem for tests in rooms for path in tests.rglob("test_*.py")}
    # What a package's own name or its start does is held by the tests of its parts.
    paths = HOMES["nbpull_links"].rglob("*.py")
    modules = {path.stem for path in paths if not path.stem.startswith("__")}
    untested = sorted(module for module in modules if f"test_{module}" not in names)
    assert not untested, ", ".join(untested)
