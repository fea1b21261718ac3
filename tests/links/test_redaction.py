"""No credential survives redaction, and what is none stays."""

from __future__ import annotations

import time

import pytest

from nbpull_links.redaction import redact

SECRETS = {
    "user-and-password": "fatal: unable to access 'https://user:SECRET@github.com/o/r/': 403",
    "at-sign-in-password": "https://user:SEC@RET@github.com/o/r",
    "token-as-user": "https://SECRET@github.com/o/r",
    "password-alone": "https://:SECRET@h.org/",
    "slash-in-password": "https://user:SEC/RET@h.org/",
    "space-in-password": "https://user:SECRET x@h.org/",
    "digits-as-password": "https://user:8443SECRET@h.org",
    "ssh-password": "ssh://git:SECRET@h.org/x",
    "scp-password": "git:SECRET@h.org:o/r",
    "no-scheme": "the hub 'user:SECRET@h.org' is no URL",
    "no-scheme-with-a-path": "user:SECRET@h.org/o/r",
    "encoded-ssh-password": "ssh%3A%2F%2Fgit%3ASECRET%40h.org%2Fr",
    "encoded-once": "repo=https%3A%2F%2Fuser%3ASECRET%40github.com%2Fo",
    "encoded-twice": "repo=https%253A%252F%252Fuser%253ASECRET%2540github.com",
    "parameter": "http://h.org/lab?token=SECRET&x=1",
    "encoded-parameter": "https://h.org/?next=%2Flab%3Ftoken%3DSECRET",
    "quoted-parameter": "TOKEN = 'SECRET'",
    "named": "private_token: SECRET",
    "password-field": "password=SECRET;",
    "bearer": "Authorization: Bearer SECRET",
    "basic": "http.extraHeader=AUTHORIZATION: basic SECRET",
    "github-token": "remote: ghp_SECRETSECRETSECRET is no longer valid",
    "github-fine-grained": "github_pat_SECRETSECRETSECRET_x",
    "gitlab-token": "glpat-SECRETSECRETSECRET",
}

HARMLESS = [
    "git@github.com:org/repo.git",
    "ssh://git@github.com/org/repo",
    "https://github.com/org/repo.git",
    "https://h.org:8443/a@b",
    "https://medium.com/@someone/post",
    "https://h.org/path?mail=a@b.org",
    "error: git@h.org: Permission denied (publickey).",
    "https://h.org: Permission denied (a@b)",
    "https://[::1]:80/x@y",
    "mailto:jo@h.org",
    "git@my-host.org:repo@v1",
    "repo=ssh%3A%2F%2Fgit%40h.org%2Fr",
    "a tokenizer, and a token was refused",
]


@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS.keys())
def test_a_credential_is_masked(text):
    assert "SECRET" not in redact(text)
    assert "***" in redact(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_credential_stays(text):
    assert redact(text) == text


def test_the_place_of_a_credential_is_still_told():
    assert redact("https://u:p@h.org/x") == "https://***@h.org/x"


@pytest.mark.parametrize("piece", ["://", "://a:b", "a:", "%25", "token=", "https%253A", "a.:b@"])
def test_a_hostile_text_costs_no_more_than_its_length(piece):
    began = time.process_time()
    redact(piece * (60_000 // len(piece)))
    assert time.process_time() - began < 5
