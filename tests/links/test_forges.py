"""A pasted page of a forge gives repository, ref and path."""

from __future__ import annotations

import pytest

from nbpull_links import InvalidValueError, read_page

REPO = "https://github.com/org/repo"
SHA = "0123456789abcdef0123456789abcdef01234567"

# page, repo, ref, path
PAGES = [
    (REPO, REPO, None, None),
    ("git@github.com:org/repo", "git@github.com:org/repo", None, None),
    (f"{REPO}/tree/main", REPO, "main", None),
    (f"{REPO}/tree/main/a/b", REPO, "main", "a/b"),
    (f"{REPO}/tree/main/a/b/", REPO, "main", "a/b"),
    (f"{REPO}/tree/main/app.v2", REPO, "main", "app.v2/"),
    (f"{REPO}/blob/main/a%20b/C%23.ipynb#L1", REPO, "main", "a b/C#.ipynb"),
    (f"{REPO}/edit/dev/a.ipynb", REPO, "dev", "a.ipynb"),
    (f"{REPO}/raw/refs/heads/main/a.ipynb", REPO, "main", "a.ipynb"),
    (f"{REPO}/raw/refs/tags/v1/a.ipynb", REPO, "v1", "a.ipynb"),
    (f"{REPO}/blame/main/a.py", REPO, "main", "a.py"),
    (f"{REPO}/commits/main/d", REPO, "main", "d"),
    (f"{REPO}/commit/{SHA}", REPO, SHA, None),
    (f"{REPO}/blob/{SHA}/d/a.ipynb", REPO, SHA, "d/a.ipynb"),
    (f"{REPO}/releases/tag/v1.0", REPO, "v1.0", None),
    (f"{REPO}/releases", REPO, None, None),
    (f"{REPO}/pull/7/files", REPO, None, None),
    (f"{REPO}?tab=readme-ov-file#x", REPO, None, None),
    ("https://www.github.com/org/repo", REPO, None, None),
    ("https://github.dev/org/repo/blob/main/a.py", REPO, "main", "a.py"),
    ("https://raw.githubusercontent.com/org/repo/main/d/a.ipynb", REPO, "main", "d/a.ipynb"),
    ("https://raw.githubusercontent.com/org/repo/refs/heads/main/a.py", REPO, "main", "a.py"),
    ("https://nbviewer.org/github/org/repo/blob/main/a.ipynb", REPO, "main", "a.ipynb"),
    ("https://nbviewer.jupyter.org/github/org/repo/tree/main/d", REPO, "main", "d"),
    ("https://colab.research.google.com/github/org/repo/blob/main/a.ipynb", REPO, "main",
     "a.ipynb"),
    ("https://gist.github.com/user/ab12/raw/x.py", "https://gist.github.com/user/ab12", None,
     None),
    ("https://gitlab.com/a/b/r/-/blob/main/d/a.ipynb?ref_type=heads", "https://gitlab.com/a/b/r",
     "main", "d/a.ipynb"),
    ("https://gitlab.com/a/r/-/tree/main", "https://gitlab.com/a/r", "main", None),
    ("https://gitlab.com/a/r/-/tags/rel/1", "https://gitlab.com/a/r", "rel/1", None),
    ("https://gitlab.com/a/r/-/issues/5", "https://gitlab.com/a/r", None, None),
    ("https://gitlab.com/a/r/tree/main/d", "https://gitlab.com/a/r", "main", "d"),
    ("https://bitbucket.org/o/r/src/main/d/a.ipynb", "https://bitbucket.org/o/r", "main",
     "d/a.ipynb"),
    ("https://bitbucket.org/o/r/src/main/d", "https://bitbucket.org/o/r", "main", "d"),
    ("https://bitbucket.org/o/r/src/v1.0", "https://bitbucket.org/o/r", "v1.0", None),
    ("https://bitbucket.org/o/r/branch/feature/x", "https://bitbucket.org/o/r", "feature/x", None),
    (f"https://bitbucket.org/o/r/commits/{SHA}", "https://bitbucket.org/o/r", SHA, None),
    ("https://bitbucket.org/o/r/pull-requests/", "https://bitbucket.org/o/r", None, None),
    ("https://codeberg.org/o/r/src/branch/main/d/a.ipynb", "https://codeberg.org/o/r", "main",
     "d/a.ipynb"),
    ("https://git.x.org/o/r/src/tag/v1/d", "https://git.x.org/o/r", "v1", "d"),
    (f"https://git.x.org/o/r/src/commit/{SHA}/a.py", "https://git.x.org/o/r", SHA, "a.py"),
    ("https://git.x.org/o/r/raw/branch/main/Makefile", "https://git.x.org/o/r", "main",
     "Makefile"),
    ("https://x.org/git/o/r/src/branch/main/d/a.ipynb", "https://x.org/git/o/r", "main",
     "d/a.ipynb"),
    ("https://codeberg.org/o/r/src/branch/main/src/branch/a.py", "https://codeberg.org/o/r",
     "main", "src/branch/a.py"),
    ("https://ghe.x.org/o/r/blob/main/a.ipynb", "https://ghe.x.org/o/r", "main", "a.ipynb"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "repo", "ref", "path"), PAGES)
def test_a_page_is_read(page, repo, ref, path):
    read = read_page(page)
    assert (str(read.repo), read.ref, read.path) == (repo, ref, path)
    assert [warning.code for warning in read.warnings] == (["forge-page"] if page != repo else [])


@pytest.mark.parametrize(
    ("page", "known", "ref", "path", "doubt"),
    [
        (f"{REPO}/blob/feature/x/a.ipynb", None, "feature", "x/a.ipynb", True),
        (f"{REPO}/blob/feature/x/a.ipynb", "feature/x", "feature/x", "a.ipynb", False),
        (f"{REPO}/blob/feature/x/a.ipynb", "other", "feature", "x/a.ipynb", True),
        (f"{REPO}/tree/feature/x", None, "feature", "x", True),
        (f"{REPO}/tree/feature/x", "feature/x", "feature/x", None, False),
        (f"{REPO}/tree/feature", None, "feature", None, False),
        (f"{REPO}/blob/feature/a.ipynb", None, "feature", "a.ipynb", False),
    ],
)
def test_a_ref_with_slashes_is_told_by_the_branch_or_doubted(page, known, ref, path, doubt):
    read = read_page(page, known)
    assert (read.ref, read.path) == (ref, path)
    assert ("ambiguous-ref" in [warning.code for warning in read.warnings]) == doubt


def test_a_page_with_credentials_is_refused():
    with pytest.raises(InvalidValueError) as caught:
        read_page("https://u:secret@github.com/org/repo/tree/main")
    assert caught.value.code == "credentials-in-url"
    assert "secret" not in str(caught.value)
