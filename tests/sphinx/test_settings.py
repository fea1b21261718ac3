"""The author's own options come first, then what the book said before."""

from __future__ import annotations

import pytest

from nbpull_links.sphinx_ext.settings import Configuration, settle

REPO = "https://github.com/org/course"
OTHER = "https://gitlab.com/group/sub/other"
H = "https://hub.example.org"
THEME = {
    "repository_url": REPO,
    "repository_branch": "dev",
    "path_to_docs": "docs",
    "launch_buttons": {"jupyterhub_url": H, "colab_url": "x"},
}


def settled(tmp_path, environ=None, **written):
    given = {"own": {}, "theme": {}, "context": {}, "book": {}, "gallery": {}} | written
    return settle(Configuration(**given), tmp_path, environ or {})


def test_adding_the_extension_to_a_book_with_buttons_is_enough(tmp_path):
    settings, problems = settled(tmp_path, theme=THEME)
    options = settings.options
    assert problems == []
    assert (options.content_repo, options.content_branch, options.path_to_docs) == (
        REPO, "dev", "docs",
    )  # fmt: skip
    assert [hub.url for hub in options.hubs] == [H]
    assert options.buttons == ("hub", "binder", "jupyterlite", "colab")


def test_the_readers_own_hub_stays_last_when_a_book_adds_services(tmp_path):
    options = settled(tmp_path, theme=THEME, own={"own_hub": True})[0].options
    assert options.buttons == ("hub", "binder", "jupyterlite", "colab", "own-hub")


def test_own_options_win(tmp_path):
    own = {"content_branch": "main", "hubs": [], "buttons": ["hub"]}
    options = settled(tmp_path, theme=THEME, own=own)[0].options
    assert (options.content_branch, options.hubs, options.buttons) == ("main", (), ("hub",))


def test_branch_and_folder_of_one_repository_say_nothing_about_another(tmp_path):
    options = settled(tmp_path, theme=THEME, own={"content_repo": OTHER})[0].options
    assert (options.content_repo, options.content_branch, options.path_to_docs) == (
        OTHER, None, None,
    )  # fmt: skip


def test_the_same_repository_written_twice_keeps_its_branch(tmp_path):
    options = settled(tmp_path, theme=THEME, own={"content_repo": REPO + ".git"})[0].options
    assert (options.content_branch, options.path_to_docs) == ("dev", "docs")


@pytest.mark.parametrize(
    ("page", "folder"),
    [("/tree/v1/book/src", "book/src"), ("/blob/v1/book/a.ipynb", "book"), ("/tree/v1", None)],
)
def test_a_copied_page_of_the_repository_gives_branch_and_folder(tmp_path, page, folder):
    options = settled(tmp_path, own={"content_repo": REPO + page})[0].options
    assert (options.content_repo, options.content_branch) == (REPO, "v1")
    assert options.path_to_docs == folder


def test_problems_name_the_place_where_it_is_written(tmp_path):
    theme = {"repository_url": "course", "launch_buttons": {"jupyterhub_url": "hub", "x": 1}}
    _, problems = settled(tmp_path, theme=theme, own={"app": "vim"})
    assert [problem.partition(" is left out")[0] for problem in problems] == [
        "html_theme_options: launch_buttons.x",
        "html_theme_options: launch_buttons.jupyterhub_url",
        "html_theme_options: repository_url",
        "nbpull_app",
    ]


def test_a_gallery_alone_is_its_own_content(tmp_path):
    gallery = {"binder": {"org": "org", "repo": "pages", "branch": "gh-pages"}}
    settings, _ = settled(tmp_path, gallery=gallery)
    assert settings.options.content_repo == "https://github.com/org/pages"
    assert settings.gallery.repo == "https://github.com/org/pages"
    assert settled(tmp_path, gallery=gallery, theme=THEME)[0].options.content_repo == REPO


@pytest.mark.parametrize(
    ("own", "environ", "branch", "said"),
    [
        ({}, {"GITHUB_REF": "refs/tags/v2"}, "main", 0),
        ({"follow_version": True}, {"GITHUB_REF": "refs/tags/v2"}, "v2", 0),
        ({"follow_version": True}, {}, "main", 0),
        ({"follow_version": True}, {"CI_COMMIT_TAG": "a..b"}, "main", 1),
    ],
)
def test_the_content_branch_can_follow_the_build(tmp_path, own, environ, branch, said):
    own = {"content_repo": REPO, "content_branch": "main"} | own
    settings, problems = settled(tmp_path, environ, own=own)
    assert settings.options.content_branch == branch
    assert len(problems) == said


def test_the_folder_is_found_in_a_checkout(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text(f'[remote "origin"]\n\turl = {REPO}\n')
    source = tmp_path / "docs"
    source.mkdir()
    assert settled(source, own={"content_repo": REPO})[0].options.path_to_docs == "docs"
    own = {"content_repo": REPO, "path_to_docs": ""}
    assert settled(source, own=own)[0].options.path_to_docs == ""
