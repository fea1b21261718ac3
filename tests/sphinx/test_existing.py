"""What a book says already is read, and what cannot be read is said."""

from __future__ import annotations

import pytest

from nbpull_links.sphinx_ext.existing import (
    Gallery,
    from_book,
    from_context,
    from_gallery,
    from_theme,
)

REPO = "https://github.com/org/course"
H = "https://hub.example.org"


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ({}, {}),
        (
            {"repository_url": REPO, "repository_branch": "dev", "path_to_docs": "docs"},
            {"content_repo": REPO, "content_branch": "dev", "path_to_docs": "docs"},
        ),
        (
            {"source_repository": REPO, "source_branch": "dev", "source_directory": "docs/"},
            {"content_repo": REPO, "content_branch": "dev", "path_to_docs": "docs/"},
        ),
        ({"launch_buttons": {"jupyterhub_url": H}}, {"hubs": [{"label": "JupyterHub", "url": H}]}),
        ({"launch_buttons": {"binderhub_url": H}}, {"binder": {"url": H}}),
        (
            {"launch_buttons": {"jupyterlite_url": "/lite", "jupyterlite_ext": ".ipynb"}},
            {"jupyterlite": {"url": "/lite", "suffix": ".ipynb"}},
        ),
        ({"launch_buttons": {"notebook_interface": "classic"}}, {"app": "notebook"}),
        ({"launch_buttons": {"notebook_interface": "jupyterlab"}}, {"app": "lab"}),
        ({"launch_buttons": {"binderhub_url": "", "thebe": False, "colab_url": ""}}, {}),
        ({"launch_buttons": None}, {}),
    ],
)
def test_a_themes_options_are_read(written, values):
    found = from_theme(written)
    assert found.values == values
    assert set(found.written) == set(values)
    assert found.problems == []


def test_services_are_asked_for_by_their_addresses():
    found = from_theme({"launch_buttons": {"colab_url": "c", "deepnote_url": "d", "thebe": True}})
    assert found.services == ["colab", "deepnote"]


@pytest.mark.parametrize(
    ("buttons", "said"),
    [
        ({"notebook_interface": "vim"}, "there is no interface 'vim'"),
        ({"rocket_url": "x"}, "launch_buttons.rocket_url is left out"),
        ("yes", "it is no table"),
    ],
)
def test_what_a_theme_was_told_and_nbpull_cannot_use_is_said(buttons, said):
    [problem] = from_theme({"launch_buttons": buttons}).problems
    assert said in problem


@pytest.mark.parametrize(
    ("context", "values"),
    [
        ({}, {}),
        ({"github_user": "org"}, {}),
        (
            {"github_user": "org", "github_repo": "course", "github_version": "main",
             "doc_path": "docs"},
            {"content_repo": REPO, "content_branch": "main", "path_to_docs": "docs"},
        ),
        (
            {"gitlab_url": "https://git.example.org/", "gitlab_user": "group/sub",
             "gitlab_repo": "course", "conf_py_path": "/docs/"},
            {"content_repo": "https://git.example.org/group/sub/course", "path_to_docs": "docs"},
        ),
        (
            {"bitbucket_user": "org", "bitbucket_repo": "course"},
            {"content_repo": "https://bitbucket.org/org/course"},
        ),
    ],
)  # fmt: skip
def test_the_repository_in_html_context_is_read(context, values):
    assert from_context(context).values == values


def test_a_jupyter_book_1_is_read():
    found = from_book(
        {
            "repository": {"url": REPO, "branch": "dev", "path_to_book": "book"},
            "launch_buttons": {"jupyterhub_url": H, "colab_url": "c"},
        }
    )
    assert found.values["content_repo"] == REPO
    assert found.values["path_to_docs"] == "book"
    assert found.services == ["colab"]
    assert found.written["hubs"] == "_config.yml: launch_buttons.jupyterhub_url"


def test_a_file_of_jekylls_tells_nothing():
    assert from_book({"repository": "org/course", "theme": "minima"}).values == {}


BINDER = {"org": "org", "repo": "pages", "branch": "gh-pages"}


@pytest.mark.parametrize(
    ("written", "values", "gallery", "said"),
    [
        ({}, {}, None, []),
        (
            {"binder": BINDER | {"binderhub_url": H, "dependencies": ["x"]}},
            {"binder": {"url": H}},
            Gallery(folders=("auto_examples",), repo="https://github.com/org/pages",
                    branch="gh-pages", prefix="notebooks"),
            [],
        ),
        (
            {"binder": BINDER | {"filepath_prefix": "/dev/", "notebooks_dir": "nbs"},
             "gallery_dirs": ["a", "b"]},
            {"binder": True},
            Gallery(folders=("a", "b"), repo="https://github.com/org/pages", branch="gh-pages",
                    prefix="dev/nbs"),
            [],
        ),
        ({"binder": {"org": "org", "colour": "red"}}, {}, None,
         ["colour is left out", "repo, branch is missing"]),
    ],
)  # fmt: skip
def test_sphinx_gallerys_binder_is_read(written, values, gallery, said):
    found, published = from_gallery(written)
    assert found.values == values
    assert published == gallery
    assert len(found.problems) == len(said)
    assert all(part in problem for part, problem in zip(said, found.problems, strict=True))
