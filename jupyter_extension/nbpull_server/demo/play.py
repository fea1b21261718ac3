"""The play: a teacher, a learner, one link, and what is on the disk in the end."""

from __future__ import annotations

import argparse
import signal
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbpull_links import make_link
from nbpull_server.demo import course as script
from nbpull_server.demo.course import Course
from nbpull_server.demo.githttp import GitServer
from nbpull_server.demo.jupyter import DemoError, Jupyter
from nbpull_server.demo.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(argv: Sequence[str] | None = None) -> int:
    """Play it; give 0 only if what was shown is true."""
    parser = argparse.ArgumentParser(prog="nbpull demo", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave it all running at the end")
    keep = parser.parse_args(argv).keep
    screen = Screen()
    with _ended_by_signals(), tempfile.TemporaryDirectory(prefix="nbpull-demo-") as directory:
        try:
            return _play(Path(directory), screen, keep=keep)
        except DemoError as error:
            screen.error(str(error))
            return 1


def _play(directory: Path, screen: Screen, *, keep: bool) -> int:
    home, root = directory / "home", directory / "git"
    home.mkdir()
    course = Course.create(root, directory / "teacher")
    with GitServer(root) as git, Jupyter(home) as jupyter:
        screen.step("A teacher has published a course, a learner has a Jupyter server")
        screen.url(git.url_of(course.bare.name))
        screen.url(jupyter.url)
        screen.step("The link between them")
        link = make_link(
            jupyter=jupyter.url,
            content_repo=git.url_of(course.bare.name),
            content_branch="main",
            path=script.LESSON,
            targetpath=script.NAME,
        )
        screen.url(link)
        try:
            missing = _act(course, home / script.NAME, jupyter, link, screen)
        except DemoError:
            screen.output("\n".join(jupyter.log))
            raise
        screen.verdict(missing)
        if keep and not missing:
            _stay(jupyter, link, screen)
    return 1 if missing else 0


def _act(course: Course, workspace: Path, jupyter: Jupyter, link: str, screen: Screen) -> list[str]:
    """Click, edit, update, click; give what is not as it should be."""
    screen.step("The learner clicks it")
    first = _click(jupyter, link, screen)
    screen.report(first)
    screen.files(workspace)

    screen.step("The learner works, the teacher publishes the second week")
    script.learn(workspace)
    screen.say(f"The learner answers the task in {script.LESSON}, adds a cell, and takes notes.")
    course.update()
    screen.say("The teacher corrects a cell of the same notebook and adds a hint, data, a lesson.")

    screen.step("The learner clicks the link again")
    second = _click(jupyter, link, screen)
    screen.report(second)
    screen.files(workspace)

    screen.step(f"{script.LESSON}, as it is now")
    screen.notebook(workspace / script.LESSON)
    expected = {"cloned": first["status"], "updated": second["status"]}
    wrong = [
        f"the report says {told}, not {fact}" for fact, told in expected.items() if told != fact
    ]
    return wrong + script.missing(workspace)


def _click(jupyter: Jupyter, link: str, screen: Screen) -> dict[str, Any]:
    """Open the page as a browser does, follow the sync that it starts, and give the report."""
    if script.NAME.encode() not in jupyter.get(link):
        raise DemoError("The page that the link opens does not speak of the course.")
    screen.say("The page opens and follows the sync:")
    phase = ""
    for event in jupyter.follow(link.replace("/git-pull?", "/git-pull/api?", 1)):
        phase = event["phase"]
        if phase == "error":
            raise DemoError(event["message"])
        screen.output(event.get("output", ""))
    if phase != "finished":
        raise DemoError("The event stream broke off.")
    report: dict[str, Any] = jupyter.get_json("nbpull/api/syncs")[-1]["report"]
    return report


def _stay(jupyter: Jupyter, link: str, screen: Screen) -> None:
    """Leave it all running until a signal ends it."""
    screen.step("It all runs on: open the link in a browser")
    screen.url(jupyter.with_token(link))
    screen.say("Ctrl-C ends it.")
    try:
        jupyter.wait()
    except SystemExit:
        screen.say("Ended.")
        return
    raise DemoError("The Jupyter server ended by itself.")


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Make the usual signals end the block in an orderly way, and only once."""

    def leave(number: int, _: object) -> None:
        for each in _SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        raise SystemExit(128 + number)

    before = {each: signal.signal(each, leave) for each in _SIGNALS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
