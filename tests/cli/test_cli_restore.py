"""`nbpull restore` and `nbpull take` bring back what a sync kept."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import github

MINE = "one\ntwo\nmine\n"


@pytest.fixture
def workspace(tmp_path, nbpull, monkeypatch):
    """Work in a workspace whose one sync merged an edit of the learner's."""
    with github.pretend(tmp_path) as course:
        nbpull("sync", github.ADDRESS, "workspace")
        monkeypatch.chdir(tmp_path / "workspace")
        Path("week1/notes.md").write_text(MINE)
        course.publish({"week1/notes.md": "ONE\ntwo\n"})
        assert nbpull("sync", github.ADDRESS, ".").status == 0
    return tmp_path / "workspace"


def points(nbpull):
    return [line.split()[0] for line in nbpull("restore", "--list").out.splitlines()]


@pytest.mark.usefixtures("workspace")
def test_the_list_names_each_point_and_why_it_was_written(nbpull):
    done = nbpull("restore", "--list")
    (line,) = done.out.splitlines()
    point, why = line.split("  ", 1)
    assert point.endswith("Z")
    assert why
    listed = json.loads(nbpull("restore", "--list", "--json").out)
    assert (listed["id"], listed["why"]) == (point, why)


def test_without_a_restore_point_the_list_says_so(nbpull, tmp_path, monkeypatch):
    with github.pretend(tmp_path):
        nbpull("sync", github.ADDRESS)
    monkeypatch.chdir("course")
    done = nbpull("restore", "--list")
    assert (done.status, done.out.startswith("There is no restore point yet")) == (0, True)


@pytest.mark.parametrize("where", ["", "week1"])
@pytest.mark.parametrize("path", [[], ["notes.md"]])
def test_the_learners_work_comes_back_and_what_was_there_has_a_point(
    nbpull, workspace, monkeypatch, where, path
):
    (point,) = points(nbpull)
    monkeypatch.chdir(workspace / where)
    named = [str(Path("" if where else "week1", name)) for name in path]
    done = nbpull("restore", point, *named)
    assert done.status == 0, done.err
    assert (workspace / "week1/notes.md").read_text() == MINE
    assert "brought back  week1/notes.md" in done.out
    newest, oldest = points(nbpull)
    assert oldest == point
    assert f"What was there before: nbpull restore {newest}" in done.out


def test_the_teachers_version_comes_and_the_learners_has_a_point(nbpull, workspace):
    done = nbpull("take", "week1/notes.md")
    assert done.status == 0, done.err
    assert (workspace / "week1/notes.md").read_text() == "ONE\ntwo\n"
    assert "brought back  week1/notes.md" in done.out
    assert len(points(nbpull)) == 2
    assert nbpull("take", "week1/notes.md").out == "Everything is so already.\n"


def test_a_workspace_can_be_named_from_elsewhere(nbpull, workspace, monkeypatch):
    monkeypatch.chdir("/")
    done = nbpull("take", workspace / "week1/notes.md", "-C", workspace, "--json")
    assert done.status == 0, done.err
    assert json.loads(done.out)["paths"] == ["week1/notes.md"]


def test_what_stands_in_the_way_is_set_aside_and_said(nbpull, workspace):
    (point,) = points(nbpull)
    (workspace / "week1/notes.md").unlink()
    (workspace / "week1/notes.md").mkdir()
    (workspace / "week1/notes.md/more.md").write_text("more\n")
    done = nbpull("restore", point)
    assert done.status == 0, done.err
    assert "set aside     week1/notes.md, now week1/notes" in done.out


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    ("argv", "status", "words"),
    [
        (["restore"], 2, "--list"),
        (["restore", "x", "--list"], 2, "--list"),
        (["restore", "x"], 1, "no restore point"),
        (["take", "no-such-file"], 1, "no-such-file"),
        (["take", "../outside"], 2, "not in the workspace"),
        (["take", "x", "-C", "/nowhere"], 2, "/nowhere"),
    ],
)
def test_what_cannot_be_done_is_one_line_with_the_remedy(nbpull, argv, status, words):
    done = nbpull(*argv)
    assert (done.status, done.out) == (status, "")
    assert words in done.err
    assert done.err.count("\n") == 1


@pytest.mark.usefixtures("workspace")
def test_a_failure_is_the_last_line_of_json_too(nbpull):
    done = nbpull("restore", "x", "--json")
    assert done.status == 1
    assert json.loads(done.out)["code"] == "no-such-restore-point"


def test_outside_every_workspace_one_has_to_be_named(nbpull, tmp_path):
    done = nbpull("restore", "--list")
    assert done.status == 2
    assert "--workspace" in done.err
    assert str(tmp_path) in done.err


@pytest.mark.usefixtures("workspace")
def test_an_id_can_be_completed(nbpull, command):
    (point,) = points(nbpull)
    asked = {
        "_NBPULL_COMPLETE": "bash_complete",
        "COMP_WORDS": "nbpull restore ",
        "COMP_CWORD": "2",
    }
    done = command(env={**os.environ, **asked}, cwd=Path.cwd())
    assert done.out == f"plain,{point}\n"
