"""`nbpull sync`, on a real repository."""

from __future__ import annotations

import json
import os
import pty
import signal
import socket
import subprocess
import threading
from pathlib import Path

import pytest

import github
from commands import COMMAND


@pytest.fixture
def course(tmp_path):
    with github.pretend(tmp_path) as course:
        yield course


def events(out):
    return [json.loads(line) for line in out.splitlines()]


def test_a_first_sync_makes_the_directory_that_is_called_like_the_repository(nbpull, course):
    done = nbpull("sync", github.ADDRESS)
    assert done.status == 0, done.err
    assert Path("course/intro.md").read_text() == "# Intro\n"
    assert done.out.splitlines()[0].startswith("Cloned course to ")
    assert course.git("rev-parse", "HEAD")[:10] in done.out


def test_a_second_sync_brings_the_update_and_a_third_says_that_there_is_none(nbpull, course):
    nbpull("sync", github.ADDRESS, "here")
    course.publish({"week2/notes.md": "three\n"})
    done = nbpull("sync", github.ADDRESS, "here")
    assert done.status == 0, done.err
    assert done.out.startswith("Updated here to ")
    assert "added       week2/notes.md" in done.out
    assert Path("here/week2/notes.md").read_text() == "three\n"
    done = nbpull("sync", github.ADDRESS, "here")
    assert done.out.startswith("here has the newest content, ")


def test_json_is_one_event_a_line_and_the_report_last(nbpull, course):
    done = nbpull("sync", github.ADDRESS, "--json")
    report = events(done.out)[-1]
    assert {event["type"] for event in events(done.out)} <= {"progress", "log", "report"}
    assert report["type"] == "report"
    assert report["status"] == "cloned"
    assert report["upstream"] == course.git("rev-parse", "HEAD")
    assert [event["type"] for event in events(done.out)].count("report") == 1
    course.publish({"intro.md": "# Hello\n"})
    report = events(nbpull("sync", github.ADDRESS, "--json").out)[-1]
    assert (report["status"], report["files"]) == (
        "updated",
        [{"path": "intro.md", "outcome": "updated"}],
    )
    assert events(nbpull("sync", github.ADDRESS, "--json").out)[-1]["status"] == "unchanged"


@pytest.mark.parametrize("form", ["path", "relative", "file", "odd"])
def test_a_repository_of_this_machine_is_named_by_its_path_or_a_file_url(nbpull, course, form):
    source = course.directory
    if form == "odd":
        odd = source.parent / "100%41 déjà vu#1"
        source.rename(odd)
        source = odd
    address = {
        "path": str(source),
        "relative": os.path.relpath(source),
        "file": source.as_uri(),
        "odd": str(source),
    }[form]
    done = nbpull("sync", address, "there")
    assert done.status == 0, done.err
    assert Path("there/intro.md").exists()
    if form == "odd":
        source.rename(course.directory)


def test_a_path_without_a_directory_gets_the_name_at_its_end(nbpull, course, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    os.chdir(tmp_path / "elsewhere")
    assert nbpull("sync", course.directory).status == 0
    assert Path("course/intro.md").exists()


@pytest.mark.parametrize("form", ["name", "dots", "git", "file", "bare"])
def test_a_repository_is_never_made_a_workspace_of_itself(nbpull, course, form):
    source = course.directory
    os.chdir(source.parent)
    if form == "bare":
        subprocess.run(["git", "clone", "-q", "--bare", source, "bare.git"], check=True)
        source = source.parent / "bare.git"
    typed = {
        "name": [source.name],
        "dots": [f"{source}/../{source.name}/"],
        "git": [source / ".git", source],
        "file": [source.as_uri(), source],
        "bare": ["bare.git"],
    }[form]
    before = sorted(source.rglob("*"))
    done = nbpull("sync", *typed)
    assert (done.status, done.out) == (2, "")
    assert "is the repository itself" in done.err
    assert "Name another DIR" in done.err
    assert sorted(source.rglob("*")) == before


def test_a_path_of_dots_gets_the_name_of_what_it_leads_to(nbpull, course):
    (course.directory / "below").mkdir()
    os.chdir(course.directory / "below")
    assert nbpull("sync", "..").status == 0
    assert Path("course/intro.md").exists()


@pytest.mark.parametrize("typed", ["", "nothing", "./nothing", "no/thing", "/no/thing", "n" * 300])
def test_a_path_without_a_repository_is_refused_and_told_what_can_be_given(nbpull, typed):
    done = nbpull("sync", typed, "here")
    assert done.status == (1 if typed.startswith("/") else 2)
    assert "or the path of a repository." in done.err.splitlines()[-1]
    assert not Path("here").exists()


def test_a_branch_is_pulled_where_one_is_named_by_option_or_by_a_pasted_page(nbpull, course):
    course.publish({"main-only.md": "x\n"})
    nbpull("sync", github.ADDRESS, "one", "--branch", "spring")
    assert not Path("one/main-only.md").exists()
    done = nbpull("sync", f"{github.ADDRESS}/tree/spring", "two")
    assert done.status == 0, done.err
    assert not Path("two/main-only.md").exists()
    assert "[forge-page]" in done.err


def test_depth_is_the_history_that_comes(nbpull, course):
    course.publish({"a": "1"})
    course.publish({"a": "2"})
    for depth, commits in (("1", "1"), ("2", "2"), ("0", "3")):
        nbpull("sync", github.ADDRESS, f"d{depth}", "--depth", depth)
        count = subprocess.run(
            ["git", "-C", f"d{depth}", "rev-list", "--count", "HEAD"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert count.stdout.strip() == commits


def test_a_dry_run_says_what_would_happen_and_writes_nothing(nbpull, course):
    nbpull("sync", github.ADDRESS)
    course.publish({"intro.md": "# Hello\n"})
    done = nbpull("sync", github.ADDRESS, "--dry-run")
    assert done.out.startswith("Would have updated course to ")
    assert "updated     intro.md" in done.out
    assert Path("course/intro.md").read_text() == "# Intro\n"


def test_work_of_the_learners_stays_and_the_summary_says_how_to_get_the_teachers(nbpull, course):
    nbpull("sync", github.ADDRESS)
    Path("course/week1/notes.md").write_text("mine\ntwo\n")
    course.publish({"week1/notes.md": "theirs\ntwo\n"})
    done = nbpull("sync", github.ADDRESS)
    assert done.status == 0
    assert Path("course/week1/notes.md").read_text() == "mine\ntwo\n"
    assert "kept-yours  week1/notes.md" in done.out
    assert "nbpull take PATH" in done.out


def test_a_merge_says_how_to_get_the_learners_own_version_back(nbpull, course):
    nbpull("sync", github.ADDRESS)
    Path("course/week1/notes.md").write_text("one\ntwo\nmine\n")
    course.publish({"week1/notes.md": "ONE\ntwo\n"})
    done = nbpull("sync", github.ADDRESS)
    assert Path("course/week1/notes.md").read_text() == "ONE\ntwo\nmine\n"
    assert "merged      week1/notes.md" in done.out
    assert "Your work as it was before: nbpull restore " in done.out


def test_with_conflict_upstream_the_teachers_version_takes_the_name(nbpull, course):
    nbpull("sync", github.ADDRESS)
    Path("course/week1/notes.md").write_text("mine\ntwo\n")
    course.publish({"week1/notes.md": "theirs\ntwo\n"})
    done = nbpull("sync", github.ADDRESS, "--conflict", "upstream")
    assert done.status == 0, done.err
    assert Path("course/week1/notes.md").read_text() == "theirs\ntwo\n"
    assert "yours is now week1/notes__" in done.out


@pytest.mark.usefixtures("course")
@pytest.mark.parametrize("as_json", [True, False])
def test_a_failure_is_one_line_on_stderr_and_with_json_the_last_on_stdout(nbpull, as_json):
    done = nbpull("sync", github.ADDRESS, "--branch", "nowhere", *["--json"] * as_json)
    assert done.status == 1
    assert done.err.splitlines()[-1].startswith("nbpull: ")
    assert "nowhere" in done.err.splitlines()[-1]
    assert "Traceback" not in done.err
    if as_json:
        error = events(done.out)[-1]
        assert set(error) == {"type", "code", "message", "hint", "who"}
        assert error["type"] == "error"
        assert error["message"] in done.err
    assert not Path("course").exists()


def test_another_repositorys_directory_is_refused_until_the_learner_says_that_it_moved(
    nbpull, course
):
    nbpull("sync", github.ADDRESS, "here")
    moved = course.directory.parent / "moved"
    course.directory.rename(moved)
    done = nbpull("sync", moved, "here")
    assert done.status == 1
    assert "--moved" in done.err
    assert nbpull("sync", moved, "here", "--moved").status == 0
    moved.rename(course.directory)


@pytest.mark.parametrize(
    ("argv", "status"),
    [
        (["not a repository"], 2),
        (["https://me:secret@github.com/org/course"], 2),
        (["-x"], 2),
        (["/no/such/repository", "x"], 1),
        ([github.ADDRESS, "x", "--depth", "-1"], 2),
        ([github.ADDRESS, "x", "--conflict", "mine"], 2),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(nbpull, argv, status):
    done = nbpull("sync", *argv)
    assert (done.status, done.out) == (status, "")
    assert done.err.splitlines()[-1].startswith("nbpull: ")
    assert "secret" not in done.err


class Silence:
    """A server that takes connections and says nothing, until it is closed."""

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.taken = threading.Event()
        self.held = []
        threading.Thread(target=self._take, daemon=True).start()
        return self

    def _take(self):
        try:
            while True:
                self.held.append(self.listener.accept())
                self.taken.set()
        except OSError:
            pass

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for connection, _ in self.held:
            connection.close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}/org/course"


@pytest.mark.usefixtures("no_leftovers")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_sync_in_order_and_leaves_nothing_half_done(tmp_path, number):
    with (
        Silence() as server,
        subprocess.Popen(
            [COMMAND, "sync", server.url, "--json"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        assert server.taken.wait(30)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert events(out)[-1]["code"] == "cancelled"
    assert err.startswith("nbpull: ")
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("course")
def test_a_reader_that_leaves_ends_the_sync_quietly(tmp_path):
    with subprocess.Popen(
        [COMMAND, "sync", github.ADDRESS, "--json"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        process.stdout.close()
        err = process.stderr.read()
    assert process.returncode == 1
    assert err == ""


@pytest.mark.usefixtures("course")
def test_a_person_at_a_terminal_sees_a_bar_and_then_the_summary(tmp_path):
    master, slave = pty.openpty()
    with subprocess.Popen(
        [COMMAND, "sync", github.ADDRESS],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=slave,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
        text=True,
    ) as process:
        os.close(slave)
        shown = b""
        try:
            while block := os.read(master, 4096):
                shown += block
        except OSError:  # so a terminal says that its last user has gone
            pass
        out = process.stdout.read()
    os.close(master)
    assert process.returncode == 0
    assert b"\x1b[2K" in shown
    assert out.startswith("Cloned course to ")
