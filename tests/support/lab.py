"""A learner's tab with JupyterLab in it, and nbpull's panel there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from nbformat import v4
from playwright.sync_api import expect

from jupyter_process import TOKEN
from learner import AXE

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Locator

    from jupyter_process import Server

PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
MARK = "window.nbpullTestMark"


class Lab:
    """One tab, and what its console said."""

    def __init__(self, context: BrowserContext, server: Server) -> None:
        self.context, self.server = context, server
        self.page = context.new_page()
        self.said: list[str] = []
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def open_lab(self, path: str = "lab") -> None:
        """Load Lab, and mark the page as the one that was loaded."""
        self.page.goto(f"{self.server.url}{path}?token={TOKEN}")
        self.page.wait_for_function("window.jupyterapp")
        # What is asked for before its layout is restored, Lab undoes.
        self.page.evaluate("window.jupyterapp.restored.then(() => undefined)")
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")
        self.page.evaluate(f"{MARK} = true")

    def still_the_same_page(self) -> bool:
        return bool(self.page.evaluate(f"{MARK} === true"))

    @property
    def panel(self) -> Locator:
        return self.page.locator("#nbpull-panel")

    def section(self, title: str) -> Locator:
        return self.panel.get_by_role("region", name=title, exact=True)

    def button(self, name: str) -> Locator:
        return self.panel.get_by_role("button", name=name, exact=True)

    @property
    def dialog(self) -> Locator:
        return self.page.locator(".jp-Dialog")

    def confirm(self) -> None:
        """Say yes to what is asked."""
        self.dialog.locator(".jp-mod-accept").click()
        expect(self.dialog).to_have_count(0)

    def run(self, command: str, **arguments: object) -> object:
        """Carry out a command, as a menu or the palette does."""
        return self.page.evaluate(
            "([command, args]) => { void window.jupyterapp.commands.execute(command, args) }",
            [command, arguments],
        )

    def go_to(self, folder: str) -> None:
        self.page.evaluate(
            "path => window.jupyterapp.commands.execute('filebrowser:go-to-path', { path })",
            f"/{folder}",
        )

    def open_panel(self) -> None:
        self.run("nbpull:open-panel")
        expect(self.panel).to_be_visible()

    def open_file(self, path: str) -> None:
        """Open a file in a tab of Lab; a notebook gets no kernel, which would take seconds."""
        self.run("docmanager:open", path=path, kernelPreference={"shouldStart": False})

    def tidy(self) -> None:
        """Close everything, and throw away what a test left unsaved."""
        self.page.keyboard.press("Escape")
        self.run("application:close-all")
        while self.page.locator(".jp-Document").count():
            discard = self.dialog.locator(".jp-mod-warn")
            self.page.wait_for_function(
                "!document.querySelector('.jp-Document') || document.querySelector('.jp-Dialog')"
            )
            if discard.count():
                discard.click()

    def sync(self) -> None:
        """Press the button, and wait until that is done."""
        self.button("Sync now").click()
        expect(self.panel.locator("[aria-busy=true]")).to_have_count(0)
        expect(self.panel.get_by_role("alert")).to_be_empty()

    def set_theme(self, name: str) -> None:
        light = "true" if name.endswith("Light") else "false"
        self.run("apputils:change-theme", theme=name)
        expect(self.page.locator(f"body[data-jp-theme-light={light}]")).to_have_count(1)

    @property
    def document(self) -> Locator:
        """The document that is in front."""
        return self.page.locator(".jp-Document:visible").last

    def tab(self, title: str) -> Locator:
        return self.page.get_by_role("tab", name=title)

    def barriers(self, root: str) -> list[str]:
        """Give what axe finds in a part of the page as it is."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate("root => axe.run(root)", root)
        return [f"{it['id']}: {it['nodes'][0]['html']}" for it in found["violations"]]


def sync(server: Server, repo: str, **fields: str) -> Path:
    """Sync once, as a link did some time before, and give the workspace."""
    program = server.program()
    answer = program.post("nbpull/api/syncs", {"repo": repo, **fields}).json
    end = program.get(answer["events"]).events[-1]
    assert end["state"] == "finished", end
    return server.root / answer["workspace"]


def link_to(server: Server, repo: str, path: str) -> str:
    """Give a link as it stands on a page: it opens a file of the workspace."""
    name = repo.rpartition("/")[2]
    query = urlencode({"repo": repo, "urlpath": quote(f"lab/tree/{name}/{path}")})
    return f"{server.url}git-pull?{query}"


def notebook(*sources: str) -> str:
    """Give a notebook; a cell that begins with a # is Markdown."""
    cells = [
        (v4.new_markdown_cell if source.startswith("#") else v4.new_code_cell)(
            source, id=f"cell-{number}"
        )
        for number, source in enumerate(sources)
    ]
    return json.dumps(v4.new_notebook(cells=cells, metadata=PYTHON), indent=1) + "\n"
