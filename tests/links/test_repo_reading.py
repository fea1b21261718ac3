"""Repositories in links are repaired where it is plain what was meant."""

from __future__ import annotations

import pytest

from nbpull_links import InvalidValueError, UnreadableLinkError
from nbpull_links.reading import Notes
from nbpull_links.repo_reading import read_repo

REPAIRS = [
    ("https://h.org/r", "https://h.org/r", []),
    ("git@h.org:r", "git@h.org:r", []),
    ("https://h.org/r//", "https://h.org/r", ["trailing-slash"]),
    ("github.com/o/r", "https://github.com/o/r", ["scheme-missing"]),
    ("//github.com/o/r", "https://github.com/o/r", ["scheme-missing"]),
    ("git.x.org:8443/r", "https://git.x.org:8443/r", ["scheme-missing"]),
    ("https:/h.org/o/r", "https://h.org/o/r", ["repo-repaired"]),
    ("git+https://h.org/r", "https://h.org/r", ["repo-repaired"]),
    ("ssh://git@h.org:o/r", "git@h.org:o/r", ["repo-repaired"]),
    ("/srv/r", "file:///srv/r", ["local-path"]),
    ("https://github.com/o/r/blob/main/a.py", "https://github.com/o/r", ["forge-page"]),
    ("https://u:secret@h.org/r", "https://h.org/r", ["credentials-in-url"]),
    ("ssh://git:secret@h.org/r", "ssh://git@h.org/r", ["credentials-in-url"]),
    ("https://secret@github.com/o/r/tree/main", "https://github.com/o/r",
     ["credentials-in-url", "forge-page"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "repo", "said"), REPAIRS)
def test_an_address_is_repaired_and_the_repair_said(text, repo, said):
    notes = Notes()
    assert str(read_repo(text, None, notes).repo) == repo
    assert [warning.code for warning in notes()] == said
    assert "secret" not in repr(notes())


@pytest.mark.parametrize("text", ["{repo}", "https://github.com/<org>/r", "${REPO}"])
def test_a_placeholder_is_no_address(text):
    with pytest.raises(UnreadableLinkError) as caught:
        read_repo(text, None, Notes())
    assert caught.value.code == "template"


@pytest.mark.parametrize("text", ["x", "git:secret@h.org:r", "ext::sh"])
def test_what_cannot_be_repaired_is_refused(text):
    with pytest.raises(InvalidValueError) as caught:
        read_repo(text, None, Notes())
    assert "secret" not in str(caught.value)
