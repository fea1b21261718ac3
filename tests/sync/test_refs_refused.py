"""A ref that cannot be one is refused before anything is touched, by the engine itself."""

from __future__ import annotations

import pytest

from nbpull_sync import SyncError

NO_REFS = (
    "-x",
    "--upload-pack=touch ran",
    "a b",
    "a..b",
    "refs/..",
    "refs/heads/../../config",
    "refs/heads/-x",
    "heads/-x",
    "a@{1}",
    "@",
    "a\nb",
    "a\x7fb",
    "a:refs/heads/main",
    "^main",
    "ma*n",
    "[ab]",
    "a\\b",
    "/main",
    "main/",
    "a//b",
    "a/.b",
    "main.lock",
    "a.lock/b",
    "main.",
    "refs/heads/",
    "refs/",
    " ",
    "\udcff",
)


def refused(learner, ref, **options):
    with pytest.raises(SyncError) as caught:
        learner.sync(ref=ref, repo="http://127.0.0.1:9/never-asked", **options)
    assert (caught.value.code, caught.value.who) == ("branch-invalid", "author")
    assert caught.value.hint
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("ref", NO_REFS)
def test_what_cannot_be_a_ref_is_refused_before_anything_is_made(learner, ref):
    refused(learner, ref)
    refused(learner, ref, dry_run=True)
    assert not learner.directory.parent.exists()


def test_what_cannot_be_a_ref_changes_no_workspace(teacher, learner):
    teacher.publish({"f.txt": "1\n"})
    learner.sync()
    learner.write({"f.txt": "mine\n"})
    before = learner.files(), learner.git("for-each-ref"), learner.git("config", "--list")
    for ref in NO_REFS:
        refused(learner, ref)
    assert (learner.files(), learner.git("for-each-ref"), learner.git("config", "--list")) == before


@pytest.mark.parametrize(
    "ref", ["HEAD", "", "main", "refs/heads/main", "heads/main", "v+1", "refs/tags/v+1", "tags/v+1"]
)
def test_every_way_to_name_what_is_there_is_taken(teacher, learner, ref):
    commit = teacher.publish({"f.txt": "1\n"})
    teacher.git("tag", "v+1")
    for _ in ("clone", "update"):
        assert learner.sync(ref=ref).upstream == commit


def test_a_commit_may_be_written_in_capitals(teacher, learner):
    commit = teacher.publish({"f.txt": "1\n"})
    assert learner.sync(ref=commit.upper()).upstream == commit
