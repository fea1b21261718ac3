"""Each way in which a transfer fails has its own code, in real git's words."""

from __future__ import annotations

import itertools
import os
import random
import resource
import signal
import socket
import string
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faulty import Faults, FaultyServer, tls_context
from nbpull_server.demo.course import Course
from nbpull_sync.errors import SyncError
from nbpull_sync.failures import FAILURES
from nbpull_sync.remote import (
    LONGEST_WAIT,
    TRACE,
    classify,
    missing_ref,
    retry_delay,
    stall_settings,
    stalled,
)

SECRET = "hunter2"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("root")
    course = Course.create(root, tmp_path_factory.mktemp("teacher"))
    (course.checkout / "big.bin").write_bytes(random.Random(1).randbytes(200_000))
    course.publish("Something to cut")
    subprocess.run(["git", "init", "-q", "--bare", root / "empty.git"], check=True)
    return root


@pytest.fixture
def fetch(tmp_path):
    """Fetch as the engine does, and say what went wrong; with git's trace and without."""

    def fetch(url, ref="main", *, trace=True, preexec=None, config=None, **variables):
        environ = os.environ | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
        environ |= {"GIT_SSH_COMMAND": "ssh -F none -oBatchMode=yes"} | variables
        repo = tmp_path / f"repo{len(list(tmp_path.iterdir()))}"
        subprocess.run(["git", "init", "-q", repo], env=environ, check=True)
        pairs = (stall_settings(1) | (config or {})).items()
        settings = [word for key, value in pairs for word in ("-c", f"{key}={value}")]
        done = subprocess.run(
            ["git", *settings, "fetch", "--progress", "--depth=1", url, ref],
            cwd=repo,
            env=environ | (TRACE if trace else {}),
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
            preexec_fn=preexec,
        )
        assert done.returncode != 0, done.stderr
        error = classify(done.stderr, done.returncode, url=url)
        assert isinstance(error, SyncError)
        assert SECRET not in f"{error} {error.context}"
        assert "\n" not in str(error)
        assert error.hint
        return error

    return fetch


STATUSES = {
    401: ("login-needed", "author"),
    403: ("forbidden", "author"),
    404: ("not-found", "author"),
    410: ("not-found", "author"),
    418: ("http-error", "author"),
    429: ("too-many-requests", "network"),
    500: ("server-error", "network"),
    502: ("server-error", "network"),
    503: ("server-error", "network"),
}


@pytest.mark.parametrize("trace", [True, False])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("status", STATUSES)
def test_a_status_has_its_code(root, fetch, status, method, trace):
    if (status, method) == (404, "POST"):
        status = 403  # git takes a repository that vanishes between two requests for a cut
    faults = Faults(status=status, matching=method, body=b"Please call 555.\n")
    with FaultyServer(root, faults=faults) as server:
        error = fetch(server.url_of("weather-course.git"), trace=trace)
    assert (error.code, error.who) == STATUSES[status]


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("7", 7), ("Wed, 21 Oct 2037 07:28:00 GMT", None), ("soon", None), (None, None), ("-3", None)],
)
def test_how_long_to_wait_is_known_where_the_server_tells(root, fetch, asked, seconds):
    with FaultyServer(root, faults=Faults(status=429, retry_after=asked)) as server:
        error = fetch(server.url_of("weather-course.git"))
    if asked and asked.endswith("GMT"):
        assert error.context["retry_after"] > 10**6
    else:
        assert error.context.get("retry_after") == seconds
    if seconds:
        assert "7 seconds" in error.hint


def test_a_login_that_is_not_accepted_is_told_from_a_missing_one(root, fetch):
    with FaultyServer(root, auth=("ada", "right")) as server:
        url = server.url_of("weather-course.git")
        assert fetch(url).code == "login-needed"
        assert fetch(url.replace("//", f"//ada:{SECRET}@")).code == "login-refused"
        helper = f"!f() {{ echo username=ada; echo password={SECRET}; }}; f"
        assert fetch(url, config={"credential.helper": helper}).who == "you"


CUTS = [0, 7, 60, 100, 150, 160, 200, 300, 500, 700, 900, 1200, 2000, 5000, 100_000, 190_000]


@pytest.mark.parametrize("count", CUTS)
def test_a_cut_at_any_byte_is_an_interruption(root, fetch, count):
    with FaultyServer(root, faults=Faults(cut_after=count)) as server:
        error = fetch(server.url_of("weather-course.git"))
    assert (error.code, error.who) == ("interrupted", "network")


@pytest.mark.parametrize("count", [0, 5000])
def test_a_stall_at_any_byte_is_a_stall(root, fetch, count):
    with FaultyServer(root, faults=Faults(stall_after=count)) as server:
        assert fetch(server.url_of("weather-course.git")).code == "stalled"


@pytest.mark.parametrize(
    ("name", "ref", "code"),
    [
        ("weather-course.git", "nope", "ref-not-found"),
        ("weather-course.git", "1" * 40, "commit-not-found"),
        ("empty.git", "main", "ref-not-found"),
        ("nope.git", "main", "not-found"),
    ],
)
def test_what_is_not_there_is_named(root, fetch, name, ref, code):
    with FaultyServer(root) as server:
        error = fetch(server.url_of(name), ref)
    assert (error.code, error.who) == (code, "author")
    assert ref in error.message or name in error.message


@pytest.mark.parametrize(
    ("body", "kind", "trace"),
    [
        (b"<html>\nPlease log in\n</html>", "text/html", True),
        (b"<html>\nPlease log in\n</html>", "text/html", False),
        (b"hello", "text/plain", True),
        (b"garbage", "application/x-git-upload-pack-advertisement", True),
    ],
)
def test_a_web_page_is_no_repository(root, fetch, body, kind, trace):
    with FaultyServer(root, faults=Faults(status=200, body=body, content_type=kind)) as server:
        assert fetch(server.url_of("weather-course.git"), trace=trace).code == "not-a-repository"


@pytest.mark.parametrize(
    ("certificate", "codes"),
    [
        ({}, {"tls-untrusted"}),
        ({"expired": True}, {"tls-expired", "tls-untrusted"}),  # GnuTLS does not say which
        ({"hosts": ["other.example"]}, {"tls-wrong-host"}),
    ],
)
def test_a_bad_certificate_is_refused(root, fetch, tmp_path, certificate, codes):
    context, path = tls_context(tmp_path, **certificate)
    trust = {"GIT_SSL_CAINFO": str(path)} if certificate else {}
    with FaultyServer(root, tls=context) as server:
        error = fetch(server.url_of("weather-course.git"), **trust)
    assert error.code in codes
    assert error.who == "admin"


def test_https_to_an_http_server_is_no_safe_connection(root, fetch):
    with FaultyServer(root) as server:
        url = server.url_of("weather-course.git").replace("http:", "https:")
        assert fetch(url).code == "tls-failed"


@pytest.fixture
def closed_port():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # bound and not listening: it refuses, and nobody takes it
        yield bound.getsockname()[1]


@pytest.mark.parametrize("scheme", ["http", "https", "git", "ssh"])
def test_a_closed_port_refuses(fetch, closed_port, scheme):
    error = fetch(f"{scheme}://127.0.0.1:{closed_port}/x.git")
    assert error.code == "connection-refused"
    assert "127.0.0.1" in error.message


@pytest.mark.parametrize(
    "url", ["http://nowhere.invalid/x", "git://nowhere.invalid/x", "ssh://nowhere.invalid/x"]
)
def test_a_name_that_is_not_known_is_named(fetch, url):
    error = fetch(url)
    # Which of the two depends on the machine's resolver: without one, every failure is temporary.
    assert error.code in ("unknown-host", "name-lookup-failed")
    assert "nowhere.invalid" in error.message


def test_a_proxy_that_fails_is_not_taken_for_the_repository(root, fetch, closed_port):
    http, https = "http://example.invalid/x.git", "https://example.invalid/x.git"
    proxy = {"http_proxy": "http://noproxy.invalid:3128"}
    assert fetch(http, **proxy).code == "proxy-unknown-host"
    proxy = {"http_proxy": f"http://ada:{SECRET}@127.0.0.1:{closed_port}"}
    assert fetch(http, **proxy).code == "proxy-unreachable"
    with FaultyServer(root, faults=Faults(status=407)) as server:
        assert fetch(http, http_proxy=server.url).code == "proxy-login-needed"
        assert fetch(https, https_proxy=server.url).code == "proxy-refused"


@pytest.mark.parametrize("url", ["ext::sh -c true", "/nowhere", "file:///nowhere", "foo://x/y"])
def test_a_protocol_that_is_not_allowed_is_named(fetch, url):
    protocol = {"/nowhere": "file"}.get(url, url.partition(":")[0])
    error = fetch(url, GIT_ALLOW_PROTOCOL="https:http")
    assert error.code == "protocol-not-allowed"
    assert f"'{protocol}'" in error.message


def test_a_protocol_that_git_does_not_know_is_named(fetch):
    assert fetch("foo://x/y", GIT_ALLOW_PROTOCOL="foo").code == "protocol-unknown"


def test_a_directory_that_is_no_repository_is_named(fetch, tmp_path):
    assert fetch(str(tmp_path)).code == "not-a-repository"


def test_a_port_that_cannot_be_is_a_bad_address(fetch):
    assert fetch("http://127.0.0.1:99999/x").code == "bad-address"


@pytest.mark.parametrize("limit", [1, 100])
def test_a_file_that_cannot_grow_is_a_full_disk(root, fetch, limit):
    def small_disk():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    with FaultyServer(root) as server:
        error = fetch(
            server.url_of("weather-course.git"),
            preexec=small_disk,
            config={"transfer.unpackLimit": str(limit)},
        )
    assert (error.code, error.who) == ("disk-full", "you")


NO_READ = """
fatal: Could not read from remote repository.

Please make sure you have the correct access rights
and the repository exists.
"""
CURL = {  # what follows "unable to access", from curl 7.81 to 8 with OpenSSL or GnuTLS
    "SSL certificate problem: certificate has expired": "tls-expired",
    "SSL certificate problem: self signed certificate": "tls-untrusted",
    "SSL certificate problem: self-signed certificate in certificate chain": "tls-untrusted",
    "SSL certificate problem: unable to get local issuer certificate": "tls-untrusted",
    "SSL: no alternative certificate subject name matches target host name 'x'": "tls-wrong-host",
    "error:0A00010B:SSL routines::wrong version number": "tls-failed",
    "GnuTLS, handshake failed: The TLS connection was non-properly terminated.": "interrupted",
    "OpenSSL SSL_read: SSL_ERROR_SYSCALL, errno 104": "interrupted",
    "Recv failure: Connection reset by peer": "interrupted",
    "Failed to connect to a.example port 443: Connection refused": "connection-refused",
    "Failed to connect to a.example port 443: Connection timed out": "timed-out",
    "Failed to connect to a.example port 443 after 130 ms: No route to host": "unreachable",
    "Failed to connect to proxy.example port 3128: Connection refused": "proxy-unreachable",
    "Received HTTP code 407 from proxy after CONNECT": "proxy-login-needed",
    "CONNECT tunnel failed, response 407": "proxy-login-needed",
    "Received HTTP code 403 from proxy after CONNECT": "proxy-refused",
    "Proxy CONNECT aborted": "proxy-refused",
}
GIT = {  # git 2.34 to 2.39, OpenSSH, and what forges say through it
    "error: RPC failed; curl 92 HTTP/2 stream 5 was not closed cleanly\nfatal: early EOF": (
        "interrupted"
    ),
    "fatal: write error: No space left on device\nfatal: fetch-pack: invalid index-pack output": (
        "disk-full"
    ),
    "fatal: unable to write loose object file: Disk quota exceeded": "disk-full",
    "error: cannot open '.git/FETCH_HEAD': Read-only file system": "not-writable",
    "error: cannot open '.git/FETCH_HEAD': Permission denied": "not-writable",
    "fatal: dumb http transport does not support shallow capabilities": "dumb-server",
    "fatal: Remote branch nope not found in upstream origin": "ref-not-found",
    "error: Server does not allow request for unadvertised object 12": "commit-not-found",
    "error: cannot run ssh: No such file or directory\nfatal: unable to fork": "ssh-missing",
    "remote: fatal: No space left on device\nfatal: early EOF": "interrupted",
    "Host key verification failed." + NO_READ: "ssh-host-unknown",
    "git@a.example: Permission denied (publickey)." + NO_READ: "ssh-key-refused",
    "ERROR: Repository not found." + NO_READ: "not-found",
    "remote: ERROR: The project you were looking for could not be found" + NO_READ: "not-found",
    "kex_exchange_identification: Connection closed by remote host" + NO_READ: "interrupted",
    "ssh: connect to host a.example port 22: Connection timed out" + NO_READ: "timed-out",
    "ssh: Could not resolve hostname a: Temporary failure in name resolution" + NO_READ: (
        "name-lookup-failed"
    ),
    "fatal: the moon is in the wrong place": "git-failed",
    "": "git-failed",
}
WORDS = {f"fatal: unable to access 'https://a.example/x/': {said}": CURL[said] for said in CURL}


@pytest.mark.parametrize(("said", "code"), (WORDS | GIT).items())
def test_words_that_this_machine_cannot_be_made_to_say_are_known(said, code):
    assert classify(said, 128, url="https://a.example/x").code == code


def test_git_that_was_killed_says_so():
    assert classify("", -9, url="https://example.org/x").code == "git-killed"


def test_an_unknown_failure_shows_the_last_words_of_git():
    error = classify("fatal: blue moon\nand more\n", 128, url="https://example.org/x")
    assert "fatal: blue moon" in error.message
    assert error.context["detail"] == "fatal: blue moon"


def test_every_failure_has_words_that_can_be_filled_in():
    names = {
        field
        for failure in FAILURES
        for text in (failure.message, failure.hint)
        for _, field, _, _ in string.Formatter().parse(text)
        if field
    }
    assert names <= {"host", "url", "what"}


@settings(max_examples=200, deadline=None)
@given(st.text(), st.text(), st.integers(-20, 255))
def test_anything_at_all_can_be_classified(said, url, status):
    error = classify(said, status, url=url)
    assert not any(ord(letter) < 32 for letter in str(error))


LISTING = (
    b"1111111111111111111111111111111111111111\tHEAD\n"
    b"1111111111111111111111111111111111111111\trefs/heads/main\n"
    b"2222222222222222222222222222222222222222\trefs/heads/week/2\n"
    b"3333333333333333333333333333333333333333\trefs/tags/v1\n"
    b"1111111111111111111111111111111111111111\trefs/tags/v1^{}\n"
)


@pytest.mark.parametrize(
    ("ref", "listing", "code"),
    [
        ("master", LISTING, "ref-not-found"),
        ("main", LISTING, "interrupted"),
        ("v1", LISTING, "interrupted"),
        ("refs/heads/week/2", LISTING, "interrupted"),
        (None, LISTING, "interrupted"),
        (None, LISTING.partition(b"\n")[2], "ref-not-found"),
        (None, b"", "empty-repository"),
        ("main", b"", "empty-repository"),
    ],
)
def test_a_missing_ref_is_explained_by_what_there_is(ref, listing, code):
    error = missing_ref(ref, listing, url="https://example.org/x")
    assert error.code == code
    if code == "ref-not-found":
        assert error.context["branches"] == ["main", "week/2"]
        assert error.context["tags"] == ["v1"]
        assert "It has: branches main, week/2; tags v1." in error.hint


def test_a_long_list_of_branches_is_cut_short():
    listing = b"".join(b"1\trefs/heads/b%d\n" % number for number in range(20))
    assert "b7, ...." in missing_ref("x", listing, url="https://example.org/x").hint
    listing = b"1\trefs/tags/v1\n"
    assert "It has: tags v1." in missing_ref("x", listing, url="https://example.org/x").hint


def test_a_stall_seen_by_the_caller_is_the_same_error():
    error = stalled(f"https://ada:{SECRET}@example.org/x", 30)
    assert error.code == "stalled"
    assert "example.org" in error.message
    assert SECRET not in f"{error} {error.context}"


def test_the_stall_settings_are_for_a_time_only():
    assert stall_settings(0) == {}
    assert stall_settings(0.2)["http.lowSpeedTime"] == "1"
    assert stall_settings(30)["http.lowSpeedTime"] == "30"


def failed(code, **context):
    return SyncError(code, "", who="network", **context)


def waits(error, rng):
    tries = (retry_delay(error, attempt, rng) for attempt in itertools.count())
    return list(itertools.takewhile(lambda delay: delay is not None, tries))


RETRIED = {"too-many-requests": 4, "server-error": 3, "interrupted": 2, "name-lookup-failed": 2}


@pytest.mark.parametrize("code", sorted({failure.code for failure in FAILURES} | {"git-failed"}))
def test_only_what_may_pass_is_tried_again(code):
    assert len(waits(failed(code), random.Random(1))) == RETRIED.get(code, 0)


def test_waits_grow_and_are_spread():
    classes = [waits(failed("server-error"), random.Random(seed)) for seed in range(50)]
    for first, second, third in classes:
        assert 0.5 <= first <= 1 <= second <= 2 <= third <= 4
    assert len({first for first, *_ in classes}) == 50


def test_the_wait_that_a_server_asks_for_is_kept_and_spread():
    error = failed("too-many-requests", retry_after=10)
    first = [retry_delay(error, 0, random.Random(seed)) for seed in range(50)]
    assert min(first) >= 10
    assert max(first) <= 15
    assert max(first) - min(first) > 3


def test_a_wait_too_long_is_left_to_the_person():
    error = failed("too-many-requests", retry_after=LONGEST_WAIT + 1)
    assert retry_delay(error, 0, random.Random(1)) is None
