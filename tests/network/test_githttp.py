"""The git server: real git clones from it, pushes to it, and meets its faults."""

from __future__ import annotations

import gzip
import http.client
import os
import subprocess
import threading

import pytest

from faulty import Faults, FaultyServer, tls_context
from nbpull_server.demo.githttp import GitServer

MEGABYTE = 1 << 20


@pytest.fixture
def git(tmp_path):
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": "T",
        "GIT_AUTHOR_EMAIL": "t@example.org",
        "GIT_COMMITTER_NAME": "T",
        "GIT_COMMITTER_EMAIL": "t@example.org",
    }

    def run(*args, check=True, **variables):
        done = subprocess.run(
            ["git", *map(str, args)],
            env=environ | variables,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        if check:
            assert done.returncode == 0, done.stderr
        return done

    return run


@pytest.fixture
def root(tmp_path, git):
    """A root with one repository of one commit, large enough to come in many blocks."""
    root = tmp_path / "root"
    git("init", "-q", "-b", "main", tmp_path / "work")
    (tmp_path / "work" / "data.bin").write_bytes(os.urandom(2 * MEGABYTE))
    git("-C", "work", "add", ".")
    git("-C", "work", "commit", "-qm", "one")
    git("clone", "-q", "--bare", tmp_path / "work", root / "course.git")
    return root


def test_a_clone_brings_the_repository(root, git, tmp_path):
    with GitServer(root) as server:
        git("clone", "-q", server.url_of("course.git"), "got")
    assert (tmp_path / "got/data.bin").read_bytes() == (tmp_path / "work/data.bin").read_bytes()


def test_a_large_push_comes_chunked_and_arrives(root, git, tmp_path):
    (tmp_path / "work" / "more.bin").write_bytes(os.urandom(5 * MEGABYTE))
    git("-C", "work", "add", ".")
    git("-C", "work", "commit", "-qm", "two")
    with GitServer(root, push=True) as server:
        git("-C", "work", "push", "-q", server.url_of("course.git"), "main")
    head = git("-C", "work", "rev-parse", "main").stdout
    assert git("-C", "root/course.git", "rev-parse", "main").stdout == head


def test_a_push_is_refused_where_none_was_allowed(root, git):
    with GitServer(root) as server:
        done = git("-C", "work", "push", server.url_of("course.git"), "main", check=False)
    assert "403" in done.stderr


def test_a_fetch_from_a_long_history_sends_gzipped_haves(root, git, tmp_path):
    git("clone", "-q", tmp_path / "root/course.git", "mine")
    for number in range(60):
        git("-C", "mine", "commit", "-q", "--allow-empty", "-m", f"m{number}")
    git("-C", "work", "commit", "-q", "--allow-empty", "-m", "two")
    git("-C", "work", "push", "-q", tmp_path / "root/course.git", "main")
    with GitServer(root) as server:
        git("-C", "mine", "fetch", "-q", server.url_of("course.git"), "main")
    assert (
        git("-C", "mine", "rev-parse", "FETCH_HEAD").stdout
        == git("-C", "work", "rev-parse", "main").stdout
    )


def test_any_commit_and_any_filter_may_be_asked_for(root, git, tmp_path):
    first = git("-C", "work", "rev-parse", "main").stdout.strip()
    git("-C", "work", "commit", "-q", "--allow-empty", "-m", "two")
    git("-C", "work", "push", "-q", tmp_path / "root/course.git", "main")
    git("init", "-q", "fresh")
    with GitServer(root) as server:
        url = server.url_of("course.git")
        git("-C", "fresh", "fetch", "-q", "--depth=1", "--filter=blob:none", url, first)
    assert git("-C", "fresh", "rev-parse", "FETCH_HEAD").stdout.strip() == first
    kinds = git("-C", "fresh", "cat-file", "--batch-all-objects", "--batch-check=%(objecttype)")
    assert sorted(kinds.stdout.split()) == ["commit", "tree"]


def test_one_connection_answers_many_requests(root):
    with GitServer(root) as server:
        connection = http.client.HTTPConnection("127.0.0.1", int(server.url.rpartition(":")[2]))
        for _ in range(3):
            connection.request("GET", "/course.git/info/refs?service=git-upload-pack")
            answer = connection.getresponse()
            assert answer.status == 200
            assert b"refs/heads/main" in answer.read()
            used = connection.sock
        body = gzip.compress(b"0000")
        connection.request(
            "POST",
            "/course.git/git-upload-pack",
            body=iter([body[:5], body[5:]]),
            headers={
                "Content-Type": "application/x-git-upload-pack-request",
                "Content-Encoding": "gzip",
            },
            encode_chunked=True,
        )
        assert connection.getresponse().status == 200
        assert connection.sock is used
        connection.close()


def test_only_what_is_under_the_root_is_served(root, git, tmp_path):
    git("clone", "-q", "--bare", tmp_path / "work", tmp_path / "other.git")
    with GitServer(root) as server:
        connection = http.client.HTTPConnection("127.0.0.1", int(server.url.rpartition(":")[2]))
        for path in ("/../other.git", "/%2e%2e/other.git", "/course.git/../../other.git"):
            connection.request("GET", path + "/info/refs?service=git-upload-pack")
            answer = connection.getresponse()
            answer.read()
            assert answer.status >= 400
        connection.close()


def test_a_password_lets_in_and_only_it(root, git):
    with GitServer(root, auth=("ada", "s3cret")) as server:
        url = server.url_of("course.git")
        assert git("ls-remote", url, check=False).returncode != 0
        assert git("ls-remote", url.replace("//", "//ada:wrong@"), check=False).returncode != 0
        assert "main" in git("ls-remote", url.replace("//", "//ada:s3cret@")).stdout


def test_the_end_ends_connections_backends_and_threads(root):
    before = threading.active_count()
    with FaultyServer(root, faults=Faults(stall_after=10)) as server:
        port = int(server.url.rpartition(":")[2])
        idle, stalled = (http.client.HTTPConnection("127.0.0.1", port) for _ in range(2))
        idle.connect()
        stalled.request("GET", "/course.git/info/refs?service=git-upload-pack")
        assert stalled.sock.recv(10)
    assert threading.active_count() == before
    idle.close()
    stalled.close()


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 502, 503])
def test_a_status_is_answered(root, git, status):
    with FaultyServer(root, faults=Faults(status=status)) as server:
        done = git("ls-remote", server.url_of("course.git"), check=False)
    assert done.returncode == 128


def test_faults_strike_only_the_requests_they_name(root, git):
    with FaultyServer(root, faults=Faults(status=503, matching="POST", times=1)) as server:
        url = server.url_of("course.git")
        assert "503" in git("clone", url, "a", check=False).stderr
        git("clone", "-q", url, "b")
    assert [line.split()[0] for line in server.requests].count("POST") >= 2


@pytest.mark.parametrize("count", [0, 7, 300, MEGABYTE])
def test_a_connection_is_cut_at_any_byte(root, git, tmp_path, count):
    with FaultyServer(root, faults=Faults(cut_after=count)) as server:
        assert git("clone", server.url_of("course.git"), "got", check=False).returncode == 128
    assert not (tmp_path / "got").exists()


def test_a_stalled_connection_says_nothing_more(root, git):
    with FaultyServer(root, faults=Faults(stall_after=MEGABYTE)) as server:
        done = git(
            "-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=1",
            "clone", server.url_of("course.git"), "got", check=False,
        )  # fmt: skip
    assert done.returncode == 128
    assert "Operation too slow" in done.stderr


def test_a_rate_holds(root, git, tmp_path):
    with FaultyServer(root, faults=Faults(rate=8 * MEGABYTE)) as server:
        git("clone", "-q", server.url_of("course.git"), "got")
    assert (tmp_path / "got/data.bin").exists()


def test_a_certificate_of_our_own_is_trusted_only_by_who_is_told(root, git, tmp_path):
    context, certificate = tls_context(tmp_path)
    with FaultyServer(root, tls=context) as server:
        url = server.url_of("course.git")
        assert "certificate" in git("ls-remote", url, check=False).stderr
        assert "main" in git("ls-remote", url, GIT_SSL_CAINFO=str(certificate)).stdout
