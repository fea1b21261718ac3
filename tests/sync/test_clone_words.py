"""What a sync says while it runs: the learner's directory, and figures that reach their end."""

from __future__ import annotations

import itertools

import pytest

from nbpull_sync import Log, Phase, Progress

MANY = {f"d{number % 7}/{number}.txt": f"{number}\n" for number in range(300)}


@pytest.mark.parametrize("depth", [0, 1])
def test_a_clone_names_the_directory_that_was_asked_for(teacher, learner, depth):
    teacher.publish({"f.txt": "1\n"})
    learner.sync(depth=depth)
    said = [it.message for it in learner.events if isinstance(it, Log | Progress)]
    assert not [words for words in said if "nbpull-clone" in words]
    assert any(f"'{learner.directory}'" in words for words in said)


def whole(events):
    """Give, for each phase that has figures, the last that it said."""
    steps = [it for it in events if isinstance(it, Progress)]
    runs = [list(run) for _, run in itertools.groupby(steps, key=lambda it: it.phase)]
    return {run[-1].phase: (run[-1].done, run[-1].total) for run in runs}


def test_the_files_of_a_clone_are_counted_to_their_end(teacher, learner):
    teacher.publish(MANY)
    learner.sync()
    assert whole(learner.events)[Phase.APPLYING] == (300, 300)
    assert len(learner.files()) == 300


def test_the_files_of_an_update_are_counted_to_their_end(teacher, learner):
    teacher.publish(MANY)
    learner.sync()
    teacher.publish({name: f"new {text}" for name, text in MANY.items()})
    learner.sync()
    done, total = whole(learner.events)[Phase.APPLYING]
    assert done == total >= 300
    told = [it for it in learner.events if isinstance(it, Progress) and it.phase is Phase.APPLYING]
    assert len(told) <= 20
    assert [it.done for it in told] == sorted(it.done for it in told)


def test_no_phase_that_counts_ends_before_its_end(teacher, learner):
    teacher.publish(MANY)
    learner.sync()
    learner.write({"d1/1.txt": "mine\n", "d2/2.txt": None})
    teacher.publish({"d1/1.txt": "theirs\n", "d3/3.txt": "theirs\n"})
    for _ in range(2):
        learner.sync()
        for done, total in whole(learner.events).values():
            assert total is None or done == total
