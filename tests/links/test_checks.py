"""What every text must satisfy before it may go into a link."""

from __future__ import annotations

import pytest

from nbpull_links import InvalidValueError
from nbpull_links.checks import check_text, check_value, shown

REFUSED = {
    "bell": ("a\x07", "control-character"),
    "nul": ("a\0b", "control-character"),
    "tab": ("a\tb", "control-character"),
    "delete": ("a\x7f", "control-character"),
    "c1": ("a\x85b", "control-character"),
    "trailing-newline": ("main\n", "control-character"),
    "half-a-character": ("a\ud800", "not-unicode"),
    "number": (5, "wrong-type"),
    "bytes": (b"a", "wrong-type"),
    "no-break-space-first": ("\u00a0a", "edge-space"),
    "ideographic-space-last": ("a\u3000", "edge-space"),
}


@pytest.mark.parametrize(("value", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_what_no_parameter_can_hold_is_refused(value, code):
    with pytest.raises(InvalidValueError) as caught:
        check_value(value, "The branch")
    assert caught.value.code == code
    assert caught.value.message.startswith("The branch")
    assert "\n" not in str(caught.value)


def test_plain_spaces_around_a_value_are_dropped():
    assert check_value("  a b ", "It") == "a b"


def test_line_ends_may_stand_in_a_file_name_alone():
    assert check_text("a\r\nb", "It", newlines=True) == "a\r\nb"
    with pytest.raises(InvalidValueError, match="control character"):
        check_text("a\tb", "It", newlines=True)


def test_a_value_is_shown_short_on_one_line_and_without_credentials():
    assert shown("x") == "'x'"
    assert len(shown("x" * 500)) == 82
    assert shown("a\nb") == r"'a\nb'"
    assert shown("a\ud800") == r"'a\ud800'"
    assert "secret" not in shown("https://u:secret@h.org")
