"""A word where the teacher has published something, for who asked to be told."""

from __future__ import annotations

import contextlib
import json

import pytest
from playwright.sync_api import expect

from lab import Lab, sync

SETTINGS = "lab/api/settings/nbpull:plugin"
# A wait of minutes is over at once; every other one stays as it is.
IN_A_HURRY = """
  const later = window.setTimeout;
  window.setTimeout = (act, time, ...rest) => later(act, time > 150000 ? 50 : time, ...rest);
"""


def choose(program, settings):
    answer = program.request("PUT", SETTINGS, json.dumps({"raw": json.dumps(settings)}))
    assert answer.status == 204, answer.text


@pytest.fixture
def looking(engine, server):
    """Lab, for a learner who wants to be told."""
    program = server.program()
    choose(program, {"lookForNews": True, "minutesBetween": 60})
    with contextlib.closing(engine.new_context(locale="en-GB")) as context:
        context.add_init_script(IN_A_HURRY)
        yield Lab(context, server)
    choose(program, {})


def test_news_is_told_once_and_got_by_a_click(looking, server, upstream, teacher):
    workspace = sync(server, upstream)
    teacher.publish({"new.txt": "new\n"})
    looking.open_lab(f"lab/tree/{workspace.name}/notes.txt")
    notice = looking.page.get_by_text("Your teacher has published something new.")
    expect(notice).to_be_visible()
    looking.open_panel()
    expect(looking.section("New from the teacher")).to_contain_text("There is something new.")
    looking.page.locator(".Toastify__toast").get_by_role("button", name="Sync now").click()
    expect(looking.section("Last sync")).to_contain_text("new.txt")
    expect(notice).to_have_count(0)


def test_nobody_is_asked_unless_it_was_switched_on(lab, server):
    settings = server.program().get(SETTINGS).json
    assert settings["settings"] == {}
    assert settings["schema"]["properties"]["lookForNews"]["default"] is False
    assert lab.page.get_by_text("Your teacher has published").count() == 0
