"""A warning is a code for programs and a line for people."""

from __future__ import annotations

from nbpull_links import LinkWarning


def test_a_warning_is_a_value_with_a_json_form():
    warning = LinkWarning("code", "Message.")
    assert warning.to_dict() == {"code": "code", "message": "Message."}
    assert {warning, LinkWarning("code", "Message.")} == {warning}
