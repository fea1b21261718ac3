"""What the README shows is what happens."""

from __future__ import annotations

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import github
from nbpull_links.cli import COMMANDS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
LOOSE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Make https://github.com/org/course a repository of this machine, and work beside it."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    with github.pretend(tmp_path) as course:
        yield course


@pytest.mark.usefixtures("course")
def test_its_python_does_what_it_shows():
    runner = doctest.DocTestRunner(optionflags=LOOSE, verbose=False)
    parser = doctest.DocTestParser()
    text = "\n".join(blocks("python"))
    said = []
    runner.run(parser.get_doctest(text, {}, "README.md", "README.md", 0), out=said.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(said)


@pytest.mark.usefixtures("course")
def test_its_commands_print_what_it_shows():
    shown = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", "".join(blocks("console")), re.MULTILINE)
    assert len(shown) >= 4
    for command, wanted in shown:
        done = subprocess.run(shlex.split(command), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert doctest.OutputChecker().check_output(wanted, done.stdout, LOOSE), done.stdout


def test_its_make_targets_and_its_files_exist():
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"make ([a-z-]+)", "".join(blocks("sh"))):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    for path in re.findall(r"\]\(([^):]+)\)", README):
        assert (ROOT / path).exists(), path


def test_it_knows_every_command():
    assert {name for name in COMMANDS if f"nbpull {name}" in README} == set(COMMANDS)


def test_its_comparison_is_what_comes_of_playing_it():
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "compare.py"], capture_output=True, text=True, check=True
    )
    header, *rows = done.stdout.splitlines()
    assert header.startswith("| | nbgitpuller ")
    # The rows hold for the version that is named, and for any later one that plays the same.
    assert "\n".join(rows) in README
