"""Over smart HTTP: whatever the network does, the workspace is as before and a later sync works."""

from __future__ import annotations

import random
import socket

import pytest

from faulty import Faults, FaultyServer, tls_context
from nbpull_sync import Log, SyncError, remote

TEXT = "".join(f"{number}\n" for number in range(1, 10))
BEFORE = {"edit.txt": TEXT, "gone.txt": "gone\n", "plain.txt": "plain\n", "noise": b""}
OURS = {"edit.txt": TEXT.replace("8\n", "8 ours\n"), "gone.txt": None, "mine.txt": "mine\n"}
THEIRS = {"edit.txt": TEXT.replace("2\n", "2 theirs\n"), "plain.txt": "theirs\n"}
AFTER = {"edit.txt": OURS["edit.txt"].replace("2\n", "2 theirs\n"), "mine.txt": "mine\n"}


@pytest.fixture
def server(teacher):
    # What no compression makes smaller, so that a cut has something to cut.
    teacher.publish({**BEFORE, "noise": random.Random(1).randbytes(30_000)})
    with FaultyServer(teacher.directory.parent) as server:
        yield server


@pytest.fixture
def reader(server, learner, monkeypatch):
    """Give a learner who pulls from the server and does not wait between two tries."""
    decide = remote.retry_delay
    monkeypatch.setattr(remote, "retry_delay", lambda *args: None if decide(*args) is None else 0.0)
    learner.request = _over(learner.request, server.url_of("upstream/.git"))
    return learner


def _over(request, url):
    return lambda **options: request(**{"repo": url, **options})


def state(learner):
    """Give all of a workspace that a failed sync must leave as it was."""
    if not learner.directory.exists():
        return [it.name for it in learner.directory.parent.glob("*")]
    refs = learner.git("for-each-ref"), learner.git("rev-parse", "HEAD")
    return learner.files(), refs, learner.git("status", "-s")


def begin(reader, stage):
    """Bring a learner before a first clone, or before an update of files that they edited."""
    if stage == "update":
        reader.sync()
        reader.write(OURS)
        noise = random.Random(2).randbytes(30_000)
        reader.teacher.publish({**THEIRS, "noise": noise})
    return state(reader)


def finish(reader, stage):
    """Sync without faults and see that nothing is missing."""
    reader.sync()
    files = reader.files()
    wanted = AFTER if stage == "update" else {"edit.txt": TEXT}
    assert {name: files[name] for name in wanted} == wanted
    assert len(files["noise"]) == 30_000
    assert reader.sync().status == "unchanged"


def fails(reader, server, faults, **options):
    """Sync against faults and give the error."""
    server.faults = faults
    with pytest.raises(SyncError) as caught:
        reader.sync(**options)
    server.faults = Faults()
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize("stage", ["clone", "update"])
@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        (Faults(status=401), ("login-needed", 1)),
        (Faults(status=403), ("forbidden", 1)),
        (Faults(status=404), ("not-found", 1)),
        (Faults(status=429, retry_after="1"), ("too-many-requests", 5)),
        (Faults(status=429, retry_after="9999"), ("too-many-requests", 1)),
        (Faults(status=500), ("server-error", 4)),
        (Faults(status=503), ("server-error", 4)),
        (Faults(cut_after=0), ("interrupted", 3)),
        (Faults(stall_after=100), ("stalled", 1)),
    ],
    ids=lambda it: f"{it.status or 'line'}-{it.retry_after}" if isinstance(it, Faults) else None,
)
def test_a_failure_has_its_code_and_changes_nothing(reader, server, stage, faults, expected):
    before = begin(reader, stage)
    asked = len(server.requests)
    error = fails(reader, server, faults, stall_timeout=1)
    assert (error.code, len(server.requests) - asked) == expected
    assert state(reader) == before
    finish(reader, stage)


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Give the file of the learner's own git settings."""
    home = tmp_path / "settings"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    return home / ".gitconfig"


@pytest.fixture
def closed():
    """Give a port that is bound and does not listen: it refuses, and nobody takes it."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


NAMES = {"unknown-host", "name-lookup-failed"}  # a machine without a resolver gives the second
BETWEEN = {
    # how the server is reached: a URL, what the proxy is, the codes that it may have
    "a host that nobody knows": ("http://nowhere.invalid/x", None, NAMES),
    "a server that does not listen": ("http://127.0.0.1:{closed}/x", None, {"connection-refused"}),
    "no TLS where it should be": ("https://127.0.0.1:{port}/x", None, {"tls-failed"}),
    "a proxy that nobody knows": (
        "http://a.invalid/x", "http://nowhere.invalid:1", {"proxy-unknown-host"},
    ),
    "a proxy that does not listen": (
        "http://a.invalid/x", "http://127.0.0.1:{closed}", {"proxy-unreachable"},
    ),
    "a proxy that wants a login": (
        "http://a.invalid/x", "http://127.0.0.1:{port}", {"proxy-login-needed"},
    ),
    "a proxy that lets nobody through": (
        "https://a.invalid/x", "http://127.0.0.1:{port}", {"proxy-refused"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("stage", ["clone", "update"])
@pytest.mark.parametrize("what", BETWEEN)
def test_what_lies_between_has_its_code_and_changes_nothing(
    reader, server, settings, closed, stage, *, what
):
    url, proxy, codes = BETWEEN[what]
    places = {"closed": closed, "port": server.url.rpartition(":")[2]}
    before = begin(reader, stage)
    if proxy:
        settings.write_text(f"[http]\n\tproxy = {proxy.format(**places)}\n")
    asked = {"repo": url.format(**places), "moved": True, "protocols": ("http", "https")}
    error = fails(reader, server, Faults(status=407), **asked)
    assert error.code in codes
    assert state(reader) == before
    settings.unlink(missing_ok=True)
    finish(reader, stage)


@pytest.mark.parametrize("stage", ["clone", "update"])
@pytest.mark.parametrize(
    ("certificate", "codes"),
    [
        ({}, {"tls-untrusted"}),
        ({"expired": True}, {"tls-expired", "tls-untrusted"}),  # GnuTLS does not say which
        ({"hosts": ["other.example"]}, {"tls-wrong-host"}),
    ],
    ids=["untrusted", "expired", "of-another"],
)
def test_a_certificate_that_is_not_good_is_told_and_changes_nothing(
    reader, server, settings, tmp_path, stage, *, certificate, codes
):
    context, path = tls_context(tmp_path, **certificate)
    before = begin(reader, stage)
    if certificate:
        settings.write_text(f"[http]\n\tsslCAInfo = {path}\n")
    with FaultyServer(server.root, tls=context) as other:
        url = other.url_of("upstream/.git")
        error = fails(reader, other, Faults(), repo=url, moved=True, protocols=("https",))
    assert error.code in codes
    assert state(reader) == before
    finish(reader, stage)


@pytest.mark.parametrize("stage", ["clone", "update"])
@pytest.mark.parametrize(
    "faults",
    [
        Faults(status=500, times=1),
        Faults(status=503, times=3),
        Faults(status=429, retry_after="1", times=2),
        Faults(cut_after=50, times=1),
    ],
    ids=["500", "503", "429", "cut"],
)
def test_trying_again_helps_where_it_is_over_soon(reader, server, stage, faults):
    begin(reader, stage)
    server.faults = faults
    reader.sync()
    told = [it.message for it in reader.events if isinstance(it, Log)]
    assert sum("Trying again" in message for message in told) == faults.times
    finish(reader, stage)


@pytest.mark.parametrize("stage", ["clone", "update"])
@pytest.mark.parametrize("count", [1, 150, 400, 700, 1_000, 2_000, 9_000, 25_000, 30_000])
def test_a_cut_at_any_byte_changes_nothing(reader, server, stage, count):
    before = begin(reader, stage)
    assert fails(reader, server, Faults(cut_after=count)).code == "interrupted"
    assert state(reader) == before
    finish(reader, stage)


@pytest.mark.parametrize("stage", ["clone", "update"])
def test_a_stall_in_the_middle_of_the_content_changes_nothing(reader, server, stage):
    before = begin(reader, stage)
    error = fails(reader, server, Faults(stall_after=20_000), stall_timeout=1)
    assert error.code == "stalled"
    assert state(reader) == before
    finish(reader, stage)


def test_what_is_larger_than_allowed_is_given_up_and_leaves_nothing(reader, server):
    server.faults = Faults(rate=20_000)  # git tells how much has come once a second
    noise = random.Random(3).randbytes(60_000)
    reader.teacher.publish({f"{number}": noise[number * 500 :][:500] for number in range(120)})
    with pytest.raises(SyncError) as caught:
        reader.sync(max_bytes=1_000)
    assert (caught.value.code, caught.value.context["limit"]) == ("too-large", 1_000)
    assert state(reader) == []


def test_nothing_new_is_one_conversation(reader, server):
    reader.sync()
    asked = len(server.requests)
    assert reader.sync().status == "unchanged"
    assert len(server.requests) - asked <= 2, server.requests[asked:]


@pytest.mark.parametrize("ref", ["main", "v1", "commit"])
def test_any_ref_arrives_over_http(reader, ref):
    commit = reader.teacher.git("rev-parse", "HEAD")
    reader.teacher.git("tag", "v1")
    report = reader.sync(ref=commit if ref == "commit" else ref)
    assert report.upstream == commit
    reader.write(OURS)
    reader.teacher.publish(THEIRS)
    reader.sync(ref="main")
    assert reader.files()["edit.txt"] == AFTER["edit.txt"]


def test_a_ref_that_is_not_there_is_answered_with_those_that_are(reader, server):
    reader.teacher.git("tag", "spring")
    reader.teacher.git("branch", "week2")
    for _ in ("clone", "update"):
        error = fails(reader, server, Faults(), ref="nope")
        assert error.code == "ref-not-found"
        assert all(name in error.hint for name in ("main", "week2", "spring"))
        reader.sync()


def test_a_force_push_arrives_over_http_with_the_edits_kept(reader):
    reader.sync()
    reader.write(OURS)
    reader.teacher.rewrite(THEIRS)
    reader.sync()
    files = reader.files()
    assert {name: files[name] for name in AFTER} == AFTER
