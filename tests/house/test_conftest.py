"""The promises of tests/conftest.py, each tried in a run of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import leftovers
import loopback

TESTS = Path(__file__).parents[1]


@pytest.fixture
def run(tmp_path):
    """Give a function that runs a test file under our conftest and returns what pytest said."""

    def run(body: str, **environment: str) -> tuple[int, str]:
        shutil.copy(TESTS / "conftest.py", tmp_path)
        (tmp_path / "pytest.ini").write_text(f"[pytest]\npythonpath = {TESTS / 'support'}\n")
        (tmp_path / "test_it.py").write_text("import os, pytest\n" + textwrap.dedent(body))
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short", "."],
            cwd=tmp_path,
            env={**os.environ, "CI": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return run


def test_nothing_of_the_users_reaches_a_test(run):
    status, said = run(
        """
        def test_it():
            assert "/user" not in " ".join(os.environ.values())
            assert "GIT_DIR" not in os.environ
            assert "https_proxy" not in os.environ
            assert os.environ["LC_ALL"] == "C.UTF-8"
        """,
        HOME="/user/home",
        XDG_CONFIG_HOME="/user/config",
        GIT_CONFIG_GLOBAL="/user/gitconfig",
        GIT_DIR="/user/git",
        JUPYTER_CONFIG_DIR="/user/jupyter",
        NBGITPULLER_PARENTPATH="/user/parent",
        PYTHONWARNINGS="ignore",
        https_proxy="http://proxy.example.org",
        LC_ALL="C",
    )
    assert status == 0, said


def test_git_finds_no_configuration_but_the_repositorys():
    done = subprocess.run(
        ["git", "config", "--list", "--show-origin"],
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org", "2001:db8::1"])
def test_a_test_that_leaves_the_machine_is_stopped(host):
    with pytest.raises(loopback.OutsideWorldError, match=host):
        socket.create_connection((host, 80), timeout=1)


def test_a_datagram_that_leaves_the_machine_is_stopped():
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock,
        pytest.raises(loopback.OutsideWorldError),
    ):
        sock.sendto(b"x", ("192.0.2.1", 9))


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("0.0.0.0", True),
        ("localhost", True),
        ("hub.localhost", True),
        (b"localhost", True),
        (None, True),
        ("10.0.0.1", False),
        ("localhost.example.org", False),
        ("notlocalhost", False),
    ],
)
def test_only_this_machine_counts_as_local(host, local):
    assert loopback.is_local(host) is local


def test_this_machine_and_unix_sockets_are_open(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
    with (
        socket.socket(socket.AF_UNIX) as server,
        socket.socket(socket.AF_UNIX) as client,
    ):
        server.bind(str(tmp_path / "s"))
        server.listen()
        client.connect(str(tmp_path / "s"))


SKIPS = """
    def test_in_its_body():
        pytest.skip("no tool")

    @pytest.mark.skip(reason="no tool")
    def test_by_a_mark(): ...

    def test_by_need(need, monkeypatch):
        monkeypatch.setenv("PATH", "/nowhere")
        need("chromium")
    """


def test_a_skip_is_a_skip_here_and_a_failure_on_ci(run):
    status, said = run(SKIPS)
    assert (status, "3 skipped" in said) == (0, True), said
    status, said = run(SKIPS, CI="true")
    assert (status, "2 failed, 1 error" in said) == (1, True), said
    assert said.count("no test is skipped on CI") >= 3
    assert "chromium is missing" in said


def test_a_module_that_skips_itself_fails_on_ci(run):
    status, said = run('pytest.skip("no tool", allow_module_level=True)', CI="true")
    assert (status, "no test is skipped on CI" in said) == (2, True), said


def test_an_expected_failure_stays_one_on_ci(run):
    status, said = run(
        """
        @pytest.mark.xfail(reason="known")
        def test_it():
            assert False
        """,
        CI="true",
    )
    assert (status, "1 xfailed" in said) == (0, True), said


@pytest.mark.parametrize("fixture", ["", "no_leftovers"])
def test_a_process_that_outlives_the_tests_fails_the_run_and_is_named(run, fixture, tmp_path):
    status, said = run(
        f"""
        import subprocess, sys
        def test_it({fixture}):
            child = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-c", "import time; time.sleep(60)"]
            )
            child.returncode = 0  # not ours to wait for any more
            open("pid", "w").write(str(child.pid))
        """
    )
    os.kill(int((tmp_path / "pid").read_text()), 9)
    assert status == 1, said
    assert "left running:" in said
    assert "started by test_it.py::test_it" in said


def test_a_process_that_ended_is_no_leftover(monkeypatch):
    monkeypatch.setenv(leftovers.MARK, "one-of-its-own")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert [left.pid for left in leftovers.find("one-of-its-own")] == [child.pid]
        child.communicate(b"\n")
    assert leftovers.wait_until_gone("one-of-its-own") == []
