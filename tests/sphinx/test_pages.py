"""Which pages get buttons, and what each opens."""

from __future__ import annotations

import json

import pytest

from nbpull_links.sphinx_ext.existing import Gallery
from nbpull_links.sphinx_ext.options import read_options
from nbpull_links.sphinx_ext.pages import Source, change, look_at
from nbpull_links.sphinx_ext.settings import Settings

REPO = "https://github.com/org/course"
OTHER = "https://gitlab.com/group/sub/other"
KERNEL = {"kernelspec": '{"name": "python3"}'}


def look(file="a/b.ipynb", metadata=None, gallery=None, *, made=False, **options):
    options, problems = read_options({"content_repo": REPO, "content_branch": "main"} | options)
    assert problems == []
    source = Source(
        docname=file.rpartition(".")[0], file=file, metadata=metadata or {}, made_notebook=made
    )
    return look_at(source, Settings(options=options, gallery=gallery))


@pytest.mark.parametrize(
    ("file", "metadata", "pages", "wanted"),
    [
        ("a/b.ipynb", {}, None, True),
        ("a/b.md", KERNEL, None, True),
        ("a/b.md", {"jupytext": "{}"}, None, True),
        ("a/b.md", {}, None, False),
        ("a/b.rst", {"author": "x"}, None, False),
        ("a/b.md", {}, [".md"], True),
        ("a/b.md", {}, ["*.md"], True),
        ("a/b.ipynb", {}, ["*.md"], False),
        ("a/b.ipynb", {}, ["*.md", "auto"], True),
        ("a/b.md", {}, ["a/*"], True),
        ("a/b.md", {}, ["a/b"], True),
        ("a/b.md", {}, ["a/b.md"], True),
        ("a/b.ipynb", {}, ["!a/*"], False),
        ("c/b.ipynb", {}, ["!a/*"], True),
        ("a/b.ipynb", {}, ["auto", "!a/b"], False),
        ("a/b.ipynb", {}, [], True),
        ("a/b.ipynb", {"nbpull": "false"}, None, False),
        ("a/b.ipynb", {"nbpull": "off", "nbpull_path": "x.ipynb"}, None, False),
        ("a/b.md", {"nbpull": "true"}, None, True),
        ("a/b.md", {"nbpull": True}, None, True),
        ("a/b.md", {"nbpull_path": "x.ipynb"}, None, True),
        ("a/b.md", {"nbpull": '{"path": "x.ipynb"}'}, None, True),
    ],
)
def test_a_page_gets_buttons(file, metadata, pages, wanted):
    _, found, problems = look(file, metadata, **({} if pages is None else {"pages": pages}))
    assert (found, problems) == (wanted, [])


@pytest.mark.parametrize(
    ("folder", "file", "path"),
    [
        (None, "a/b.ipynb", "a/b.ipynb"),
        ("", "a/b.ipynb", "a/b.ipynb"),
        ("docs/book", "a/b.ipynb", "docs/book/a/b.ipynb"),
        ("docs", "ä #1.ipynb", "docs/ä #1.ipynb"),
    ],
)
def test_the_path_is_the_files_own_in_the_repository(folder, file, path):
    options = {} if folder is None else {"path_to_docs": folder}
    assert look(file, **options)[0].path == path


@pytest.mark.parametrize(
    ("metadata", "values"),
    [
        ({"nbpull_path": "x/y.ipynb"}, {"path": "x/y.ipynb"}),
        ({"nbpull-path": "x/y.ipynb"}, {"path": "x/y.ipynb"}),
        ({"nbpull_app": "voila"}, {"app": "voila"}),
        ({"nbpull_depth": "0"}, {"depth": 0}),
        ({"nbpull_buttons": "binder, hub"}, {"buttons": ("binder", "hub")}),
        ({"nbpull_urlpath": "rstudio/"}, {"urlpath": "rstudio/"}),
        ({"nbpull_content_branch": "dev"}, {"content_branch": "dev"}),
        ({"nbpull_repo": OTHER}, {"content_repo": OTHER, "content_branch": None}),
        (
            {"nbpull_content_repo": OTHER + "/-/blob/v1/n/x.ipynb"},
            {"content_repo": OTHER, "content_branch": "v1", "path": "n/x.ipynb"},
        ),
        (
            {"nbpull": json.dumps({"repo": OTHER, "branch": "v2", "targetpath": "x"})},
            {"content_repo": OTHER, "content_branch": "v2"},
        ),
        (
            {"nbpull": {"buttons": ["colab"], "targetpath": "courses/x"}},
            {"buttons": ("colab",), "targetpath": "courses/x"},
        ),
    ],
)
def test_a_page_can_say_what_is_different_on_it(metadata, values):
    page, _, _ = look(metadata=metadata)
    assert {name: getattr(page, name) for name in values} == values


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ({"nbpull": "perhaps"}, "nbpull is left out: 'perhaps' is neither true nor false."),
        ({"nbpull_path": "../x"}, "nbpull_path is left out: The path '../x' leaves"),
        ({"nbpull_path": "/"}, "nbpull_path is left out: the path names no file."),
        ({"nbpull_hubs": "x"}, "nbpull_hubs is left out: a page has no such option."),
        ({"nbpull": {"app": "vim"}}, "nbpull_app is left out: there is no application 'vim'."),
    ],
)
def test_what_a_page_says_wrongly_is_said_and_the_book_stands(metadata, said):
    page, _, [problem] = look(metadata=metadata)
    assert problem.lower().startswith(said.lower())
    assert (page.path, page.app) == ("a/b.ipynb", None)


@pytest.mark.parametrize(
    ("file", "metadata", "as_notebook"),
    [
        ("a.md", KERNEL, True),
        ("a.md", KERNEL | {"nbpull_path": "a.ipynb"}, False),
        ("a.md", {"nbpull": "true"}, False),
        ("a.ipynb", KERNEL, False),
    ],
)
def test_a_notebook_written_as_text_is_opened_as_a_notebook(file, metadata, as_notebook):
    assert look(file, metadata)[0].as_notebook is as_notebook


def test_another_path_drops_what_belonged_to_the_first():
    page, _, _ = look("a.md", KERNEL | {"nbpull_urlpath": "lab/x"})
    other = change(page, {"path": "b.md"})
    assert (other.path, other.urlpath, other.as_notebook) == ("b.md", None, False)


GALLERY = Gallery(
    folders=("./examples/",), repo="https://github.com/org/pages", branch="gh-pages", prefix="dev"
)


@pytest.mark.parametrize(
    ("file", "made", "gallery", "path"),
    [
        ("examples/plot_a.rst", True, GALLERY, "dev/examples/plot_a.ipynb"),
        ("examples/index.rst", False, GALLERY, None),
        ("other/plot_a.rst", True, GALLERY, None),
        ("examples/plot_a.rst", True, None, None),
    ],
)
def test_a_gallery_page_opens_its_published_notebook(file, made, gallery, path):
    page, wanted, _ = look(file, gallery=gallery, made=made)
    assert wanted is bool(path)
    assert page.path == (path or file)
    assert page.content_repo == ("https://github.com/org/pages" if path else REPO)


def test_a_gallery_at_the_root_of_its_branch_has_no_folder():
    gallery = Gallery(folders=("examples",), repo=REPO, branch="b", prefix="")
    assert look("examples/a.rst", gallery=gallery, made=True)[0].path == "examples/a.ipynb"
