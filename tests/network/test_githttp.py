"""The git server: real git clones from it, pushes to it, and meets its faults."""

from __future__ import annotations

import gzip
import http.client
import os
import socket
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
        for path in ("/../other.git", "/%2e%2e/other.git", "/course.git/../../other.git", "/%00"):
            connection.request("GET", path + "/info/refs?service=git-upload-pack")
            answer = connection.getresponse()
            answer.read()
            assert answer.status >= 400
        connection.close()


def test_a_password_lets_in_and_only_it(root, git):
    with GitServer(root, auth=("ada", "s3cret")) as server:
        url = server.url_of("course.git")
        assert git("ls-remote", url, check=False).returncode != 0
        assert not server.admits("Basic ütf")
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


def ask(server, request):
    """Send raw bytes and give all that comes back until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))) as client:
        client.sendall(request)
        client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(65536), b""))


def test_a_body_that_nobody_wants_does_not_spoil_the_next_request(root):
    unwanted = b"POST /nope.git/git-upload-pack HTTP/1.1\r\nContent-Length: 300000\r\n\r\n"
    wanted = b"GET /course.git/HEAD HTTP/1.1\r\nConnection: close\r\n\r\n"
    with GitServer(root) as server:
        answers = ask(server, unwanted + b"x" * 300_000 + wanted)
    assert answers.startswith(b"HTTP/1.1 404")
    assert b"ref: refs/heads/main" in answers


@pytest.mark.parametrize(
    "body",
    [
        b"Content-Length: 300\r\n\r\nonly this",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\nshort",
        b"Transfer-Encoding: chunked\r\n\r\nno number\r\n",
    ],
)
def test_a_body_that_breaks_off_ends_its_connection_and_nothing_else(root, git, body):
    head = b"POST /course.git/git-upload-pack HTTP/1.1\r\n"
    head += b"Content-Type: application/x-git-upload-pack-request\r\n"
    with GitServer(root) as server:
        ask(server, head + body)
        git("ls-remote", server.url_of("course.git"))


def test_trailers_after_a_chunked_body_are_read_over(root):
    kind = b"Content-Type: application/x-git-upload-pack-request\r\n"
    chunked = b"Transfer-Encoding: chunked\r\n\r\n4\r\n0000\r\n0\r\nX-Trailer: 1\r\n\r\n"
    wanted = b"GET /course.git/HEAD HTTP/1.1\r\nConnection: close\r\n\r\n"
    with GitServer(root) as server:
        post = b"POST /course.git/git-upload-pack HTTP/1.1\r\n" + kind + chunked
        assert b"ref: refs/heads/main" in ask(server, post + wanted)


@pytest.mark.parametrize(("script", "answer"), [("exit 0", b"HTTP/1.1 500"), (None, b"")])
def test_a_git_that_does_not_work_is_the_servers_trouble(
    root, tmp_path, monkeypatch, script, answer
):
    if script:
        (tmp_path / "git").write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with GitServer(root) as server:
        assert ask(server, b"GET /course.git/HEAD HTTP/1.1\r\n\r\n").startswith(answer)


def test_a_mistake_in_a_handler_is_not_hidden(root, capfd):
    class Mistaken(FaultyServer):
        def admits(self, authorization):
            raise LookupError(authorization)

    with Mistaken(root) as server:
        assert ask(server, b"GET /course.git/HEAD HTTP/1.1\r\n\r\n") == b""
    assert "LookupError" in capfd.readouterr().err
