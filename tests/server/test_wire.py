"""Events as they are sent: whole where they are small, cut where they have no end."""

from __future__ import annotations

import json

from nbpull_server import wire
from nbpull_sync import CellOutcome, FileOutcome, Hunk, Log, Outcome, Phase, Progress, Report


def report(*files):
    return Report(status="updated", base="a" * 40, upstream="b" * 40, files=files)


def test_a_small_event_is_sent_as_it_is():
    kept = FileOutcome(
        path="a", outcome=Outcome.KEPT_YOURS, hunks=(Hunk(line=1, ours="", theirs="x"),)
    )
    for event in (Log(message="x"), Progress(phase=Phase.APPLYING, done=1, total=2)):
        assert wire.event_dict(event) == event.to_dict()
    assert wire.event_dict(report(kept)) == {**report(kept).to_dict(), "more_files": 0}


def test_a_line_without_end_is_cut():
    assert len(wire.event_dict(Log(message="x" * 100_000))["message"]) == wire.LONGEST_TEXT


def test_what_a_learner_should_hear_of_is_never_crowded_out():
    arrived = [FileOutcome(path=f"n{n}", outcome=Outcome.ADDED) for n in range(5000)]
    kept = FileOutcome(path="mine", outcome=Outcome.KEPT_YOURS)
    data = wire.event_dict(report(*arrived, kept))
    assert data["files"][0]["path"] == "mine"
    assert (len(data["files"]), data["more_files"]) == (wire.MOST_FILES, 3001)


def test_what_was_not_taken_is_cut_to_what_can_be_read():
    hunk = Hunk(line=1, ours="o" * 99_999, theirs="t" * 99_999)
    cells = [CellOutcome(action="merged", cell_id=str(n), first_line="") for n in range(500)]
    lost = CellOutcome(action="not-taken", cell_id="x", first_line="")
    outcome = FileOutcome(
        path="a", outcome=Outcome.KEPT_YOURS, hunks=(hunk,) * 99, cells=(*cells, lost)
    )
    (file,) = wire.event_dict(report(outcome))["files"]
    assert len(file["hunks"]) == wire.MOST_PARTS
    assert len(file["hunks"][0]["ours"]) == wire.LONGEST_TEXT
    assert file["cells"][0]["action"] == "not-taken"
    assert len(file["cells"]) == 100


def test_a_class_of_conflicts_stays_within_bounds_and_keeps_its_names():
    hunk = Hunk(line=1, ours="o" * 4000, theirs="t" * 4000)
    files = [
        FileOutcome(path=f"f{n}", outcome=Outcome.KEPT_YOURS, hunks=(hunk,) * 20)
        for n in range(999)
    ]
    data = wire.event_dict(report(*files))
    assert [it["path"] for it in data["files"]] == [it.path for it in files]
    assert "hunks" in data["files"][0]
    assert len(json.dumps(data)) < 2 * wire.MOST_TEXT
