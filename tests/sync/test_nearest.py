"""Where the learner's own git moved the files, the nearest commit is what they come from."""

from __future__ import annotations

import pytest

ONE, TWO = "1\n2\n3\n4\n5\n", "1\n2 two\n3\n4\n5\n"
MINE = "1 mine\n2 two\n3\n4\n5\n"


@pytest.fixture
def pulled(teacher, learner):
    """Give a learner who synced, and then pulled by hand what changed only files they had."""
    teacher.publish({"a": ONE, "b": "b\n"})
    learner.sync(depth=0)
    teacher.publish({"a": TWO})
    learner.git("pull", "-q", "--ff-only")
    return learner


@pytest.mark.parametrize(
    ("ours", "theirs", "after"),
    [
        (TWO, TWO.replace("5", "5 new"), TWO.replace("5", "5 new")),
        (TWO, ONE, ONE),
        (TWO, None, None),
        (MINE, MINE.replace("1 mine", "1").replace("5", "5 new"), MINE.replace("5", "5 new")),
        (MINE, ONE.replace("5", "5 new"), "1 mine\n2\n3\n4\n5 new\n"),
        (MINE, None, MINE),
        (None, ONE, ONE),
    ],
    ids=[
        "more",
        "taken back",
        "deleted",
        "edited",
        "edited, taken back",
        "edited, deleted",
        "gone",
    ],
)
def test_what_was_pulled_by_hand_is_no_edit(pulled, ours, theirs, after):
    pulled.write({"a": ours})
    pulled.teacher.publish({"a": theirs})
    pulled.sync()
    assert pulled.files() == {"b": "b\n", **({"a": after} if after else {})}
    assert pulled.sync().status == "unchanged"


@pytest.mark.parametrize("how", ["--no-rebase", "--rebase"])
@pytest.mark.parametrize("depth", [0, 1])
def test_what_was_pulled_onto_own_commits_is_no_edit(teacher, learner, how, depth):
    teacher.publish({"a": ONE})
    learner.sync(depth=depth)
    learner.write({"a": ONE.replace("1", "1 mine")})
    learner.git("commit", "-qam", "own")
    teacher.publish({"a": ONE.replace("3", "3 three")})
    learner.git("pull", "-q", "--no-edit", how)
    assert learner.files() == {"a": "1 mine\n2\n3 three\n4\n5\n"}
    teacher.publish({"a": ONE.replace("5", "5 five")})
    report = learner.sync()
    assert learner.files() == {"a": "1 mine\n2\n3\n4\n5 five\n"}
    assert report.files[0].hunks == ()
    assert learner.sync().status == "unchanged"


@pytest.mark.parametrize("how", [["reset", "--hard", "HEAD~1"], ["checkout", "HEAD~1"]])
def test_files_of_an_older_commit_are_no_edit_and_the_newest_comes(teacher, learner, how):
    teacher.publish({"a": ONE, "b": "b\n"})
    teacher.publish({"a": TWO})
    learner.sync(depth=0)
    learner.git(*how, "-q")
    learner.write({"b": "b mine\n"})
    assert learner.files()["a"] == ONE
    learner.sync()
    assert learner.files() == {"a": TWO, "b": "b mine\n"}
    assert learner.sync().status == "unchanged"


def test_one_file_of_the_new_version_taken_by_hand_is_no_edit(teacher, learner):
    teacher.publish({"a": ONE, "b": ONE})
    learner.sync(depth=0)
    teacher.publish({"a": TWO, "b": TWO})
    learner.git("fetch", "-q")
    learner.git("checkout", "-q", "origin/main", "--", "a")
    teacher.publish({"a": TWO.replace("5", "5 new")})
    learner.sync()
    assert learner.files() == {"a": TWO.replace("5", "5 new"), "b": TWO}
