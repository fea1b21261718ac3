"""One folder of a big repository: only it is written, and only its content travels."""

from __future__ import annotations

import random

import pytest

from nbpull_sync import SyncError, restore_points, status, take

TEXT = "".join(f"{number}\n" for number in range(1, 10))
THEIRS = TEXT.replace("2\n", "2 theirs\n")
OURS = TEXT.replace("8\n", "8 ours\n")
BOTH = THEIRS.replace("8\n", "8 ours\n")
FOLDER = {"lessons/week 1/f.txt": TEXT, "lessons/week 1/d/g.txt": "g\n"}


@pytest.fixture
def big(teacher):
    noise = random.Random(1)
    others = {f"data/{number}.bin": noise.randbytes(20_000) for number in range(100)}
    teacher.publish({**FOLDER, **others, "lessons/week 2/h.txt": "h\n", "README": "all\n"})
    return teacher


def size(directory):
    return sum(file.stat().st_size for file in directory.rglob("*") if file.is_file())


def test_only_the_folder_is_written_and_only_its_content_travels(big, learner):
    report = learner.sync(subdir="lessons/week 1/")
    assert report.status == "cloned"
    assert learner.files() == FOLDER
    assert size(learner / ".git/objects") < 40_000
    assert learner.git("status", "--porcelain") == ""
    assert learner.sync(subdir="lessons/week 1").status == "unchanged"
    learner.write({"lessons/week 1/f.txt": OURS, "lessons/week 1/d/g.txt": None})
    assert status(learner.directory).changed == ("lessons/week 1/f.txt",)
    noise = random.Random(2)
    change = {f"data/{number}.bin": noise.randbytes(20_000) for number in range(100)}
    big.publish({**change, "lessons/week 1/f.txt": THEIRS, "lessons/week 1/new.txt": "new\n"})
    report = learner.sync(subdir="lessons/week 1")
    assert learner.files() == {
        "lessons/week 1/d/g.txt": "g\n",
        "lessons/week 1/f.txt": BOTH,
        "lessons/week 1/new.txt": "new\n",
    }
    assert size(learner / ".git/objects") < 60_000
    assert learner.git("diff", "--name-only") == "lessons/week 1/f.txt"
    take(learner.directory, "lessons/week 1/f.txt")
    assert learner.files()["lessons/week 1/f.txt"] == THEIRS
    assert len(restore_points(learner.directory)) == 2
    assert learner.sync(subdir="lessons/week 1").status == "unchanged"


def test_the_learners_own_commits_keep_the_rest_of_the_repository(big, learner):
    learner.sync(subdir="lessons/week 1")
    learner.write({"lessons/week 1/f.txt": OURS})
    learner.git("commit", "-q", "-a", "-m", "mine")
    big.publish({"lessons/week 1/f.txt": THEIRS, "README": "more\n"})
    learner.sync(subdir="lessons/week 1")
    assert learner.files()["lessons/week 1/f.txt"] == BOTH
    assert learner.git("diff", "--name-only", "HEAD^2", "HEAD") == "lessons/week 1/f.txt"
    assert learner.git("status", "--porcelain") == ""


def test_the_folder_may_change_and_grow_to_all_of_it(big, learner):
    learner.sync(subdir="lessons/week 1")
    learner.sync(subdir="lessons")
    assert learner.files() == {**FOLDER, "lessons/week 2/h.txt": "h\n"}
    learner.sync()
    assert learner.files() == big.files()
    assert learner.git("status", "--porcelain") == ""
    assert learner.sync().status == "unchanged"


@pytest.mark.parametrize(
    ("subdir", "code"),
    [("nope", "no-such-folder"), ("README", "no-such-folder"), ("../x", "unsafe-subdir"),
     ("a/../../b", "unsafe-subdir"), ("a//b", "unsafe-subdir")],
)  # fmt: skip
def test_a_folder_that_cannot_be_is_an_error_of_the_author(big, learner, subdir, code):
    with pytest.raises(SyncError) as caught:
        learner.sync(subdir=subdir)
    assert (caught.value.code, caught.value.who) == (code, "author")
    assert not learner.directory.exists()
    assert big.files()
