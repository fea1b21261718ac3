"""The pages of a server that is short of everything: room, rights, a way to the internet."""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import socket

import pytest
from playwright.sync_api import expect

from classroom import Place, Teacher
from error_page import ADMIN, NOBODY, YOU, Case, check
from faulty import Faults, FaultyServer
from jupyter_process import running_server
from learner import Visit, title

BROKEN = """
from nbpull_server import service

whole = service.pull


def pull(request, cancel, **more):
    if request.repo.endswith("/broken"):
        raise RuntimeError("hunter2")
    return whole(request, cancel, **more)


def _jupyter_server_extension_points():
    return [{"module": "zz_broken"}]


def _load_jupyter_server_extension(app):
    service.pull = pull
"""
STORED = """
[credential]
    helper = "!f() { echo username=me; echo password=out-of-date; }; f"
"""
ROOM = 150_000  # bytes that any file may have
MOST = 60_000  # bytes that a sync may receive
# The user root may write everywhere, unless it is told that it may not.
HUMBLE = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    place = tmp_path_factory.mktemp("poor")
    (place / "zz_broken.py").write_text(BROKEN)
    (place / ".gitconfig").write_text(STORED)
    with contextlib.closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with running_server(
            place / "server",
            extensions=("nbpull_server", "jupyterlab", "zz_broken"),
            config={
                "NbPull": {
                    "protocols": ["http", "https"],
                    "allow": ["https://*", "127.0.0.1:*/course", "127.0.0.1:*/b*"],
                    "ask": ["127.0.0.1:*/asked"],
                    "max_bytes": MOST,
                }
            },
            environment={"HOME": str(place), "HTTPS_PROXY": proxy, "PYTHONPATH": str(place)},
            through=("prlimit", f"--fsize={ROOM}", *HUMBLE),
        ) as server:
            yield server


@pytest.fixture(scope="module")
def upstream(tmp_path_factory):
    place = tmp_path_factory.mktemp("upstream")
    Teacher(place / "course", {"intro.ipynb": "{}"})
    Teacher(place / "asked", {"intro.ipynb": "{}"})
    Teacher(place / "big", {"big.bin": random.Random(7).randbytes(2 * MOST)})
    Teacher(place / "bulky", {"bulky.txt": "0" * 4 * ROOM})
    with FaultyServer(place) as running:
        yield running


@pytest.fixture
def root(server):
    """The server's root, which a test leaves as it found it."""
    yield server.root
    for entry in server.root.iterdir():
        entry.chmod(0o755)
        shutil.rmtree(entry)


@pytest.fixture
def visit(engine, server):
    with contextlib.closing(engine.new_context(locale="en-GB")) as context:
        visit = Visit(context, server)
        yield visit
        assert visit.complaints == []


RETRY = ("Try again",)
CASES = {
    "big": Case("The course is too big", ADMIN),
    "broken": Case("Something went wrong", ADMIN, ("Try again", "Get it into a new folder")),
    "bulky": Case("Your disk is full", YOU, RETRY),
    "elsewhere": Case("This repository is not allowed here", ADMIN),
}


@pytest.mark.parametrize("repo", CASES)
def test_what_the_server_has_no_room_or_leave_for_has_its_page(visit, upstream, root, repo):
    visit.open(upstream.url_of(repo))
    check(visit, CASES[repo])
    assert "hunter2" not in visit.page.content()
    assert not (root / repo).exists()


def test_a_folder_that_may_not_be_written_to_has_its_page(visit, upstream, root):
    locked = root / "locked"
    locked.mkdir(mode=0o555)
    visit.open(upstream.url_of("course"), targetpath="locked/course")
    buttons = ("Try again", "Get it into a new folder")
    check(visit, Case("Your folder cannot be written to", YOU, buttons))


def test_a_proxy_that_lets_nothing_through_has_its_page(visit):
    visit.open("https://example.org/course")
    check(visit, Case("The way to the internet is blocked", ADMIN, RETRY))


def test_a_password_that_is_not_taken_has_its_page(visit, upstream):
    with FaultyServer(upstream.root, auth=("me", "right")) as private:
        visit.open(private.url_of("course"))
        check(visit, Case("Your login was not accepted", YOU, RETRY))
        assert "out-of-date" not in visit.page.content()


def test_a_git_whose_settings_cannot_be_read_has_its_page(visit, upstream, root):
    visit.server.program().get(f"git-pull/api?repo={upstream.url_of('course')}")
    settings = root.parents[1] / ".gitconfig"
    settings.write_text("[core\n")
    try:
        visit.open(upstream.url_of("course"))
        buttons = ("Try again", "Get it into a new folder", "Go back to an earlier state")
        check(visit, Case("Git could not get the files", YOU, buttons))
        expect(visit.page.locator(".said")).to_contain_text("Correct that line of")
    finally:
        settings.write_text(STORED)


def test_what_was_there_before_can_be_had_again(visit, upstream, root):
    course = root / "course"
    query = f"git-pull/api?repo={upstream.url_of('course')}"
    visit.server.program().get(query)
    (course / "mine.txt").write_text("mine")
    (course / "intro.ipynb").write_text("mine too")
    teacher = Place(upstream.root / "course")
    teacher.write({"mine.txt": "theirs"})
    teacher.commit()
    visit.server.program().get(query)
    assert (course / "mine.txt").read_text() == "theirs"
    page = visit.open(upstream.url_of("broken"), targetpath="course")
    title(page, "Something went wrong")
    visit.button("Go back to an earlier state").click()
    title(page, "Go back to an earlier state")
    expect(page.get_by_role("listitem")).to_have_count(1)
    assert visit.barriers() == []
    visit.button("Go back to this").click()
    expect(page.get_by_role("main")).to_contain_text("The folder is as it was then.")
    assert (course / "mine.txt").read_text() == "mine"
    page.get_by_role("button", name="Back", exact=True).click()
    title(page, "Something went wrong")


def test_a_forge_in_trouble_has_its_page(visit, upstream):
    upstream.faults = Faults(status=503)
    try:
        visit.open(upstream.url_of("course"))
        check(visit, Case("127.0.0.1 has trouble of its own", NOBODY, RETRY))
    finally:
        upstream.faults = Faults()


def test_an_address_that_nobody_here_knows_is_shown_whole_and_waits_for_a_yes(
    visit, upstream, root
):
    address = upstream.url_of("asked")
    page = visit.open(address)
    title(page, "Do you trust this address?")
    expect(page.locator(".address")).to_have_text(address)
    assert visit.barriers() == []
    assert not (root / "asked").exists()
    visit.button("No, leave it").click()
    page.wait_for_url(re.compile("^(?!.*git-pull)"))
    visit.open(address)
    visit.button("Yes, get the files").click()
    page.wait_for_url("**/lab/tree/asked")
    assert (root / "asked" / "intro.ipynb").is_file()
