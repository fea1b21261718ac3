"""nbgitpuller's endpoints: the same parameters, the same stream, exact enough for its own page."""

from __future__ import annotations

from urllib.parse import parse_qs, quote, urlsplit

import pytest


def test_a_clone_streams_as_nbgitpuller_does(program, teacher, root):
    answer = program.get(f"git-pull/api?repo={quote(teacher.url)}&branch=main&depth=1")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-cache"
    *syncing, last = answer.events
    assert syncing
    assert all(set(event) == {"output", "phase"} for event in syncing)
    assert {event["phase"] for event in syncing} == {"syncing"}
    assert last == {"phase": "finished"}
    assert (root / "course" / "intro.ipynb").is_file()
    # What nbgitpuller's clients look for in the text of a clone.
    assert "--branch main" in syncing[0]["output"]
    assert f"Cloning into '{root.resolve() / 'course'}'" in answer.text


def test_an_error_has_the_fields_that_its_page_reads(program, teacher):
    answer = program.get(f"git-pull/api?repo={quote(teacher.url)}&branch=absent")
    last = answer.events[-1]
    assert answer.status == 200
    assert last["phase"] == "error"
    assert last["error"]["code"] == "branch_exist"
    assert {"code", "message", "traceback"} <= set(last["error"])
    assert last["message"] == last["error"]["message"]
    assert "absent" in last["output"]
    assert last["error"]["reason"]["code"] == "ref-not-found"
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("path", ["git-pull", "git-pull/api"])
@pytest.mark.parametrize("query", ["", "?branch=main", "?repo=", "?repo=%20"])
def test_a_link_without_a_repository_is_a_bad_request(program, path, query):
    assert (program.get(path + query)).status == 400


@pytest.mark.parametrize(
    ("query", "code"),
    [("&depth=many", "invalid-depth"), ("&branch=%ff", "unreadable-link")],
)
def test_a_link_that_cannot_be_read_is_a_bad_request(program, teacher, query, code):
    page = program.get(f"git-pull?repo={quote(teacher.url)}{query}")
    assert page.status == 400
    assert page.facts["error"]["code"] == code
    assert (program.get(f"git-pull/api?repo={quote(teacher.url)}{query}")).status == 400


def test_the_lower_case_target_path_wins(program, teacher, root):
    query = f"repo={quote(teacher.url)}&targetPath=camel&targetpath=here/lower"
    program.get(f"git-pull/api?{query}")
    assert (root / "here" / "lower" / "intro.ipynb").is_file()
    assert not (root / "camel").exists()


def test_a_repository_with_a_trailing_slash_has_a_name(program, teacher, root):
    program.get(f"git-pull/api?repo={quote(teacher.url)}/")
    assert (root / "course" / "intro.ipynb").is_file()


def test_depth_says_how_much_history_comes(program, teacher, root):
    teacher.publish({"new.txt": "x"})
    for depth, commits in ((0, 2), (1, 1)):
        program.get(f"git-pull/api?repo={quote(teacher.url)}&depth={depth}&targetpath=d{depth}")
        log = (root / f"d{depth}" / ".git" / "shallow").exists()
        assert log is (commits == 1)


def test_a_backup_moves_the_workspace_aside_and_clones_anew(program, teacher, root):
    query = f"git-pull/api?repo={quote(teacher.url)}"
    program.get(query)
    (root / "course" / "mine.txt").write_text("mine")
    program.get(f"{query}&backup=false")
    assert (root / "course" / "mine.txt").is_file()
    answer = program.get(f"{query}&backup=true")
    assert answer.events[-1] == {"phase": "finished"}
    assert not (root / "course" / "mine.txt").exists()
    (kept,) = root.glob("course_backup_*")
    assert (kept / "mine.txt").read_text() == "mine"


def test_a_backup_opens_the_root(program, teacher):
    page = program.get(f"git-pull?repo={quote(teacher.url)}&backup=true&urlpath=lab/tree/x")
    assert page.facts["landing"]["url"] == ""


def test_the_oldest_name_leads_to_the_page(program, server):
    answer = program.get("git-sync?repo=https%3A//example.org/a%20b&branch=x&branch=y")
    assert answer.status == 302
    assert answer.headers["Location"] == (
        f"{server.base}git-pull?repo=https%3A//example.org/a%20b&branch=x&branch=y"
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("repo=r", {"repo": "https://github.com/data-8/r", "branch": "gh-pages", "subPath": "."}),
        (
            "repo=r&account=me&branch=main&path=a%20b&path=c",
            {"repo": "https://github.com/me/r", "branch": "main", "subPath": "c"},
        ),
    ],
)
def test_interact_is_taken_apart(program, query, expected):
    answer = program.get(f"interact?{query}")
    assert answer.status == 302
    found = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert {name: values[-1] for name, values in found.items()} == expected


def test_interact_without_a_repository_is_a_bad_request(program):
    assert (program.get("interact")).status == 400


def test_a_trailing_slash_leads_to_the_page(program, server):
    answer = program.get("git-pull/?repo=x")
    assert answer.status == 302
    assert answer.headers["Location"] == f"{server.base}git-pull?repo=x"


@pytest.mark.parametrize("path", ["git-pull?repo=x", "git-sync?repo=x", "interact?repo=x"])
def test_a_stranger_is_sent_to_the_login(stranger, path):
    answer = stranger.get(path)
    assert answer.status == 302
    assert "/login" in answer.headers["Location"]


def test_a_stranger_gets_no_stream(stranger, teacher, root):
    answer = stranger.get(f"git-pull/api?repo={quote(teacher.url)}")
    assert answer.status == 403
    assert not (root / "course").exists()
