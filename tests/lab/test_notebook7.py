"""The same in Notebook 7, which has a page for each document."""

from __future__ import annotations

import contextlib

import pytest
from playwright.sync_api import expect

from lab import Lab, link_to, notebook, sync


@pytest.fixture
def notebook7(engine, server):
    with contextlib.closing(engine.new_context(locale="en-GB")) as context:
        yield Lab(context, server)


def test_the_panel_is_beside_the_files(notebook7, server, upstream):
    workspace = sync(server, upstream)
    notebook7.open_lab(f"tree/{workspace.name}")
    notebook7.open_panel()
    expect(notebook7.panel.locator("h1")).to_have_text(workspace.name)
    expect(notebook7.section("Last sync")).to_contain_text("It brought everything.")


def test_a_sync_beside_an_open_notebook_shows_what_is_new(notebook7, server, upstream, teacher):
    workspace = sync(server, upstream)
    notebook7.open_lab(f"notebooks/{workspace.name}/lesson.ipynb")
    cell = notebook7.page.locator(".jp-CodeCell .cm-content").first
    cell.click()
    notebook7.page.keyboard.press("Control+End")
    notebook7.page.keyboard.type("\ny = 'mine'")
    teacher.publish({"lesson.ipynb": notebook("# Lesson", "x = 1", "z = 'theirs'")})
    notebook7.page.get_by_role("menuitem", name="View", exact=True).click()
    notebook7.page.get_by_role("menuitem", name="Course Files").click()
    notebook7.sync()
    page = notebook7.page.locator(".jp-Notebook")
    expect(page).to_contain_text("z = 'theirs'")
    expect(page).to_contain_text("y = 'mine'")
    expect(notebook7.dialog).to_have_count(0)
    assert notebook7.still_the_same_page()
    # What the link leads to is shown in other tests, and takes seconds.
    notebook7.context.route("**/lab/**", lambda route: route.fulfill(body="Lab"))
    with notebook7.context.expect_page() as opened:
        link = link_to(server, upstream, "notes.txt")
        notebook7.page.evaluate("href => { window.open(href, '_blank') }", link)
    opened.value.wait_for_url("**/lab/tree/**")
