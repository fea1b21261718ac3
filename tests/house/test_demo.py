"""The demo shows the main job for real, tells the truth about it, and leaves nothing running."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import urllib.request
import uuid
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from rich.console import Console

import leftovers
from nbpull_links import make_link, parse_link
from nbpull_server.demo import course as script
from nbpull_server.demo import play
from nbpull_server.demo.githttp import GitServer
from nbpull_server.demo.jupyter import DemoError, Jupyter
from nbpull_server.demo.screen import Screen

COMMAND = [str(Path(sys.executable).parent / "nbpull"), "demo"]
LINK = re.compile(r"http://127\.0\.0\.1:\d+/git-pull\?\S+")
OPEN = re.compile(LINK.pattern + r"&token=\w+")


@pytest.fixture
def run(tmp_path):
    """Start the demo with a mark of its own; in the end nothing that carries it may be left."""
    mark = uuid.uuid4().hex
    environment = os.environ | {leftovers.MARK: mark, "TMPDIR": str(tmp_path), "COLUMNS": "100"}
    processes = []

    def run(*arguments, **variables):
        processes.append(
            subprocess.Popen(
                [*COMMAND, *arguments],
                env=environment | variables,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                bufsize=1,
            )
        )
        return processes[-1]

    yield run
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()
    assert leftovers.wait_until_gone(mark) == []
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("nbpull-demo")]


def read_until(process, pattern):
    """Read the output up to the line in which a pattern is found."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if found := pattern.search(line):
            return found[0]
    pytest.fail("".join(lines))


def test_the_demo_shows_the_main_job_and_leaves_nothing_behind(run):
    process = run()
    output, _ = process.communicate(timeout=200)
    assert process.returncode == 0, output
    link = parse_link(LINK.search(output)[0])
    assert link.warnings == ()
    assert link.content.path == script.LESSON
    for shown in (
        "cloned",
        "updated",
        script.NEXT_LESSON,
        script.NOTES,
        script.HINT,
        script.REMARK,
    ):
        assert shown in output
    assert "All of the learner's work is there" in output


def test_kept_running_it_opens_in_a_browser_and_ends_when_told(run):
    process = run("--keep")
    url = read_until(process, OPEN)
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with browser.open(url, timeout=60) as page:
        assert script.NAME in page.read().decode()
    with browser.open(url.partition("/git-pull")[0] + "/api/contents", timeout=60) as answer:
        assert script.NAME in answer.read().decode()  # the cookie is enough from now on
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    assert "Traceback" not in output


def test_a_signal_in_the_middle_ends_all_of_it(run):
    process = run()
    read_until(process, LINK)
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM, output
    assert "Traceback" not in output


def test_a_server_that_does_not_start_is_said_in_one_line(run, tmp_path):
    (tmp_path / "jupyter_server.py").write_text("raise SystemExit('no server today')")
    process = run(PYTHONPATH=str(tmp_path))
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "The Jupyter server did not start: no server today" in output
    assert "Traceback" not in output


def test_a_click_that_fails_says_why(tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "git").mkdir()
    with GitServer(tmp_path / "git") as git, Jupyter(tmp_path / "home") as jupyter:
        repo = git.url_of(f"{script.NAME}.git")
        link = make_link(jupyter=jupyter.url, content_repo=repo, targetpath=script.NAME)
        with pytest.raises(DemoError, match="There is no repository at"):
            play._click(jupyter, link, Screen(Console(quiet=True)))
        with pytest.raises(DemoError, match="does not speak of the course"):
            play._click(jupyter, f"{jupyter.url}/api/status", Screen(Console(quiet=True)))
        with pytest.raises(DemoError, match="/nowhere was answered with 404"):
            jupyter.get(f"{jupyter.url}/nowhere")
    with pytest.raises(DemoError, match="/api was not answered"):
        jupyter.get(f"{jupyter.url}/api")


def test_what_is_missing_is_shown():
    console = Console(file=io.StringIO())
    Screen(console).verdict(["the learner's answer is not in a.ipynb"])
    shown = console.file.getvalue()
    assert "✗ the learner's answer is not in a.ipynb" in shown
    assert "✓" not in shown
