"""Our events as nbgitpuller's stream tells them."""

from __future__ import annotations

import pytest

from nbpull_server import compat
from nbpull_server.params import PullParams
from nbpull_sync import FileOutcome, Log, Outcome, Phase, Progress, Report
from nbpull_sync.failures import EMPTY_REPOSITORY, FAILURES

REPORT = Report(
    status="updated",
    base="a" * 40,
    upstream="b" * 40,
    files=(FileOutcome(path="a.txt", outcome=Outcome.ADDED),),
)


@pytest.mark.parametrize(
    ("event", "output"),
    [
        (Log(message="Cloning"), "Cloning\n"),
        (Progress(phase=Phase.CONNECTING, message="Connecting"), "Connecting\n"),
        (Progress(phase=Phase.CONNECTING), "connecting\n"),
        (Progress(phase=Phase.RECEIVING, message="Files", done=1, total=3), "Files:  33% (1/3)\r"),
        (Progress(phase=Phase.RECEIVING, message="Files", done=7), "Files\n"),
        (REPORT, "updated\nadded: a.txt\n"),
    ],
)
def test_an_event_is_printed_in_its_terminal(event, output):
    assert compat.syncing(event.to_dict()) == {"output": output, "phase": "syncing"}


@pytest.mark.parametrize(
    ("fields", "command"),
    [
        ({}, "nbpull sync -- https://example.org/x there"),
        ({"branch": "a b"}, "nbpull sync --branch 'a b' -- https://example.org/x there"),
        ({"depth": 0}, "nbpull sync --depth 0 -- https://example.org/x there"),
        (
            {"repo": "https://me:hunter2@example.org/x"},
            "nbpull sync -- 'https://***@example.org/x' there",
        ),
    ],
)
def test_the_first_line_is_the_command_that_does_the_same(fields, command):
    params = PullParams(**{"repo": "https://example.org/x", **fields})
    assert compat.started(params, "there") == {"output": f"$ {command}\n", "phase": "syncing"}


def test_what_has_no_words_is_not_printed():
    assert compat.syncing({"type": "error"}) is None


@pytest.mark.parametrize(
    ("code", "theirs"),
    [
        ("ref-not-found", "branch_exist"),
        ("empty-repository", "branch_resolve"),
        ("not-found", "ls_remote"),
        ("disk-full", "unknown"),
        ("outside-root", "unknown"),
    ],
)
def test_an_error_has_its_code_where_its_page_has_a_help_text(code, theirs):
    error = {"code": code, "message": "What.", "hint": "Do.", "who": "you", "context": {}}
    told = compat.failed(error)
    assert told["phase"] == "error"
    assert told["message"] == told["output"] == "What. Do."
    assert told["error"] == {
        "code": theirs,
        "message": "What. Do.",
        "traceback": "",
        "reason": error,
    }


def test_every_code_that_is_translated_exists():
    assert set(compat._CODES) <= {it.code for it in (*FAILURES, EMPTY_REPOSITORY)}
