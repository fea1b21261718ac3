"""A repository's address: what git can clone, what names its directory, what is refused."""

from __future__ import annotations

import dataclasses

import pytest

from nbpull_links import InvalidValueError, RepoUrl
from nbpull_links.repo import clone_directory, without_credentials

# text, url, scheme, host, directory, name
GOOD = [
    ("https://github.com/org/repo", None, "https", "github.com", "repo", "repo"),
    ("https://github.com/org/repo.git", None, "https", "github.com", "repo.git", "repo"),
    ("https://github.com/org/repo//", "https://github.com/org/repo", "https", "github.com",
     "repo", "repo"),
    (" HTTPS://GitHub.com:443/Org/R ", "https://github.com/Org/R", "https", "github.com", "R", "R"),
    ("http://h.org:8080/r", None, "http", "h.org:8080", "r", "r"),
    ("ssh://git@h.org:22/o/r", None, "ssh", "h.org:22", "r", "r"),
    ("ssh://h.org/o/r", None, "ssh", "h.org", "r", "r"),
    ("git@GitHub.com:org/repo.git", "git@github.com:org/repo.git", "ssh", "github.com",
     "repo.git", "repo"),
    ("git@h.org:repo", None, "ssh", "h.org", "git@h.org:repo", "repo"),
    ("git://h.org/r", None, "git", "h.org", "r", "r"),
    ("file:///srv/my repo/", "file:///srv/my repo", "file", "", "my repo", "my repo"),
    ("https://github.com/org/.github", None, "https", "github.com", ".github", ".github"),
    ("https://h.org/o/my%20repo", None, "https", "h.org", "my%20repo", "my%20repo"),
    ("https://h.org/o/Übung", None, "https", "h.org", "Übung", "Übung"),
    ("https://[::1]:80/r", None, "https", "[::1]:80", "r", "r"),
]  # fmt: skip


@pytest.mark.parametrize("row", GOOD, ids=[row[0] for row in GOOD])
def test_an_address_that_git_can_clone_is_taken(row):
    text, url, scheme, host, directory, name = row
    repo = RepoUrl(text)
    assert str(repo) == (url or text)
    assert (repo.scheme, repo.host, repo.directory, repo.name) == (scheme, host, directory, name)
    assert RepoUrl(str(repo)) == repo


BAD = [
    ("", "not-a-url"),
    ("repo", "not-a-url"),
    ("github.com/org/repo", "not-a-url"),
    ("/srv/repo", "not-a-url"),
    ("--upload-pack=x", "not-a-url"),
    ("ext::sh -c x", "not-a-url"),
    ("ftp://h.org/r", "unsupported-scheme"),
    ("ext://h.org/r", "unsupported-scheme"),
    ("https://github.com", "no-repository"),
    ("https://github.com/", "no-repository"),
    ("https://github.com/org", "no-repository"),
    ("git@gitlab.com:org.git", "no-repository"),
    ("ssh://git@codeberg.org:22/org", "no-repository"),
    ("file://srv", "no-repository"),
    ("https://h.org/x/.git", "no-repository"),
    ("https://h.org/x/.", "no-repository"),
    ("https://h.org/../x", "dots-in-path"),
    ("file:///srv/../x", "dots-in-path"),
    ("file:///srv/x\\..", "dots-in-path"),
    ("https://h.org/my repo", "not-a-url"),
    ("https://h.org/<repo>", "not-a-url"),
    ("https://h.org/r&branch=main", "not-a-url"),
    ("ssh://-o@h.org/x", "not-a-url"),
    ("git@h.org:a b", "no-repository"),
    ("git@h.org:/", "no-repository"),
    ("git@h.org:-x", "no-repository"),
    ("git@h.org:a/../b", "no-repository"),
    ("git@-oProxyCommand=x:r", "not-a-url"),
    ("https://h.org/r?x=1", "query-in-repo"),
    ("git://h.org/r#x", "query-in-repo"),
    ("https://github.com/org/repo/tree/main", "forge-page"),
    ("https://www.github.com/org/repo", "forge-page"),
    ("https://u:secret@h.org/r", "credentials-in-url"),
    ("https://secret@h.org/r", "credentials-in-url"),
    ("ssh://git:secret@h.org/r", "credentials-in-url"),
    ("git:secret@h.org:o/r", "credentials-in-url"),
    ("git:secret@h.org/o/r", "credentials-in-url"),
    ("git:secret@h.org", "credentials-in-url"),
    ("file:///srv/x /", "edge-space"),
    ("https://h.org/r\n", "control-character"),
]


@pytest.mark.parametrize(("text", "code"), BAD)
def test_an_address_that_git_cannot_clone_is_refused_and_its_secret_kept(text, code):
    with pytest.raises(InvalidValueError) as caught:
        RepoUrl(text)
    assert caught.value.code == code
    assert "secret" not in str(caught.value)
    assert "secret" not in repr(dict(caught.value.context))


def test_an_address_without_a_scheme_is_answered_with_the_one_that_was_meant():
    with pytest.raises(InvalidValueError, match=r"Did you mean 'https://github\.com/org/repo'"):
        RepoUrl("github.com/org/repo")


def test_a_host_that_cannot_be_is_shown_as_it_was_given():
    with pytest.raises(InvalidValueError, match="The repository 'git@-x:o' is no URL"):
        RepoUrl("git@-x:o")


def test_a_repository_is_a_value():
    repo = RepoUrl("https://h.org/r")
    assert repo == RepoUrl("https://h.org/r/")
    assert hash(repo) == hash(RepoUrl("https://h.org/r/"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        repo.url = "x"


@pytest.mark.parametrize(
    ("url", "directory"), [("https://h/o/r.git", "r.git"), ("https://h/o/r//", "r"), ("r", "r")]
)
def test_the_directory_is_the_last_segment_verbatim(url, directory):
    assert clone_directory(url) == directory


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        ("https://u:p@h.org/r", "https://h.org/r"),
        ("https://u@h.org:80", "https://h.org:80"),
        ("ssh://git:p@h.org/r", "ssh://git@h.org/r"),
        ("https://h.org/r", "https://h.org/r"),
    ],
)
def test_credentials_can_be_taken_out(url, bare):
    assert without_credentials(url) == bare
