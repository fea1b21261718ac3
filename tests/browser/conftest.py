"""The link generator in Chromium, under a policy that allows nothing but its own files."""

from __future__ import annotations

import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from browser import chromium

WEB = Path(__file__).parents[2] / "nbpull_links" / "web"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Strict(SimpleHTTPRequestHandler):
    """Serves files with the policy, and says nothing."""

    def end_headers(self):
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def site():
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Strict, directory=WEB)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser(need):
    with chromium(need("chromium")) as running:
        yield running


@pytest.fixture(scope="module")
def plain_context(browser):
    """The context of all pages that ask for no other: theirs is what makes a page dear."""
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def open_page(browser, plain_context, site):
    """Open the page, with a query and options of the browser's context; it must not complain."""
    opened, complaints = [], []

    def open_it(query="", **options):
        context = browser.new_context(**options) if options else plain_context
        page = context.new_page()
        opened.append(context if options else page)
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text))
        page.goto(site + query)
        return page

    yield open_it
    for it in opened:
        it.close()
    assert complaints == []
