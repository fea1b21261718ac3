"""Rare states and kinds: a sync ends well in them, or says who can mend what."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from classroom import Learner
from course_repo import CourseRepo
from faulty import Faults, FaultyServer
from nbpull_sync import (
    Cancel,
    Log,
    Phase,
    Progress,
    SyncError,
    mend,
    remote,
    restore_points,
    sync,
)
from nbpull_sync.plan import aside_name

TEXT = "".join(f"{number}\n" for number in range(1, 10))
THEIRS = TEXT.replace("2\n", "2 theirs\n")
OURS = TEXT.replace("8\n", "8 ours\n")
BOTH = THEIRS.replace("8\n", "8 ours\n")


@contextmanager
def rights_count(directory):
    """Be somebody for whom the rights of files count, which they do not for root."""
    if os.getuid() != 0:
        yield
        return
    for folder, folders, names in os.walk(directory):
        for name in [".", *folders, *names]:
            os.chown(Path(folder, name), 65534, 65534, follow_symlinks=False)
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.mark.parametrize(
    "theirs",
    [{"mine.txt": THEIRS}, {"f.txt": THEIRS}, {"f.txt": None, "g.txt": THEIRS}],
    ids=["changed-upstream", "changed-by-the-learner", "moved"],
)
def test_a_file_that_may_not_be_read_is_named_and_nothing_is_changed(
    teacher, learner, tmp_path, theirs
):
    teacher.publish({"f.txt": TEXT, "mine.txt": TEXT + "mine\n"})
    learner.sync()
    learner.write({"f.txt": OURS, "mine.txt": OURS})
    before = learner.files()
    (learner / "mine.txt").chmod(0)
    teacher.publish(theirs)
    for above in tmp_path.parents[:3]:
        above.chmod(above.stat().st_mode | 0o055)
    with rights_count(tmp_path), pytest.raises(SyncError) as caught:
        learner.sync()
    assert (caught.value.code, caught.value.who) == ("unreadable-file", "you")
    assert "mine.txt" in caught.value.message
    (learner / "mine.txt").chmod(0o644)
    assert learner.files() == before


def gitlink(teacher, path):
    """Have upstream publish a submodule at a path, and nothing else."""
    oid = teacher.git("rev-parse", "HEAD")
    teacher.git("rm", "-q", "-r", "--cached", "--ignore-unmatch", path)
    teacher.git("update-index", "--add", "--cacheinfo", f"160000,{oid},{path}")
    teacher.git("commit", "-q", "-m", "a submodule")


@pytest.mark.parametrize("committed", [False, True], ids=["edits", "commits"])
@pytest.mark.parametrize(
    ("base", "ours", "there"),
    [
        ({}, {}, {}),
        ({}, {"m": "mine\n"}, {"m__*": "mine\n"}),
        ({}, {"m/x": "mine\n"}, {"m/x": "mine\n"}),
        ({"m": TEXT}, {}, {}),
        ({"m": TEXT}, {"m": OURS}, {"m__*": OURS}),
    ],
    ids=["new", "on-a-file", "in-a-folder", "for-a-file", "for-an-edited-file"],
)
def test_a_submodule_that_is_not_pulled_takes_its_name_and_no_more(
    teacher, learner, base, ours, there, *, committed
):
    teacher.publish({"f.txt": TEXT, **base})
    learner.sync()
    learner.write({"f.txt": OURS, **ours})
    if committed:
        learner.commit("mine")
    gitlink(teacher, "m")
    learner.sync()
    files = {re.sub(r"__\d{14}", "__*", name): it for name, it in learner.files().items()}
    assert files == {"f.txt": OURS, **there}
    assert (learner / "m").is_dir()
    assert learner.sync().status == "unchanged"
    teacher.git("rm", "-q", "--cached", "m")
    teacher.write({"m": TEXT})
    teacher.publish({"m": TEXT})
    learner.sync()
    assert learner.files()["m"] == TEXT
    assert learner.sync().status == "unchanged"


def test_a_submodule_that_upstream_takes_away_goes_where_nothing_of_the_learners_is_in_it(
    teacher, learner
):
    teacher.publish({"f.txt": TEXT})
    gitlink(teacher, "empty")
    gitlink(teacher, "full")
    learner.sync()
    learner.write({"full/mine.txt": "mine\n"})
    teacher.git("rm", "-q", "--cached", "empty", "full")
    teacher.git("commit", "-q", "-m", "none")
    learner.sync()
    assert learner.files() == {"f.txt": TEXT, "full/mine.txt": "mine\n"}
    assert not (learner / "empty").exists()
    assert learner.sync().status == "unchanged"


def locking(learner):
    """Start a process that holds a lock of git's until its input ends."""
    lock = str(learner / ".git/index.lock")
    hold = f"import sys; it = open({lock!r}, 'w'); print(flush=True); sys.stdin.read()"
    process = subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    process.stdout.readline()
    return process


def test_a_git_that_is_at_work_is_waited_for(teacher, learner):
    teacher.publish({"f.txt": TEXT})
    learner.sync()
    teacher.publish({"f.txt": THEIRS})
    seen = []
    with locking(learner) as process:
        for event in sync(learner.request()):
            seen.append(event)
            if isinstance(event, Progress) and event.phase is Phase.WAITING:
                process.communicate()
    assert any(isinstance(it, Progress) and it.phase is Phase.WAITING for it in seen)
    assert learner.files() == {"f.txt": THEIRS}


def test_a_git_that_does_not_end_is_named_and_its_lock_is_left_to_it(teacher, learner, monkeypatch):
    monkeypatch.setattr(mend, "_PATIENCE", 0.2)
    teacher.publish({"f.txt": TEXT})
    learner.sync()
    teacher.publish({"f.txt": THEIRS})
    with locking(learner) as process:
        with pytest.raises(SyncError) as caught:
            learner.sync()
        assert (learner / ".git/index.lock").exists()
        process.communicate()
    assert (caught.value.code, caught.value.who) == ("git-is-busy", "you")
    learner.sync()
    assert learner.files() == {"f.txt": THEIRS}


@pytest.mark.parametrize("synced", [False, True])
def test_a_machine_without_git_is_told_as_that(teacher, learner, tmp_path, monkeypatch, synced):
    teacher.publish({"f.txt": TEXT})
    if synced:
        learner.sync()
    with monkeypatch.context() as patched:
        patched.setenv("PATH", str(tmp_path))
        with pytest.raises(SyncError) as caught:
            learner.sync()
    assert (caught.value.code, caught.value.who) == ("git-missing", "admin")
    learner.sync()
    assert learner.files() == {"f.txt": TEXT}


def test_a_repository_that_keeps_its_refs_in_tables_is_asked_by_git(teacher, learner):
    teacher.publish({"f.txt": TEXT})
    learner.sync()
    (learner / ".git/reftable").mkdir()  # this git may know no tables: its answers are the same
    learner.write({"f.txt": OURS})
    theirs = teacher.publish({"f.txt": THEIRS})
    learner.sync()
    assert learner.files() == {"f.txt": BOTH}
    assert learner.git("rev-parse", "HEAD", "refs/nbpull/base").split() == [theirs, theirs]
    assert learner.sync().status == "unchanged"


def test_of_a_long_history_that_was_rewritten_only_the_end_comes(learner, tmp_path):
    course = CourseRepo(tmp_path / "long.git", {"f.txt": TEXT})
    learner.teacher = course
    learner.sync()
    learner.write({"f.txt": OURS})
    words = b"committer A <a@b> 0 +0000\ndata 1\nx\n"
    commits = b"".join(
        b"commit refs/heads/main\nmark :%d\n%s%s" % (number, words, b"from :%d\n" % (number - 1))
        for number in range(2, 1500)
    )
    first = b"reset refs/heads/main\n\ncommit refs/heads/main\nmark :1\n" + words
    course.git("fast-import", "--quiet", "--force", stdin=first + commits)
    head = course.git("rev-parse", "main").decode().strip()
    course.publish({"f.txt": THEIRS}, parents=[head])
    learner.sync()
    assert learner.files() == {"f.txt": BOTH}
    assert int(learner.git("rev-list", "--count", "HEAD")) < 10
    assert learner.sync().status == "unchanged"


def test_a_name_that_is_taken_counts_the_seconds_up():
    moment = dt.datetime(2026, 1, 1, 23, 59, 59)  # noqa: DTZ001 - a learner's clock
    taken = {"d/f__20260101235959.txt", "d/f__20260102000000.txt"}
    assert aside_name("d/f.txt", moment, taken.__contains__) == "d/f__20260102000001.txt"


def test_a_restore_point_of_another_name_is_listed_and_pruned_as_the_oldest(teacher, learner):
    teacher.publish({"f.txt": TEXT})
    learner.sync()
    learner.git("update-ref", "refs/nbpull/restore/by-hand", "HEAD")
    assert [it.id for it in restore_points(learner.directory)] == ["by-hand"]
    learner.write({"f.txt": OURS})
    teacher.publish({"f.txt": THEIRS})
    report = learner.sync(keep_restore_points=1)
    assert [it.id for it in restore_points(learner.directory)] == [report.restore_point]


def test_commits_whose_merge_leaves_nothing_of_a_file_are_merged(teacher, learner):
    teacher.publish({"f.txt": TEXT, "g.txt": "g\n"})
    learner.sync()
    learner.write({"f.txt": "1\n2\n3\n4\n"})
    learner.commit("mine")
    teacher.publish({"f.txt": "5\n6\n7\n8\n9\n"})
    learner.sync()
    assert learner.files() == {"f.txt": "", "g.txt": "g\n"}
    assert learner.git("status", "--porcelain") == ""
    assert learner.sync().status == "unchanged"


def test_a_linked_worktree_is_rehearsed_as_it_is(teacher, learner, tmp_path):
    teacher.publish({"f.txt": TEXT})
    home = Learner(tmp_path / "main-worktree", teacher)
    home.sync()
    home.git("worktree", "add", "-q", "--detach", str(learner.directory))
    learner.write({"f.txt": OURS})
    teacher.publish({"f.txt": THEIRS})
    report = learner.sync(dry_run=True)
    assert [(it.path, it.outcome.value) for it in report.files] == [("f.txt", "merged")]
    assert learner.files() == {"f.txt": OURS}
    assert learner.outcomes() == {"f.txt": "merged"}


def test_a_place_under_a_file_is_told_in_words(teacher, learner):
    teacher.publish({"f.txt": TEXT})
    learner.directory.parent.write_text("a file\n")
    with pytest.raises(SyncError) as caught:
        learner.sync()
    assert caught.value.hint
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("content", ["garbage\n", "gitdir: /nowhere/at/all\n", "\udcff\n"])
def test_a_file_that_names_no_repository_is_an_error_with_a_remedy_or_makes_way(
    teacher, learner, content
):
    teacher.publish({"f.txt": TEXT})
    learner.write({"f.txt": TEXT, "mine.txt": "mine\n"})
    (learner / ".git").write_bytes(content.encode(errors="surrogateescape"))
    learner.sync()
    files = {it: found for it, found in learner.files().items() if not it.startswith(".git")}
    assert files == {"f.txt": TEXT, "mine.txt": "mine\n"}
    assert learner.sync().status == "unchanged"


def test_between_two_tries_a_sync_can_be_ended(learner, monkeypatch):
    monkeypatch.setattr(remote, "retry_delay", lambda *_: 600.0)
    cancel, told = Cancel(), []

    def listen():
        for event in sync(learner.request(repo="http://127.0.0.1:1/x"), cancel=cancel):
            if isinstance(event, Log) and "Trying again in 600 s." in event.message:
                told.append(event)
                threading.Timer(0.05, cancel.cancel).start()  # while the sync waits

    with pytest.raises(SyncError) as caught:
        listen()
    assert caught.value.code == "cancelled"
    assert len(told) == 1


def test_settings_of_the_learners_that_cannot_be_read_are_named_and_left_alone(
    teacher, learner, tmp_path, monkeypatch
):
    teacher.publish({"f.txt": TEXT})
    learner.sync()
    learner.write({"f.txt": OURS})
    teacher.publish({"f.txt": THEIRS})
    home = tmp_path / "settings"
    home.mkdir()
    (home / ".gitconfig").write_text("[broken\n")
    with monkeypatch.context() as patched:
        patched.setenv("HOME", str(home))
        with pytest.raises(SyncError) as caught:
            learner.sync()
    assert (caught.value.code, caught.value.who) == ("config-broken", "you")
    assert str(home / ".gitconfig") in caught.value.hint
    assert (home / ".gitconfig").read_text() == "[broken\n"
    assert learner.files() == {"f.txt": OURS}
    learner.sync()
    assert learner.files() == {"f.txt": BOTH}


def test_a_branch_that_names_itself_is_one_that_holds_nothing(teacher, learner):
    teacher.publish({"f.txt": TEXT})
    learner.sync()
    learner.write({"f.txt": OURS})
    (learner / ".git/refs/heads/main").write_text("ref: refs/heads/main\n")
    teacher.publish({"f.txt": THEIRS})
    learner.sync()
    assert learner.files() == {"f.txt": BOTH}
    assert learner.sync().status == "unchanged"


@pytest.mark.parametrize("ref", ["nope", None])
def test_a_server_that_stalls_when_it_is_asked_what_it_has_is_given_up(teacher, learner, ref):
    teacher.publish({"f.txt": TEXT})
    with FaultyServer(teacher.directory.parent) as server:
        url = server.url_of("upstream/.git")
        learner.sync(repo=url)
        if ref is None:
            teacher.git("branch", "-m", "main", "trunk")
        asked = []

        def stall_from_the_second_on(request):
            asked.append(request)
            if len(asked) == 2:
                server.faults = Faults(stall_after=0)

        with pytest.raises(SyncError) as caught:
            _watch(learner, url, ref, stall_from_the_second_on)
        assert caught.value.code == "stalled"
        server.faults = Faults()
        learner.sync(repo=url)
    assert learner.files() == {"f.txt": TEXT}


def _watch(learner, url, ref, see):
    """Sync, showing each conversation as it begins."""
    for event in sync(learner.request(repo=url, ref=ref, stall_timeout=1)):
        if isinstance(event, Progress) and event.phase is Phase.CONNECTING:
            see(event)
