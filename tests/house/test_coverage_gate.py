"""What `make test` counts, and what it refuses."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GATE = ROOT / "tools" / "coverage_gate.py"
HEAD = "import os, subprocess, sys\n"
CODE = """
    def answer(question):
        if question:
            return 42
        return 0
    """


def python(*args, cwd):
    """Run a Python that no outer coverage reaches."""
    outer = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    done = subprocess.run(
        [sys.executable, *args], cwd=cwd, env=outer, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def project(tmp_path):
    """Give a directory with our coverage settings and packages of our names."""
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    for package in ("nbpull_links", "nbpull_sync", "nbpull_server"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text(textwrap.dedent(CODE))
    return tmp_path


def covered(project, program):
    """Run a program, counted, and ask the gate."""
    (project / "program.py").write_text(HEAD + program)
    for command in (["run", "program.py"], ["combine", "--quiet"]):
        status, said = python("-m", "coverage", *command, cwd=project)
        assert status == 0, said
    return python(GATE, cwd=project)


ALL = """
from nbpull_links import answer as links
from nbpull_sync import answer as sync
from nbpull_server import answer as server
for question in (0, 1):
    links(question), sync(question), server(question)
"""


def test_full_coverage_passes_with_one_line_a_package(project):
    status, said = covered(project, ALL)
    assert status == 0, said
    assert [line.split()[:2] for line in said.splitlines()] == [
        ["package", "reached"],
        ["nbpull_links", "100.00%"],
        ["nbpull_sync", "100.00%"],
        ["nbpull_server", "100.00%"],
    ]


def test_one_branch_of_the_links_not_taken_fails_and_is_named(project):
    status, said = covered(project, ALL.replace("links(question)", "links(1)"))
    assert status == 1
    assert "nbpull_links is under its floor" in said
    (row,) = (line for line in said.splitlines() if "__init__.py" in line)
    assert row.split()[-1] == "5"


@pytest.mark.parametrize("end", ["", "os._exit(0)", "os.kill(os.getpid(), 15)"])
def test_what_a_subprocess_runs_is_counted_however_it_ends(project, end):
    (project / "inner.py").write_text(HEAD + ALL + end)
    status, said = covered(project, "subprocess.run([sys.executable, 'inner.py'])")
    assert status == 0, said
