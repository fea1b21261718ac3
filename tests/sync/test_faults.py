"""Kill -9 at every write and every git call: nothing is lost, and the next sync completes it."""

from __future__ import annotations

import re
import shutil

import pytest

import faults
from classroom import Learner, Link, Runs, Teacher

TEXT = "".join(f"{number}\n" for number in range(1, 30))
BASE = {
    "a/edit.txt": TEXT,
    "a/moved.txt": "moved " + TEXT,
    "a/removed.txt": "removed\n",
    "deleted.txt": "deleted\n",
    "plain.txt": "plain\n",
    "place": "a file\n",
    "link": Link("plain.txt"),
    "binary": b"\0 base",
}
OURS = {
    "a/edit.txt": TEXT.replace("20\n", "20 ours\n"),
    "a/moved.txt": "moved " + TEXT.replace("20\n", "20 ours\n"),
    "deleted.txt": None,
    "added.txt": "ours\n",
    "folder/x": "ours in the way\n",
    "binary": b"\0 ours",
    "mine.txt": "mine\n",
}
THEIRS = {
    "a/edit.txt": TEXT.replace("2\n", "2 theirs\n", 1),
    "a/moved.txt": None,
    "b/moved.txt": "moved " + TEXT.replace("2\n", "2 theirs\n", 1),
    "a/removed.txt": None,
    "added.txt": "theirs\n",
    "plain.txt": "plain theirs\n",
    "place": None,
    "place/x": "a folder now\n",
    "folder": "a file now\n",
    "link": Link("added.txt"),
    "run.sh": Runs("echo\n"),
    "binary": b"\0 theirs",
}
CHUNKS = 6


def moments(files):
    return {re.sub(r"__\d{14}", "__*", name): content for name, content in files.items()}


def contents(files):
    return {
        it if isinstance(it, bytes) else (it.text if isinstance(it, Runs) else str(it)).encode()
        for it in files.values()
    }


class Scene:
    """A workspace before an update, to be played again and again."""

    def __init__(self, root):
        self.root = root
        self.teacher = Teacher(root / "upstream", BASE)
        self.first = Learner(root / "first", self.teacher)
        self.first.sync()
        self.first.write(OURS)
        self.first.write({"deleted.txt": "only staged\n"})
        self.first.git("add", "deleted.txt")
        self.first.write({"deleted.txt": None})
        self.first.git("commit", "-q", "-m", "mine", "--", "a/edit.txt")
        self.before = self.first.files()
        self.teacher.publish(THEIRS)
        self.number = 0

    def again(self):
        """Give a copy of the workspace as it was."""
        self.number += 1
        place = self.root / f"copy-{self.number}"
        shutil.copytree(self.first.directory, place, symlinks=True)
        return Learner(place, self.teacher)

    def state(self, learner):
        """Give all that must be the same in the end, however it came about."""
        return (
            moments(learner.files()),
            learner.git("rev-parse", "HEAD^{tree}", "refs/nbpull/base").split(),
            learner.git("symbolic-ref", "HEAD"),
            sorted(moments(dict.fromkeys(learner.git("status", "-s").splitlines()))),
            learner.git("for-each-ref", "refs/nbpull/pending"),
        )


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_an_update_that_is_killed_is_completed_by_the_next(tmp_path, chunk):
    scene = Scene(tmp_path)
    whole = scene.again()
    points = faults.points(whole.sync, whole.directory)
    wanted = scene.state(whole)
    assert len(points) > 60, "the points are not found"
    for point in points[chunk::CHUNKS]:
        learner = scene.again()
        faults.kill_at(learner.sync, point)
        saved = contents(learner.files()) | learner.kept()
        lost = contents(scene.before) - saved - contents(BASE)
        assert not lost, f"killed at {point}: lost {lost}"
        learner.sync()
        assert scene.state(learner) == wanted, f"killed at {point}"
        assert b"only staged\n" in staged(learner)
        assert learner.sync().status == "unchanged"
        shutil.rmtree(learner.directory)


def staged(learner):
    """Give the contents that the parents of restore points hold."""
    found = set()
    for ref in learner.git("for-each-ref", "--format=%(refname)", "refs/nbpull/restore").split():
        for parent in learner.git("rev-parse", f"{ref}^@").split():
            found.update(learner.tree(parent).values())
    return found


def test_a_clone_that_is_killed_leaves_nothing_or_all_of_it(tmp_path):
    teacher = Teacher(tmp_path / "upstream", BASE)
    whole = Learner(tmp_path / "whole" / "course", teacher)
    for point in faults.points(whole.sync, tmp_path / "whole"):
        home = tmp_path / f"home-{point}"
        learner = Learner(home / "course", teacher)
        faults.kill_at(learner.sync, point)
        assert not learner.directory.exists() or learner.git("status", "-s") == ""
        learner.sync()
        assert contents(learner.files()) == contents(BASE)
        assert [it.name for it in home.iterdir()] == ["course"]
        assert learner.sync().status == "unchanged"
