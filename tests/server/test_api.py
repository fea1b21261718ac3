"""``/nbpull/api/``: start, follow, join, cancel, and errors in JSON."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

import pytest

from faulty import Faults, FaultyServer


def started(client, **fields):
    """Start a sync and give its state and the address of its events."""
    answer = client.post("nbpull/api/syncs", fields)
    assert answer.status in {200, 201}, answer.text
    return answer.json, answer.json["events"]


def test_a_sync_is_started_with_a_post_and_followed(browser, teacher, root):
    job, events = started(browser, repo=teacher.url, urlpath="lab/tree/course/intro.ipynb")
    assert job["workspace"] == "course"
    stream = browser.get(events)
    assert stream.headers["Content-Type"] == "text/event-stream"
    assert stream.events[0]["type"] in {"progress", "log"}
    report, end = stream.events[-2:]
    assert report["status"] == "cloned"
    assert end["type"] == "end"
    assert end["state"] == "finished"
    assert end["landing"]["url"] == "lab/tree/course/intro.ipynb"
    assert end["landing"]["missing"] is False
    assert (root / "course" / "intro.ipynb").is_file()


def test_the_links_own_query_is_taken_as_it_stands(browser, teacher):
    query = urlencode({"repo": teacher.url, "targetPath": "camel", "subPath": "intro.ipynb"})
    job, events = started(browser, query=query)
    end = (browser.get(events)).events[-1]
    assert job["workspace"] == "camel"
    assert end["landing"]["url"] == "lab/tree/camel/intro.ipynb"


def test_a_reader_who_comes_back_gets_the_rest(browser, teacher):
    _, events = started(browser, repo=teacher.url)
    whole = (browser.get(events)).text
    numbers = [int(line[4:]) for line in whole.splitlines() if line.startswith("id: ")]
    assert numbers == list(range(1, len(numbers) + 1))
    rest = (browser.get(events, Last_Event_ID="2")).text
    assert rest == whole.partition("id: 3\n")[1] + whole.partition("id: 3\n")[2]
    for nonsense in ("x", "-1", "9" * 30, "1e3"):
        assert (browser.get(events, Last_Event_ID=nonsense)).text == whole


def test_the_state_of_a_sync_can_be_asked(browser, teacher):
    job, events = started(browser, repo=teacher.url)
    browser.get(events)
    state = (browser.get(f"nbpull/api/syncs/{job['id']}")).json
    assert (state["state"], state["report"]["status"]) == ("finished", "cloned")
    everything = (browser.get("nbpull/api/syncs")).json
    assert job["id"] in [entry["id"] for entry in everything]


@pytest.fixture
def silent(teacher):
    """The teacher's repository behind a server that never answers."""
    with FaultyServer(teacher.directory.parent, faults=Faults(stall_after=0)) as upstream:
        yield upstream.url_of("course")


def test_two_pages_share_one_sync_and_either_can_cancel_it(browser, silent):
    first, second = (browser.post("nbpull/api/syncs", {"repo": silent}) for _ in range(2))
    assert (first.status, first.json["joined"]) == (201, False)
    assert (second.status, second.json["joined"]) == (200, True)
    assert first.json["id"] == second.json["id"]
    cancelled = browser.post(f"nbpull/api/syncs/{second.json['id']}/cancel", {})
    assert cancelled.status == 202
    streams = [browser.get(answer.json["events"]).events for answer in (first, second)]
    assert streams[0] == streams[1]
    *_, error, end = streams[0]
    assert (error["code"], end["state"]) == ("cancelled", "cancelled")


def test_the_peers_stream_joins_the_same_sync(browser, silent):
    job, _ = started(browser, repo=silent)
    with browser.following(f"git-pull/api?repo={quote(silent)}") as read:
        browser.post(f"nbpull/api/syncs/{job['id']}/cancel", {})
        assert read().events[-1]["error"]["reason"]["code"] == "cancelled"


def test_a_sync_that_fails_says_so_and_still_leads_somewhere(browser, teacher):
    _, events = started(browser, repo=teacher.url, branch="absent")
    *_, error, end = (browser.get(events)).events
    assert (error["type"], error["code"], error["who"]) == ("error", "ref-not-found", "author")
    assert end["state"] == "failed"
    assert end["landing"]["missing"] is True


def test_a_file_that_is_not_there_comes_with_its_likes(browser, teacher):
    _, events = started(browser, repo=teacher.url, urlpath="lab/tree/course/Intro.ipynb")
    landing = (browser.get(events)).events[-1]["landing"]
    assert landing["missing"] is True
    assert landing["suggestions"][0] == {
        "path": "course/intro.ipynb",
        "url": "lab/tree/course/intro.ipynb",
    }
    assert landing["folder"] == "lab/tree/course"


def test_a_new_folder_is_beside_the_old_one(browser, teacher, root):
    (root / "course").write_text("in the way")
    fields = {"repo": teacher.url, "urlpath": "lab/tree/course/week1/a%20b.txt"}
    _, events = started(browser, **fields)
    assert (browser.get(events)).events[-2]["code"] == "not-a-directory"
    job, events = started(browser, **fields, new_folder=True)
    end = (browser.get(events)).events[-1]
    assert job["workspace"] == "course-2"
    assert end["landing"]["url"] == "lab/tree/course-2/week1/a%20b.txt"
    assert end["landing"]["missing"] is False


def test_a_course_that_moved_goes_on_where_it_was(browser, teacher):
    _, events = started(browser, repo=teacher.url)
    browser.get(events)
    moved = teacher.directory.rename(teacher.directory.with_name("elsewhere"))
    fields = {"repo": f"file://{moved}", "targetpath": "course"}
    _, events = started(browser, **fields)
    assert (browser.get(events)).events[-2]["code"] == "other-remote"
    _, events = started(browser, **fields, moved=True)
    assert (browser.get(events)).events[-1]["state"] == "finished"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "bad-request"),
        ("[]", 400, "bad-request"),
        ("{}", 400, "missing-repo"),
        ('{"query": "branch=x"}', 400, "missing-repo"),
        ('{"repo": "https://example.org/x", "depth": "many"}', 400, "invalid-depth"),
        ('{"repo": "https://example.org/x", "targetpath": "/etc"}', 400, "outside-root"),
        ('{"repo": "gopher://example.org/x"}', 403, "protocol-not-allowed"),
    ],
)
def test_what_cannot_be_started_is_refused_in_words(browser, body, status, code):
    answer = browser.post("nbpull/api/syncs", body)
    assert answer.status == status
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.json["code"] == code
    assert set(answer.json) == {"code", "message", "hint", "who", "context"}


@pytest.mark.parametrize("path", ["nbpull/api/syncs/none", "nbpull/api/syncs/none/events"])
def test_a_sync_that_is_not_known_is_not_found(browser, path):
    assert (browser.get(path)).status == 404


def test_cancelling_what_is_over_changes_nothing(browser, teacher):
    job, events = started(browser, repo=teacher.url)
    browser.get(events)
    answer = browser.post(f"nbpull/api/syncs/{job['id']}/cancel", {})
    assert (answer.status, answer.json["state"]) == (202, "finished")


def test_the_metrics_tell_of_each_sync(program, teacher):
    for branch in ("main", "absent"):
        _, events = started(program, repo=teacher.url, branch=branch)
        program.get(events)
    metrics = program.get("metrics").text
    assert re.search(r'nbpull_syncs_total\{code="",outcome="cloned"\} [1-9]', metrics)
    assert re.search(r'nbpull_syncs_total\{code="ref-not-found",outcome="failed"\} [1-9]', metrics)
    assert 'nbpull_sync_seconds_count{outcome="cloned"}' in metrics
    assert "nbpull_received_bytes_total" in metrics
