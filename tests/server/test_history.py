"""The events of a job: numbered once, kept within bounds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from nbpull_server.history import History


def log(text="x"):
    return {"type": "log", "message": text}


def progress(phase, done):
    return {"type": "progress", "phase": phase, "done": done}


def test_what_came_after_a_number_is_given_in_order():
    history = History()
    for number in range(5):
        history.add(log(str(number)))
    assert [number for number, _ in history.since(0)] == [1, 2, 3, 4, 5]
    assert [event["message"] for _, event in history.since(3)] == ["3", "4"]
    assert history.since(5) == ()


def test_stale_progress_goes_first():
    history = History(limit=10)
    history.add(log("first"))
    for done in range(10):
        history.add(progress("receiving", done))
    history.add(progress("applying", 1))
    kept = [event for _, event in history.since(0)]
    assert log("first") in kept
    assert progress("receiving", 9) in kept
    assert progress("receiving", 0) not in kept


KINDS = st.sampled_from(
    [log(), progress("receiving", 1), progress("applying", 1), {"type": "report"}]
)


@settings(max_examples=200)
@given(events=st.lists(KINDS, max_size=300), limit=st.integers(6, 40))
def test_memory_is_bounded_and_nothing_but_logs_and_stale_progress_is_dropped(events, limit):
    history = History(limit=limit)
    reports = 0
    for event in events:
        if event["type"] == "report":
            reports += 1
            if reports > 1:
                continue
        history.add(event)
    kept = history.since(0)
    assert len(kept) <= limit
    assert [number for number, _ in kept] == sorted({number for number, _ in kept})
    assert sum(event["type"] == "report" for _, event in kept) == min(reports, 1)
    if kept:
        assert kept[-1][0] == history.last
