"""A learner comes from a learning platform: one button there, and the notebook is open."""

from __future__ import annotations

import contextlib
import re

import pytest

from browser import chromium
from hub import running_hub
from lms import CLIENT, KEY, SECRET, Platform
from nbpull_links import make_link
from nbpull_server.demo import course as script
from nbpull_server.demo.course import Course
from nbpull_server.demo.githttp import GitServer

# Each version's own authenticator, whole; the one hub for both only asks which launch it was.
BOTH = """
from ltiauthenticator.lti11.auth import LTI11Authenticator
from ltiauthenticator.lti11.handlers import LTI11AuthenticateHandler
from ltiauthenticator.lti13.auth import LTI13Authenticator


class Both(LTI13Authenticator):
    def get_handlers(self, app):
        return LTI11Authenticator(parent=self.parent).get_handlers(app) + super().get_handlers(app)

    async def authenticate(self, handler, data=None):
        if isinstance(handler, LTI11AuthenticateHandler):
            return await LTI11Authenticator(parent=self.parent).authenticate(handler, data)
        return await super().authenticate(handler, data)


c.JupyterHub.authenticator_class = Both
c.LTI11Authenticator.consumers = {{"{key}": "{secret}"}}
c.LTI11Authenticator.username_key = "user_id"
c.LTI13Authenticator.issuer = "{platform}"
c.LTI13Authenticator.authorize_url = "{platform}/authorize"
c.LTI13Authenticator.jwks_endpoint = "{platform}/jwks"
c.LTI13Authenticator.client_id = {{"{client}"}}
"""


@pytest.fixture(scope="module")
def browser(need):
    with chromium(need("chromium")) as browser:
        yield browser


@pytest.fixture(scope="module")
def campus(tmp_path_factory, need):
    """A hub and the platform that it trusts."""
    need("node")
    with Platform("") as platform:
        more = BOTH.format(key=KEY, secret=SECRET, client=CLIENT, platform=platform.url)
        place = tmp_path_factory.mktemp("hub")
        with running_hub(place, base_url="/jupyter/", more=more) as hub:
            platform.hub = hub.url
            yield hub, platform


@pytest.fixture(scope="module")
def repo(tmp_path_factory):
    place = tmp_path_factory.mktemp("git")
    course = Course.create(place, place / "teacher")
    with GitServer(place) as git:
        yield git.url_of(course.bare.name)


@pytest.mark.parametrize("lti", ["1.1", "1.3"])
def test_a_launch_ends_in_the_notebook(browser, campus, repo, lti):
    hub, platform = campus
    link = make_link(hub=hub.url, content_repo=repo, path=script.LESSON, lti=lti)
    with contextlib.closing(browser.new_context()) as context:
        context.set_default_timeout(90_000)
        page = context.new_page()
        page.goto(platform.page_of(link, user="ada", lti=lti))
        page.get_by_role("button", name="Open").click()
        page.wait_for_url(re.compile(rf"/jupyter/user/ada/lab/.*tree/{script.NAME}\.git/"))
        page.locator(".jp-Notebook").get_by_text("Temperatures").first.wait_for(state="attached")
    assert (hub.home("ada") / f"{script.NAME}.git" / script.LESSON).is_file()
