"""`nbpull demo`, `nbpull web` and `nbpull completion`."""

from __future__ import annotations

import contextlib
import subprocess
import urllib.error
import urllib.request

import pytest

from commands import COMMAND
from nbpull_links.cli_local import WEB


@contextlib.contextmanager
def served(tmp_path, *argv, **environment):
    """Run `nbpull web` and give its address."""
    with subprocess.Popen(
        [COMMAND, "web", *argv], cwd=tmp_path, stdout=subprocess.PIPE, text=True, **environment
    ) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@pytest.mark.usefixtures("no_leftovers")
def test_the_page_and_its_parts_are_served_on_this_machine_alone(tmp_path):
    (tmp_path / "secret.txt").write_text("x")
    with served(tmp_path, "--no-browser") as url:
        assert url.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(url) as page:
            assert page.headers["Content-Type"].startswith("text/html")
            assert page.read() == (WEB / "index.html").read_bytes()
        with urllib.request.urlopen(f"{url}nbpull.mjs") as module:
            # a browser runs a module of no other type
            assert "javascript" in module.headers["Content-Type"]
        for path in ("secret.txt", "../cli.py", "%2e%2e/cli.py", "badges/"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(f"{url}{path}")


@pytest.mark.usefixtures("no_leftovers")
def test_the_browser_is_opened_at_the_page(tmp_path, monkeypatch):
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}.new && mv {opened}.new {opened}\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(browser))
    with served(tmp_path) as url:
        for _ in range(1000):
            if opened.exists():
                break
            urllib.request.urlopen(url).close()
        assert opened.read_text().strip() == url


def test_the_demo_says_what_it_needs(nbpull, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    done = nbpull("demo")
    assert (done.status, done.err) == (
        1,
        "nbpull: git is not installed. Install git 2.34 or newer.\n",
    )


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_each_shell(nbpull, shell, need):
    need("bash")  # click asks bash for its version
    done = nbpull("completion", shell)
    assert done.status == 0
    assert f"_NBPULL_COMPLETE={shell}_complete" in done.out


def test_completion_knows_its_shells(nbpull):
    done = nbpull("completion", "cmd")
    assert done.status == 2
    assert "bash" in done.err


BASH = r"""
eval "$(nbpull completion bash)"
COMP_WORDS=({words})
COMP_CWORD={number}
$(complete -p nbpull | sed 's/.*-F \([^ ]*\).*/\1/') nbpull
printf '%s\n' "${{COMPREPLY[@]}}"
"""


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["nbpull", "co"], {"convert", "completion"}),
        (["nbpull", "sy"], {"sync"}),
        (["nbpull", "sync", "--dry"], {"--dry-run"}),
        (["nbpull", "link", "--badge", "m"], {"markdown", "myst"}),
        (["nbpull", "link", "--app", "v"], {"vscode", "voila"}),
        (["nbpull", "convert", "x", "--to", "l"], {"lti"}),
    ],
)
def test_bash_really_completes(words, offered, need):
    script = BASH.format(words=" ".join(words), number=len(words) - 1)
    done = subprocess.run(
        [need("bash"), "--norc", "-c", script], capture_output=True, text=True, check=False
    )
    assert set(done.stdout.split()) == offered, done.stderr
