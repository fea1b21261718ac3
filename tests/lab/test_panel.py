"""The panel in JupyterLab: what it shows, and what its buttons do."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from lab import notebook, sync
from lfs import ATTRIBUTES, pointer
from nbpull_links import parse_link

THEIRS = "a\nb\nTHEIRS\nd\ne\n"
MINE = "a\nb\nMINE\nd\ne\n"


def shown(lab, server, upstream):
    """Let a learner have synced, and look at the folder with the panel open."""
    workspace = sync(server, upstream)
    lab.go_to(workspace.name)
    lab.open_panel()
    expect(lab.panel.get_by_role("heading", level=1)).to_have_text(workspace.name)
    return workspace


def disagreed(lab, server, upstream, teacher):
    """Let teacher and learner have changed the same line, and the learner have synced here."""
    workspace = shown(lab, server, upstream)
    (workspace / "notes.txt").write_text(MINE)
    lab.open_file(f"{workspace.name}/notes.txt")
    expect(lab.document).to_contain_text("MINE")
    teacher.publish({"notes.txt": THEIRS})
    lab.sync()
    expect(lab.section("Last sync")).to_contain_text("yours stayed")
    return workspace


def sources(workspace):
    cells = json.loads((workspace / "lesson.ipynb").read_text())["cells"]
    return ["".join(cell["source"]) for cell in cells]


def test_it_shows_the_workspace_of_what_is_looked_at(lab, server, upstream):
    workspace = shown(lab, server, upstream)
    (workspace / "mine.txt").write_text("mine\n")
    (workspace / "data.csv").unlink()
    expect(lab.panel).to_contain_text(f"{workspace.name}, branch main")
    expect(lab.section("Last sync")).to_contain_text("It brought everything.")
    lab.go_to("")
    lab.run("nbpull:open-panel")
    courses = lab.panel.get_by_role("button", name=workspace.name, exact=True)
    courses.click()
    expect(lab.section("Yours")).to_contain_text("mine.txt" + "yours alone")
    expect(lab.section("Yours")).to_contain_text("data.csv")
    assert lab.button("data.csv").count() == 0
    lab.button("Bring data.csv back").click()
    lab.confirm()
    expect(lab.section("Yours")).not_to_contain_text("data.csv")
    assert (workspace / "data.csv").read_text() == "1\n"
    lab.go_to("")
    expect(lab.panel.locator("h1")).to_have_text("Course files")
    lab.open_file(f"{workspace.name}/mine.txt")
    expect(lab.panel.locator("h1")).to_have_text(workspace.name)


def test_a_sync_merges_an_open_notebook_that_was_not_saved(lab, server, upstream, teacher):
    workspace = shown(lab, server, upstream)
    lab.open_file(f"{workspace.name}/lesson.ipynb")
    cell = lab.document.locator(".jp-CodeCell").first
    cell.locator(".cm-content").click()
    lab.page.keyboard.press("Control+End")
    lab.page.keyboard.type("\ny = 'mine'")
    assert "mine" not in sources(workspace)[1]
    teacher.publish({"lesson.ipynb": notebook("# Lesson", "x = 1", "z = 'theirs'")})
    lab.sync()
    expect(lab.document).to_contain_text("z = 'theirs'")
    expect(lab.document).to_contain_text("y = 'mine'")
    assert sources(workspace) == ["# Lesson", "x = 1\ny = 'mine'", "z = 'theirs'"]
    expect(lab.section("Last sync")).to_contain_text("changes together")
    # What is saved afterwards meets no other file on the disk than the one that is shown.
    lab.page.keyboard.type("# more")
    lab.run("docmanager:save")
    expect(lab.page.locator(".jp-mod-dirty")).to_have_count(0)
    expect(lab.dialog).to_have_count(0)


def test_what_is_new_is_told_before_it_is_taken(lab, server, upstream, teacher):
    workspace = shown(lab, server, upstream)
    (workspace / "notes.txt").write_text("A\nb\nc\nd\ne\n")
    teacher.publish({"notes.txt": "a\nb\nc\nd\nE\n", "new.txt": "new\n", "data.csv": None})
    lab.button("What is new?").click()
    news = lab.section("New from the teacher")
    for said in ("will be put together", "new.txt", "was removed by the teacher"):
        expect(news).to_contain_text(said)
    assert not (workspace / "new.txt").exists()
    lab.sync()
    expect(news).to_contain_text("You have the newest version.")
    assert (workspace / "new.txt").exists()
    lab.button("What is new?").click()
    expect(lab.panel.locator("[aria-busy=true]")).to_have_count(0)
    expect(news).to_contain_text("You have the newest version.")


def test_the_teachers_version_is_taken_from_the_report(lab, server, upstream, teacher):
    workspace = disagreed(lab, server, upstream, teacher)
    report = lab.section("Last sync")
    report.get_by_text("What the teacher changed there").click()
    expect(report.locator("pre").last).to_have_text("THEIRS")
    lab.button("Take the teacher\u2019s version of notes.txt").click()
    expect(lab.dialog).to_contain_text("kept as an earlier state")
    lab.confirm()
    expect(lab.document).to_contain_text("THEIRS")
    assert (workspace / "notes.txt").read_text() == THEIRS


def test_an_earlier_state_is_brought_back(lab, server, upstream, teacher):
    workspace = disagreed(lab, server, upstream, teacher)
    lab.button("Take the teacher\u2019s version of notes.txt").click()
    lab.confirm()
    expect(lab.document).to_contain_text("THEIRS")
    points = lab.section("Earlier states").get_by_role("button")
    expect(points).to_have_count(1)
    expect(lab.section("Earlier states")).not_to_contain_text(re.compile("[0-9a-f]{40}"))
    points.first.click()
    lab.confirm()
    expect(lab.document).to_contain_text("MINE")
    assert (workspace / "notes.txt").read_text() == MINE
    expect(points).to_have_count(2)


def test_a_file_is_started_over_from_its_menu(lab, server, upstream):
    workspace = shown(lab, server, upstream)
    lab.open_file(f"{workspace.name}/notes.txt")
    lab.document.locator(".cm-content").click()
    lab.page.keyboard.type("MINE ")
    lab.run("filebrowser:activate")
    lab.page.locator(".jp-DirListing-item", has_text="notes.txt").click(button="right")
    lab.page.get_by_role("menuitem", name="Start This File Over…").click()
    lab.confirm()
    expect(lab.document).not_to_contain_text("MINE")
    assert (workspace / "notes.txt").read_text() == "a\nb\nc\nd\ne\n"
    lab.open_panel()
    expect(lab.section("Earlier states").get_by_role("button")).to_have_count(1)


def test_a_link_to_the_open_file_is_made_and_copied(lab, server, upstream):
    workspace = shown(lab, server, upstream)
    lab.open_file(f"{workspace.name}/lesson.ipynb")
    expect(lab.document).to_contain_text("Lesson")
    lab.button("Make a link to this file").click()
    field = lab.section("Share").get_by_role("textbox")
    expect(field).to_have_value(parse := field.input_value())
    made = parse_link(parse)
    assert f"{made.place.url}/" == server.url
    assert (made.content.path, str(made.content.repo)) == ("lesson.ipynb", upstream)
    lab.button("Copy the link").click()
    expect(lab.section("Share").get_by_role("status")).to_have_text("Copied.")
    assert lab.page.evaluate("navigator.clipboard.readText()") == parse


def test_open_files_follow_what_the_teacher_moved_and_removed(lab, server, upstream, teacher):
    workspace = shown(lab, server, upstream)
    for name in ("notes.txt", "data.csv"):
        lab.open_file(f"{workspace.name}/{name}")
        expect(lab.tab(name)).to_be_visible()
    teacher.publish({"notes.txt": None, "week1/renamed.txt": "a\nb\nc\nd\ne\n", "data.csv": None})
    lab.sync()
    expect(lab.tab("renamed.txt")).to_be_visible()
    for name in ("notes.txt", "data.csv"):
        expect(lab.tab(name)).to_have_count(0)
    expect(lab.dialog).to_have_count(0)


def test_a_sync_that_fails_says_who_can_mend_it(lab, server, upstream, teacher):
    shown(lab, server, upstream)
    teacher.directory.rename(teacher.directory.with_name("away"))
    lab.button("Sync now").click()
    alert = lab.panel.get_by_role("alert")
    expect(alert).to_contain_text("There is no repository")
    expect(alert).to_contain_text("can mend this")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_no_barrier(lab, server, upstream, teacher, theme):
    disagreed(lab, server, upstream, teacher)
    lab.set_theme(theme)
    lab.button("Make a link to this file").click()
    expect(lab.section("Share").get_by_role("textbox")).to_be_visible()
    assert lab.barriers("#nbpull-panel") == []


def test_what_else_there_is_to_know_is_said_as_long_as_it_holds(lab, server, upstream, teacher):
    shown(lab, server, upstream)
    large = {".gitattributes": ATTRIBUTES, "film.bin": pointer(b"a film")}
    teacher.publish({**large, "new.txt": "new\n"})
    lab.sync()
    last = lab.section("Last sync")
    expect(last).to_contain_text("Some files are kept with Git LFS")
    teacher.publish({"newer.txt": "new\n"} | dict.fromkeys(large))
    lab.sync()
    expect(last).to_contain_text("newer.txt")
    expect(last).not_to_contain_text("Git LFS")


def test_the_buttons_are_reached_and_pressed_by_keys(lab, server, upstream, teacher):
    workspace = shown(lab, server, upstream)
    teacher.publish({"new.txt": "new\n"})
    lab.button("Sync now").focus()
    lab.page.keyboard.press("Enter")
    expect(lab.section("Last sync")).to_contain_text("new.txt")
    expect(lab.button("Sync now")).to_be_focused()
    assert (workspace / "new.txt").exists()
