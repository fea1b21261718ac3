"""Large files (Git LFS): their content arrives where git-lfs is, and nobody loses a byte."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import subprocess

import pytest

from courses import Cell, notebook
from faulty import Faults
from lfs import ATTRIBUTES, LfsServer, pointer
from nbpull_sync import SAFE_PROTOCOLS, Outcome, Progress, SyncError, large, restore, status, take
from nbpull_sync.address import read_address

ONE, TWO, MINE = b"one\0" * 3000, b"two\0" * 3001, b"mine\0" * 2000


@pytest.fixture
def server(teacher, need):
    need("git-lfs")
    with LfsServer(teacher.directory.parent) as server:
        teacher.publish({".gitattributes": ATTRIBUTES, "f.txt": "1\n", "a.bin": server.keep(ONE)})
        yield server


@pytest.fixture
def reader(server, learner):
    plain = learner.request
    learner.request = lambda **options: plain(
        **{"repo": server.url_of("upstream/.git"), "stall_timeout": 5.0, **options}
    )
    return learner


def content(learner, path="a.bin"):
    return (learner / path).read_bytes()


def state(learner):
    """Give every byte and every time of a workspace, what git keeps of it included."""
    found = {}
    for file in learner.directory.rglob("*"):
        if not file.is_dir():
            status = file.lstat()
            found[file] = (status.st_mtime_ns, status.st_size, status.st_ino)
    found.pop(learner / ".git/nbpull/lock", None)
    return found


def test_the_content_arrives_and_a_second_sync_writes_nothing(reader, server):
    report = reader.sync()
    assert (content(reader), report.notes) == (ONE, ())
    assert stat.S_IMODE((reader / "a.bin").stat().st_mode) & 0o200
    before, asked = state(reader), len(server.requests)
    assert reader.sync().status == "unchanged"
    assert state(reader) == before
    assert not [it for it in server.requests[asked:] if "lfs" in it]
    assert status(reader.directory).changed == ()


@pytest.mark.parametrize("depth", [0, 1])
def test_an_update_brings_what_changed_and_asks_for_nothing_else(reader, server, depth):
    reader.sync(depth=depth)
    asked = len(server.requests)
    theirs = {"a.bin": server.keep(TWO), "d/new.bin": server.keep(b"new\0"), "f.txt": "2\n"}
    reader.teacher.publish(theirs)
    assert reader.outcomes() == {"a.bin": "updated", "d/new.bin": "added", "f.txt": "updated"}
    assert (content(reader), content(reader, "d/new.bin")) == (TWO, b"new\0")
    assert sum("lfs/content" in it for it in server.requests[asked:]) == 2
    assert reader.sync().status == "unchanged"


def test_progress_of_large_files_is_told(reader):
    reader.sync()
    told = [it for it in reader.events if isinstance(it, Progress)]
    last = [it for it in told if it.message == "Fetching the large files"][-1]
    assert (last.done, last.total) == (1, 1)


def test_a_deleted_one_comes_back_without_the_network(reader, server):
    reader.sync()
    reader.write({"a.bin": None})
    asked = len(server.requests)
    assert reader.outcomes() == {"a.bin": "restored"}
    assert content(reader) == ONE
    assert not [it for it in server.requests[asked:] if "lfs" in it]


def test_a_store_that_was_emptied_is_filled_again_where_it_is_needed(reader):
    reader.sync()
    subprocess.run(["rm", "-rf", reader / ".git/lfs"], check=True)
    assert reader.sync().status == "unchanged"
    reader.write({"a.bin": None})
    assert reader.outcomes() == {"a.bin": "restored"}
    assert content(reader) == ONE


def test_an_edited_one_stays_and_upstreams_is_there_to_take(reader, server):
    reader.sync()
    reader.write({"a.bin": MINE})
    assert status(reader.directory).changed == ("a.bin",)
    assert reader.sync().status == "unchanged"
    reader.teacher.publish({"a.bin": server.keep(TWO)})
    report = reader.sync()
    assert [it.outcome for it in report.files] == [Outcome.KEPT_YOURS]
    assert content(reader) == MINE
    assert MINE in as_bytes(reader.kept()) or report.restore_point is None
    taken = take(reader.directory, "a.bin")
    assert content(reader) == TWO
    restore(reader.directory, taken.restore_point)
    assert content(reader) == MINE


def as_bytes(contents):
    return {it if isinstance(it, bytes) else it.encode() for it in contents}


def test_upstream_first_sets_the_learners_aside_whole(reader, server):
    reader.sync()
    reader.write({"a.bin": MINE})
    reader.teacher.publish({"a.bin": server.keep(TWO)})
    report = reader.sync(conflict="upstream")
    aside = report.files[0].set_aside_as
    assert (content(reader), content(reader, aside)) == (TWO, MINE)
    assert MINE in as_bytes(reader.kept())


def test_what_the_learner_added_under_the_name_is_set_aside(reader, server):
    reader.sync()
    reader.write({"new.bin": MINE, "same.bin": TWO})
    reader.teacher.publish({"new.bin": server.keep(ONE), "same.bin": server.keep(TWO)})
    report = reader.sync()
    told = {it.path: it for it in report.files}
    assert told.keys() == {"new.bin"}
    assert content(reader, "new.bin") == ONE
    assert content(reader, told["new.bin"].set_aside_as) == MINE
    assert content(reader, "same.bin") == TWO


def test_a_renamed_one_moves_with_the_learners_edit(reader):
    reader.sync()
    reader.write({"a.bin": MINE})
    reader.teacher.git("mv", "a.bin", "b.bin")
    reader.teacher.commit()
    reader.sync()
    assert content(reader, "b.bin") == MINE
    assert not (reader / "a.bin").exists()


def test_a_notebook_in_lfs_is_merged_by_cells(reader, server):
    def book(first, second):
        cells = [Cell("a", "code", (first,)), Cell("b", "code", (second,))]
        return notebook(cells)

    old, ours, theirs = book("1", "2"), book("1 mine", "2"), book("1", "2 theirs")
    reader.teacher.publish(
        {".gitattributes": "*.ipynb filter=lfs -text\n", "n.ipynb": server.keep(old)}
    )
    reader.sync()
    assert content(reader, "n.ipynb") == old
    reader.write({"n.ipynb": ours})
    reader.teacher.publish({"n.ipynb": server.keep(theirs)})
    assert reader.outcomes() == {"n.ipynb": "merged"}
    sources = [cell["source"] for cell in json.loads(content(reader, "n.ipynb"))["cells"]]
    assert ["".join(it) for it in sources] == ["1 mine", "2 theirs"]


def test_the_learners_commit_of_one_stays_whole_in_the_merge(reader, server):
    reader.sync()
    mine = pointer(MINE)
    blob = reader.git("hash-object", "-w", "--stdin", stdin=mine.encode())
    reader.write({"a.bin": MINE})
    reader.git("update-index", "--cacheinfo", f"100644,{blob},a.bin")
    reader.git("commit", "-qm", "mine")
    reader.teacher.publish({"a.bin": server.keep(TWO + b"longer"), "f.txt": "2\n"})
    reader.sync()
    assert reader.git("show", "HEAD:a.bin") + "\n" == mine
    assert (content(reader), content(reader, "f.txt")) == (MINE, b"2\n")


@pytest.mark.parametrize("why", ["off", "missing"])
def test_without_git_lfs_the_pointer_stays_and_the_report_says_so_once(reader, monkeypatch, why):
    options = {"lfs": False} if why == "off" else {}
    with monkeypatch.context() as patch:
        if why == "missing":
            patch.setattr("nbpull_sync.lfs.command", lambda: None)
        report = reader.sync(**options)
        assert len(report.notes) == 1
        assert ("switched off" if why == "off" else "not installed") in report.notes[0]
        assert content(reader) == pointer(ONE).encode()
        again = reader.sync(**options)
        assert (again.status, again.notes) == ("unchanged", ())
    report = reader.sync()
    assert [(it.path, it.outcome.value) for it in report.files] == [("a.bin", "updated")]
    assert (content(reader), report.restore_point) == (ONE, None)
    assert reader.sync().status == "unchanged"


def test_what_the_learner_put_in_a_pointers_place_is_theirs(reader, server):
    reader.sync(lfs=False)
    reader.write({"a.bin": MINE})
    reader.teacher.publish({"a.bin": server.keep(TWO), "f.txt": "2\n"})
    reader.sync(lfs=False)
    assert content(reader) == MINE
    reader.sync()
    assert content(reader) == MINE


FAILURES = {
    "batch 500": Faults(status=500, matching="batch"),
    "content 500": Faults(status=500, matching="lfs/content"),
    "429": Faults(status=429, matching="batch", retry_after="1"),
    "cut": Faults(cut_after=0, matching="lfs"),
    "stall": Faults(stall_after=0, matching="lfs/content"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failing_server_changes_nothing_and_the_next_sync_completes(reader, server, name):
    server.faults = FAILURES[name]
    with pytest.raises(SyncError) as caught:
        reader.sync(stall_timeout=1)
    assert caught.value.code in {"lfs-failed", "stalled"}
    assert (caught.value.who, list(reader.directory.parent.iterdir())) == ("network", [])
    server.faults = Faults()
    reader.sync()
    reader.write({"f.txt": "mine\n", "a.bin": None})
    reader.teacher.publish({"new.bin": server.keep(TWO), "g.txt": "new\n"})
    before = reader.files(), reader.git("rev-parse", "HEAD")
    server.faults = FAILURES[name]
    with pytest.raises(SyncError):
        reader.sync(stall_timeout=1)
    assert (reader.files(), reader.git("rev-parse", "HEAD")) == before
    server.faults = Faults()
    reader.sync()
    assert (content(reader), content(reader, "new.bin")) == (ONE, TWO)


REFUSALS = {
    "no such object": None,
    "no such server": Faults(status=404, matching="batch"),
    "forbidden": Faults(status=403, matching="batch"),
    "a login": Faults(status=401, matching="batch"),
    "a page": Faults(status=200, matching="batch", body=b"<html>", content_type="text/html"),
    "no room": Faults(status=507, matching="batch"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_the_server_will_not_give_stays_a_pointer_and_stops_nothing_else(reader, server, name):
    if REFUSALS[name] is None:
        kept = dict(server.objects)
        server.objects.clear()
    else:
        server.faults = REFUSALS[name]
    report = reader.sync()
    assert (content(reader), content(reader, "f.txt")) == (pointer(ONE).encode(), b"1\n")
    assert len(report.notes) == 1
    assert "could not be had" in report.notes[0]
    server.faults = Faults()
    if REFUSALS[name] is None:
        server.objects.update(kept)
    assert reader.outcomes() == {"a.bin": "updated"}
    assert content(reader) == ONE


def test_content_that_names_another_server_is_not_believed(reader, server, tmp_path):
    ran = tmp_path / "ran"
    with LfsServer(tmp_path / "none") as other:
        config = (
            f"[lfs]\n\turl = {other.url}/x\n\tpushurl = {other.url}\n"
            f"\tstandalonetransferagent = evil\n\tconcurrenttransfers = 1\n"
            f'[lfs "customtransfer.evil"]\n\tpath = touch\n\targs = {ran}\n'
            f'[remote "origin"]\n\tlfsurl = {other.url}/y\n'
            f'[filter "lfs"]\n\tprocess = touch {ran}\n\tclean = touch {ran}\n'
            f'[lfs "extension.x"]\n\tclean = touch {ran}\n\tsmudge = touch {ran}\n'
        )
        reader.teacher.publish({".lfsconfig": config, "b.bin": server.keep(TWO)})
        reader.sync()
        reader.teacher.publish({"b.bin": server.keep(MINE), "lfs.fetchexclude": "x"})
        reader.sync()
        assert other.requests == []
    assert (content(reader), content(reader, "b.bin")) == (ONE, MINE)
    assert not ran.exists()


def test_a_pointer_with_extensions_is_only_text(reader, server):
    odd = server.keep(TWO).replace("oid ", f"ext-0-x sha256:{'0' * 64}\noid ")
    reader.teacher.publish({"odd.bin": odd})
    reader.sync()
    assert (content(reader, "odd.bin"), content(reader)) == (odd.encode(), ONE)


def test_a_login_is_sent_to_its_server_and_kept_nowhere(teacher, learner, need):
    need("git-lfs")
    with LfsServer(teacher.directory.parent, auth=("someone", "s3cret")) as server:
        teacher.publish({".gitattributes": ATTRIBUTES, "a.bin": server.keep(ONE)})
        url = server.url_of("upstream/.git").replace("//", "//someone:s3cret@")
        learner.sync(repo=url)
    assert content(learner) == ONE
    found = subprocess.run(["grep", "-r", "s3cret", learner.directory], check=False)
    assert found.returncode == 1
    assert "s3cret" not in str(learner.events)


def test_nothing_of_git_lfs_is_written_into_the_learners_settings(reader, server):
    reader.sync()
    server.faults = Faults(status=401, matching="batch")
    reader.teacher.publish({"b.bin": server.keep(TWO)})
    reader.sync()
    assert "lfs" not in reader.git("config", "--local", "--list")


def test_content_larger_than_allowed_is_given_up_before_it_is_fetched(reader, server):
    with pytest.raises(SyncError) as caught:
        reader.sync(max_bytes=5_000)
    assert caught.value.code == "too-large"
    assert not [it for it in server.requests if "lfs" in it]


def test_a_rehearsal_fetches_nothing_and_tells_the_same_files(reader, server):
    reader.sync()
    reader.write({"a.bin": None})
    reader.teacher.publish({"b.bin": server.keep(TWO)})
    before, asked = state(reader), len(server.requests)
    planned = reader.outcomes(dry_run=True)
    assert state(reader) == before
    assert not [it for it in server.requests[asked:] if "lfs" in it]
    assert reader.outcomes() == planned


def test_a_folder_of_a_repository_brings_only_its_own(reader, server):
    reader.teacher.publish({"d/b.bin": server.keep(TWO), "d/.gitattributes": ATTRIBUTES})
    reader.sync(subdir="d")
    assert content(reader, "d/b.bin") == TWO
    assert sum("lfs/content" in it for it in server.requests) == 1


def test_names_of_all_kinds(reader, server):
    names = ["a b,c*.bin", "-x.bin", 'q"uote.bin', "new\nline.bin", "é/ü.bin", "[ab].bin"]
    reader.teacher.publish({name: server.keep(name.encode() * 99) for name in names})
    reader.sync()
    assert [content(reader, name) for name in names] == [name.encode() * 99 for name in names]


def test_attributes_that_the_learner_deleted_make_no_edit_of_large_files(reader, server):
    reader.teacher.publish({"empty.bin": server.keep(b"")})
    reader.sync()
    assert content(reader, "empty.bin") == b""
    reader.write({".gitattributes": None})
    os.utime(reader / "a.bin", (1, 1))
    reader.teacher.publish({"a.bin": server.keep(TWO)})
    assert reader.outcomes() == {".gitattributes": "restored", "a.bin": "updated"}
    assert content(reader) == TWO


def test_a_file_goes_into_lfs_and_out_again_with_the_learners_edit(reader, server):
    text = "".join(f"{number}\n" for number in range(9))
    reader.teacher.publish({"c.dat": text})
    reader.sync()
    reader.write({"c.dat": f"mine\n{text}"})
    into = server.keep(f"{text}theirs\n".encode())
    rules = f"{ATTRIBUTES}*.dat filter=lfs -text\n"
    reader.teacher.publish({".gitattributes": rules, "c.dat": into})
    assert reader.outcomes() == {".gitattributes": "updated", "c.dat": "merged"}
    assert content(reader, "c.dat") == f"mine\n{text}theirs\n".encode()
    reader.teacher.publish({".gitattributes": ATTRIBUTES, "c.dat": f"{text}theirs\nmore\n"})
    reader.sync()
    assert content(reader, "c.dat") == f"mine\n{text}theirs\nmore\n".encode()
    assert reader.sync().status == "unchanged"


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("bare", [True, False])
def test_a_repository_on_this_machine_gives_its_own(learner, tmp_path, bare):
    root, copy = learner.teacher.directory, tmp_path / "copy of it"
    if bare:
        subprocess.run(["git", "clone", "-q", "--bare", root, copy], check=True)
        root = copy
    oid = hashlib.sha256(ONE).hexdigest()
    store = (root if bare else root / ".git") / "lfs/objects" / oid[:2] / oid[2:4]
    store.mkdir(parents=True)
    (store / oid).write_bytes(ONE[::-1])
    address = {"repo": str(root), "lfs": True}
    report = learner.sync(**address)
    assert (content(learner), len(report.notes)) == (pointer(ONE).encode(), 1)
    (store / oid).write_bytes(ONE)
    assert learner.sync(**address).notes == ()
    assert content(learner) == ONE


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("https://h.org/o/r", "https://h.org/o/r.git/info/lfs"),
        ("https://h.org/o/r.git/", "https://h.org/o/r.git/info/lfs"),
        ("ssh://git@h.org/o/r.git", "ssh://git@h.org/o/r.git"),
        ("git@h.org:o/r.git", "git@h.org:o/r.git"),
        ("git://h.org/o/r.git", None),
    ],
)
def test_large_files_are_asked_for_at_the_repositorys_own_server(url, endpoint):
    assert large._endpoint(read_address(url, SAFE_PROTOCOLS)) == endpoint
