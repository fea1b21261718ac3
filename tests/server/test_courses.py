"""What the panel in Jupyter asks of the workspaces that are there."""

from __future__ import annotations

import socket
from urllib.parse import urlencode

import pytest

from nbpull_links import parse_link
from nbpull_server.courses import _hub, _on_binder
from nbpull_server.pull import pull
from nbpull_sync import Cancel, Report, SyncRequest
from nbpull_sync.last import keep_last, last_sync

HOME = "http://127.0.0.1:8000"
PATIENCE = 30


def synced(program, teacher, **fields):
    """Sync once, as a link does, and give the report."""
    events = program.post("nbpull/api/syncs", {"repo": teacher.url, **fields}).json["events"]
    *_, report, end = program.get(events).events
    assert end["state"] == "finished", report
    return report


def again(program, workspace="course"):
    events = program.post("nbpull/api/syncs", {"workspace": workspace}).json["events"]
    return program.get(events).events


def ask(program, what, workspace="course"):
    return program.post(f"nbpull/api/{what}", {"workspace": workspace})


def find(program, path):
    return program.get(f"nbpull/api/workspace?{urlencode({'path': path})}").json


def test_a_workspace_is_found_from_any_path_in_it(program, teacher, root):
    synced(program, teacher)
    (root / "elsewhere").mkdir()
    for path in ("course", "course/week1", "course/week1/a b.txt", "/course/nowhere/x"):
        assert find(program, path) == {"workspace": "course", "below": []}
    assert find(program, "") == {"workspace": None, "below": ["course"]}
    for path in ("elsewhere", "nowhere", "../x"):
        assert find(program, path) == {"workspace": None, "below": []}


def test_the_workspace_that_a_link_would_fill_is_told(program, teacher):
    query = urlencode({"repo": teacher.url, "targetpath": "my/place"})
    told = program.get(f"nbpull/api/workspace?{urlencode({'query': query})}")
    assert told.json == {"workspace": "my/place", "below": []}
    for refused in ("branch=x", "repo=ext::sh", f"{query}&targetpath=../x"):
        answer = program.get(f"nbpull/api/workspace?{urlencode({'query': refused})}")
        assert answer.status in {400, 403}, answer.text


def test_a_repository_that_was_never_synced_is_no_workspace(program, teacher, root):
    teacher.git("clone", "--quiet", ".", str(root / "mine"))
    assert find(program, "mine") == {"workspace": None, "below": []}
    answer = program.post("nbpull/api/syncs", {"workspace": "mine"})
    assert (answer.status, answer.json["code"]) == (409, "never-synced")
    assert ask(program, "news", "mine").json["code"] == "never-synced"
    (root / "empty").mkdir()
    assert ask(program, "preview", "empty").json["code"] == "not-a-workspace"


@pytest.mark.parametrize("branch", [None, "main", "first"])
def test_a_workspace_is_synced_with_what_it_came_from(program, teacher, root, branch):
    teacher.git("branch", "first")
    synced(program, teacher, **({"branch": branch} if branch else {}))
    teacher.git("checkout", "--quiet", branch or "main")
    teacher.publish({"new.txt": "new\n"})
    assert ask(program, "news").json == {"news": True}
    *_, report, end = again(program)
    assert report["files"] == [{"path": "new.txt", "outcome": "added"}]
    assert (end["state"], end["landing"]) == ("finished", None)
    assert (root / "course" / "new.txt").read_text() == "new\n"
    assert ask(program, "news").json == {"news": False}


@pytest.mark.parametrize("kind", ["lightweight", "annotated"])
def test_a_tag_has_news_where_it_moves(program, teacher, kind):
    options = ["-m", "a tag"] if kind == "annotated" else []
    teacher.git("tag", *options, "v1")
    synced(program, teacher, branch="v1")
    teacher.publish({"new.txt": "new\n"})
    assert ask(program, "news").json == {"news": False}
    teacher.git("tag", "--force", *options, "v1")
    assert ask(program, "news").json == {"news": True}
    assert again(program)[-2]["files"] == [{"path": "new.txt", "outcome": "added"}]
    assert ask(program, "news").json == {"news": False}


def test_a_commit_never_has_news_and_a_branch_that_is_gone_has_none(program, teacher):
    commit = teacher.git("rev-parse", "HEAD")
    synced(program, teacher, branch=commit, targetpath="fixed")
    teacher.publish({"new.txt": "new\n"})
    assert ask(program, "news", "fixed").json == {"news": False}
    teacher.git("branch", "spring")
    synced(program, teacher, branch="spring")
    teacher.git("branch", "-D", "spring")
    assert ask(program, "news").json == {"news": False}
    assert again(program)[-2]["code"] == "ref-not-found"


def test_what_a_sync_would_do_is_told_and_not_done(program, teacher, root):
    synced(program, teacher)
    (root / "course" / "intro.ipynb").write_text("mine")
    teacher.publish({"intro.ipynb": "theirs", "new.txt": "new\n"})
    report = ask(program, "preview").json
    assert report["dry_run"] is True
    assert {it["path"]: it["outcome"] for it in report["files"]} == {
        "intro.ipynb": "kept-yours",
        "new.txt": "added",
    }
    assert not (root / "course" / "new.txt").exists()
    assert ask(program, "news").json == {"news": True}


@pytest.mark.parametrize("what", ["news", "preview"])
def test_nothing_is_asked_any_more_when_whoever_asked_has_left(program, teacher, root, what):
    synced(program, teacher)
    with socket.create_server(("127.0.0.1", 0)) as remote:
        remote.settimeout(PATIENCE)
        address = f"http://127.0.0.1:{remote.getsockname()[1]}/course"
        teacher.git("-C", str(root / "course"), "config", "remote.origin.url", address)
        with program.leaving(f"nbpull/api/{what}", {"workspace": "course"}):
            git, _ = remote.accept()
        with git:
            git.settimeout(PATIENCE)
            while git.recv(1000):
                pass


def test_the_status_tells_what_is_mine_and_what_the_last_sync_did(program, teacher, root):
    first = synced(program, teacher)
    course = root / "course"
    (course / "notes.txt").write_text("mine")
    (course / "own").mkdir()
    (course / "own" / "a.txt").write_text("mine")
    (course / ".ipynb_checkpoints").mkdir()
    (course / ".ipynb_checkpoints" / "x").write_text("")
    (course / "intro.ipynb").write_text("mine")
    state = program.get("nbpull/api/status?workspace=course").json
    assert state["own"] == ["notes.txt", "own/"]
    assert state["changed"] == ["intro.ipynb"]
    assert state["last"]["report"] == first
    again(program)
    later = program.get("nbpull/api/status?workspace=course").json["last"]
    assert later["ended"] > state["last"]["ended"]
    assert later["changed"] == state["last"]["changed"]
    assert later["report"] == first  # nothing new came, and what came last can still be read


def test_what_the_last_sync_did_is_kept_where_it_can_be(tmp_path, teacher):
    request = SyncRequest(repo=teacher.url, directory=tmp_path / "w", protocols=("file",))
    *_, report = pull(request, Cancel(), aside=False)
    assert isinstance(report, Report)
    kept = last_sync(tmp_path / "w")
    assert kept is not None
    file = tmp_path / "w" / ".git" / "nbpull" / "last.json"
    for broken in ("{", "[]", '{"x": 1}'):
        file.write_text(broken)
        assert last_sync(tmp_path / "w") is None
    file.unlink()
    file.mkdir()
    keep_last(tmp_path / "w", kept.report)
    keep_last(tmp_path / "nothing", kept.report)
    assert last_sync(tmp_path / "nothing") is None


def link(program, path, **more):
    query = urlencode({"path": path, "origin": HOME, **more})
    return program.get(f"nbpull/api/link?{query}")


def test_a_link_leads_to_the_file_on_this_server(program, teacher, server, root):
    synced(program, teacher)
    (root / "course" / "mine.txt").write_text("mine")
    answer = link(program, "course/week1/a b.txt").json
    made = parse_link(answer["url"])
    assert (answer["kind"], answer["shared"]) == ("server", True)
    assert made.place.url == f"{HOME}{server.base}".rstrip("/")
    assert (made.content.path, made.content.app) == ("week1/a b.txt", "lab")
    assert (made.content.branch, made.content.targetpath) == (None, None)
    assert str(made.content.repo) == teacher.url
    assert made.warnings == ()
    assert link(program, "course/mine.txt").json["shared"] is False
    folder = parse_link(link(program, "course", app="notebook").json["url"]).content
    assert (folder.path, folder.app) == (None, "notebook")


def test_a_link_names_the_branch_and_the_folder_where_they_are_others(program, teacher):
    teacher.git("branch", "spring/24")
    synced(program, teacher, branch="spring/24", targetpath="my/place")
    made = parse_link(link(program, "my/place/intro.ipynb").json["url"]).content
    assert (made.branch, made.targetpath) == ("spring/24", "my/place")
    assert made.path == "intro.ipynb"


@pytest.mark.parametrize("path", ["nowhere/x", "..", "course/../../x"])
def test_there_is_no_link_to_what_is_in_no_workspace(program, teacher, path):
    synced(program, teacher)
    assert link(program, path).status in {400, 403, 409}


def test_a_link_to_another_home_is_refused(program, teacher):
    synced(program, teacher)
    for origin in ("javascript:alert(1)", "ftp://x", "x"):
        assert link(program, "course", origin=origin).status == 409


@pytest.mark.parametrize(
    ("environment", "hub"),
    [
        ({}, None),
        ({"JUPYTERHUB_SERVICE_PREFIX": "/user/x/"}, f"{HOME}/"),
        ({"JUPYTERHUB_SERVICE_PREFIX": "/b/user/x/", "JUPYTERHUB_BASE_URL": "/b/"}, f"{HOME}/b/"),
        (
            {"JUPYTERHUB_SERVICE_PREFIX": "/user/x/", "JUPYTERHUB_HOST": "https://hub.example.org"},
            "https://hub.example.org/",
        ),
        ({"JUPYTERHUB_PUBLIC_HUB_URL": "https://a.example.org/hub/"}, "https://a.example.org/hub/"),
    ],
)
def test_the_hubs_address_is_what_the_hub_says(environment, hub):
    assert _hub(environment, HOME) == hub


def test_on_binder_a_link_leads_to_the_launcher():
    query = urlencode({"repo": "https://git.example.org/o/r", "urlpath": "lab/tree/r/a.md"})
    here = parse_link(f"{HOME}/git-pull?{query}")
    environment = {
        "BINDER_LAUNCH_HOST": "https://binder.example.org/",
        "BINDER_REQUEST": "v2/gh/org/env/main",
    }
    there = parse_link(str(_on_binder(here, environment)))
    assert there.kind == "binder"
    assert there.place.url == "https://binder.example.org"
    assert there.content == here.content
    assert _on_binder(here, {}) == here
    assert _on_binder(here, {**environment, "BINDER_LAUNCH_HOST": "no address"}) == here
    assert _on_binder(here, {**environment, "BINDER_REQUEST": "build/x"}) == here
