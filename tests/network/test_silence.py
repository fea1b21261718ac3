"""While nothing comes, the last that is known is told and not held back."""

from __future__ import annotations

import random
from collections import deque

import pytest

from classroom import Learner, Teacher
from faulty import Faults, FaultyServer
from nbpull_sync import Phase, Progress, SyncError, sync
from nbpull_sync.progress import PER_SECOND, Throttle


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def step(done):
    return Progress(phase=Phase.RECEIVING, done=done, total=9)


def test_what_was_held_back_comes_in_the_first_silence_and_once():
    clock = Clock()
    throttle = Throttle(clock)
    assert list(throttle.push(step(1))) == [step(1)]
    assert list(throttle.push(step(2))) == []
    assert list(throttle.idle()) == []
    clock.now = 0.25
    assert list(throttle.idle()) == [step(2)]
    assert list(throttle.idle()) == []
    assert list(throttle.flush()) == []


def test_silence_does_not_lift_the_bound():
    clock = Clock()
    throttle = Throttle(clock)
    told = 0
    for moment in range(1000):
        clock.now = moment / 1000
        told += len([*throttle.push(step(moment)), *throttle.idle()])
    assert told <= PER_SECOND


def test_a_stalled_transfer_has_told_how_far_it_came(tmp_path):
    teacher = Teacher(tmp_path / "upstream")
    noise = random.Random(1)
    teacher.publish({f"{number}": noise.randbytes(5_000) for number in range(20)})
    learner, events = Learner(tmp_path / "course", teacher), []
    with FaultyServer(tmp_path, faults=Faults(stall_after=60_000)) as server:
        request = learner.request(repo=server.url_of("upstream/.git"), stall_timeout=1.0)
        with pytest.raises(SyncError) as caught:
            deque(map(events.append, sync(request)))
    assert caught.value.code == "stalled"
    came = [it.done for it in events if isinstance(it, Progress) and it.phase is Phase.RECEIVING]
    assert max(came) > 5
