"""The page in a real Chromium: what a learner sees, from the click to the file."""

from __future__ import annotations

import contextlib
import random
import re

from playwright.sync_api import expect

from faulty import Faults
from jupyter_process import TOKEN, running_server
from learner import Visit, title


def synced(server, upstream):
    """Let a learner have synced once."""
    answer = server.program().get(f"git-pull/api?repo={upstream.url_of('course')}")
    assert answer.events[-1] == {"phase": "finished"}
    return server.root / "course"


def edited(server, upstream, teacher):
    """Leave a workspace and an upstream in which there is something to say of three files."""
    teacher.publish({"a.txt": "one\ntwo\n", "gone.txt": "x\n"})
    course = synced(server, upstream)
    (course / "a.txt").write_text("one\nmine\n")
    (course / "new.txt").write_text("mine\n")
    (course / "gone.txt").unlink()
    teacher.publish({"a.txt": "one\ntheirs\n", "new.txt": "theirs\n"})
    return course


def test_the_file_is_there_and_open_after_one_click(visit, upstream, root):
    page = visit.open(upstream.url_of("course"), urlpath="lab/tree/course/intro.ipynb")
    page.wait_for_url("**/lab/tree/course/intro.ipynb")
    assert (root / "course" / "intro.ipynb").is_file()
    page.go_back()
    assert "git-pull" not in page.url


def test_the_token_leaves_the_address_bar(visit, upstream):
    upstream.faults = Faults(stall_after=0)
    page = visit.open(upstream.url_of("course"))
    title(page, "Getting the newest course files")
    assert TOKEN not in page.url
    visit.button("Cancel").click()
    title(page, "Stopped")


def test_real_progress_is_shown_and_told(visit, teacher, upstream):
    noise = random.Random(7)
    teacher.publish({f"{number}.bin": noise.randbytes(10_000) for number in range(300)})
    upstream.faults = Faults(rate=400_000, matching="POST")
    page = visit.open(upstream.url_of("course"))
    bar = page.get_by_role("progressbar")
    expect(bar).to_have_attribute("aria-valuenow", re.compile(r"^\d+$"))
    expect(page.locator(".figures")).to_contain_text(re.compile(r"\d+%"))
    expect(page.get_by_role("status")).to_contain_text("Receiving the files")
    page.get_by_text("Details").click()
    expect(page.locator(".log")).to_contain_text("Cloning")
    visit.button("Cancel").click()
    title(page, "Stopped")


def test_what_was_stopped_can_be_tried_again(visit, upstream):
    upstream.faults = Faults(stall_after=0)
    page = visit.open(upstream.url_of("course"), urlpath="lab/tree/course")
    visit.button("Cancel").click()
    title(page, "Stopped")
    upstream.faults = Faults()
    visit.button("Try again").click()
    page.wait_for_url("**/lab/tree/course")


def test_a_cancel_before_the_server_knows_of_the_sync_counts(visit, upstream):
    upstream.faults = Faults(stall_after=0)
    held = []
    visit.context.route("**/nbpull/api/syncs", lambda route: held.append(route))  # noqa: PLW0108 - playwright marks the function that it is given
    with visit.context.expect_event("request", lambda it: it.url.endswith("/nbpull/api/syncs")):
        page = visit.open(upstream.url_of("course"))
    visit.button("Cancel").click()
    expect(page.get_by_role("button")).to_be_disabled()
    (route,) = held
    route.continue_()
    title(page, "Stopped")


def test_a_reload_goes_on_with_the_same_sync(visit, upstream, server):
    upstream.faults = Faults(stall_after=0)
    page = visit.open(upstream.url_of("course"))
    expect(page.locator(".step")).to_have_text("Asking for news")
    page.reload()
    expect(page.locator(".step")).to_have_text("Asking for news")
    running = [
        job for job in server.program().get("nbpull/api/syncs").json if job["state"] == "running"
    ]
    assert len(running) == 1
    visit.button("Cancel").click()
    title(page, "Stopped")


def test_two_tabs_see_the_same_sync(visit, upstream):
    upstream.faults = Faults(stall_after=0)
    first = visit.open(upstream.url_of("course"))
    title(first, "Getting the newest course files")
    second = visit.context.new_page()
    second.goto(first.url)
    title(second, "Getting the newest course files")
    second.get_by_role("button", name="Cancel").click()
    title(first, "Stopped")
    title(second, "Stopped")


def test_a_closed_page_does_not_end_the_sync(visit, upstream, server):
    upstream.faults = Faults(stall_after=0)
    page = visit.open(upstream.url_of("course"))
    expect(page.locator(".step")).to_have_text("Asking for news")
    page.goto("about:blank")
    program = server.program()
    (job,) = [it for it in program.get("nbpull/api/syncs").json if it["state"] == "running"]
    program.post(f"nbpull/api/syncs/{job['id']}/cancel", {})


def test_what_happened_to_ones_own_files_is_told(visit, upstream, server, teacher):
    course = edited(server, upstream, teacher)
    page = visit.open(upstream.url_of("course"), urlpath="lab/tree/course/a.txt")
    title(page, "Your files are up to date")
    expect(page.locator(".clock")).to_contain_text("Opening in")
    visit.button("Stay on this page").click()
    expect(page.locator(".clock")).to_have_text("Take your time.")
    for heading in ("Your version stayed", "Your file has a new name", "Came back"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    page.get_by_text("What the teacher changed there").click()
    expect(page.locator(".theirs pre")).to_have_text("theirs")
    visit.button("Take the teacher\u2019s version").click()
    expect(page.get_by_text("Done. Your version is kept")).to_be_visible()
    assert (course / "a.txt").read_text() == "one\ntheirs\n"
    page.reload()
    title(page, "Your files are up to date")
    visit.button("Put everything back").click()
    expect(page.get_by_text("Everything is as it was before.")).to_be_visible()
    assert (course / "a.txt").read_text() == "one\nmine\n"
    visit.button("Open now").click()
    page.wait_for_url("**/lab/tree/course/a.txt")


def test_the_page_goes_on_by_itself_when_nobody_touches_it(visit, upstream, server, teacher):
    edited(server, upstream, teacher)
    visit.page.clock.install()
    page = visit.open(upstream.url_of("course"), urlpath="lab/tree/course/a.txt")
    title(page, "Your files are up to date")
    page.clock.fast_forward(9_000)
    expect(page.locator(".clock")).to_contain_text("Opening in 1 second")
    page.clock.fast_forward(2_000)
    page.wait_for_url("**/lab/tree/course/a.txt")


def test_everything_works_with_the_keyboard_alone(visit, upstream, server, teacher):
    edited(server, upstream, teacher)
    page = visit.open(upstream.url_of("course"), urlpath="lab/tree/course/a.txt")
    title(page, "Your files are up to date")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    reached = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.textContent"))
    assert {"Open now", "Take the teacher\u2019s version", "Put everything back"} <= reached
    visit.button("Open now").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/lab/tree/course/a.txt")


def test_the_page_speaks_the_readers_language(engine, server, upstream):
    upstream.faults = Faults(status=404)
    with contextlib.closing(engine.new_context(locale="de-DE")) as context:
        page = Visit(context, server).open(upstream.url_of("course"))
        title(page, "Das Repository wurde nicht gefunden")
        expect(page.get_by_role("button", name="Ohne Abgleich weiter")).to_be_visible()


def test_a_file_that_is_not_there_has_a_page_with_its_likes(visit, upstream):
    page = visit.open(upstream.url_of("course"), urlpath="lab/tree/course/Intro.ipynb")
    title(page, "The file is not there")
    visit.button("course/intro.ipynb").click()
    page.wait_for_url("**/lab/tree/course/intro.ipynb")


def test_a_course_that_moved_can_go_on_or_start_beside(visit, upstream, server, teacher):
    course = synced(server, upstream)
    teacher.directory.rename(teacher.directory.with_name("moved"))
    parameters = {"targetpath": "course", "urlpath": "lab/tree/course/intro.ipynb"}
    page = visit.open(upstream.url_of("moved"), **parameters)
    title(page, "This folder holds another course")
    visit.button("Get it into a new folder").click()
    page.wait_for_url("**/lab/tree/course-2/intro.ipynb")
    page = visit.open(upstream.url_of("moved"), **parameters)
    visit.button("The course has moved: go on here").click()
    page.wait_for_url("**/lab/tree/course/intro.ipynb")
    assert course.is_dir()


def test_one_can_always_continue_without_syncing(visit, upstream, server):
    synced(server, upstream)
    upstream.faults = Faults(status=404)
    page = visit.open(upstream.url_of("course"), urlpath="lab/tree/course/intro.ipynb")
    title(page, "The repository was not found")
    visit.button("Continue without syncing").click()
    page.wait_for_url("**/lab/tree/course/intro.ipynb")


def test_a_report_can_be_copied_and_holds_no_password(visit, upstream):
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    upstream.faults = Faults(status=404)
    page = visit.open(upstream.url_of("course").replace("://", "://me:hunter2@"))
    title(page, "The repository was not found")
    page.get_by_text("Technical details").click()
    visit.button("Copy the report").click()
    expect(visit.button("Copied")).to_be_visible()
    report = page.evaluate("navigator.clipboard.readText()")
    assert "error: not-found (author)" in report
    assert "hunter2" not in report
    assert "hunter2" not in page.content()


def test_a_server_that_is_gone_is_told(engine, tmp_path, upstream):
    upstream.faults = Faults(stall_after=0)
    with contextlib.closing(engine.new_context(locale="en")) as context:
        with running_server(tmp_path, config={"NbPull": {"protocols": ["http"]}}) as server:
            visit = Visit(context, server)
            visit.page.clock.install()
            page = visit.open(upstream.url_of("course"))
            expect(page.locator(".step")).to_have_text("Asking for news")
        expect(page.get_by_role("status")).to_contain_text("Connection lost")
        page.clock.fast_forward(21_000)
        title(page, "Your Jupyter server does not answer")
        visit.button("Try again").click()
        title(page, "Your Jupyter server does not answer")
