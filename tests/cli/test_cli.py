"""The table of commands, the one error boundary, and what a shell sees of both."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import click
import pytest

from commands import COMMAND
from nbpull_links.cli import COMMANDS, explain, main
from nbpull_links.errors import InvalidValueError, NbpullError, UnreadableLinkError
from nbpull_sync import SyncError

HUB = "https://hub.example.org"
COURSE = "https://github.com/org/course"


def test_the_version_is_the_one_that_is_installed(nbpull):
    done = nbpull("--version")
    assert (done.status, done.out) == (0, f"nbpull {metadata.version('nbpull')}\n")


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_the_help_names_every_command(nbpull, flag):
    done = nbpull(flag)
    assert done.status == 0
    listed = [line.split()[0] for line in done.out.split("Commands:")[1].splitlines() if line]
    assert listed == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_each_command_has_an_example(nbpull, command):
    done = nbpull(command, "--help")
    assert done.status == 0
    assert f"\n    nbpull {command} " in done.out or f"\n    nbpull {command}\n" in done.out


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["lnik"], "No such command 'lnik'"),
        (["--no-such"], "--no-such"),
        (["parse"], "Missing argument"),
        (["convert", "x"], "Missing option '--to'"),
    ],
)
def test_a_wrong_use_is_one_line_that_names_the_help(nbpull, argv, words):
    done = nbpull(*argv)
    assert (done.status, done.out) == (2, "")
    assert words in done.err
    assert " --help'.\n" in done.err
    assert done.err.count("\n") == 1


def test_without_a_command_the_help_is_shown_as_a_wrong_use(nbpull):
    done = nbpull()
    assert (done.status, done.out) == (2, "")
    assert "Commands:" in done.err


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (InvalidValueError("x", "Bad.", hint="Do."), 2, "Bad. Do."),
        (UnreadableLinkError("x", "Bad.", hint="Do."), 1, "Bad. Do."),
        (NbpullError("x", "Bad."), 1, "Bad."),
        (SyncError("x", "Bad.", who="admin", hint="Do."), 1, "Bad. Do."),
        (SyncError("cancelled", "Stopped.", who="you"), 130, "Stopped."),
        (click.Abort(), 130, "stopped."),
        (click.FileError("f", "gone"), 1, "gone"),
        (click.UsageError("Bad."), 2, "Bad. See 'nbpull --help'."),
        (
            PermissionError(errno.EACCES, "Permission denied", "/x"),
            1,
            "Permission denied: /x. Choose a place that you may write to",
        ),
        (
            OSError(errno.ENOSPC, "No space left on device", "/x"),
            1,
            "No space left on device: /x. Delete what you no longer need",
        ),
        (OSError(errno.EIO, "Input/output error"), 1, "Input/output error."),
        (OSError("odd"), 1, "odd"),
        (FileNotFoundError(errno.ENOENT, "No such file", "git"), 1, "git is not installed."),
    ],
)
def test_each_foreseeable_error_has_a_status_and_its_remedy(error, status, words):
    found, said = explain(error)
    assert found == status
    assert said.startswith(words) or words in said


def test_an_error_nobody_foresaw_keeps_its_traceback(monkeypatch):
    monkeypatch.setitem(COMMANDS, "link", "no_such_module")
    with pytest.raises(ModuleNotFoundError):
        main(["link"])


def test_a_reader_that_leaves_early_is_no_error_to_speak_of(command):
    read, write = os.pipe()
    os.close(read)
    try:
        done = command("--help", stdout=write)
    finally:
        os.close(write)
    assert (done.status, done.err) == (1, "")


def test_a_full_disk_is_said_in_one_line(command):
    with Path("/dev/full").open("w") as full:
        done = command("link", "--hub", HUB, COURSE, stdout=full)
    assert done.status == 1
    assert done.err == (
        "nbpull: No space left on device. "
        "Delete what you no longer need, and run the same command again.\n"
    )


def test_what_a_full_disk_did_not_take_is_not_tried_again_at_the_end(monkeypatch, capsys):
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert main(["link", "--hub", HUB, COURSE]) == 1
        monkeypatch.undo()
    assert capsys.readouterr().err.count("\n") == 1


def test_a_port_that_is_taken_is_said_in_one_line(command):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = command("web", "--no-browser", "--port", taken.getsockname()[1])
    assert done.status == 1
    assert done.err.endswith("Choose another port with --port.\n")
    assert done.err.count("\n") == 1


@pytest.mark.usefixtures("no_leftovers")
def test_ctrl_c_ends_with_130_and_no_traceback(tmp_path):
    with subprocess.Popen(
        [COMMAND, "web", "--no-browser"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline().startswith("http://127.0.0.1:")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err.strip() == "nbpull: stopped."


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8"])
@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_a_name_of_any_alphabet_is_shown_on_any_terminal(command, locale, encoding):
    done = command(
        *("link", "--hub", HUB, COURSE, "--badge", "html", "--label", "Übung ⚛"),
        env={**os.environ, "LC_ALL": locale, "PYTHONIOENCODING": encoding},
    )
    assert done.status == 0, done.err
    assert "bung" in done.out


def test_the_command_and_the_module_are_the_same(command):
    done = subprocess.run(
        [sys.executable, "-m", "nbpull_links", "lnik"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (2, command("lnik").err)
