"""The folder in a checkout and the version that is being built are read, never guessed."""

from __future__ import annotations

import subprocess

import pytest

from nbpull_links.sphinx_ext.checkout import built_version, folder_in_checkout

REPO = "https://github.com/org/course"


@pytest.fixture
def checkout(tmp_path):
    def make(*remotes):
        top = tmp_path / "checkout"
        (top / "docs" / "book").mkdir(parents=True)
        subprocess.run(["git", "init", "-q", str(top)], check=True)
        for number, remote in enumerate(remotes):
            subprocess.run(
                ["git", "-C", str(top), "remote", "add", f"r{number}", remote], check=True
            )
        return top

    return make


@pytest.mark.parametrize(
    "remote", [REPO, REPO + ".git", "git@github.com:org/course.git", "https://github.com/me/Course"]
)
def test_sources_in_a_checkout_of_the_content_repo_know_their_folder(checkout, remote):
    top = checkout(remote)
    assert folder_in_checkout(top / "docs" / "book", REPO) == "docs/book"
    assert folder_in_checkout(top, REPO) == ""


@pytest.mark.parametrize("remotes", [(), ("https://github.com/org/website",), ("nonsense",)])
def test_a_checkout_of_another_repository_tells_nothing(checkout, remotes):
    assert folder_in_checkout(checkout(*remotes) / "docs", REPO) is None


def test_sources_outside_any_checkout_tell_nothing(tmp_path):
    assert folder_in_checkout(tmp_path, REPO) is None


def test_a_worktree_and_a_submodule_find_their_configuration(checkout, tmp_path):
    top = checkout(REPO)
    git = ["git", "-C", str(top), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    subprocess.run([*git, "worktree", "add", "-q", str(tmp_path / "tree")], check=True)
    (tmp_path / "tree" / "docs").mkdir()
    assert folder_in_checkout(tmp_path / "tree" / "docs", REPO) == "docs"
    (tmp_path / "module" / "docs").mkdir(parents=True)
    (tmp_path / "module" / ".git").write_text(f"gitdir: {top / '.git'}\n")
    assert folder_in_checkout(tmp_path / "module" / "docs", REPO) == "docs"


@pytest.mark.parametrize(
    ("environ", "version"),
    [
        ({}, None),
        ({"READTHEDOCS_VERSION": "v1"}, None),
        ({"READTHEDOCS": "True", "READTHEDOCS_VERSION": "v1.2"}, "v1.2"),
        ({"READTHEDOCS": "True", "READTHEDOCS_VERSION": "latest"}, None),
        ({"READTHEDOCS": "True", "READTHEDOCS_VERSION": "stable"}, None),
        (
            {"READTHEDOCS": "True", "READTHEDOCS_VERSION": "feature-x",
             "READTHEDOCS_GIT_IDENTIFIER": "feature/x"},
            "feature/x",
        ),
        (
            {"READTHEDOCS": "True", "READTHEDOCS_VERSION": "12",
             "READTHEDOCS_VERSION_TYPE": "external", "READTHEDOCS_GIT_IDENTIFIER": "12"},
            None,
        ),
        ({"GITHUB_REF": "refs/heads/feature/x"}, "feature/x"),
        ({"GITHUB_REF": "refs/tags/v2"}, "v2"),
        ({"GITHUB_REF": "refs/pull/3/merge"}, None),
        ({"CI_COMMIT_TAG": "v3"}, "v3"),
        ({"CI_COMMIT_BRANCH": "dev"}, "dev"),
    ],
)  # fmt: skip
def test_the_build_service_names_the_version_that_is_built(environ, version):
    assert built_version(environ) == version
