"""The main job: clone, update, and a second time nothing."""

from __future__ import annotations

import pytest

from nbpull_sync import Log, Progress, Report, SyncError, SyncRequest, sync

BEFORE = {"a.txt": "1\n2\n3\n4\n5\n", "data/x.csv": "x\n", "old.txt": "old\n"}


def test_first_sync_brings_everything(teacher, learner):
    commit = teacher.publish(BEFORE)
    report = learner.sync()
    assert report == Report(status="cloned", base=None, upstream=commit, branch="main")
    assert learner.files() == BEFORE
    assert learner.git("status", "--porcelain") == ""
    assert learner.git("rev-parse", "HEAD", "refs/nbpull/base").split() == [commit, commit]
    assert learner.git("symbolic-ref", "HEAD") == "refs/heads/main"


def test_second_sync_finds_nothing_new(teacher, learner):
    commit = teacher.publish(BEFORE)
    learner.sync()
    assert learner.sync() == Report(status="unchanged", base=commit, upstream=commit, branch="main")


def test_update_brings_what_is_new_and_keeps_what_is_mine(teacher, learner):
    base = teacher.publish(BEFORE)
    learner.sync()
    learner.write({"a.txt": "1\n2 mine\n3\n4\n5\n", "mine.txt": "mine\n", "data/x.csv": None})
    commit = teacher.publish({"a.txt": "1\n2\n3\n4\n5 new\n", "new.txt": "new\n", "old.txt": None})
    report = learner.sync()
    assert (report.status, report.base, report.upstream) == ("updated", base, commit)
    assert {it.path: it.outcome.value for it in report.files} == {
        "a.txt": "merged",
        "data/x.csv": "restored",
        "new.txt": "added",
        "old.txt": "removed",
    }
    assert learner.files() == {
        "a.txt": "1\n2 mine\n3\n4\n5 new\n",
        "data/x.csv": "x\n",
        "mine.txt": "mine\n",
        "new.txt": "new\n",
    }
    assert learner.git("diff", "--name-only") == "a.txt"
    assert b"1\n2 mine\n3\n4\n5\n" in learner.kept()
    assert learner.sync().status == "unchanged"


def test_own_commits_are_joined_with_upstream_in_one_merge(teacher, learner):
    teacher.publish(BEFORE)
    learner.sync()
    learner.write({"a.txt": "1\n2 mine\n3\n4\n5\n"})
    mine = learner.commit("mine")
    learner.write({"mine.txt": "not committed\n"})
    theirs = teacher.publish({"a.txt": "1\n2\n3\n4\n5 new\n"})
    learner.sync()
    assert learner.git("rev-parse", "HEAD^1", "HEAD^2").split() == [mine, theirs]
    assert learner.git("show", "HEAD:a.txt") == "1\n2 mine\n3\n4\n5 new"
    assert learner.git("status", "--porcelain") == "?? mine.txt"
    assert learner.sync().status == "unchanged"


def test_events_are_progress_and_the_report_comes_last(teacher, learner):
    teacher.publish(BEFORE)
    learner.sync()
    assert {type(event) for event in learner.events[:-1]} <= {Progress, Log}


@pytest.mark.parametrize(
    ("repo", "code"),
    [
        ("", "unsafe-repo"),
        ("--upload-pack=touch x", "unsafe-repo"),
        ("ext::sh -c touch%20x", "unsafe-repo"),
        ("https://h/r\nx", "unsafe-repo"),
        ("file:///x", "protocol-not-allowed"),
        ("/x", "protocol-not-allowed"),
        ("foo://h/x", "protocol-not-allowed"),
    ],
)
def test_an_address_that_git_must_not_be_given_is_refused(tmp_path, repo, code):
    with pytest.raises(SyncError) as caught:
        list(sync(SyncRequest(repo=repo, directory=tmp_path / "w")))
    assert caught.value.code == code
    assert not (tmp_path / "w").exists()


def test_ref_that_does_not_exist_names_what_does(teacher, learner):
    teacher.publish(BEFORE)
    for options in ({}, {"ref": "main"}):
        learner.sync(**options)
        with pytest.raises(SyncError, match="main") as caught:
            learner.sync(ref="mian")
        assert caught.value.code == "ref-not-found"
