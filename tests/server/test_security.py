"""Hostile links and hostile pages, each as a request to the running server."""

from __future__ import annotations

import base64
import os
import re
import time
from urllib.parse import quote, urlencode

import pytest

from faulty import Faults, FaultyServer
from jupyter_process import TOKEN
from nbpull_server.errors import RefusedError
from nbpull_server.paths import Workspaces
from nbpull_server.pull import pull as sync_into
from nbpull_sync import Cancel, SyncRequest

SECRET = "hunter2-the-password"
MARKUP = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>"


def pull(client, **fields):
    """Ask for a sync in all three ways, and give the answers of those that change something."""
    query = urlencode(fields)
    page = client.get(f"git-pull?{query}")
    assert page.status in {200, 400, 403}
    peer = client.get(f"git-pull/api?{query}")
    api = client.post("nbpull/api/syncs", {"query": query})
    return peer, api


def codes(peer, api):
    """Give the error's code from both answers."""
    first = peer.events[-1]["error"]["reason"]["code"] if peer.status == 200 else peer.json["code"]
    return first, api.json["code"]


OUTSIDE = [
    ("../escaped", "outside-root"),
    ("a/../../escaped", "outside-root"),
    ("..", "outside-root"),
    (".", "outside-root"),
    ("/tmp/escaped", "outside-root"),
    ("//tmp/escaped", "outside-root"),
    ("link/escaped", "outside-root"),
    ("link", "outside-root"),
    (".ssh", "hidden-directory"),
    (".jupyter/custom", "hidden-directory"),
    ("course/.git/hooks", "hidden-directory"),
    ("a\nb", "control-character"),
    ("a\0b", "control-character"),
]


@pytest.mark.parametrize(("target", "code"), OUTSIDE)
def test_a_target_path_does_not_escape(program, teacher, tmp_path, target, code):
    root = program.server.root
    (root / "link").symlink_to(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert codes(*pull(program, repo=teacher.url, targetpath=target)) == (code, code)
    assert sorted(tmp_path.rglob("*")) == before
    assert [entry.name for entry in root.iterdir()] == ["link"]


@pytest.mark.parametrize("target", ["..%2fescaped", "%2e%2e/escaped", "%252e%252e%252fescaped"])
def test_an_encoded_target_path_does_not_escape(program, teacher, root, target):
    program.get(f"git-pull/api?repo={quote(teacher.url)}&targetpath={target}")
    assert not (root.parent / "escaped").exists()
    assert not (root.parent.parent / "escaped").exists()


def test_a_bare_repository_hidden_in_the_content_is_never_taken_for_a_workspace(
    program, teacher, tmp_path
):
    owned = tmp_path / "owned"
    hook = f"#!/bin/sh\ntouch {owned}\n"
    teacher.publish(
        {
            "evil/HEAD": "ref: refs/heads/main\n",
            "evil/objects/.keep": "",
            "evil/refs/heads/.keep": "",
            "evil/config": f"[core]\n\tbare = true\n\tfsmonitor = touch {owned}\n",
            "evil/hooks/post-checkout": hook,
        }
    )
    assert program.get(f"git-pull/api?repo={quote(teacher.url)}").events[-1]["phase"] == "finished"
    for target in ("course/evil", "course/evil/hooks"):
        answers = pull(program, repo=teacher.url, targetpath=target)
        assert codes(*answers) == ("bare-repository", "bare-repository")
    for path in ("status", "restore-points"):
        assert program.get(f"nbpull/api/{path}?workspace=course/evil").status == 400
    assert not owned.exists()


@pytest.mark.parametrize(
    "repo",
    [
        "--upload-pack=touch {owned}",
        "-u touch {owned}",
        "ext::sh -c 'touch {owned}'",
        "ext::sh -c touch% {owned}",
        "fd::0",
        "ssh://-oProxyCommand=touch {owned}/x",
        "ssh://-oProxyCommand=touch${{IFS}}{owned}/x",
        "-oProxyCommand=touch {owned}:x",
        "git@-oProxyCommand=touch {owned}:x",
    ],
)
def test_a_repository_is_never_an_option_or_a_command(program, root, tmp_path, repo):
    owned = tmp_path / "owned"
    peer, api = pull(program, repo=repo.format(owned=owned), targetpath="course")
    assert peer.events[-1]["phase"] == "error"
    if api.status < 400:
        assert program.get(api.json["events"]).events[-1]["state"] == "failed"
    assert not owned.exists()
    assert not (root / "course").exists()


@pytest.mark.parametrize(
    "branch", ["--upload-pack=touch {owned}", "-x", "a..b", "$(touch {owned})"]
)
def test_a_branch_is_never_an_option_or_a_command(program, teacher, tmp_path, branch):
    owned = tmp_path / "owned"
    peer, _ = pull(program, repo=teacher.url, branch=branch.format(owned=owned))
    assert peer.events[-1]["phase"] == "error"
    assert not owned.exists()


@pytest.mark.parametrize(
    "urlpath",
    [
        "//evil.example/x",
        "///evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "lab/../../../hub/logout",
        "lab/%2e%2e/%2e%2e/hub",
        "lab\\..\\..",
    ],
)
def test_a_landing_stays_on_the_server(program, teacher, root, urlpath):
    query = urlencode({"repo": teacher.url, "urlpath": urlpath})
    page = program.get(f"git-pull?{query}")
    assert page.status == 400
    assert page.facts["error"]["code"] == "landing-elsewhere"
    assert page.facts["landing"] is None
    assert program.post("nbpull/api/syncs", {"query": query}).json["code"] == "landing-elsewhere"
    assert list(root.iterdir()) == []


def test_the_end_of_a_stream_leads_nowhere_else_either(program, teacher):
    job = program.post("nbpull/api/syncs", {"repo": teacher.url}).json
    place = job["events"].partition("?")[0]
    query = urlencode({"targetpath": "course", "urlpath": "//evil.example"})
    assert program.get(f"{place}?{query}").events[-1]["landing"] is None


HALF = "half \ud83d of a character"
LONG = "x" * 9000
UNSEEN = "https://example.org/\u202efdp.evil"
SENT = [
    ("[" * 100_000, "bad-request"),
    ('{"repo": ' * 50_000, "bad-request"),
    ('"text"', "bad-request"),
    ('{"repo": 1e999}', "unreadable-link"),
    ('{"repo": ["https://example.org/x"]}', "unreadable-link"),
    ({"repo": HALF}, "control-character"),
    ({"repo": UNSEEN}, "control-character"),
    ({"repo": "https://example.org/\u200bx"}, "control-character"),
    ({"query": f"repo={HALF}"}, "control-character"),
    *(
        ({"repo": "https://127.0.0.1:1/x", name: value}, code)
        for name in ("branch", "targetpath", "urlpath", "subpath", "app")
        for value, code in ((HALF, "control-character"), (LONG, "unreadable-link"))
    ),
    ({"repo": "https://127.0.0.1:1/x", "targetpath": "a/" * 2000}, "bad-targetpath"),
]


@pytest.mark.parametrize(("body", "code"), SENT, ids=range(len(SENT)))
def test_what_nobody_would_send_is_refused_in_words(program, root, body, code):
    answer = program.post("nbpull/api/syncs", body)
    assert (answer.status, answer.json["code"]) == (400, code)
    assert list(root.iterdir()) == []


@pytest.mark.parametrize("path", ["restore", "take"])
def test_a_name_that_no_file_can_have_is_refused_in_words(program, path):
    good = {"workspace": "course", "id": "x", "path": "x", "paths": []}
    for name, odd in (
        *((name, value) for name in ("workspace", "id", "path") for value in (HALF, "a\0b", "", 7)),
        ("paths", ["a\0b"]),
        ("paths", [HALF]),
        ("paths", "x"),
    ):
        assert program.post(f"nbpull/api/{path}", {**good, name: odd}).status in {400, 409}
    assert program.post(f"nbpull/api/{path}", {**good, "workspace": "a/" * 2000}).status == 400


def test_a_workspace_that_became_a_link_while_its_sync_waited_is_left_alone(tmp_path):
    outside, root = tmp_path / "outside", tmp_path / "root"
    outside.mkdir()
    root.mkdir()
    place = Workspaces(root).locate("course").path
    place.symlink_to(outside)
    request = SyncRequest(repo="https://127.0.0.1:1/x", directory=place)
    for aside in (False, True):
        with pytest.raises(RefusedError) as refused:
            list(sync_into(request, Cancel(), aside=aside))
        assert refused.value.code == "outside-root"
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("path", ["git-pull?repo=https://example.org/x", "nbpull/api/syncs"])
def test_a_name_that_was_pointed_at_this_machine_opens_nothing(browser, path):
    assert browser.get(path, Host="evil.example").status == 403
    assert browser.post("nbpull/api/syncs", {}, Host="evil.example").status == 403


@pytest.mark.parametrize(
    "path",
    [
        "git-pull?repo=https://example.org/x",
        "git-pull",
        "git-pull/api?repo=https://127.0.0.1:1/x",
        "git-sync?repo=x",
        "nbpull/api/syncs",
        "nbpull/api/syncs/absent/events",
        "nbpull/api/absent",
        "nbpull/links/",
        "nbpull/static/0/page.js",
    ],
)
def test_every_answer_says_who_may_frame_it_and_what_it_is(program, path):
    answer = program.get(path)
    assert "frame-ancestors" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


NAMES = ["repo", "branch", "depth", "targetpath", "urlpath", "subpath", "app", "backup"]


@pytest.mark.parametrize("name", NAMES)
def test_markup_never_becomes_a_page(program, name):
    fields = {"repo": "https://127.0.0.1:1/x", name: MARKUP}
    for answer in (program.get(f"git-pull?{urlencode(fields)}"), *pull(program, **fields)):
        kind = answer.headers["Content-Type"]
        assert "text/html" not in kind or "<script>alert" not in answer.text
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["git-sync", "interact"])
def test_a_redirect_carries_no_header_of_the_links(program, path):
    answer = program.get(f"{path}?repo=x%0d%0aSet-Cookie:%20a=b&path=%0d%0aX:%20y")
    assert "Set-Cookie" not in answer.headers or "a=b" not in answer.headers["Set-Cookie"]
    assert "X" not in answer.headers


FOREIGN = [
    {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate"},
    {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "cors"},
    {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"},
    {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "navigate"},
    {"Sec_Fetch_Site": "same-origin", "Sec_Fetch_Mode": "navigate"},
    {"Sec_Fetch_Site": "same-origin", "Sec_Fetch_Mode": "no-cors"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Referer": "https://evil.example/lure"},
    {"Referer": "http://[evil"},
    {"Origin": "http://127.0.0.1:1", "Referer": "http://127.0.0.1"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_another_site_starts_no_sync_with_a_get(browser, teacher, root, headers):
    answer = browser.get(f"git-pull/api?repo={quote(teacher.url)}", **headers)
    assert answer.status == 403
    assert list(root.iterdir()) == []


def test_our_own_page_may(browser, teacher, server, root):
    own = [
        {"Sec_Fetch_Site": "same-origin", "Sec_Fetch_Mode": "cors"},
        {"Sec_Fetch_Site": "none", "Sec_Fetch_Mode": "navigate"},
        {"Origin": f"http://127.0.0.1:{server.port}"},
        {"Referer": f"{server.url}git-pull"},
        {},
    ]
    for number, headers in enumerate(own):
        query = f"repo={quote(teacher.url)}&targetpath=c{number}"
        assert browser.get(f"git-pull/api?{query}", **headers).status == 200
        assert (root / f"c{number}").is_dir()


CHANGES = ["syncs", "syncs/x/cancel", "restore", "take"]


@pytest.mark.parametrize("path", CHANGES)
def test_a_change_needs_the_token_against_forged_requests(browser, teacher, root, path):
    body = {"repo": teacher.url}
    for token in ("", "2|wrong|wrong|1"):
        answer = browser.post(f"nbpull/api/{path}", body, X_XSRFToken=token)
        assert answer.status == 403
        assert answer.json["code"] == "no-permission"
    form = "repo=" + quote(teacher.url)
    plain = {"X_XSRFToken": "", "Content_Type": "application/x-www-form-urlencoded"}
    assert browser.post(f"nbpull/api/{path}", form, **plain).status == 403
    # A form of another site can send this without being asked for leave.
    typed = {"X_XSRFToken": "", "Content_Type": "text/plain"}
    assert browser.post(f"nbpull/api/{path}", {**body, "a": "="}, **typed).status == 403
    assert list(root.iterdir()) == []


@pytest.mark.parametrize("path", CHANGES)
def test_a_change_is_refused_to_another_origin(browser, teacher, root, path):
    answer = browser.post(
        f"nbpull/api/{path}", {"repo": teacher.url}, Origin="https://evil.example"
    )
    assert answer.status in {403, 404}
    assert list(root.iterdir()) == []


@pytest.mark.parametrize(
    "path",
    [
        "syncs",
        "syncs/x",
        "syncs/x/events",
        "status?workspace=x",
        "restore-points?workspace=x",
        "openapi.json",
        "absent",
    ],
)
def test_a_stranger_learns_nothing(stranger, path):
    answer = stranger.get(f"nbpull/api/{path}")
    assert answer.status == 403
    assert answer.json["code"] == "no-permission"


@pytest.mark.parametrize("path", CHANGES)
def test_a_stranger_changes_nothing(stranger, path):
    assert stranger.post(f"nbpull/api/{path}", {"repo": "x"}).status == 403


@pytest.mark.parametrize("workspace", ["../..", "/etc", ".", ".ssh", "", "a/../.."])
@pytest.mark.parametrize("path", ["status", "restore-points"])
def test_only_workspaces_can_be_looked_at(program, path, workspace):
    assert program.get(f"nbpull/api/{path}?workspace={quote(workspace)}").status == 400


@pytest.mark.parametrize(
    "path", ["../../../etc/passwd", "/etc/passwd", ".git/config", "..", "a/../../x"]
)
def test_the_teachers_version_is_of_a_file_in_the_workspace(program, teacher, root, path):
    program.get(f"git-pull/api?repo={quote(teacher.url)}")
    config = (root / "course" / ".git" / "config").read_text()
    answer = program.post("nbpull/api/take", {"workspace": "course", "path": path})
    assert answer.status == 409
    assert (root / "course" / ".git" / "config").read_text() == config


def test_a_password_in_a_link_is_nowhere_to_be_found(server, program, browser, teacher, root):
    with FaultyServer(teacher.directory.parent, faults=Faults(status=403)) as upstream:
        repo = upstream.url_of("course").replace("://", f"://me:{SECRET}@")
        seen = [browser.get(f"git-pull?repo={quote(repo)}").text]
        seen += [answer.text for answer in pull(browser, repo=repo)]
        job = browser.post("nbpull/api/syncs", {"repo": repo}).json
        seen.append(browser.get(job["events"]).text)
        seen.append(browser.get(f"nbpull/api/syncs/{job['id']}").text)
        browser.get(f"git-pull/api?repo={quote(quote(repo))}&depth=x")
        browser.get(f"git-sync?repo={quote(repo)}")
        upstream.faults = Faults()
        assert browser.get(f"git-pull/api?repo={quote(repo)}").events[-1]["phase"] == "finished"
    seen.append(browser.get("nbpull/api/status?workspace=course").text)
    seen.append(program.get("metrics").text)
    seen.append((root / "course" / ".git" / "config").read_text())
    encoded = base64.b64encode(f"me:{SECRET}".encode()).decode()
    for text in seen:
        assert SECRET not in text
        assert encoded not in text
    wait_for_log(server, "git-sync")
    assert SECRET not in server.log
    assert encoded not in server.log


def test_the_servers_token_is_nowhere_to_be_found(server, stranger):
    page = stranger.get(f"git-pull?repo=https://example.org/x&token={TOKEN}")
    assert page.status == 200
    assert TOKEN not in page.text
    assert TOKEN not in server.log


def test_the_files_of_a_process_are_not_listed_by_odd_addresses(program):
    for path in ("nbpull/static/0/../../service.py", "nbpull/links/../__init__.py"):
        answer = program.get(path)
        assert answer.status in {302, 403, 404}
        assert "import" not in answer.text


def test_a_flood_of_parameters_is_refused(program):
    query = "&".join(f"p{number}=1" for number in range(5000))
    assert program.get(f"git-pull?repo=x&{query}").status == 400


def wait_for_log(server, text):
    """Wait until the log, which is read from a pipe, has caught up."""
    deadline = time.monotonic() + 10
    while text not in server.log:
        assert time.monotonic() < deadline, server.log
        os.sched_yield()
    assert re.search(r"nbpull", server.log)
