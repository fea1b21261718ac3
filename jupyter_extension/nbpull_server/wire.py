"""Events as they are kept and sent: the engine's own JSON, but never without end.

A report may name thousands of files with all that was not taken; a page needs enough of each to
say what happened, and a server must not hold the rest for hours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbpull_sync import Event

MOST_FILES = 2000
MOST_PARTS = 20
LONGEST_TEXT = 4000
MOST_TEXT = 500_000
"""Characters of what was not taken, in all files together."""

_CELL = 100  # characters that a cell is counted as
_QUIET = frozenset({"added", "updated", "removed"})


def event_dict(event: Event) -> dict[str, Any]:
    """Give an event in its JSON form, cut to what is of use."""
    data = event.to_dict()
    if data["type"] == "log":
        data["message"] = data["message"][:LONGEST_TEXT]
    elif data["type"] == "report":
        # What a learner should hear of comes before what merely arrived.
        files = sorted(data["files"], key=lambda it: it["outcome"] in _QUIET)
        data["files"] = list(_within(MOST_TEXT, files[:MOST_FILES]))
        data["more_files"] = max(0, len(files) - MOST_FILES)
    return data


def _within(room: int, outcomes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Cut each outcome; once there is no more room, what was not taken is left out."""
    for outcome in outcomes:
        cut = _cut(outcome)
        hunks, cells = cut.get("hunks", ()), cut.get("cells", ())
        room -= sum(len(hunk["ours"]) + len(hunk["theirs"]) for hunk in hunks)
        room -= _CELL * len(cells)
        if room < 0:
            cut.pop("hunks", None)
            cut.pop("cells", None)
        yield cut


def _cut(outcome: dict[str, Any]) -> dict[str, Any]:
    cut = dict(outcome)
    if "hunks" in cut:
        cut["hunks"] = [
            {**hunk, "ours": hunk["ours"][:LONGEST_TEXT], "theirs": hunk["theirs"][:LONGEST_TEXT]}
            for hunk in cut["hunks"][:MOST_PARTS]
        ]
    if "cells" in cut:
        notable = sorted(cut["cells"], key=lambda cell: cell["action"] != "not-taken")
        cut["cells"] = notable[: MOST_PARTS * 5]
    return cut
