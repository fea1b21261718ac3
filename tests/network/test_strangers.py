"""What answers at the address and is no git repository is called that, in plain words."""

from __future__ import annotations

import contextlib
import http.server
import threading

import pytest

from classroom import Learner, Teacher
from nbpull_sync import SyncError, remote

SMART = "application/x-git-upload-pack-advertisement"
HTML = b"<html><body>Please log in</body></html>"
HEAD = b"001e# service=git-upload-pack\n0000"


@contextlib.contextmanager
def site(answer):
    """Serve what ``answer`` gives for a path: a status, headers and a body."""
    seen = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append((self.path, self.headers.get("Authorization")))
            status, headers, body = answer(self.path)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", seen
        finally:
            server.shutdown()
            thread.join()


def page(kind, body, **headers):
    return lambda _: (200, {"Content-Type": kind, **headers}, body)


def login(target):
    def answer(path):
        if path.startswith("/login"):
            return 200, {"Content-Type": "text/html"}, HTML
        return 302, {"Location": target}, b""

    return answer


ANSWERS = {
    "a page": (page("text/html", HTML), "not-a-repository"),
    "a page of lines": (page("text/html; charset=utf-8", b"<html>\n<p>\n"), "not-a-repository"),
    "JSON": (page("application/json", b'{"message": "hello"}'), "not-a-repository"),
    "nothing": (page("text/html", b""), "not-a-repository"),
    "a page that says it is git": (page(SMART, HTML), "not-a-repository"),
    "no refs at all": (page(SMART, b"0000"), "not-a-repository"),
    "no gzip": (
        lambda _: (200, {"Content-Type": SMART, "Content-Encoding": "gzip"}, b"\x1f\x8bno"),
        "not-a-repository",
    ),
    "a login page": (login("/login"), "not-a-repository"),
    "a login page with our path": (
        login("/login/info/refs?service=git-upload-pack"),
        "not-a-repository",
    ),
    "a circle": (login("/r.git/info/refs?service=git-upload-pack"), "not-a-repository"),
    "a way to a file": (
        login("file:///etc/info/refs?service=git-upload-pack"),
        "protocol-not-allowed",
    ),
    "a way to ftp": (
        login("ftp://127.0.0.1:9/info/refs?service=git-upload-pack"),
        "protocol-not-allowed",
    ),
    "a way to nowhere": (
        login("http://localhost:9/info/refs?service=git-upload-pack"),
        "connection-refused",
    ),
    "half a line": (page(SMART, HEAD[:20]), "interrupted"),
    "half an answer": (page(SMART, HEAD), "interrupted"),
    "half a list": (page(SMART, HEAD + b"000eversion 2\n"), "interrupted"),
    "an empty git answer": (page(SMART, b""), "interrupted"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_no_repository_is_called_so(tmp_path, monkeypatch, name):
    monkeypatch.setattr(remote, "retry_delay", lambda *_: None)
    teacher = Teacher(tmp_path / "upstream", {"f.txt": "1\n"})
    update = Learner(tmp_path / "old", teacher)
    commit = update.sync().upstream
    answer, code = ANSWERS[name]
    with site(answer) as (url, _):
        new = Learner(tmp_path / "new", teacher)
        other = commit.translate({ord("a"): "b", ord("b"): "a"})
        for learner, ref in ((new, None), (new, other), (update, "main")):
            with pytest.raises(SyncError) as caught:
                learner.sync(ref=ref, repo=f"{url}/r.git", moved=True)
            assert caught.value.code == code, (ref, str(caught.value))
            assert caught.value.hint
    assert not new.directory.exists()
    assert update.files() == {"f.txt": "1\n"}
    assert update.sync(moved=True).upstream == commit


def test_a_login_in_the_address_goes_nowhere_else(tmp_path):
    with site(page("text/html", HTML)) as (elsewhere, there):
        target = f"{elsewhere}/r.git/info/refs?service=git-upload-pack"
        with site(login(target)) as (url, here):
            learner = Learner(tmp_path / "new", Teacher(tmp_path / "upstream"))
            address = url.replace("//", "//someone:s3cret@")
            with pytest.raises(SyncError) as caught:
                learner.sync(repo=f"{address}/r.git")
    assert [secret is not None for _, secret in here] == [True]
    assert there == []
    assert "s3cret" not in f"{caught.value} {caught.value.context}"
