"""Restore points: what was the learner's can be had back, and the teacher's too."""

from __future__ import annotations

import pytest

from nbpull_sync import SyncError, restore, restore_points, status, take

BEFORE = {"a.txt": "1\n2\n3\n", "b.txt": "b\n", "d/c.txt": "c\n"}


@pytest.fixture
def synced(teacher, learner):
    """A workspace whose learner changed a line that the teacher then changed too."""
    teacher.publish(BEFORE)
    learner.sync()
    learner.write({"a.txt": "1\nmine\n3\n", "d/c.txt": "c mine\n"})
    teacher.publish({"a.txt": "0\n1\ntheirs\n3\n", "b.txt": "b new\n"})
    learner.sync()
    assert learner.files()["a.txt"] == "0\n1\nmine\n3\n"
    return learner


def test_a_sync_that_touches_nothing_of_the_learners_writes_no_restore_point(teacher, learner):
    teacher.publish(BEFORE)
    learner.sync()
    teacher.publish({"a.txt": "new\n"})
    assert learner.sync().restore_point is None
    assert restore_points(learner.directory) == ()


def test_restore_points_are_listed_with_the_newest_first(synced):
    first = restore_points(synced.directory)
    assert len(first) == 1
    take(synced.directory, "a.txt")
    points = restore_points(synced.directory)
    assert [points[1]] == list(first)
    assert [point.created for point in points] == sorted(
        (point.created for point in points), reverse=True
    )
    assert points[0].why == "Before taking a.txt"


def test_one_file_comes_back_as_it_was(synced):
    (point,) = restore_points(synced.directory)
    result = restore(synced.directory, point.id, ["a.txt"])
    assert result.paths == ("a.txt",)
    assert synced.files() == {"a.txt": "1\nmine\n3\n", "b.txt": "b new\n", "d/c.txt": "c mine\n"}
    assert b"0\n1\nmine\n3\n" in synced.kept()


def test_the_whole_workspace_comes_back_as_it_was_and_what_is_newer_stays(synced):
    (point,) = restore_points(synced.directory)
    synced.write({"later.txt": "later\n"})
    result = restore(synced.directory, point.id)
    assert sorted(result.paths) == ["a.txt", "b.txt"]
    assert synced.files() == {
        "a.txt": "1\nmine\n3\n",
        "b.txt": "b\n",
        "d/c.txt": "c mine\n",
        "later.txt": "later\n",
    }
    assert restore(synced.directory, point.id).paths == ()


def test_a_folder_can_be_restored_even_where_a_file_took_its_name(synced):
    (point,) = restore_points(synced.directory)
    synced.write({"d": None})
    synced.write({"d": "in the way\n"})
    result = restore(synced.directory, point.id, ["d/"])
    assert result.paths == ("d/c.txt",)
    assert synced.files()["d/c.txt"] == "c mine\n"
    assert synced.files()[result.set_aside["d"]] == "in the way\n"


def test_the_teachers_version_of_one_file_replaces_mine_and_mine_is_kept(synced):
    result = take(synced.directory, "a.txt")
    assert result.paths == ("a.txt",)
    assert synced.files()["a.txt"] == "0\n1\ntheirs\n3\n"
    assert b"0\n1\nmine\n3\n" in synced.kept()
    assert result.restore_point == restore_points(synced.directory)[0].id
    assert synced.git("status", "--porcelain") == " M d/c.txt"
    assert synced.sync().status == "unchanged"


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda it: restore(it.directory, "20200101T000000Z"), "no-such-restore-point"),
        (lambda it: restore(it.directory, "../../heads/main"), "no-such-restore-point"),
        (
            lambda it: restore(it.directory, restore_points(it.directory)[0].id, ["nope"]),
            "not-in-restore-point",
        ),
        (lambda it: take(it.directory, "nope"), "not-in-upstream"),
        (lambda it: take(it.directory / "d", "a.txt"), "not-a-workspace"),
        (lambda it: restore_points(it.directory / "missing"), "not-a-workspace"),
    ],
)
def test_what_is_not_there_cannot_be_brought_back(synced, act, code):
    with pytest.raises(SyncError) as caught:
        act(synced)
    assert caught.value.code == code
    assert caught.value.hint


def test_restore_points_beyond_the_number_kept_are_forgotten(teacher, learner):
    teacher.publish(BEFORE)
    learner.sync()
    ids = []
    for number in range(4):
        learner.write({"a.txt": learner.files()["a.txt"] + f"mine {number}\n"})
        teacher.publish({"a.txt": f"{number}\n1\n2\n3\n"})
        ids.append(learner.sync(keep_restore_points=2).restore_point)
    assert [point.id for point in restore_points(learner.directory)] == ids[:1:-1]


def test_restore_points_older_than_the_days_kept_are_forgotten(synced):
    point = restore_points(synced.directory)[0]
    synced.git("update-ref", "refs/nbpull/restore/20200101T000000Z", point.commit)
    synced.teacher.publish({"a.txt": "7\n0\n1\ntheirs\n3\n"})
    kept = synced.sync().restore_point
    assert [it.id for it in restore_points(synced.directory)] == [kept, point.id]


def test_status_tells_what_the_workspace_is(teacher, learner, tmp_path):
    assert status(learner.directory).state == "absent"
    commit = teacher.publish(BEFORE)
    learner.sync()
    learner.write({"a.txt": "mine\n", "b.txt": None})
    now = status(learner.directory)
    assert (now.state, now.branch, now.base, now.upstream) == ("synced", "main", commit, commit)
    assert (now.changed, now.deleted) == (("a.txt",), ("b.txt",))
    assert now.to_dict()["repo"].endswith("/upstream")
    assert status(tmp_path).state == "no-repository"
    (tmp_path / "empty").mkdir()
    assert status(tmp_path / "empty").state == "empty"
    assert status(teacher.directory).state == "never-synced"
