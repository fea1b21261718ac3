"""The examples that the help of each command shows are run."""

from __future__ import annotations

import shlex
import socket
import subprocess
from pathlib import Path

import click
import pytest

import github
from commands import COMMAND
from nbpull_links.cli import COMMANDS
from nbpull_links.cli import nbpull as group

# The demo is run as a whole by a test of its own.
ELSEWHERE = {"demo"}


def shown():
    context = click.Context(group, info_name="nbpull")
    for name in COMMANDS:
        for line in (group.get_command(context, name).epilog or "").splitlines():
            if line.startswith("  ") and name not in ELSEWHERE:
                yield name, line.strip()


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with github.pretend(tmp_path) as course:
        yield course


@pytest.fixture
def workspace(course, nbpull, monkeypatch):
    """Work in a synced workspace that has the restore point and the files that examples name."""
    course.publish({"week1/notes.ipynb": "{}\n"})
    assert nbpull("sync", github.ADDRESS, "workspace").status == 0
    monkeypatch.chdir("workspace")
    Path("week1/notes.ipynb").write_text('{"mine": 1}\n')
    course.publish({"week1/notes.md": "ONE\ntwo\n"})
    Path("week1/notes.md").write_text("one\ntwo\nmine\n")
    assert nbpull("sync", github.ADDRESS, ".").status == 0
    (point,) = nbpull("restore", "--list").out.split()[:1]
    git = ["git", "update-ref", "refs/nbpull/restore/20260131T093000Z"]
    subprocess.run([*git, f"refs/nbpull/restore/{point}"], check=True)


@pytest.mark.parametrize(("name", "example"), [each for each in shown() if each[0] != "web"])
def test_an_example_works(name, example, nbpull, request):
    request.getfixturevalue("workspace" if name in {"restore", "take"} else "course")
    program, *argv = shlex.split(example)
    assert program == "nbpull"
    done = nbpull(*argv)
    assert done.status == 0, done.err
    assert done.out


@pytest.mark.usefixtures("no_leftovers")
@pytest.mark.parametrize("example", [line for name, line in shown() if name == "web"])
def test_an_example_of_the_page_works(example, tmp_path, monkeypatch):
    monkeypatch.setenv("BROWSER", "true")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    argv = [port if word == "8000" else word for word in shlex.split(example)[1:]]
    with subprocess.Popen(
        [COMMAND, *argv], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline().startswith("http://127.0.0.1:")
        process.terminate()
