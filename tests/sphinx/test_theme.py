"""Each theme shows the buttons in its own place."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from books import CONF, HUB, REPO, notebook
from nbpull_links import make_link
from nbpull_links.sphinx_ext.theme import place_buttons, prepare_theme, show_live_code

SETTINGS = {"hubs": [HUB], "content_repo": REPO, "own_hub": True}
LINK = make_link(hub=HUB["url"], content_repo=REPO, path="sub/nb.ipynb", app="lab")
SLOT = "nbpull-launch.html"
THEIRS = "article-header-buttons.html"


def theme_of(name, builder="html", header=None, given=None):
    """A Sphinx as the module sees it: a theme, whether it has a header, and what it was told."""
    defaults = {} if header is None else {"article_header_end": header}
    app = SimpleNamespace(styles=[])
    app.add_css_file = app.styles.append
    app.config = SimpleNamespace(html_static_path=["_static"])
    app.builder = SimpleNamespace(
        name=builder,
        theme=SimpleNamespace(name=name, get_options=lambda _overrides: defaults),
        theme_options={} if given is None else {"article_header_end": given},
    )
    return app


@pytest.mark.parametrize(
    ("theme", "before"),
    [
        ("alabaster", 'class="sphinxsidebarwrapper"'),
        ("furo", 'class="sidebar-sticky"'),
        ("pydata_sphinx_theme", 'class="header-article-items__end"'),
        ("sphinx_book_theme", 'class="header-article-items__end"'),
        ("sphinx_rtd_theme", 'itemprop="articleBody"'),
        ("classic", 'class="body"'),
    ],
)
def test_the_buttons_are_in_the_themes_own_place_and_only_once(book, theme, before):
    files = {"sub/nb.ipynb": notebook(), "plain.md": "# Plain\n"}
    built = book.build(files, html_theme=theme, **SETTINGS)
    assert built.warnings == ""
    page = built.page("sub/nb.html")
    assert page.text.count('<div class="nbpull-launch"') == 1
    assert before in page.text[: page.text.index('<div class="nbpull-launch"')]
    assert page.links == {"Campus": LINK}
    for name in ("plain.html", "genindex.html", "search.html", "index.html"):
        assert "nbpull-launch" not in built.page(name).text
        assert "nbpull.js" not in built.page(name).text


def test_an_author_may_have_no_sidebar_or_one_of_their_own(book):
    conf = CONF + "html_sidebars = {'none': [], 'own': ['about.html']}\n"
    built = book.build({"none.ipynb": notebook(), "own.ipynb": notebook()}, conf=conf, **SETTINGS)
    for name, place in (("none", 'class="body"'), ("own", "sphinxsidebarwrapper")):
        page = built.page(f"{name}.html")
        assert place in page.text[: page.text.index("nbpull-launch")]


@pytest.mark.parametrize("given", ["article-header-buttons.html", ["article-header-buttons.html"]])
def test_what_the_author_put_into_the_header_stays_there(book, given):
    built = book.build(
        {"nb.ipynb": notebook()}, html_theme="sphinx_book_theme",
        html_theme_options={"article_header_end": given}, **SETTINGS,
    )  # fmt: skip
    page = built.page("nb.html").text
    assert page.index('class="nbpull-launch"') < page.index('class="article-header-buttons"')


@pytest.mark.parametrize(
    ("theme", "sidebars", "placed"),
    [
        ("alabaster", ["about.html", "navigation.html"], ["about.html", SLOT, "navigation.html"]),
        ("alabaster", ["about.html"], ["about.html", SLOT]),
        (
            "furo",
            ["sidebar/brand.html", "sidebar/search.html", "sidebar/scroll-start.html"],
            ["sidebar/brand.html", SLOT, "sidebar/search.html", "sidebar/scroll-start.html"],
        ),
        ("furo", ["sidebar/scroll-start.html"], [SLOT, "sidebar/scroll-start.html"]),
    ],
)
def test_in_a_sidebar_the_buttons_stand_after_the_brand(theme, sidebars, placed):
    context = {"sidebars": sidebars, "body": "<p>"}
    place_buttons(theme_of(theme), context, "<b>")
    assert context == {"sidebars": placed, "body": "<p>", "nbpull_launch": "<b>"}


@pytest.mark.parametrize(
    ("theme", "context"),
    [
        ("alabaster", {"sidebars": [], "body": "<p>"}),
        ("furo", {"sidebars": None, "body": "<p>"}),
        ("sphinx_rtd_theme", {"body": "<p>"}),
        ("classic", {"sidebars": ["navigation.html"], "body": "<p>"}),
    ],
)
def test_without_a_place_of_the_themes_own_they_stand_above_the_text(theme, context):
    given = dict(context)
    place_buttons(theme_of(theme), context, "<b>")
    assert context == given | {"body": "<b><p>", "nbpull_launch": "<b>"}


def test_a_theme_with_a_header_has_them_there_and_nowhere_else():
    context = {"sidebars": ["navigation.html"], "body": "<p>"}
    place_buttons(theme_of("sphinx_book_theme", header=[THEIRS]), context, "<b>")
    assert context == {"sidebars": ["navigation.html"], "body": "<p>", "nbpull_launch": "<b>"}


@pytest.mark.parametrize(
    ("default", "given", "header"),
    [
        ([], None, [SLOT]),
        ("", None, [SLOT]),
        ([THEIRS], None, [SLOT, THEIRS]),
        ([THEIRS], "search.html, article-header-buttons.html", ["search.html", SLOT, THEIRS]),
        ([THEIRS], ["search.html"], ["search.html", SLOT]),
        ([THEIRS], [], [SLOT]),
    ],
)
def test_the_header_holds_the_buttons_and_what_was_there_before(default, given, header):
    app = theme_of("pydata_sphinx_theme", header=default, given=given)
    prepare_theme(app)
    assert app.builder.theme_options == {"article_header_end": header}


@pytest.mark.parametrize(
    ("builder", "styled"),
    [("html", True), ("dirhtml", True), ("singlehtml", True), ("epub", False), ("latex", False)],
)
def test_only_what_is_read_in_a_browser_is_styled(builder, styled):
    app = theme_of("alabaster", builder)
    prepare_theme(app)
    assert app.styles == (["nbpull.css"] if styled else [])
    assert len(app.config.html_static_path) == 1 + styled
    assert app.builder.theme_options == {}


LIVE = {"type": "javascript", "text": "Live Code", "icon": "play", "label": "launch-thebe"}
SHOWN = {"type": "javascript", "icon": "play", "label": "launch-thebe"}
OTHER = {"type": "link", "text": "Repository", "label": "repository"}


@pytest.mark.parametrize(
    ("buttons", "shown"),
    [
        ([OTHER], [OTHER]),
        ([{"label": "launch-buttons", "buttons": [LIVE]}, OTHER], [SHOWN, OTHER]),
        ([OTHER, {"label": "launch-buttons", "buttons": [LIVE]}], [OTHER, SHOWN]),
        ([{"label": "launch-buttons", "buttons": []}, OTHER], [OTHER]),
        ([], []),
    ],
)
def test_live_code_is_one_button_instead_of_a_menu_of_one(buttons, shown):
    context = {"header_buttons": buttons}
    show_live_code(context)
    assert context == {"header_buttons": shown}


@pytest.mark.parametrize("context", [{}, {"header_buttons": None}])
def test_a_theme_without_buttons_in_its_header_is_left_alone(context):
    given = dict(context)
    show_live_code(context)
    assert context == given
