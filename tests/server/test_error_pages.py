"""One page for each way to fail, each produced for real: its words, who can mend it, what to do."""

from __future__ import annotations

import contextlib
import os
import re
import socket
from pathlib import Path

import pytest
from playwright.sync_api import expect

from error_page import ADMIN, AUTHOR, NOBODY, YOU, Case, check
from faulty import Faults, FaultyServer, tls_context
from learner import title
from nbpull_server import languages


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


def test_a_file_that_means_harm_has_its_page(visit, upstream, teacher, root):
    blob = teacher.git("hash-object", "-w", "--stdin", stdin=b"[core]")
    inner = teacher.git("mktree", stdin=f"100644 blob {blob}\tconfig\n".encode())
    tree = teacher.git("mktree", stdin=f"040000 tree {inner}\t.git\n".encode())
    teacher.git("reset", "--soft", teacher.git("commit-tree", "-m", "harm", tree))
    visit.open(upstream.url_of("course"))
    check(visit, Case("The course holds a dangerous file", AUTHOR, ("Try again",)))
    assert not (root / "course").exists()


def test_a_login_that_has_ended_has_its_page(visit, upstream):
    upstream.faults = Faults(status=404)
    page = visit.open(upstream.url_of("course"))
    title(page, "The repository was not found")
    visit.context.clear_cookies()
    visit.button("Try again").click()
    check(visit, Case("You may not do this here", YOU))


def test_every_topic_has_its_page_in_these_tests():
    here = Path(__file__).parent
    names = ("test_browser", "test_error_pages", "test_poor_server")
    tests = "".join((here / f"{name}.py").read_text("utf-8") for name in names)
    titles = {
        key: text.replace("{host}", "127.0.0.1")
        for key, text in languages.catalog("en").items()
        if re.fullmatch(r"error\.[a-z-]+\.title", key)
    }
    assert [key for key, text in titles.items() if f'"{text}"' not in tests] == []


# Each view of a failure, with the longest names there may be, in the page that is open.
WIDEST = """async ([place, messages, language]) => {
  const { FailureView } = await import(place + "failure.js");
  const { TOPICS } = await import(place + "topics.js");
  const { Words } = await import(place + "words.js");
  const long = "a-name-that-nobody-would-give-to-anything-at-all".repeat(3);
  const facts = { messages, language, repo: `https://${long}.example/${long}`, workspace: long };
  const landing = {
    url: "", file: long, missing: true, instead_of: null, folder: long,
    suggestions: [{ path: long, url: long }],
  };
  const tools = { facts, landing, log: [long], words: new Words(facts) };
  const wide = [];
  for (const [topic, { codes }] of Object.entries(TOPICS)) {
    for (const who of ["you", "author", "admin", "network"]) {
      const failure = { code: codes[0], message: long, hint: long, who, context: { file: long } };
      const view = new FailureView(failure, tools);
      document.getElementById("main").replaceChildren(view.node);
      view.node.querySelector("details").open = true;
      const { scrollWidth, clientWidth } = document.documentElement;
      const cut = [...view.node.querySelectorAll("button, h1, p, dd")].filter(
        (it) => it.scrollWidth > it.clientWidth + 1,
      );
      if (scrollWidth > clientWidth || cut.length) {
        wide.push(`${topic} ${who} ${cut[0]?.outerHTML}`);
      }
    }
  }
  return wide;
}"""


@pytest.mark.parametrize("language", languages.known())
def test_every_page_fits_a_phone(visit, upstream, language):
    page = visit.page
    page.set_viewport_size({"width": 320, "height": 640})
    upstream.faults = Faults(status=404)
    visit.open(upstream.url_of("course"))
    title(page, "The repository was not found")
    place = page.locator("script[type=module]").get_attribute("src").removesuffix("page.js")
    assert page.evaluate(WIDEST, [place, languages.catalog(language), language]) == []


def test_what_is_shown_while_it_works_has_no_barrier(visit, upstream):
    upstream.faults = Faults(stall_after=0)
    page = visit.open(upstream.url_of("course"))
    expect(page.locator(".step")).to_have_text("Asking for news")
    assert visit.barriers() == []
    visit.button("Cancel").click()
    title(page, "Stopped")
    assert visit.barriers() == []
