"""Ways to run the command line: in this process, or as the command itself."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from commands import COMMAND, Done
from nbpull_links.cli import main


@pytest.fixture
def nbpull(capsys, monkeypatch, tmp_path):
    """Give a function that runs a command line in this process, in an empty directory."""
    monkeypatch.chdir(tmp_path)

    def run(*argv, stdin=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        status = main([str(argument) for argument in argv])
        return Done(status, *capsys.readouterr())

    return run


@pytest.fixture
def command(tmp_path):
    """Give a function that runs the installed command in a process of its own."""

    def run(*argv, **options):
        options = {"stdout": subprocess.PIPE, "cwd": tmp_path} | options
        done = subprocess.run(
            [COMMAND, *map(str, argv)],
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            encoding="utf-8",
            check=False,
            **options,
        )
        return Done(done.returncode, done.stdout or "", done.stderr)

    return run
