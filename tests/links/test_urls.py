"""URLs are taken apart, cleaned and encoded in one way."""

from __future__ import annotations

import pytest

from nbpull_links import InvalidValueError
from nbpull_links.urls import (
    Url,
    decode,
    decode_query,
    encode,
    encode_path,
    encode_query,
    host_and_path,
    is_host,
    join_url,
    split_userinfo,
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


def test_a_query_is_read_as_servers_do():
    assert decode_query("") == decode_query("&&") == []
    assert decode_query("b=x+%2B&a&&b=c=%26&%61+=") == [
        ("b", "x +", True), ("a", "", True), ("b", "c=&", True), ("a ", "", True),
    ]  # fmt: skip


def test_bytes_that_are_no_text_are_told_from_a_replacement_character():
    assert decode_query("a=%C3%A9 \ufffd %EF%BF%BD&b=caf%E9") == [
        ("a", "é \ufffd \ufffd", True),
        ("b", "caf\ufffd", False),
    ]


@pytest.mark.parametrize(
    ("base", "path", "query", "url"),
    [
        ("https://h.org", "hub", "", "https://h.org/hub"),
        ("https://h.org/%7ea/b", "hub/%c3%A9//x/..", "a=%20", "https://h.org/%7ea/b/hub/%c3%A9//x/..?a=%20"),
        ("http://[::1]:80", "git-pull", "a=b&c", "http://[::1]:80/git-pull?a=b&c"),
        ("https://Über.de", "x;y=z:@", "", "https://Über.de/x;y=z:@"),
        ("https://xn--ber-goa.de.", "x", "", "https://xn--ber-goa.de./x"),
    ],
)  # fmt: skip
def test_an_address_a_path_and_a_query_are_joined_as_they_are(base, path, query, url):
    assert join_url(base, path, query) == url


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


def test_an_empty_query_or_fragment_is_told_from_none():
    bare, empty, mark = (Url.split(f"https://h.org/a{tail}") for tail in ("", "?#", "#?"))
    assert (bare.query, bare.fragment) == (None, None)
    assert (empty.query, empty.fragment) == ("", "")
    assert (mark.query, mark.fragment) == (None, "?")


def test_what_stands_in_a_url_stays_as_it_is():
    url = Url.split("https://xn--ber-goa.de/%7e%c3\t;//\r./..?a+b=\n%41#/%2e\n?\t")
    assert (url.host, url.path) == ("xn--ber-goa.de", "/%7e%c3\t;//\r./..")
    assert (url.query, url.fragment) == ("a+b=\n%41", "/%2e\n?\t")


@pytest.mark.parametrize(
    ("userinfo", "user", "password"),
    [("", "", False), ("a", "a", False), ("a@b", "a@b", False), ("a:", "a", True),
     ("a:p@s:[\u2100\n", "a", True), ("ftp:", "ftp", True)],
)  # fmt: skip
def test_a_user_part_ends_at_the_last_at_sign(userinfo, user, password):
    url = Url.split(f"ssh://{userinfo}@h.org/x://y@z")
    assert (url.user, url.password, url.host, url.path) == (user, password, "h.org", "/x://y@z")
    assert Url.split("https://h.org/x://y@z").user is None


@pytest.mark.parametrize(
    "text",
    [
        "", "h.org/x", "//h.org", "https:/h.org", "https://", "https:///x", "https://:80/",
        "https://h.org:99999/", "https://h.org:0/", "https://h.org:x/", "https://a:b:80/",
        "https://[::1/", "https://[::zz]/", "https://[v1.x]/", "https://[fe80::1%25eth0]/",
        "https://a b/", "https://<hub>/", "https://{hub}/", "https://a..b/", "https://-a/",
        "https://h%41/", "https://h\n.org", "https://h\ufffd.org", "https://h:\u0663/",
        "h x://h.org", "1h://h.org", "a:b://h.org",
        "https://u@[::1/", "https://a\\b/", "https://foo\u2100.com", "https://a[b]/", "https://.a/",
    ],
)  # fmt: skip
def test_what_is_no_url_is_refused(text):
    with pytest.raises(InvalidValueError) as caught:
        Url.split(text)
    assert caught.value.code == "not-a-url"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("hub.example.org", "https://hub.example.org"),
        ("hub.example.org:8000/base", "https://hub.example.org:8000/base"),
        ("localhost:8888", "http://localhost:8888"),
    ],
)
def test_an_address_without_a_scheme_is_answered_with_the_one_that_was_meant(text, meant):
    with pytest.raises(InvalidValueError) as caught:
        Url.split(text)
    assert caught.value.hint == f"Did you mean '{meant}'?"


def test_a_host_is_told_from_what_would_reach_ssh_as_an_option():
    assert is_host("h.org")
    assert not is_host("-oProxyCommand=x")


@pytest.mark.parametrize(
    ("text", "bare", "userinfo"),
    [
        ("https://u:p@s@h.org/x@y", "https://h.org/x@y", "u:p@s"),
        ("ssh://@h.org", "ssh://h.org", ""),
        ("https://h.org/x@y", "https://h.org/x@y", None),
        ("git@h.org:r", "git@h.org:r", None),
    ],
)
def test_what_stands_before_the_host_is_taken_out(text, bare, userinfo):
    assert split_userinfo(text) == (bare, userinfo)


@pytest.mark.parametrize(
    ("text", "host", "path"),
    [
        ("https://H.org:80/a/b.git?x", "h.org:80", "/a/b.git"),
        ("/srv/course", "", "/srv/course"),
        ("https://h.org", "h.org", "https://h.org"),
        ("https://[h.org/r", "", "https://[h.org/r"),
    ],
)
def test_host_and_path_are_told_of_whatever_git_was_given(text, host, path):
    assert host_and_path(text) == (host, path)
