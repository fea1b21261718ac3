"""Every application opens files, directories or itself, and is known again by its path."""

from __future__ import annotations

import pytest

from nbpull_links import InvalidValueError
from nbpull_links.apps import APPS, Reading, build_urlpath, find_app, is_directory, read_urlpath

# app: itself, a notebook, another file, a directory
OPENS = {
    "lab": ("lab/tree/r", "lab/tree/r/a.ipynb", "lab/tree/r/a.py", "lab/tree/r/d/"),
    "notebook": ("tree/r", "notebooks/r/a.ipynb", "edit/r/a.py", "tree/r/d/"),
    "classic": ("nbclassic/tree/r", "nbclassic/notebooks/r/a.ipynb", "nbclassic/edit/r/a.py",
                "nbclassic/tree/r/d/"),
    "retro": ("retro/tree/r", "retro/notebooks/r/a.ipynb", "retro/edit/r/a.py", "retro/tree/r/d/"),
    "rstudio": ("rstudio/",) * 4,
    "shiny": ("shiny/r/", "shiny/r/", "shiny/r/", "shiny/r/d/"),
    "vscode": ("vscode/",) * 4,
    "voila": ("voila/tree/r", "voila/render/r/a.ipynb", "voila/render/r/a.py", "voila/tree/r/d/"),
    "desktop": ("desktop/",) * 4,
}  # fmt: skip
PATHS = (None, "a.ipynb", "a.py", "d/")


def test_the_table_lists_every_application():
    assert list(APPS) == list(OPENS)


@pytest.mark.parametrize(
    ("app", "path", "urlpath"),
    [(app, *pair) for app, row in OPENS.items() for pair in zip(PATHS, row, strict=True)],
)
def test_an_application_opens_a_path_of_the_clone_and_is_known_by_it(app, path, urlpath):
    assert build_urlpath(APPS[app], "r", path) == urlpath
    seen = read_urlpath(urlpath, "r")
    assert seen.app == app
    assert build_urlpath(APPS[app], "r", seen.path) == urlpath
    if app not in ("rstudio", "vscode", "desktop", "shiny"):
        assert seen.path == path


@pytest.mark.parametrize(
    ("app", "urlpath"),
    [("lab", "lab"), ("notebook", "tree"), ("classic", "nbclassic/tree"), ("retro", "retro/tree"),
     ("shiny", "shiny/"), ("voila", "voila"), ("rstudio", "rstudio/")],
)  # fmt: skip
def test_without_a_clone_an_application_opens_the_root(app, urlpath):
    assert build_urlpath(APPS[app], None, None) == urlpath
    assert read_urlpath(urlpath, None) == Reading(app, None)


def test_each_segment_is_percent_encoded():
    urlpath = build_urlpath(APPS["lab"], "c/d e", "f#/g?%.ipynb")
    assert urlpath == "lab/tree/c/d%20e/f%23/g%3F%25.ipynb"
    assert read_urlpath(urlpath, "c/d e").path == "f#/g?%.ipynb"


@pytest.mark.parametrize(
    ("path", "directory"),
    [("d/", True), ("d", True), (".github", True), ("a.d/Makefile", True), ("d.v2/", True),
     ("d.v2", False), ("d/a.py", False), (".a.b", False)],
)  # fmt: skip
def test_a_directory_is_told_by_its_slash_or_by_the_missing_ending(path, directory):
    assert is_directory(path) is directory


# urlpath, app, path, elsewhere
READ = [
    ("/lab/tree/r/a.ipynb", "lab", "a.ipynb", None),
    ("lab/tree/r/a b+é.ipynb?autodecode", "lab", "a b+é.ipynb", None),
    ("lab/tree/r/a.ipynb#x", "lab", "a.ipynb", None),
    ("lab/tree/r", "lab", None, None),
    ("lab/tree/r/", "lab", None, None),
    ("lab/tree/./r//d/./a", "lab", "d/a", None),
    ("lab/tree/other/a", "lab", None, "other"),
    ("lab/tree", "lab", None, None),
    ("lab/", "lab", None, None),
    ("lab?reset", "lab", None, None),
    ("lab/workspaces/auto-X/tree/r/a.py", "lab", "a.py", None),
    ("lab/workspaces/auto-X", "lab", None, None),
    ("lab/extensions/x", "lab", None, None),
    ("doc/tree/r/a.ipynb", "lab", "a.ipynb", None),
    ("doc/workspaces/w/tree/r/a.ipynb", "lab", "a.ipynb", None),
    ("consoles/r/a.ipynb", "notebook", "a.ipynb", None),
    ("view/r/a.html", "notebook", "a.html", None),
    ("nbclassic", "classic", None, None),
    ("retro", "retro", None, None),
    ("rstudio", "rstudio", None, None),
    ("rstudio/auth", "rstudio", None, None),
    ("code-server/", "vscode", None, None),
    ("voila/", "voila", None, None),
    ("proxy/8501/", None, None, None),
    ("laboratory/tree/r", None, None, None),
    ("", None, None, None),
]


@pytest.mark.parametrize(("urlpath", "app", "path", "elsewhere"), READ)
def test_paths_of_others_are_read(urlpath, app, path, elsewhere):
    assert read_urlpath(urlpath, "r") == Reading(app, path, elsewhere)


@pytest.mark.parametrize(
    ("name", "found"), [("LAB", "lab"), ("JupyterLab", "lab"), ("retrolab", "retro"),
                        ("nbclassic", "classic"), ("code", "vscode")],
)  # fmt: skip
def test_names_that_other_makers_use_are_known(name, found):
    assert find_app(name).name == found


def test_an_unknown_application_is_refused_with_the_known_ones():
    with pytest.raises(InvalidValueError, match="desktop, or urlpath") as caught:
        find_app("emacs")
    assert caught.value.code == "unknown-app"
