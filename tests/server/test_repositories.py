"""Which repositories may be pulled."""

from __future__ import annotations

import pytest

from nbpull_server.errors import RefusedError
from nbpull_server.repositories import Pattern, Policy
from nbpull_sync import SAFE_PROTOCOLS


def policy(allow=("*",), ask=(), deny=(), protocols=SAFE_PROTOCOLS):
    def read(texts):
        return [Pattern.parse(text) for text in texts]

    return Policy(allow=read(allow), ask=read(ask), deny=read(deny), protocols=protocols)


@pytest.mark.parametrize(
    ("pattern", "repo", "matches"),
    [
        ("*", "https://any.example/x", True),
        ("https://github.com/org/*", "https://github.com/org/repo", True),
        ("https://github.com/org/*", "https://github.com/org/repo.git", True),
        ("https://github.com/org/*", "HTTPS://GitHub.com:443/org/repo/", True),
        ("https://github.com/org/*", "https://user:pw@github.com/org/repo", True),
        ("https://github.com/org/*", "http://github.com/org/repo", False),
        ("https://github.com/org/*", "https://github.com/organisation/repo", False),
        ("https://github.com/org/*", "https://github.com/Org/repo", False),
        ("https://github.com/org/*", "https://github.com:8443/org/repo", False),
        ("https://github.com:8443/org/*", "https://github.com.:8443/org/repo", True),
        ("https://github.com/org/*", "https://GITHUB.com./org/repo", True),
        ("https://github.com:443/org/*", "https://github.com/org/repo", True),
        ("https://github.com/org/*", "https://github.com%40evil.example/org/repo", False),
        ("https://github.com/org/*", "https://github.com%2f@evil.example/org/repo", False),
        ("https://github.com/org/*", "https://github.com:x@evil.example/org/repo", False),
        ("https://github.com/org/*", "https://github\uff0ecom/org/repo", True),
        ("https://github.com/org/*", "https://g\u0131thub.com/org/repo", False),
        ("m\u00fcller.example", "https://xn--mller-kva.example/x", True),
        ("[::1]/x", "https://[0:0:0:0:0:0:0:1]/x", True),
        ("[::1]:8443/x", "https://[::1]:8443/x", True),
        ("example.org/a[1]/*", "https://example.org/a[1]/x", True),
        ("example.org/a[1]/*", "https://example.org/a1/x", False),
        ("https://github.com/org/*", "https://github.com.evil.example/org/repo", False),
        ("https://github.com/org/*", "https://github.com@evil.example/org/repo", False),
        ("https://github.com/org/*", "https://evil.example/github.com/org/repo", False),
        ("github.com/org/*", "git@github.com:org/repo", True),
        ("github.com/org/*", "ssh://git@github.com/org/repo.git", True),
        ("github.com", "https://github.com/anyone/anything", True),
        ("*.example.org", "https://git.example.org/x", True),
        ("*.example.org", "https://evil.example/x.example.org", False),
        ("https://github.com/org/course", "https://github.com/org/course", True),
        ("https://github.com/org/course", "https://github.com/org/course-2", False),
        ("https://github.com/org/co%20urse", "https://github.com/org/co urse", True),
    ],
)
def test_a_pattern_matches_part_by_part(pattern, repo, matches):
    try:
        decision = policy(allow=[pattern]).decide(repo)
    except RefusedError:
        decision = "refuse"
    assert (decision == "allow") is matches


@pytest.mark.parametrize(
    ("pattern", "repo"),
    [
        ("evil.example", "https://evil.example:8443/x"),
        ("evil.example", "https://EVIL.example./x"),
        ("evil.example", "https://evil.example.:8443/x"),
        ("evil.example", "https://evil\u3002example/x"),
        ("evil.example", "https://ev\uff49l.example/x"),
        ("evil.example", "git@evil.example:x"),
        ("evil.example", "git@evil.example.:x"),
        ("evil.example", "git@[evil.example]:x"),
        ("evil.example", "[evil.example]:x"),
        ("evil.example", "ssh://git@[evil.example]/x"),
        ("evil.example", "https://good.example@evil.example/x"),
        ("evil.example", "https://evil.example@good.example@good.example/x"),
        ("127.0.0.1", "http://2130706433/x"),
        ("127.0.0.1", "http://0x7f.1/x"),
        ("127.0.0.1", "http://127.1:8080/x"),
        ("[::1]", "http://[0::0:1]:8080/x"),
        ("good.example/org/exam", "https://good.example/Org/EXAM.git/"),
        ("good.example/org/exam", "https://good.example//org/./exam"),
        ("good.example/org/exam", "https://good.example/%6frg/ex%61m"),
        ("good.example/org/exam", "https://good.example/org/exam/.git"),
        ("good.example/org/exam", "git@good.example:/org/exam.git"),
        ("file:///srv/secret", "/srv/secret/.git/"),
        ("file:///srv/secret", "file://localhost/srv/secret"),
    ],
)
def test_no_spelling_gets_past_a_deny(pattern, repo):
    rules = policy(deny=[pattern], protocols=(*SAFE_PROTOCOLS, "file"))
    try:
        decision = rules.decide(repo)
    except RefusedError as refused:
        decision = refused.code
    assert decision in {"deny", "not-a-repository"}


@pytest.mark.parametrize(
    ("rules", "decision"),
    [
        ({}, "allow"),
        ({"deny": ["example.org"]}, "deny"),
        ({"deny": ["EXAMPLE.org/ORG/*"]}, "deny"),
        ({"allow": []}, "deny"),
        ({"allow": [], "ask": ["*"]}, "ask"),
        ({"allow": ["example.org"], "ask": ["*"]}, "allow"),
        ({"allow": ["other.example"], "ask": ["third.example"]}, "deny"),
        ({"allow": [], "ask": ["*"], "deny": ["example.org"]}, "deny"),
    ],
)
def test_deny_goes_before_allow_and_allow_before_ask(rules, decision):
    assert policy(**rules).decide("https://example.org/org/course") == decision


@pytest.mark.parametrize(
    ("repo", "code"),
    [
        ("file:///srv/course", "protocol-not-allowed"),
        ("/srv/course", "protocol-not-allowed"),
        ("../course", "not-a-repository"),
        ("ftp://example.org/x", "protocol-not-allowed"),
        ("ext::sh -c touch% /tmp/owned", "not-a-repository"),
        ("fd::17/foo", "not-a-repository"),
        ("--upload-pack=touch /tmp/owned", "not-a-repository"),
        ("https://", "not-a-repository"),
        ("https:///x", "not-a-repository"),
        ("https://example.org:port/x", "not-a-repository"),
        ("https://[::1/x", "not-a-repository"),
        ("https://256.1.1.1/x", "not-a-repository"),
        ("https://0x/x", "not-a-repository"),
        ("git@08:x", "not-a-repository"),
        ("https://[fe80::1%25eth0]/x", "not-a-repository"),
        ("https://example.org\\@evil.example/x", "not-a-repository"),
        ("https://%65xample.org/x", "not-a-repository"),
        ("https://example.org/a/../b", "not-a-repository"),
        ("https://example.org/a/%2e%2e/b", "not-a-repository"),
        ("https://example.org/a%2f..%2fb", "not-a-repository"),
        ("https://example.org/a?x=1", "not-a-repository"),
        ("https://example.org#@other.example/a", "not-a-repository"),
    ],
)
def test_what_is_no_repository_for_this_server_is_refused(repo, code):
    with pytest.raises(RefusedError) as caught:
        policy().decide(repo)
    assert caught.value.code == code


def test_a_local_path_is_taken_where_the_operator_allows_it():
    rules = policy(protocols=("https", "file"), allow=["file:///srv/*"])
    assert rules.decide("file:///srv/course") == "allow"
    assert rules.decide("/srv/course") == "allow"
    assert rules.decide("/etc/secret") == "deny"


@pytest.mark.parametrize(
    "text", ["", "https://", "user@host/x", "a b", "https://host/x?y", "1://x", "[::g]/x", "h:p/x"]
)
def test_a_text_that_is_no_pattern_is_refused(text):
    with pytest.raises(RefusedError) as caught:
        Pattern.parse(text)
    assert caught.value.who == "admin"
