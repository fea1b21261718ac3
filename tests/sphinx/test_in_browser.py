"""Readers use the buttons in a real browser: by mouse, by keyboard, and with a hub of their own."""

from __future__ import annotations

import functools
import http.server
import re
import threading
from pathlib import Path

import pytest

from books import HUB, REPO, Book, notebook
from browser import chromium
from nbpull_links import make_link

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
THEMES = ("alabaster", "furo", "pydata_sphinx_theme", "sphinx_book_theme", "sphinx_rtd_theme")
CONTENT = {"content_repo": REPO, "content_branch": "main", "path": "docs/a b#1.ipynb", "app": "lab"}
ELSEWHERE = re.compile("^https://")
OWN = "https://hub.example.edu/base"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_args):
        pass


@pytest.fixture(scope="module")
def browser(need):
    with chromium(need("chromium")) as browser:
        yield browser


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The same book in every theme, behind a web server."""
    root = tmp_path_factory.mktemp("site")
    files = {
        "a b#1.ipynb": notebook(),
        "own.ipynb": notebook(nbpull={"buttons": ["own-hub"]}),
        "one.ipynb": notebook(nbpull={"buttons": ["hub"], "path": "docs/one.ipynb"}),
    }
    for theme in THEMES:
        book = Book(root / theme)
        built = book.build(
            files, html_theme=theme, hubs=[HUB], binder={"env_repo": "https://github.com/org/env"},
            content_repo=REPO, content_branch="main", path_to_docs="docs", own_hub=True,
        )  # fmt: skip
        assert built.warnings == ""
    handler = functools.partial(_Quiet, directory=root)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def reader(browser, request):
    """A reader's page; where a link leaves for is answered with an empty page."""
    scheme = getattr(request, "param", "light")
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce")
    context.set_default_timeout(30_000)
    context.route(ELSEWHERE, lambda route: route.fulfill(body="<title>elsewhere</title>"))
    page = context.new_page()
    page.failures = []
    page.on("pageerror", lambda error: page.failures.append(str(error)))
    yield page
    context.close()


def visit(page, site, theme="alabaster", name="a b%231"):
    page.goto(f"{site}/{theme}/out/html/{name}.html")
    return page.locator(".nbpull-launch")


def ask_for_own_hub(launch):
    launch.locator("summary").click()
    launch.get_by_role("button", name="My own hub…").click()
    return launch.get_by_role("dialog", name="Launch on my own hub")


def leave(page, action):
    action()
    page.wait_for_url(ELSEWHERE)
    return page.url


@pytest.mark.parametrize("theme", THEMES)
def test_a_click_on_a_place_leads_there(reader, site, theme):
    launch = visit(reader, site, theme)
    launch.locator("summary").click()
    url = leave(reader, launch.get_by_role("link", name="Campus").click)
    assert url == make_link(hub=HUB["url"], **CONTENT)
    launch = visit(reader, site, theme, "one")
    url = leave(reader, launch.get_by_role("link", name="Launch on Campus").click)
    assert url == make_link(hub=HUB["url"], **CONTENT | {"path": "docs/one.ipynb"})
    assert [text for text in reader.failures if "nbpull" in text] == []


def test_the_keyboard_alone_is_enough(reader, site):
    launch = visit(reader, site)
    summary = launch.locator("summary")
    summary.focus()
    reader.keyboard.press("Enter")
    reader.keyboard.press("Tab")
    assert reader.evaluate("document.activeElement.textContent") == "Campus"
    reader.keyboard.press("Escape")
    assert launch.locator("details").get_attribute("open") is None
    assert reader.evaluate("document.activeElement.tagName") == "SUMMARY"
    reader.keyboard.press("Enter")
    for _ in range(3):
        reader.keyboard.press("Tab")
    reader.keyboard.press("Enter")
    assert reader.evaluate("document.activeElement.tagName") == "INPUT"
    reader.keyboard.press("Escape")
    assert not launch.locator("dialog").is_visible()
    assert reader.evaluate("document.activeElement.tagName") == "SUMMARY"
    reader.keyboard.press("Enter")
    for _ in range(3):
        reader.keyboard.press("Tab")
    reader.keyboard.press("Enter")
    reader.keyboard.type("hub.example.edu/base")
    url = leave(reader, lambda: reader.keyboard.press("Enter"))
    assert url == make_link(hub=OWN, **CONTENT)


def test_the_menu_closes_when_the_reader_goes_elsewhere(reader, site):
    launch = visit(reader, site)
    menu = launch.locator("details")
    launch.locator("summary").click()
    reader.get_by_role("heading", name="Notebook").click()
    assert menu.get_attribute("open") is None
    launch.locator("summary").click()
    reader.keyboard.press("Shift+Tab")
    assert menu.get_attribute("open") is None


@pytest.mark.parametrize(
    ("typed", "hub"),
    [
        (OWN, OWN),
        (OWN + "/user/me/lab/tree/x.ipynb?reset", OWN),
        (OWN + "/hub/home", OWN),
        ("  hub.example.edu/base/  ", OWN),
        ("hub.example.edu:8443", "https://hub.example.edu:8443"),
    ],
)
def test_a_pasted_address_of_a_hub_is_cleaned(reader, site, typed, hub):
    dialog = ask_for_own_hub(visit(reader, site))
    dialog.get_by_label("Address of your JupyterHub").fill(typed)
    url = leave(reader, dialog.get_by_role("button", name="Launch").click)
    assert url == make_link(hub=hub, **CONTENT)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "not the address of a hub"),
        ("javascript:alert(1)", "not the address of a hub"),
        ("ftp://hub.example.edu", "not the address of a hub"),
        ("my hub", "not the address of a hub"),
        ("https://me:secret@hub.example.edu", "holds a password or a token"),
    ],
)
def test_what_is_no_address_is_said_beside_the_field_and_not_remembered(reader, site, typed, said):
    dialog = ask_for_own_hub(visit(reader, site))
    field = dialog.get_by_label("Address of your JupyterHub")
    field.fill(typed)
    dialog.get_by_role("button", name="Launch").click()
    error = dialog.locator(".nbpull-error")
    error.get_by_text(said).wait_for()
    assert field.get_attribute("aria-invalid") == "true"
    assert reader.evaluate("localStorage.getItem('nbpull.hub')") is None
    field.press_sequentially("x")
    assert error.inner_text() == ""
    assert field.get_attribute("aria-invalid") is None


def test_the_hub_is_remembered_offered_first_and_forgotten_when_told(reader, site):
    dialog = ask_for_own_hub(visit(reader, site))
    assert not dialog.get_by_role("button", name="Forget this hub").is_visible()
    dialog.get_by_label("Address of your JupyterHub").fill(OWN + "/hub/home")
    leave(reader, dialog.get_by_role("button", name="Launch").click)

    launch = visit(reader, site, "furo")
    first = launch.locator(".nbpull-places li").first
    first.get_by_text("My hub: hub.example.edu/base").wait_for(state="attached")
    launch.locator("summary").click()
    assert leave(reader, first.get_by_role("link").click) == make_link(hub=OWN, **CONTENT)

    launch = visit(reader, site)
    dialog = ask_for_own_hub(launch)
    assert dialog.get_by_label("Address of your JupyterHub").input_value() == OWN
    dialog.get_by_role("button", name="Forget this hub").click()
    assert dialog.get_by_label("Address of your JupyterHub").input_value() == ""
    dialog.get_by_role("button", name="Cancel").click()
    assert launch.locator("[data-nbpull-remembered-hub]").count() == 0
    assert reader.evaluate("localStorage.getItem('nbpull.hub')") is None


def test_a_page_for_the_readers_own_hub_alone_is_one_button(reader, site):
    launch = visit(reader, site, name="own")
    launch.get_by_role("button", name="Launch on my own hub…").click()
    dialog = launch.get_by_role("dialog")
    dialog.get_by_label("Address of your JupyterHub").fill(OWN)
    url = leave(reader, dialog.get_by_role("button", name="Launch").click)
    assert url == make_link(hub=OWN, **CONTENT | {"path": "docs/own.ipynb"})


def test_something_strange_in_the_memory_is_not_offered(reader, site):
    visit(reader, site)
    reader.evaluate("localStorage.setItem('nbpull.hub', 'javascript:alert(1)')")
    launch = visit(reader, site)
    dialog = ask_for_own_hub(launch)
    assert dialog.is_visible()
    assert launch.locator("[data-nbpull-remembered-hub]").count() == 0


def test_a_browser_that_refuses_to_remember_still_launches(reader, site):
    reader.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } });"
    )
    dialog = ask_for_own_hub(visit(reader, site))
    dialog.get_by_label("Address of your JupyterHub").fill(OWN)
    url = leave(reader, dialog.get_by_role("button", name="Launch").click)
    assert url == make_link(hub=OWN, **CONTENT)


def test_a_page_that_cannot_load_the_builder_says_what_to_do(reader, site):
    reader.route("**/nbpull-links.js*", lambda route: route.abort())
    dialog = ask_for_own_hub(visit(reader, site))
    dialog.get_by_label("Address of your JupyterHub").fill(OWN)
    dialog.get_by_role("button", name="Launch").click()
    dialog.get_by_text("Open this page through a web server").wait_for()


def test_without_scripts_the_menu_works_and_offers_nothing_that_needs_one(browser, site):
    context = browser.new_context(java_script_enabled=False)
    launch = visit(context.new_page(), site)
    launch.locator("summary").click()
    assert launch.get_by_role("link", name="Campus").is_visible()
    assert not launch.get_by_text("My own hub…").is_visible()
    context.close()


@pytest.mark.parametrize(
    ("theme", "reader"),
    [
        ("alabaster", "light"),
        ("furo", "light"),
        ("furo", "dark"),
        ("pydata_sphinx_theme", "light"),
        ("pydata_sphinx_theme", "dark"),
        ("sphinx_book_theme", "dark"),
        ("sphinx_rtd_theme", "light"),
    ],
    indirect=["reader"],
)
def test_axe_finds_nothing_in_the_menu_and_the_dialog(reader, site, theme):
    launch = visit(reader, site, theme)
    launch.locator("summary").click()
    assert axe(reader) == []
    launch.get_by_role("button", name="My own hub…").click()
    launch.locator(".nbpull-error").evaluate("it => { it.textContent = it.dataset.invalid; }")
    assert axe(reader) == []


def axe(page):
    """What axe finds wrong with the buttons."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run('.nbpull-launch')")
    return [
        (problem["id"], node["html"], node["failureSummary"])
        for problem in found["violations"]
        for node in problem["nodes"]
    ]


@pytest.mark.parametrize("theme", THEMES)
def test_nothing_moves_while_the_page_loads(reader, site, theme):
    reader.add_init_script("localStorage.setItem('nbpull.hub', 'https://hub.example.edu')")
    reader.add_init_script(
        """window.moved = [];
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries())
            for (const source of entry.sources)
              if (source.node?.closest?.('.nbpull-launch')) moved.push(source.node.outerHTML);
        }).observe({ type: 'layout-shift', buffered: true });"""
    )
    launch = visit(reader, site, theme)
    launch.get_by_text("My hub: hub.example.edu").wait_for(state="attached")
    assert reader.evaluate("window.moved") == []


@pytest.mark.parametrize("theme", ["pydata_sphinx_theme", "sphinx_book_theme", "sphinx_rtd_theme"])
@pytest.mark.parametrize("width", [360, 1200])
def test_the_open_menu_is_inside_the_window(reader, site, theme, width):
    reader.set_viewport_size({"width": width, "height": 700})
    launch = visit(reader, site, theme)
    launch.locator("summary").click()
    box = launch.locator(".nbpull-places").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
