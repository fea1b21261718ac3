"""The small judgements that all of the reader shares."""

from __future__ import annotations

import pytest

from nbpull_links import LinkWarning
from nbpull_links.reading import Notes, is_template, split_query


def codes(notes):
    return [warning.code for warning in notes()]


def test_notes_keep_their_order_and_come_once():
    notes = Notes()
    notes.add("b", "B.")
    notes.extend((LinkWarning("a", "A."), LinkWarning("b", "B.")))
    assert notes() == (LinkWarning("b", "B."), LinkWarning("a", "A."))


@pytest.mark.parametrize(
    ("text", "answer"),
    [("<branch>", True), ("${X}", True), ("#{x}", True), ("$(x)", True), ("[your repo]", True),
     ("main", False), ("a[1]", False), ("a$b#c", False)],
)  # fmt: skip
def test_a_placeholder_is_known(text, answer):
    assert is_template(text) is answer


@pytest.mark.parametrize(
    ("query", "pairs", "said"),
    [
        (None, [], []),
        ("", [], []),
        ("?a=1&&b", [("a", "1"), ("b", "")], []),
        ("a=x+y%2B%20", [("a", "x y+")], []),
        ("a=1=2", [("a", "1=2")], []),
        ("a=1&amp;b=2&amp;amp;c=3", [("a", "1"), ("b", "2"), ("c", "3")], ["html-escaped"]),
        ("a=caf%E9", [("a", "caf\ufffd")], ["invalid-utf8"]),
        ("a=%EF%BF%BD", [("a", "\ufffd")], []),
    ],
)
def test_a_query_is_split_as_the_web_server_does(query, pairs, said):
    notes = Notes()
    assert split_query(query, notes) == pairs
    assert codes(notes) == said
