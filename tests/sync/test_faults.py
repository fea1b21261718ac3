"""Kill -9 at every write and every git call: nothing is lost, and the next sync completes it."""

from __future__ import annotations

import json
import random
import shutil

import pytest

import faults
from classroom import Learner, Link, Runs, Teacher
from histories import blob, kept_blobs, masked

TEXT = "".join(f"{number}\n" for number in range(1, 30))
BOOK = {
    "cells": [
        {"cell_type": "markdown", "id": name, "metadata": {}, "source": name} for name in "abc"
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}
NOTEBOOK = json.dumps(BOOK, indent=1)
BASE = {
    "a/edit.txt": TEXT,
    "a/moved.txt": "moved " + TEXT,
    "a/removed.txt": "removed\n",
    "deleted.txt": "deleted\n",
    "plain.txt": "plain\n",
    "place": "a file\n",
    "link": Link("plain.txt"),
    "binary": b"\0 base",
    "n.ipynb": NOTEBOOK,
}
OURS = {
    "a/edit.txt": TEXT.replace("20\n", "20 ours\n"),
    "a/moved.txt": "moved " + TEXT.replace("20\n", "20 ours\n"),
    "deleted.txt": None,
    "added.txt": "ours\n",
    "folder/x": "ours in the way\n",
    "binary": b"\0 ours",
    "mine.txt": "mine\n",
    "n.ipynb": NOTEBOOK.replace('"source": "a"', '"source": "a ours"'),
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
    "n.ipynb": NOTEBOOK.replace('"source": "c"', '"source": "c theirs"'),
}
FEW = {"edit.txt": TEXT, "old.txt": "old\n"}
FEW_OURS = {"edit.txt": OURS["a/edit.txt"], "new.txt": "ours\n"}
FEW_THEIRS = {"edit.txt": THEIRS["a/edit.txt"], "old.txt": None, "new.txt": "theirs\n"}
SEED = random.Random(20260101)


class Shape:
    """A workspace before an update, to be played again and again.

    Attributes:
        options: How it is synced.
        mine: The contents that are the learner's, and must be somewhere at any instant.
    """

    def __init__(self, root):
        self.root, self.number, self.options = root, 0, {}
        self.teacher = Teacher(root / "upstream")
        self.first = Learner(root / "first" / "course", self.teacher)
        self.mine = set()

    def begin(self, base, ours):
        """Have upstream publish, the learner sync and then write."""
        self.teacher.publish(base)
        self.first.sync(**self.options)
        self.write(ours)

    def write(self, ours):
        """Have the learner write what must never be lost."""
        self.first.write(ours)
        self.mine |= {blob(it) for it in ours.values() if it is not None}

    def again(self):
        """Give a copy of the workspace as it was."""
        self.number += 1
        home = self.root / f"copy-{self.number}"
        shutil.copytree(self.first.directory.parent, home, symlinks=True)
        return Learner(home / "course", self.teacher)

    def sync(self, learner):
        return learner.sync(**self.options)

    def state(self, learner):
        """Give all that must be the same in the end, however it came about."""
        return (
            {masked(name): content for name, content in learner.files().items()},
            learner.git("rev-parse", "HEAD^{tree}", "refs/nbpull/base").split(),
            sorted(map(masked, learner.git("status", "-s", "-b").splitlines())),
            sorted(it.name for it in learner.directory.parent.iterdir()),
            (learner / ".git/nbpull/pending.json").exists(),
        )

    def lost(self, learner):
        """Give what of the learner's is in no file and in no restore point."""
        left = self.mine - {blob(_content(it)) for it in learner.files().values()}
        return left - kept_blobs(learner) if left else left


def _content(found):
    return getattr(found, "text", getattr(found, "target", found))


def edits(shape):
    shape.begin(BASE, OURS)
    shape.write({"deleted.txt": "only staged\n"})
    shape.first.git("add", "deleted.txt")
    shape.first.write({"deleted.txt": None})
    shape.mine.remove(blob("only staged\n"))  # in no file: kept from the restore point on
    shape.staged = {blob("only staged\n")}
    shape.teacher.publish(THEIRS)


def own_commits(shape):
    shape.begin(FEW, FEW_OURS)
    shape.first.git("commit", "-q", "-m", "mine", "--", "edit.txt")
    shape.write({"mine.txt": "mine\n"})
    shape.teacher.publish(FEW_THEIRS)


def another_branch_with_a_submodule(shape):
    shape.begin(FEW, FEW_OURS)
    oid = shape.teacher.git("rev-parse", "HEAD")
    shape.teacher.git("checkout", "-q", "--orphan", "week2")
    shape.teacher.write(FEW_THEIRS)
    shape.teacher.git("add", "--all")
    shape.teacher.git("update-index", "--add", "--cacheinfo", f"160000,{oid},module")
    shape.teacher.git("commit", "-q", "-m", "a submodule, which is off")
    shape.options = {"ref": "week2"}


def an_adopted_directory(shape):
    shape.begin(FEW, FEW_OURS)
    shutil.rmtree(shape.first / ".git")
    shape.teacher.publish({"new.txt": "theirs\n"})


def one_folder(shape):
    shape.options = {"subdir": "d"}
    inside = [{f"d/{name}": it for name, it in files.items()} for files in (FEW, FEW_OURS)]
    shape.begin({**inside[0], "other/x.txt": "x\n"}, inside[1])
    shape.teacher.publish({f"d/{name}": it for name, it in FEW_THEIRS.items()})


def completing_what_was_killed(shape):
    shape.begin(FEW, FEW_OURS)
    shape.teacher.publish(FEW_THEIRS)
    home = shape.first.directory.parent
    twin = shape.again()
    points = faults.points(twin.sync, twin.directory.parent)
    shutil.rmtree(twin.directory.parent)
    writes = [it for it in points if it.label.startswith("os.rename") and "stage" in it.label]
    faults.kill_at(shape.first.sync, home, writes[-1])
    assert (shape.first / ".git/nbpull/pending.json").exists()


SHAPES = [
    edits,
    own_commits,
    another_branch_with_a_submodule,
    an_adopted_directory,
    one_folder,
    completing_what_was_killed,
]


@pytest.fixture
def shape(request, tmp_path):
    made = Shape(tmp_path)
    made.staged = set()
    request.param(made)
    return made


def each(shapes):
    return pytest.mark.parametrize("shape", shapes, indirect=True, ids=lambda it: it.__name__)


def whole(shape):
    """Give the points of an update that nothing disturbs, and the state that it ends in."""
    learner = shape.again()
    points = faults.points(lambda: shape.sync(learner), learner.directory.parent)
    wanted = shape.state(learner)
    shutil.rmtree(learner.directory.parent)
    return points, wanted


def completed(shape, learner, wanted, when):
    """See that nothing is lost now, and that the next sync ends where it would have ended."""
    lost = shape.lost(learner)
    assert not lost, f"{when}: lost {lost}"
    shape.sync(learner)
    assert shape.state(learner) == wanted, when
    assert not shape.lost(learner), when
    if shape.staged:
        assert shape.staged <= kept_blobs(learner), when
    if shape.number % 4 == 0:
        assert shape.sync(learner).status == "unchanged", when
    shutil.rmtree(learner.directory.parent)


@pytest.mark.timeout(600)  # some hundred syncs, on a machine that may be busy
@each(SHAPES)
def test_an_update_that_is_killed_is_completed_by_the_next(shape):
    points, wanted = whole(shape)
    played = faults.distinct(points)
    assert len(points) > 40, "the points are not found"
    assert sum(point.starts_git for point in points) > 5
    for point in played:
        learner = shape.again()
        faults.kill_at(lambda it=learner: shape.sync(it), learner.directory.parent, point)
        completed(shape, learner, wanted, f"killed at {point}")


@pytest.mark.timeout(600)
@each([edits])
def test_an_update_that_goes_down_with_its_git_is_completed_by_the_next(shape):
    points, wanted = whole(shape)
    for point in points:
        if point.starts_git:
            learner = shape.again()
            home, wait = learner.directory.parent, SEED.expovariate(200)
            faults.cut_down(lambda it=learner: shape.sync(it), home, point, wait)
            completed(shape, learner, wanted, f"cut down {wait} s after {point}")


def a_first_clone(shape):
    shape.teacher.publish(BASE)
    shape.first.directory.parent.mkdir()


def a_first_clone_of_one_folder(shape):
    shape.teacher.publish(BASE)
    shape.first.directory.parent.mkdir()
    shape.options = {"subdir": "a"}


def a_first_clone_of_a_commit(shape):
    shape.options = {"ref": shape.teacher.publish(FEW)}
    shape.first.directory.mkdir(parents=True)


CLONES = [a_first_clone, a_first_clone_of_one_folder, a_first_clone_of_a_commit]


@pytest.mark.timeout(600)
@each(CLONES)
def test_a_clone_that_is_killed_leaves_nothing_or_all_of_it(shape):
    points, wanted = whole(shape)
    for point in faults.distinct(points):
        learner = shape.again()
        faults.kill_at(lambda it=learner: shape.sync(it), learner.directory.parent, point)
        left_whole_or_not_at_all(shape, learner, wanted, f"killed at {point}")


@each(CLONES[:1])
def test_a_clone_that_goes_down_at_any_instant_leaves_nothing_or_all_of_it(shape):
    points, wanted = whole(shape)
    for _ in range(12):
        learner = shape.again()
        wait = SEED.uniform(0, 0.1)
        faults.cut_down(
            lambda it=learner: shape.sync(it), learner.directory.parent, points[0], wait
        )
        left_whole_or_not_at_all(shape, learner, wanted, f"cut down after {wait} s")


def left_whole_or_not_at_all(shape, learner, wanted, when):
    if learner.directory.exists() and any(learner.directory.iterdir()):
        assert (learner / ".git/refs/nbpull/base").exists(), when
        assert shape.state(learner)[0] == wanted[0], when
    completed(shape, learner, wanted, when)


@pytest.mark.timeout(600)
@each([edits, a_first_clone])
def test_a_disk_that_is_full_is_told_and_the_next_sync_completes(shape):
    points, wanted = whole(shape)
    told = []
    for point in faults.distinct(points)[::5]:
        learner, room = shape.again(), SEED.randrange(300)
        home = learner.directory.parent
        code = faults.fill_disk_at(lambda it=learner: shape.sync(it), home, point, room)
        told.append(code)
        completed(shape, learner, wanted, f"no room at {point}")
    assert set(told) <= {"disk-full", "git-failed", None}, told
    assert told.count("disk-full") > len(told) / 2
