"""The address of a hub or a server is cleaned, and no address carries credentials."""

from __future__ import annotations

import pytest

from nbpull_links import InvalidValueError
from nbpull_links.addresses import clean_path, read_base


def test_the_address_of_a_server_keeps_its_base_path():
    url = read_base(" HTTPS://H.org/a//b/?x#y ", "The hub")
    assert (url.origin, url.path, url.query, url.fragment) == ("https://h.org", "/a/b", "x", "y")


def test_a_path_is_made_fit_for_a_url():
    assert clean_path("/a b/é//./100%/x%2Fy&z/") == "/a%20b/%C3%A9/100%25/x%2Fy%26z"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("ftp://h.org", "unsupported-scheme"),
        ("https://u:p@h.org", "credentials-in-url"),
        ("https://u@h.org", "credentials-in-url"),
        ("https://h.org/a/../b", "dots-in-path"),
        ("h.org", "not-a-url"),
        (None, "wrong-type"),
    ],
)
def test_what_is_no_address_of_a_server_is_refused(value, code):
    with pytest.raises(InvalidValueError) as caught:
        read_base(value, "The hub")
    assert caught.value.code == code
    assert "u:p" not in str(caught.value)
