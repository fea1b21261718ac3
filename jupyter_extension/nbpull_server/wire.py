"""Events as they are kept and sent: the engine's own JSON, but never without end.

A report may name thousands of files with all that was not taken; a page needs enough of each to
say what happened, and a server must not hold the rest for hours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbpull_sync import Event

MOST_FILES = 2000
MOST_PARTS = 20
LONGEST_TEXT = 4000

_QUIET = frozenset({"added", "updated", "removed"})


def event_dict(event: Event) -> dict[str, Any]:
    """Give an event in its JSON form, cut to what is of use."""
    data = event.to_dict()
    if data["type"] == "log":
        data["message"] = data["message"][:LONGEST_TEXT]
    elif data["type"] == "report":
        # What a learner should hear of comes before what merely arrived.
        files = sorted(data["files"], key=lambda it: it["outcome"] in _QUIET)
        data["files"] = [_cut(outcome) for outcome in files[:MOST_FILES]]
        data["more_files"] = max(0, len(files) - MOST_FILES)
    return data


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
