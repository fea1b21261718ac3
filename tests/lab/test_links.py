"""Links to this server that are clicked in Lab, and in another tab while Lab is open."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from lab import link_to, notebook, sync

CLICK = """href => {
  const anchor = document.createElement('a');
  anchor.href = href;
  document.body.append(anchor);
  let taken = true;
  const last = event => { taken = event.defaultPrevented; event.preventDefault(); };
  document.addEventListener('click', last);
  anchor.click();
  document.removeEventListener('click', last);
  anchor.remove();
  return taken;
}"""


def edited(lab, workspace):
    """Open the notebook and type something that is not saved."""
    lab.open_file(f"{workspace.name}/lesson.ipynb")
    lab.document.locator(".jp-CodeCell .cm-content").first.click()
    lab.page.keyboard.press("Control+End")
    lab.page.keyboard.type("\ny = 'mine'")
    expect(lab.document).to_contain_text("y = 'mine'")


def text_of(workspace):
    cells = json.loads((workspace / "lesson.ipynb").read_text())["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells)


def test_a_link_in_a_notebook_brings_the_files_and_opens_one_in_place(lab, server, upstream):
    link = link_to(server, upstream, "notes.txt")
    (server.root / "index.ipynb").write_text(notebook(f"# Course\n\n[Begin]({link})"))
    lab.open_file("index.ipynb")
    lab.document.get_by_role("link", name="Begin").click()
    expect(lab.tab("notes.txt")).to_be_visible()
    expect(lab.page.get_by_text("Everything is up to date.")).to_be_visible()
    assert len(lab.context.pages) == 1
    assert lab.still_the_same_page()


def test_a_link_with_something_to_say_opens_the_panel(lab, server, upstream, teacher):
    workspace = sync(server, upstream)
    (workspace / "notes.txt").write_text("mine\n")
    teacher.publish({"notes.txt": "theirs\n"})
    assert lab.page.evaluate(CLICK, link_to(server, upstream, "data.csv"))
    expect(lab.section("Last sync")).to_contain_text("yours stayed")
    expect(lab.tab("data.csv")).to_be_visible()


def test_a_link_to_a_file_that_is_not_there_says_so(lab, server, upstream):
    assert lab.page.evaluate(CLICK, link_to(server, upstream, "nowhere.txt"))
    expect(lab.page.get_by_text("nowhere.txt, which is not in the course")).to_be_visible()
    expect(lab.page.get_by_role("button", name="What can be done")).to_be_visible()


def test_a_link_that_cannot_be_followed_says_why(lab, server):
    assert lab.page.evaluate(CLICK, f"{server.url}git-pull?repo=ext::sh%20x")
    expect(lab.page.get_by_text("is not the address of one").first).to_be_visible()


def test_an_address_that_nobody_here_knows_is_shown_whole_and_waits_for_a_yes(
    lab, server, upstream, teacher
):
    stranger = upstream.replace("127.0.0.1", "localhost")
    workspace = server.root / teacher.directory.name
    link = link_to(server, stranger, "notes.txt")
    assert lab.page.evaluate(CLICK, link)
    expect(lab.dialog).to_contain_text("Do you trust this address?")
    expect(lab.dialog).to_contain_text(stranger)
    expect(lab.dialog.locator(".jp-mod-reject")).to_be_focused()
    lab.dialog.locator(".jp-mod-reject").click()
    expect(lab.dialog).to_have_count(0)
    assert not workspace.exists()
    assert lab.page.evaluate(CLICK, link)
    lab.confirm()
    expect(lab.tab("notes.txt")).to_be_visible()
    teacher.publish({"new.txt": "new\n"})
    lab.open_panel()
    lab.sync()
    assert (workspace / "new.txt").exists()
    expect(lab.dialog).to_have_count(0)


@pytest.mark.parametrize(
    "href",
    [
        "https://other.example.org/base/git-pull?repo=x",
        "/git-pull?repo=x",
        "/base/git-pull",
        "/base/git-pull/api?repo=x",
        "/base/lab/tree/git-pull?repo=x",
        "/user/somebody/git-pull?repo=x",
        "/hub/user-redirect/git-pull?repo=x",
    ],
)
def test_other_links_are_left_alone(lab, href):
    assert lab.page.evaluate(CLICK, href) is False


def test_a_sync_in_another_tab_takes_what_is_not_saved_here_along(lab, server, upstream, teacher):
    workspace = sync(server, upstream)
    edited(lab, workspace)
    teacher.publish({"lesson.ipynb": notebook("# Lesson", "x = 1", "z = 'theirs'")})
    other = lab.context.new_page()
    other.route("**/lab/**", lambda route: route.fulfill(body="Lab"))
    other.goto(link_to(server, upstream, "lesson.ipynb"))
    other.wait_for_url("**/lab/tree/**")
    expect(lab.document).to_contain_text("z = 'theirs'")
    expect(lab.document).to_contain_text("y = 'mine'")
    expect(lab.dialog).to_have_count(0)
    assert "y = 'mine'" in text_of(workspace)
    assert "z = 'theirs'" in text_of(workspace)
    other.close()
