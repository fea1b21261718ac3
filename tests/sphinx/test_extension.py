"""The extension in a real build: what a page holds, and a book's old buttons become ours."""

from __future__ import annotations

import re

import pytest

from books import CONF, HUB, REPO, notebook
from nbpull_links import make_link

SETTINGS = {"hubs": [HUB], "content_repo": REPO, "own_hub": True}
LINK = make_link(hub=HUB["url"], content_repo=REPO, path="sub/nb.ipynb", app="lab")


def test_there_is_no_inline_script_and_no_inline_handler(book):
    built = book.build({"nb.ipynb": notebook()}, **SETTINGS)
    launch = built.page("nb.html").launch
    assert "<script" not in launch
    assert not re.search(r"\son\w+=|javascript:|style=", launch)


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        ({"hubs": [HUB]}, {"link"}),
        ({"hubs": [HUB, "https://b.example.org"]}, {"menu", "script"}),
        ({"hubs": [HUB], "own_hub": True}, {"menu", "script", "dialog", "twin"}),
        ({"own_hub": True}, {"script", "dialog", "twin"}),
    ],
)
def test_one_place_is_one_click_and_several_are_a_menu(book, settings, shown):
    built = book.build({"nb.ipynb": notebook()}, content_repo=REPO, **settings)
    page = built.page("nb.html")
    found = {
        "link": 'class="nbpull-button" href=' in page.launch,
        "menu": "<details" in page.launch,
        "script": 'src="_static/nbpull.js' in page.text,
        "dialog": "<dialog" in page.launch,
        "twin": (built.out / "_static" / "nbpull-links.js").exists(),
    }
    assert {name for name, there in found.items() if there} == shown


def test_what_an_author_writes_cannot_break_out_of_the_page(book):
    hub = {"label": '"><script>x</script>', "url": HUB["url"]}
    built = book.build({"nb.ipynb": notebook()}, hubs=[hub], content_repo=REPO)
    assert "<script>x" not in built.page("nb.html").text
    assert "&lt;script&gt;x" in built.page("nb.html").launch


BUTTONS = {
    "notebook_interface": "jupyterlab",
    "jupyterhub_url": HUB["url"],
    "binderhub_url": "https://mybinder.org",
    "colab_url": "https://colab.research.google.com",
}


def test_a_book_with_launch_buttons_needs_no_rewrite_and_has_one_menu(book):
    theme = {"repository_url": REPO, "repository_branch": "main", "path_to_docs": "docs",
             "launch_buttons": BUTTONS}  # fmt: skip
    built = book.build(
        {"nb.ipynb": notebook()}, html_theme="sphinx_book_theme", html_theme_options=theme
    )
    assert built.warnings == ""
    page = built.page("nb.html")
    content = {"content_repo": REPO, "content_branch": "main"}
    path = {"path": "docs/nb.ipynb", "app": "lab"}
    assert page.links == {
        "JupyterHub": make_link(hub=HUB["url"], **content, **path),
        "Binder": make_link(REPO, "main", **path),
        "Colab": "https://colab.research.google.com/github/org/course/blob/main/docs/nb.ipynb",
    }
    assert "dropdown-launch-buttons" not in page.text


@pytest.mark.parametrize(
    ("theme", "said"),
    [
        ({"launch_buttons": BUTTONS}, "nbpull_content_repo is not set"),
        (
            {"repository_url": REPO, "launch_buttons": BUTTONS | {"notebook_interface": "vim"}},
            "notebook_interface is left out",
        ),
    ],
)
def test_what_used_to_stop_the_build_is_a_warning(book, theme, said):
    built = book.build(
        {"nb.ipynb": notebook()}, html_theme="sphinx_book_theme", html_theme_options=theme
    )
    assert said in built.warnings
    assert built.warnings.count("WARNING") == 1
    assert (built.out / "nb.html").exists()


def test_live_code_stays_the_themes_own(book):
    conf = CONF + "def setup(app):\n    app.add_config_value('thebe_config', {}, 'html')\n"
    theme = {"repository_url": REPO, "launch_buttons": BUTTONS | {"thebe": True}}
    built = book.build(
        {"nb.ipynb": notebook()}, conf=conf, html_theme="sphinx_book_theme",
        html_theme_options=theme,
    )  # fmt: skip
    page = built.page("nb.html")
    assert page.text.count("initThebeSBT()") == 1
    assert "dropdown-launch-buttons" not in page.text
    assert list(page.links) == ["JupyterHub", "Binder", "Colab"]


def test_a_jupyter_book_1_configuration_beside_the_pages_is_read(book):
    config = f"repository: {{url: {REPO}}}\nlaunch_buttons: {{jupyterhub_url: {HUB['url']}}}\n"
    built = book.build({"_config.yml": config, "sub/nb.ipynb": notebook()})
    assert built.warnings == ""
    assert built.page("sub/nb.html").links == {"Launch on JupyterHub": LINK}


def test_sphinx_gallerys_pages_open_their_published_notebooks(book):
    conf = CONF + (
        "sphinx_gallery_conf = {'binder': {'org': 'o', 'repo': 'r', 'branch': 'b'}}\n"
        "exclude_patterns = ['auto_examples/*.ipynb']\n"
        "def setup(app):\n    app.add_config_value('sphinx_gallery_conf', {}, 'html')\n"
    )
    files = {
        "auto_examples/plot_a.md": "# Plot\n",
        "auto_examples/plot_a.ipynb": notebook(),
        "index.md": "# Course\n\n```{toctree}\nauto_examples/plot_a\n```\n",
    }
    built = book.build(files, conf=conf)
    assert built.warnings == ""
    path = "notebooks/auto_examples/plot_a.ipynb"
    assert built.page("auto_examples/plot_a.html").links == {
        "Launch on Binder": make_link("https://github.com/o/r", "b", path=path, app="lab")
    }


def test_what_a_page_says_wrongly_is_said_with_its_name(book):
    files = {"nb.ipynb": notebook(nbpull={"app": "vim"})}
    built = book.build(files, **SETTINGS)
    assert "nbpull_app is left out" in built.warnings
    assert "nb.ipynb" in built.warnings


def test_a_build_that_failed_ships_nothing(book, monkeypatch):
    monkeypatch.setattr("nbpull_links.sphinx_ext.copyfile", lambda *_: pytest.fail("shipped"))
    conf = CONF + (
        "def fail(app, *rest):\n    raise RuntimeError\n"
        "def setup(app):\n    app.connect('env-updated', fail)\n"
    )
    with pytest.raises(Exception, match="threw an exception"):
        book.build({"nb.ipynb": notebook()}, conf=conf, **SETTINGS)
