"""Many homes at once: any executor does it, one that fails stops no other, one copy is moved."""

from __future__ import annotations

import json
import pickle
import random
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from faulty import FaultyServer
from nbpull_sync import Log, Progress, SyncRequest
from nbpull_sync.bulk import sync_all


@pytest.fixture
def requests(teacher, tmp_path):
    teacher.publish({"f.txt": "1\n"})
    homes = [tmp_path / "homes" / str(number) / "course" for number in range(6)]
    found = [
        SyncRequest(repo=teacher.url, directory=home, protocols=("file",), stall_timeout=20)
        for home in homes
    ]
    homes[2].parent.mkdir(parents=True)
    homes[2].write_text("a file in its place\n")
    return found


class Elsewhere(ThreadPoolExecutor):
    """Give and take everything as bytes, as an executor on other machines does."""

    def submit(self, function, /, *args):
        return super().submit(self._run, pickle.dumps((function, args)))

    @staticmethod
    def _run(order):
        function, args = pickle.loads(order)
        return pickle.loads(pickle.dumps(function(*args)))


@pytest.mark.parametrize("pool", [None, ThreadPoolExecutor, Elsewhere])
def test_every_executor_fills_all_homes_but_the_one_that_cannot_be(requests, pool):
    if pool is None:
        done = list(sync_all(requests))
    else:
        with pool(max_workers=2) as executor:
            done = list(sync_all(requests, executor=executor))
    failed = [it for it in done if it.error]
    assert [(it.error.code, it.error.who) for it in failed] == [("not-a-directory", "you")]
    assert {it.directory for it in done} == {str(request.directory) for request in requests}
    assert {it.report.status for it in done if it.report} == {"cloned"}
    assert all((request.directory / "f.txt").exists() for request in requests[3:])
    json.dumps([it.to_dict() for it in done])


def test_the_same_home_twice_is_synced_one_after_the_other(requests):
    done = [it.report.status for it in sync_all([requests[0]] * 4)]
    assert sorted(done) == ["cloned", "unchanged", "unchanged", "unchanged"]


def test_what_nobody_foresaw_stops_no_other(requests, monkeypatch):
    def sync(request):
        raise RuntimeError(request.directory.name)

    monkeypatch.setattr("nbpull_sync.bulk.sync", sync)
    assert {it.error.code for it in sync_all(requests)} == {"unexpected"}


@pytest.fixture
def course(teacher, tmp_path):
    """Serve a course whose first state lies in a shared store."""
    noise = random.Random(1)
    teacher.publish({f"{number}.bin": noise.randbytes(20_000) for number in range(20)})
    store = tmp_path / "store"
    subprocess.run(["git", "clone", "-q", "--mirror", teacher.url, store], check=True)
    teacher.publish({"new.txt": "new\n"})
    with FaultyServer(teacher.directory.parent) as server:
        yield server.url_of("upstream/.git"), store


@pytest.mark.parametrize("depth", [0, 1])
def test_what_the_store_has_is_not_moved_and_not_needed_later(learner, course, depth):
    url, store = course
    learner.sync(repo=url, reference=store, depth=depth)
    moved = [it for it in learner.events if isinstance(it, Progress) and it.phase == "receiving"]
    assert max(it.total or 0 for it in moved if it.message.startswith("Receiving")) <= 5
    shutil.rmtree(store)
    learner.git("fsck")
    learner.write({"new.txt": "mine\n", "1.bin": None})
    learner.teacher.publish({"later.txt": "later\n"})
    learner.sync(repo=url, reference=store, depth=depth)
    assert len(learner.files()) == 22
    assert learner.sync(repo=url, reference=store).status == "unchanged"


@pytest.mark.parametrize("harm", ["gone", "empty", "broken"])
def test_a_store_of_no_use_is_done_without(learner, course, harm):
    url, store = course
    if harm == "broken":
        for pack in (store / "objects/pack").glob("*.pack"):
            pack.chmod(0o644)
            pack.write_bytes(pack.read_bytes()[:5000])
    else:
        shutil.rmtree(store)
    if harm == "empty":
        store.mkdir()
    learner.sync(repo=url, reference=store)
    assert len(learner.files()) == 21
    learner.git("fsck")
    told = [it.message for it in learner.events if isinstance(it, Log)]
    assert not [words for words in told if "nbpull-clone" in words]
