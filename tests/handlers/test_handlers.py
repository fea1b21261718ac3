"""The handlers in a server of this process: who may use them, and what the server is told."""

from __future__ import annotations

import json
import re
from html import unescape
from http.cookies import SimpleCookie

import pytest
from jupyter_server.auth.authorizer import Authorizer
from tornado.httpclient import HTTPClientError

from nbpull_server.telemetry import SCHEMA_ID


def events_of(answer):
    return [
        json.loads(it) for it in re.findall(r"^data: (.*)$", answer.body.decode(), re.MULTILINE)
    ]


def facts_of(answer):
    return json.loads(unescape(re.search(r'data-facts="([^"]*)"', answer.body.decode())[1]))


async def status_of(request):
    """Give the status of an answer, whatever it is."""
    try:
        return (await request).code
    except HTTPClientError as error:
        return error.code


async def test_the_page_tells_its_script_what_the_settings_say(jp_fetch, jp_base_url, teacher):
    page = await jp_fetch("git-pull", params={"repo": teacher.url})
    facts = facts_of(page)
    assert (facts["base"], facts["countdown"], facts["decision"]) == (jp_base_url, 3, "allow")
    assert facts["error"] is None


async def test_a_sync_is_started_followed_and_remembered(jp_fetch, jp_root_dir, teacher):
    body = json.dumps({"repo": teacher.url, "targetpath": "here"})
    started = json.loads((await jp_fetch("nbpull/api/syncs", method="POST", body=body)).body)
    *_, report, end = events_of(await jp_fetch("nbpull/api/syncs", started["id"], "events"))
    assert (report["status"], end["state"]) == ("cloned", "finished")
    assert (jp_root_dir / "here" / "intro.ipynb").is_file()
    state = json.loads((await jp_fetch("nbpull/api/syncs", started["id"])).body)
    assert state["report"]["status"] == "cloned"


async def test_the_servers_event_log_hears_of_each_sync(jp_fetch, jp_serverapp, teacher):
    heard = []

    async def listen(logger, schema_id, data):
        del logger, schema_id
        heard.append(data)

    jp_serverapp.event_logger.add_listener(schema_id=SCHEMA_ID, listener=listen)
    for branch in ("main", "absent"):
        await jp_fetch("git-pull/api", params={"repo": teacher.url, "branch": branch})
    await jp_serverapp.event_logger.gather_listeners()
    assert [(it["outcome"], it["code"]) for it in heard] == [
        ("cloned", None),
        ("failed", "ref-not-found"),
    ]
    assert {it["workspace"] for it in heard} == {"course"}


class ReadOnly(Authorizer):
    """Lets everybody look at nbpull, and at nothing else."""

    def is_authorized(self, handler, user, action, resource):
        del handler, user
        return (action, resource) == ("read", "nbpull")


CHANGES = ["syncs", "syncs/any/cancel", "restore", "take"]


async def test_who_may_only_read_changes_nothing(jp_fetch, jp_serverapp, jp_root_dir, teacher):
    jp_serverapp.web_app.settings["authorizer"] = ReadOnly(parent=jp_serverapp)
    body = json.dumps({"repo": teacher.url})
    for path in CHANGES:
        assert await status_of(jp_fetch("nbpull/api", path, method="POST", body=body)) == 403
    assert await status_of(jp_fetch("git-pull/api", params={"repo": teacher.url})) == 403
    assert await status_of(jp_fetch("git-pull", params={"repo": teacher.url})) == 200
    assert await status_of(jp_fetch("nbpull/api/syncs")) == 200
    assert list(jp_root_dir.glob("course")) == []


@pytest.fixture
def browse(http_server_client, jp_base_url, jp_serverapp):
    """Give a client that has logged in with cookies, as a browser has."""
    cookies = {}

    async def fetch(path, **options):
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        answer = await http_server_client.fetch(
            jp_base_url + path,
            headers=headers | options.pop("headers", {}),
            raise_error=False,
            follow_redirects=False,
            **options,
        )
        for header in answer.headers.get_list("Set-Cookie"):
            cookies.update({name: it.value for name, it in SimpleCookie(header).items()})
        return answer

    fetch.cookies = cookies
    fetch.token = jp_serverapp.identity_provider.token
    return fetch


async def test_a_cookie_alone_changes_nothing(browse, jp_base_url, jp_root_dir, teacher):
    page = await browse(f"git-pull?repo={teacher.url}&token={browse.token}")
    own = facts_of(page)["xsrf"]
    assert own == browse.cookies["_xsrf"]
    body = json.dumps({"repo": teacher.url})
    for path in CHANGES:
        for headers in ({}, {"X-XSRFToken": "2|bad|bad|1"}, {"Content-Type": "text/plain"}):
            answer = await browse(f"nbpull/api/{path}", method="POST", body=body, headers=headers)
            assert answer.code == 403
    assert list(jp_root_dir.glob("course")) == []
    answer = await browse(
        "nbpull/api/syncs", method="POST", body=body, headers={"X-XSRFToken": own}
    )
    assert answer.code == 201
    place = json.loads(answer.body)["events"].removeprefix(jp_base_url)
    assert events_of(await browse(place))[-1]["state"] == "finished"


async def test_a_folder_that_nothing_here_can_show_leads_to_the_servers_own_page(jp_fetch, teacher):
    async def landing():
        page = await jp_fetch("git-pull", params={"repo": teacher.url})
        return facts_of(page)["landing"]["url"]

    assert await landing() == "files/course"
    await jp_fetch("git-pull/api", params={"repo": teacher.url})
    assert await landing() == ""
