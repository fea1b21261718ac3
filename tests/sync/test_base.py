"""The commit that the files come from is found, whatever the learner did with git."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("depth", [0, 1])
def test_a_learner_who_pulled_by_hand_and_went_on_is_understood(teacher, learner, depth):
    teacher.publish({"a.txt": "1\n2\n3\n", "b.txt": "b\n"})
    learner.sync(depth=depth)
    teacher.publish({"a.txt": "1 new\n2\n3\n", "c.txt": "c\n"})
    learner.git("pull", "-q", "--ff-only", "origin", "main")
    learner.write({"a.txt": "1 new\n2\n3 mine\n"})
    learner.commit()
    teacher.publish({"a.txt": "1 newer\n2\n3\n"})
    learner.sync()
    assert learner.files() == {"a.txt": "1 newer\n2\n3 mine\n", "b.txt": "b\n", "c.txt": "c\n"}
    assert learner.sync().status == "unchanged"


def test_a_shallow_clone_with_commits_and_a_rewritten_upstream_has_its_end_for_base(
    teacher, learner
):
    teacher.publish({"a.txt": "1\n2\n3\n", "b.txt": "b\n"})
    learner.directory.parent.mkdir()
    teacher.git("clone", "-q", "--depth=1", teacher.url, str(learner.directory))
    learner.write({"a.txt": "1\n2\n3 mine\n"})
    learner.commit()
    learner.git("update-ref", "-d", "refs/remotes/origin/main")
    teacher.rewrite({"a.txt": "1 new\n2\n3\n"})
    learner.sync()
    assert learner.files() == {"a.txt": "1 new\n2\n3 mine\n", "b.txt": "b\n"}
    assert learner.sync().status == "unchanged"


@pytest.mark.parametrize("depth", [(), ("--depth=1",)], ids=["full", "shallow"])
def test_a_learner_locked_out_by_a_force_push_that_was_fetched_goes_on_from_what_they_merged(
    teacher, learner, depth
):
    teacher.publish({"a.txt": "1\n2\n3\n", "old.txt": "old\n"})
    learner.directory.parent.mkdir()
    teacher.git("clone", "-q", *depth, teacher.url, str(learner.directory))
    learner.write({"a.txt": "1\n2\n3 mine\n"})
    learner.commit()
    teacher.publish({"b.txt": "b\n"})
    learner.git("pull", "-q", "--no-rebase", "--no-edit")
    teacher.rewrite({"a.txt": "1 new\n2\n3\n", "b.txt": "b new\n", "old.txt": None})
    learner.git("fetch", "-q")
    assert (
        learner.git("merge", "origin/main", check=False) == ""
    )  # histories with nothing in common
    learner.sync()
    assert learner.files() == {"a.txt": "1 new\n2\n3 mine\n", "b.txt": "b new\n"}
    assert learner.sync().status == "unchanged"
