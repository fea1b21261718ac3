"""URLs are taken apart, cleaned and encoded in one way."""

from __future__ import annotations

import pytest

from nbpull_links import InvalidValueError
from nbpull_links.urls import (
    Url,
    clean_path,
    decode,
    encode,
    encode_path,
    encode_query,
    is_utf8,
    read_base,
)


def test_everything_but_unreserved_characters_is_encoded():
    assert encode("aZ9-._~ /?#[]@!$&'()*+,;=%é") == (
        "aZ9-._~%20%2F%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2B%2C%3B%3D%25%C3%A9"
    )
    assert encode_path("a b/c#d") == "a%20b/c%23d"
    assert encode_query([("a", "b c"), ("d", "&")]) == "a=b%20c&d=%26"


def test_decoding_undoes_one_layer_and_never_fails():
    assert decode("a%2520b") == "a%20b"
    assert decode("a+b%2B", plus=True) == "a b+"
    assert decode("a+b") == "a+b"
    assert decode("%E9%zz%") == "\ufffd%zz%"


def test_bytes_that_are_no_text_are_told_from_a_replacement_character():
    assert is_utf8("%C3%A9 \ufffd %EF%BF%BD")
    assert not is_utf8("caf%E9")


@pytest.mark.parametrize(
    ("text", "origin", "path"),
    [
        ("https://Hub.Example.ORG", "https://hub.example.org", ""),
        ("HTTPS://h.org:443/A", "https://h.org", "/A"),
        ("http://h.org:80/", "http://h.org", "/"),
        ("http://h.org:443/", "http://h.org:443", "/"),
        ("https://h.org:/x", "https://h.org", "/x"),
        ("https://[2001:DB8::1]:8443/x", "https://[2001:db8::1]:8443", "/x"),
        ("https://ÜBER.de/x", "https://Über.de", "/x"),
        ("https://a_b-c.x.:1/", "https://a_b-c.x.:1", "/"),
        ("https://u:p@h.org/x", "https://h.org", "/x"),
        ("file:///srv/x", "file://", "/srv/x"),
    ],
)
def test_a_url_is_split(text, origin, path):
    url = Url.split(text)
    assert (url.origin, url.path) == (origin, path)


def test_query_and_fragment_stand_apart():
    url = Url.split("https://h.org/a//b?x=1?2#y#z")
    assert (url.path, url.query, url.fragment) == ("/a//b", "x=1?2", "y#z")
    assert url.segments == ["a", "b"]


@pytest.mark.parametrize(
    "text",
    [
        "", "h.org/x", "//h.org", "https:/h.org", "https://", "https:///x", "https://:80/",
        "https://h.org:99999/", "https://h.org:0/", "https://h.org:x/", "https://a:b:80/",
        "https://[::1/", "https://[::zz]/", "https://[v1.x]/", "https://[fe80::1%25eth0]/",
        "https://a b/", "https://<hub>/", "https://{hub}/", "https://a..b/", "https://-a/",
        "https://h%41/", "https://a\\b/", "https://foo\u2100.com", "https://a[b]/", "https://.a/",
    ],
)  # fmt: skip
def test_what_is_no_url_is_refused(text):
    with pytest.raises(InvalidValueError) as caught:
        Url.split(text)
    assert caught.value.code == "not-a-url"


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
