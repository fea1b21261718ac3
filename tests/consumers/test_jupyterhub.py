"""JupyterHub's own handlers carry a link through login and spawn without harm."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

import pytest
from jupyterhub.handlers.base import BaseHandler, UserRedirectHandler
from ltiauthenticator.lti11.handlers import LTI11AuthenticateHandler
from ltiauthenticator.lti13.handlers import LTI13LoginInitHandler, _deserialize_state

from nbpull_links import make_link

BASE = "/x/hub/"
# Launches look for "next=" in links: a name that holds it must not lead them astray.
REPO = "https://github.com/nextflow-io/next=training.git"


def link_to(path, **place):
    return make_link(
        hub="https://h.org/x/", content_repo=REPO, content_branch="a+b&c=d", path=path, **place
    )


def user_redirect(url):
    """Call the hub's handler for ``/user-redirect/``; give where the spawner then sends people."""
    parts = urlsplit(url)
    head, tail = parts.path.split("/hub/user-redirect/")
    assert head == "/x"
    sent = []
    handler = SimpleNamespace(
        app=SimpleNamespace(user_redirect_hook=None, default_server_name=""),
        current_user=SimpleNamespace(url="/x/user/jo/", escaped_name="jo"),
        hub=SimpleNamespace(base_url=BASE),
        request=SimpleNamespace(query=parts.query),
        redirect=sent.append,
    )
    asyncio.run(UserRedirectHandler.get.__wrapped__(handler, unquote(tail)))
    spawn = urlsplit(sent[0])
    assert spawn.path == "/x/hub/spawn/jo"
    return valid_next(parse_qs(spawn.query)["next"][-1])


def valid_next(url):
    """Let the hub judge a ``next`` as it does after a login."""
    handler = SimpleNamespace(
        log=SimpleNamespace(warning=pytest.fail),
        request=SimpleNamespace(protocol="https", host="h.org", headers={}),
        settings={},
        subdomain_host="",
    )
    return BaseHandler._validate_next_url(handler, url)


def assert_pulls(url, path, server=""):
    parts = urlsplit(url)
    assert unquote(parts.path) == f"/x/user/jo/{server}git-pull"
    arrived = dict(parse_qsl(parts.query, strict_parsing=True))
    urlpath = arrived.pop("urlpath")
    assert arrived == {"repo": REPO, "branch": "a+b&c=d"}
    assert unquote(urlpath) == f"lab/tree/{REPO.rpartition('/')[2]}/{path}"


def test_a_link_arrives_at_the_learner_s_server_as_it_was_made(file_name):
    assert_pulls(user_redirect(link_to(file_name)), file_name)


def test_a_named_server_stands_in_the_path(file_name):
    assert_pulls(user_redirect(link_to(file_name, server="gpu 1")), file_name, "gpu 1/")


def test_an_lti_1_1_launch_hands_the_whole_target_on(file_name):
    parts = urlsplit(link_to(file_name, lti="1.1"))
    assert parts.path == "/x/hub/lti/launch"
    sent = []

    async def login_user():
        return None

    handler = SimpleNamespace(
        login_user=login_user,
        get_next_url=lambda: valid_next(parse_qs(parts.query)["next"][-1]),
        get_body_argument=lambda *, name, default: {}.get(name, default),
        redirect=sent.append,
    )

    async def launch():
        await LTI11AuthenticateHandler.post(handler)

    asyncio.run(launch())
    assert_pulls(user_redirect(f"https://h.org{sent[0]}"), file_name)


def test_an_lti_1_3_launch_hands_the_whole_target_on(file_name):
    arguments = {"target_link_uri": link_to(file_name, lti="1.3")}
    handler = SimpleNamespace(
        get_argument=lambda name, default=None: arguments.get(name, default),
        log=SimpleNamespace(debug=lambda *_: None, warning=lambda *_: None),
        _state=None,
    )
    state = _deserialize_state(LTI13LoginInitHandler.get_state(handler))
    assert_pulls(user_redirect(f"https://h.org{state['next_url']}"), file_name)
