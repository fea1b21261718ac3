"""One root, a code to decide by, a remedy to read."""

from __future__ import annotations

import pytest

from nbpull_links import InvalidValueError, NbpullError, UnreadableLinkError


@pytest.mark.parametrize("kind", [InvalidValueError, UnreadableLinkError])
def test_an_error_carries_code_message_hint_and_context(kind):
    error = kind("some-code", "It is so.", hint="Do this.", field="x")
    assert isinstance(error, NbpullError)
    assert isinstance(error, ValueError)
    assert (error.code, error.message, error.hint) == ("some-code", "It is so.", "Do this.")
    assert dict(error.context) == {"field": "x"}
    assert str(error) == "It is so. Do this."


def test_without_a_remedy_the_message_stands_alone():
    assert str(NbpullError("c", "It is so.")) == "It is so."
