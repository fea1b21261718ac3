"""Directories that nbpull did not make, refs of every kind, and remotes that move."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from classroom import Learner, Teacher
from nbpull_sync import SyncError

TEXT = "".join(f"{number}\n" for number in range(1, 10))
THEIRS = TEXT.replace("2\n", "2 theirs\n")
OURS = TEXT.replace("8\n", "8 ours\n")
BOTH = THEIRS.replace("8\n", "8 ours\n")
BASE = {"f.txt": TEXT, "old.txt": "old\n"}


def clone(learner, *options):
    learner.directory.parent.mkdir(parents=True)
    subprocess.run(
        ["git", "clone", "-q", *options, learner.teacher.url, learner.directory], check=True
    )


@pytest.mark.parametrize("options", [(), ("--depth=1",)], ids=["full", "shallow"])
@pytest.mark.parametrize("how", ["ahead", "rewritten", "fetched", "pulled"])
def test_a_workspace_cloned_by_hand_is_taken_over(teacher, learner, options, how):
    teacher.publish(BASE)
    clone(learner, *options)
    learner.write({"f.txt": OURS, "mine.txt": "mine\n"})
    change = {"f.txt": THEIRS, "new.txt": "new\n", "old.txt": None}
    if how == "pulled":
        teacher.publish({"g.txt": "g\n"})
        learner.git("pull", "-q", "--ff-only")
    (teacher.rewrite if how == "rewritten" else teacher.publish)(change)
    if how == "fetched":
        learner.git("fetch", "-q")
    learner.sync()
    pulled = {"g.txt": "g\n"} if how == "pulled" else {}
    assert learner.files() == {"f.txt": BOTH, "mine.txt": "mine\n", "new.txt": "new\n", **pulled}
    assert learner.sync().status == "unchanged"


@pytest.mark.parametrize("again", ["before", "after"])
def test_a_workspace_of_nbgitpuller_is_taken_over(teacher, learner, again):
    teacher.publish(BASE)
    _nbgitpuller(learner)
    learner.write({"f.txt": OURS, "old.txt": None})
    if again == "after":
        teacher.publish({"g.txt": "g\n"})
        _nbgitpuller(learner)  # commits the learner's edits and merges
    teacher.publish({"f.txt": THEIRS, "new.txt": "new\n"})
    learner.sync()
    files = learner.files()
    assert (files["f.txt"], files["new.txt"], files["old.txt"]) == (BOTH, "new\n", "old\n")
    assert learner.sync().status == "unchanged"


def _nbgitpuller(learner):
    """Pull with the peer, in a process of its own: it leaves files open."""
    pull = "import sys; from nbgitpuller.pull import main; sys.exit(main())"
    command = [sys.executable, "-W", "ignore", "-c", pull]
    subprocess.run(
        [*command, learner.teacher.url, "main", learner.directory], check=True, capture_output=True
    )


@pytest.mark.parametrize("how", ["plain", "git-gone", "git-empty", "initialised", "unborn"])
def test_a_directory_that_is_no_workspace_is_adopted(teacher, learner, how):
    teacher.publish(BASE)
    if how != "plain":
        learner.sync()
        shutil.rmtree(learner / ".git")
    learner.write({"f.txt": OURS, "old.txt": "old\n", "mine.txt": "mine\n"})
    if how == "git-empty":
        (learner / ".git").mkdir()
    if how in {"initialised", "unborn"}:
        learner.git("init", "-q", "-b", "main")
    if how == "initialised":
        learner.commit("all of it")
    report = learner.sync()
    assert report.status == "cloned"
    files = learner.files()
    aside = next(name for name in files if name.startswith("f__"))
    assert files == {"f.txt": TEXT, aside: OURS, "old.txt": "old\n", "mine.txt": "mine\n"}
    assert learner.sync().status == "unchanged"


def test_a_directory_inside_another_repository_is_its_own(teacher, tmp_path):
    teacher.publish(BASE)
    outer = Teacher(tmp_path / "outer", {"outer.txt": "outer\n"})
    learner = Learner(outer / "course", teacher)
    learner.write({"mine.txt": "mine\n"})
    learner.sync()
    assert learner.files() == {**BASE, "mine.txt": "mine\n"}
    assert outer.git("rev-parse", "--verify", "-q", "refs/nbpull/base", check=False) == ""


def test_an_empty_directory_is_filled(teacher, learner):
    teacher.publish(BASE)
    learner.directory.mkdir(parents=True)
    assert learner.sync().status == "cloned"
    assert learner.files() == BASE


def test_a_file_in_its_place_is_an_error_with_a_remedy(teacher, learner):
    teacher.publish(BASE)
    learner.directory.parent.mkdir()
    learner.directory.write_text("a file\n")
    with pytest.raises(SyncError) as caught:
        learner.sync()
    assert (caught.value.code, caught.value.who) == ("not-a-directory", "you")


def test_a_repository_without_files_is_no_place_for_content(teacher, learner):
    teacher.publish(BASE)
    subprocess.run(["git", "init", "-q", "--bare", learner.directory], check=True)
    with pytest.raises(SyncError) as caught:
        learner.sync()
    assert (caught.value.code, caught.value.who) == ("bare-repository", "you")
    assert not (learner.directory / ".git").exists()


def test_a_first_sync_from_a_wrong_address_does_not_bind_the_directory_to_it(teacher, learner):
    teacher.publish(BASE)
    learner.write({"mine.txt": "mine\n"})
    wrong = Learner(learner.directory, Teacher(teacher.directory.with_name("empty")))
    with pytest.raises(SyncError, match="empty"):
        wrong.sync()
    learner.sync()
    assert learner.files() == {**BASE, "mine.txt": "mine\n"}
    assert learner.git("config", "remote.origin.url") == teacher.url


def test_another_repositorys_workspace_is_refused_until_told_that_the_course_moved(
    teacher, learner, tmp_path
):
    teacher.publish(BASE)
    learner.sync()
    learner.write({"f.txt": OURS})
    other = Teacher(tmp_path / "other", {"f.txt": THEIRS, "old.txt": "old\n"})
    with pytest.raises(SyncError) as caught:
        learner.sync(repo=other.url)
    assert caught.value.code == "other-remote"
    assert learner.files()["f.txt"] == OURS
    learner.sync(repo=other.url, moved=True)
    assert learner.files()["f.txt"] == BOTH
    assert learner.git("config", "remote.origin.url") == other.url
    assert learner.sync(repo=other.url).status == "unchanged"


@pytest.mark.parametrize("depth", [0, 1])
def test_a_workspace_goes_from_ref_to_ref_and_the_edits_go_with_it(teacher, learner, depth):
    first = teacher.publish({"f.txt": TEXT, "week": "1\n"})
    teacher.git("tag", "-a", "-m", "week 1", "v1")
    teacher.publish({"week": "2\n"})
    teacher.git("branch", "week/2")
    teacher.publish({"week": "3\n"})
    learner.sync(depth=depth)
    learner.write({"f.txt": OURS})
    for ref, week, branch in (
        ("v1", "1\n", ""),
        ("week/2", "2\n", "refs/heads/week/2"),
        (first, "1\n", ""),
        ("refs/heads/main", "3\n", "refs/heads/main"),
        ("tags/v1", "1\n", ""),
        (None, "3\n", "refs/heads/main"),
    ):
        learner.sync(ref=ref, depth=depth)
        assert learner.files() == {"f.txt": OURS, "week": week}
        assert learner.git("symbolic-ref", "-q", "HEAD", check=False) == branch
        assert learner.git("status", "--porcelain") == " M f.txt"
        assert learner.sync(ref=ref, depth=depth).status == "unchanged"


def test_a_branch_goes_before_a_tag_of_its_name(teacher, learner):
    teacher.publish({"f.txt": "tagged\n"})
    teacher.git("tag", "both")
    teacher.git("branch", "both")
    teacher.git("checkout", "-q", "both")
    teacher.publish({"f.txt": "branched\n"})
    learner.sync(ref="both")
    assert learner.files() == {"f.txt": "branched\n"}
    assert learner.sync(ref="both").status == "unchanged"


def test_the_default_branch_may_be_renamed_or_another_one(teacher, learner):
    teacher.publish(BASE)
    learner.sync()
    teacher.git("branch", "-m", "main", "trunk")
    teacher.publish({"f.txt": THEIRS})
    assert learner.sync().branch == "trunk"
    assert learner.files()["f.txt"] == THEIRS
    assert learner.git("symbolic-ref", "HEAD") == "refs/heads/trunk"
    teacher.git("checkout", "-q", "-b", "next")
    teacher.publish({"f.txt": TEXT})
    assert learner.sync().branch == "next"
    assert learner.files()["f.txt"] == TEXT
    assert learner.sync().status == "unchanged"


def test_a_branch_that_was_deleted_upstream_is_an_error_that_names_what_exists(teacher, learner):
    teacher.publish(BASE)
    teacher.git("branch", "week1")
    learner.sync(ref="week1")
    teacher.git("branch", "-D", "week1")
    with pytest.raises(SyncError, match="main") as caught:
        learner.sync(ref="week1")
    assert caught.value.code == "ref-not-found"
    assert learner.files() == BASE


def test_an_empty_repository_is_an_error_of_its_author(learner):
    with pytest.raises(SyncError) as caught:
        learner.sync()
    assert (caught.value.code, caught.value.who) == ("empty-repository", "author")
    assert not learner.directory.exists()


def test_a_killed_checkout_is_never_read_as_deletions(teacher, learner):
    teacher.publish({**BASE, **{f"many/{number}.txt": f"{number}\n" for number in range(50)}})
    wanted = teacher.files()
    learner.sync()
    shutil.rmtree(learner / "many")
    (learner / ".git/index").rename(learner / ".git/index.lock")
    learner.sync(restore_deleted=False)
    assert learner.files() == wanted
