"""A learner's tab in a real Chromium, on the page that a link opens."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from playwright.sync_api import expect

from jupyter_process import TOKEN

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page

    from jupyter_process import Server

LAB = "<!DOCTYPE html><html lang=en><title>Lab</title><h1>Lab</h1></html>"
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"

expect.set_options(timeout=30_000)


class Visit:
    """One tab, and what its console said."""

    def __init__(self, context: BrowserContext, server: Server) -> None:
        self.context, self.server = context, server
        # What is opened afterwards is Lab's own matter, and takes seconds.
        context.route(re.compile(r"/lab(/|\?|$)"), lambda route: route.fulfill(body=LAB))
        self.page = context.new_page()
        self.said: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    @property
    def complaints(self) -> list[str]:
        """What the browser held against the page; an answer that is an error is none."""
        return [text for text in self.said if "Failed to load resource" not in text]

    def open(self, repo: str, **parameters: str) -> Page:
        """Click a link."""
        query = urlencode({"repo": repo, **parameters, "token": TOKEN})
        self.page.goto(f"{self.server.url}git-pull?{query}")
        return self.page

    def button(self, name: str) -> Locator:
        """Find a button by what it says."""
        return self.page.get_by_role("button", name=name)

    def barriers(self) -> list[str]:
        """Give what axe finds on the page as it is."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate("axe.run()")
        return [f"{it['id']}: {it['nodes'][0]['html']}" for it in found["violations"]]


def title(page: Page, text: str) -> None:
    """Wait until the page is the one with this heading."""
    expect(page.get_by_role("heading", level=1)).to_have_text(text)
