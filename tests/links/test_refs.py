"""What git calls a ref is taken; what only looks like one is said."""

from __future__ import annotations

import pytest

from nbpull_links import InvalidValueError
from nbpull_links.refs import check_branch, is_commit, note_commit

SHA = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("branch", "code"),
    [
        (SHA, "commit-as-branch"),
        (SHA.upper(), "commit-as-branch"),
        ("0" * 64, "commit-as-branch"),
        ("da39a3e", "short-commit"),
        (SHA[:39], "short-commit"),
        ("2024091", None),
        ("facade", None),
        ("deadbee", None),
        ("v1.0", None),
        ("a1b2c3", None),
        (None, None),
    ],
)
def test_a_branch_that_is_a_commit_is_said(branch, code):
    assert [warning.code for warning in note_commit(branch)] == ([code] if code else [])
    assert is_commit(branch) == (code == "commit-as-branch")


def test_a_name_is_held_to_git_s_rules():
    assert check_branch(" feature/x ") == "feature/x"
    with pytest.raises(InvalidValueError) as caught:
        check_branch("a..b", "The env branch")
    assert caught.value.code == "branch-invalid"
    assert caught.value.message.startswith("The env branch 'a..b'")
