"""What reaches a terminal is shown by it, and never obeyed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbpull_links.cli_text import as_options, examples, one_line, print_json, printable, table, warn
from nbpull_links.errors import InvalidValueError
from nbpull_links.notices import LinkWarning


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("week 1/Übung.ipynb", "week 1/Übung.ipynb"),
        ("\x1b]0;owned\x07", "\\x1b]0;owned\\x07"),
        ("a\nb", "a\\nb"),
        ("a\u202eb", "a\\u202eb"),
        ("\u2028", "\\u2028"),
        ("\ud800", "\\ud800"),
        ("\x9b31m", "\\x9b31m"),
        ("שלום", "שלום"),
        ("👩‍🔬", "👩‍🔬"),
    ],
)
def test_what_acts_is_escaped_and_what_shows_is_kept(text, shown):
    assert printable(text) == shown


@given(st.text())
def test_one_line_is_one_line_for_any_text(text):
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    line.encode("utf-8")
    assert "\x1b" not in line


def test_a_table_has_its_values_below_each_other():
    assert table([("a", "1"), ("long", "2\x07")]) == "a     1\nlong  2\\x07"
    assert table([]) == ""


def test_examples_keep_their_lines():
    assert examples("nbpull x") == "\b\nExample:\n  nbpull x"
    assert examples("nbpull x", "nbpull y") == "\b\nExamples:\n  nbpull x\n  nbpull y"


def test_a_warning_is_one_line_on_stderr_with_its_code(capsys):
    warn([LinkWarning("odd", "two\nlines")])
    assert capsys.readouterr() == ("", "warning: two lines [odd]\n")


def test_json_is_one_line_of_ascii(capsys):
    print_json({"path": "ü\n\u2028"})
    out = capsys.readouterr().out
    assert out.isascii()
    assert out.count("\n") == 1
    assert json.loads(out) == {"path": "ü\n\u2028"}


def test_errors_speak_of_options_where_the_library_speaks_of_parameters():
    with pytest.raises(InvalidValueError) as caught, as_options():
        raise InvalidValueError("x", "no env_repo.", hint="Give content_branch.", field="env_repo")
    assert str(caught.value) == "no --env-repo. Give --content-branch."
    assert caught.value.context == {"field": "env_repo"}
