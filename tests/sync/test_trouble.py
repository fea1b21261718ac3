"""What git and the file system refuse, in words that name the remedy."""

from __future__ import annotations

import errno

import pytest

from nbpull_sync import trouble
from nbpull_sync.git import GitError, GitMissingError


@pytest.mark.parametrize(
    ("said", "code", "who"),
    [
        ("error: file write error: No space left on device", "disk-full", "you"),
        ("fatal: unable to write new index file", "disk-full", "you"),
        ("error: unable to unlink old 'a': Permission denied", "not-writable", "you"),
        ("fatal: Unable to create '/w/.git/index.lock': File exists.", "git-is-busy", "you"),
        ("error: invalid path '.git/config'", "unsafe-content", "author"),
        ("fatal: something nobody foresaw", "git-failed", "admin"),
        ("", "git-failed", "admin"),
    ],
)
def test_what_git_says_has_its_code(said, code, who):
    error = trouble.of_git(GitError("read-tree", 128, said))
    assert (error.code, error.who) == (code, who)
    assert error.hint
    assert "\n" not in error.message


def test_a_git_that_a_limit_ended_has_no_room():
    assert trouble.of_git(GitError("read-tree", -25, "")).code == "disk-full"


def test_a_machine_without_git_is_the_administrators():
    assert trouble.of_git(GitMissingError("fetch", 127, "")).who == "admin"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk-full"),
        (errno.EDQUOT, "disk-full"),
        (errno.EROFS, "not-writable"),
        (errno.EACCES, "not-writable"),
        (errno.EIO, "file-system"),
    ],
)
def test_what_the_file_system_refuses_has_its_code(number, code):
    error = trouble.of_file_system(OSError(number, "refused", "/w/a"))
    assert error.code == code
    assert error.hint
