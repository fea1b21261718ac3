"""One page for each way to fail, each produced for real: its words, who can mend it, what to do."""

from __future__ import annotations

import contextlib
import os
import socket

import pytest
from playwright.sync_api import expect

from error_page import ADMIN, AUTHOR, NOBODY, YOU, Case, check
from faulty import Faults, FaultyServer, tls_context
from learner import title


def status(code, **more):
    return Faults(status=code, **more)


CASES = {
    "branch": Case(
        "The link names something that is not there",
        AUTHOR,
        ("Try again",),
        link={"branch": "absent"},
    ),
    "forbidden": Case("The repository is private", AUTHOR, ("Try again",), status(403)),
    "interrupted": Case(
        "The connection broke off", NOBODY, ("Try again",), Faults(cut_after=600, matching="")
    ),
    "landing": Case("The link leads away from here", AUTHOR, link={"urlpath": "//evil.example"}),
    "login": Case("The repository is private", AUTHOR, ("Try again",), status(401)),
    "missing": Case("The repository was not found", AUTHOR, ("Try again",), repo="absent"),
    "not-found": Case("The repository was not found", AUTHOR, ("Try again",), status(404)),
    "option": Case("The link holds a wrong address", AUTHOR, repo="--upload-pack=x"),
    "outside": Case(
        "The link names a folder that is off limits", AUTHOR, link={"targetpath": "../x"}
    ),
    "depth": Case("The link is broken", AUTHOR, link={"depth": "many"}),
    "protocol": Case(
        "This kind of address is not allowed here", AUTHOR, repo="gopher://example.org/x"
    ),
    "too-many": Case(
        "127.0.0.1 is very busy", NOBODY, ("Try again",), status(429, retry_after="600")
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_way_to_fail_has_its_page(visit, upstream, name):
    case = CASES[name]
    upstream.faults = case.faults
    plain = case.repo.isalpha()
    visit.open(upstream.url_of(case.repo) if plain else case.repo, **case.link)
    check(visit, case)


def test_a_link_without_a_repository_has_its_page(visit):
    visit.open("")
    check(visit, Case("The link is broken", AUTHOR))


def test_an_empty_repository_has_its_page(visit, upstream, teacher):
    teacher.git("init", "--quiet", "--bare", str(upstream.root / "empty"))
    visit.open(upstream.url_of("empty"))
    check(visit, Case("There is nothing to get yet", AUTHOR, ("Try again",)))


def test_a_server_that_is_not_there_has_its_page(visit):
    with contextlib.closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        visit.open(f"http://127.0.0.1:{port}/course")
        check(visit, Case("127.0.0.1 cannot be reached", NOBODY, ("Try again",)))


def test_a_certificate_that_nobody_trusts_has_its_page(visit, teacher, tmp_path):
    context, _ = tls_context(tmp_path)
    with FaultyServer(teacher.directory.parent, tls=context) as upstream:
        visit.open(upstream.url_of("course"))
        check(visit, Case("The connection is not safe", ADMIN, ("Try again",)))


def test_a_file_in_the_way_has_its_page(visit, upstream, root):
    (root / "course").write_text("in the way")
    visit.open(upstream.url_of("course"))
    check(visit, Case("Something is in the way", YOU, ("Get it into a new folder", "Try again")))


def test_another_course_in_the_folder_has_its_page(visit, upstream, server, teacher):
    server.program().get(f"git-pull/api?repo={upstream.url_of('course')}")
    teacher.directory.rename(teacher.directory.with_name("moved"))
    visit.open(upstream.url_of("moved"), targetpath="course")
    buttons = ("Get it into a new folder", "The course has moved: go on here")
    check(visit, Case("This folder holds another course", YOU, buttons))


def test_a_file_that_is_not_in_the_content_has_its_page(visit, upstream):
    visit.open(upstream.url_of("course"), urlpath="lab/tree/course/Intro.ipynb")
    check(visit, Case("The file is not there", AUTHOR, ("Open the folder",)))


def test_a_git_that_is_at_work_has_its_page(visit, upstream, server, teacher):
    server.program().get(f"git-pull/api?repo={upstream.url_of('course')}")
    course = server.root / "course"
    teacher.publish({"intro.ipynb": '{"new": 1}'})
    with (course / ".git" / "index.lock").open("wb") as held:
        held.write(str(os.getpid()).encode())
        held.flush()
        visit.open(upstream.url_of("course"))
        page = visit.page
        expect(page.locator("h1")).to_have_text(
            "Another program is working on this folder", timeout=40_000
        )
        assert visit.barriers() == []


def test_what_is_shown_while_it_works_has_no_barrier(visit, upstream):
    upstream.faults = Faults(stall_after=0)
    page = visit.open(upstream.url_of("course"))
    expect(page.locator(".step")).to_have_text("Asking for news")
    assert visit.barriers() == []
    visit.button("Cancel").click()
    title(page, "Stopped")
    assert visit.barriers() == []
