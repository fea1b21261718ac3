"""Each row of the scenario table in each state of a workspace, over file:// and smart HTTP.

All rows are played at once, each in a folder of its own: what becomes of one must not depend on
another, nor on the state, on the history of upstream or on the transport.
"""

from __future__ import annotations

import json
import shutil
from itertools import cycle
from types import SimpleNamespace

import pytest

import scenarios
from classroom import Learner
from course_repo import CourseRepo
from histories import blob, kept_blobs, masked
from nbpull_server.demo.githttp import GitServer
from nbpull_sync.address import identity
from states import AFTER, BASE, CHANGE, OF_GIT, STATES, WORK

ROWS = scenarios.read()
MODES_DO_NOT_COUNT = {"file-mode-ignored"}

HISTORIES = {
    # what upstream does: where it publishes, on top of what, and what the learner asks for
    "ahead": ("refs/heads/main", "base", None),
    "rewritten": ("refs/heads/main", "nothing", None),
    "other-branch": ("refs/heads/week2", "nothing", "week2"),
    "tag": ("refs/tags/v1", "base", "v1"),
    "renamed": ("refs/heads/trunk", "base", None),
}
BOTH_WAYS = [("ahead", "file"), ("rewritten", "http")]
THIRD = cycle([("other-branch", "file"), ("tag", "http"), ("renamed", "file"),
               ("other-branch", "http"), ("tag", "file"), ("renamed", "http")])  # fmt: skip
ONE = cycle([("ahead", "http"), ("rewritten", "file"), ("ahead", "file"), ("rewritten", "http")])
CASES = [(name, *way) for name in OF_GIT for way in (*BOTH_WAYS, next(THIRD))]
CASES += [(name, *next(ONE)) for name in STATES if name not in OF_GIT]
CASES_OF = {(name, history): number for number, (name, history, _) in enumerate(CASES)}


class School:
    """What is made once: upstream before and after, a learner's clone of it, and a server."""

    def __init__(self, root):
        self.root, self.number = root, 0
        self.base = {**BASE, **scenarios.joined(ROWS, "base")}
        self.change = {**CHANGE, **scenarios.joined(ROWS, "theirs")}
        theirs = scenarios.changed(self.base, self.change)
        self.course = CourseRepo(root / "template.git", self.base)
        first = self.course.head
        self.after = {
            name: self.course.publish(
                theirs, ref=f"refs/kept/{name}", parents=[first] if on == "base" else []
            )
            for name, (_, on, _) in HISTORIES.items()
        }
        self.homes = {}
        for depth in (0, 1):
            learner = Learner(root / f"depth-{depth}" / "course", self.course)
            learner.sync(depth=depth)
            self.homes[depth] = learner

    def enrol(self, server, transport, *, depth):
        """Give a course of its own and a learner who has synced it."""
        self.number += 1
        here = self.root / str(self.number)
        place, home = here / "upstream.git", here / "home" / "course"
        objects = self.course.directory / "objects"
        shutil.copytree(self.course.directory, place, ignore=shutil.ignore_patterns("objects"))
        (place / "objects/info").mkdir(parents=True)
        (place / "objects/info/alternates").write_text(f"{objects}\n")
        name = place.relative_to(self.root).as_posix()
        url = server.url_of(name) if transport == "http" else f"file://{place}"
        shutil.copytree(self.homes[depth].directory, home, symlinks=True)
        config, memory = home / ".git/config", home / ".git/nbpull/memory.json"
        config.write_text(config.read_text().replace(self.course.url, url))
        known = {**json.loads(memory.read_text()), "repo": identity(url)}
        memory.write_text(json.dumps(known))
        return place, Learner(home, SimpleNamespace(url=url))

    def publish(self, place, history):
        """Have upstream's next version come in one of the ways; give the ref to ask for."""
        ref, _, asked = HISTORIES[history]
        (place / ref).parent.mkdir(parents=True, exist_ok=True)
        (place / ref).write_text(self.after[history] + "\n")
        if history == "renamed":
            (place / "refs/heads/main").unlink()
            (place / "HEAD").write_text(f"ref: {ref}\n")
        return asked


@pytest.fixture(scope="session")
def school(tmp_path_factory):
    return School(tmp_path_factory.mktemp("school"))


@pytest.fixture(scope="session")
def server(school):
    with GitServer(school.root) as server:
        yield server


@pytest.mark.parametrize(("name", "history", "transport"), CASES, ids=lambda it: it)
def test_each_row_ends_well_in_each_state(school, server, name, history, transport):
    place, learner = school.enrol(server, transport, depth=int(history in {"ahead", "tag"}))
    rows = _rows(name, history)
    work = {**WORK, **scenarios.joined(rows, "ours")}
    learner.write(work)
    STATES[name](learner)
    _write_again(learner, scenarios.joined(rows, "ours"))
    before = learner.files()
    ref = school.publish(place, history)
    report = learner.sync(ref=ref)
    assert not (place.parent / "hooked").exists(), "something of the learner's was run"
    _as_the_table_says(rows, learner.files(), report)
    _nothing_lost(school, learner, before)
    _settled(school, learner, name, history)
    assert learner.sync(ref=ref).status == "unchanged"
    shutil.rmtree(place.parent)


def _rows(name, history):
    """Give the rows that are played: all meet git's own states twice, each a third of the rest."""
    if name in MODES_DO_NOT_COUNT:
        return [row for row in ROWS if not scenarios.is_mode(row)]
    if name in OF_GIT and history in {"ahead", "rewritten"}:
        return ROWS
    return ROWS[CASES_OF[name, history] % 3 :: 3]


def _write_again(learner, work):
    """Have the learner's work be there though git may have changed it on the way to the state."""
    here = learner.files()
    learner.write({path: it for path, it in work.items() if here.get(path) != it})


def _as_the_table_says(rows, files, report):
    here = {masked(path): it for path, it in files.items()}
    told = {it.path: it.outcome.value for it in report.files}
    for row in rows:
        there = {path: it for path, it in here.items() if path.startswith(row.folder)}
        assert there == row.there, row.text
        said = {path: it for path, it in told.items() if path.startswith(row.folder)}
        assert said == row.said, row.text
    assert {path: it for path, it in here.items() if "/" not in path} == AFTER


def _nothing_lost(school, learner, before):
    of_base = {_blob(it) for it in school.base.values()}
    mine = {_blob(it) for it in before.values()} - of_base
    left = mine - {_blob(it) for it in learner.files().values()}
    assert not left - kept_blobs(learner), "what was the learner's is nowhere"


def _blob(found):
    return blob(getattr(found, "text", getattr(found, "target", found)))


def _settled(school, learner, name, history):
    theirs = school.after[history]
    assert learner.git("rev-parse", "refs/nbpull/base") == theirs
    branch = HISTORIES[history][0].removeprefix("refs/tags/v1")
    if name != "linked-worktree":
        assert learner.git("symbolic-ref", "-q", "HEAD", check=False) == branch
    merges = learner.git("rev-list", "--merges", "--author=nbpull", "HEAD").split()
    assert len(merges) <= 1
    assert learner.git("merge-base", "HEAD", theirs, check=False) == theirs
    if name != "no-remote":  # git itself leaves its origin/HEAD behind there, naming nothing
        learner.git("fsck", "--connectivity-only")
    assert not (learner / ".git/rebase-merge").exists()


def test_the_table_is_large():
    assert len(ROWS) >= 75
    assert len({row.text for row in ROWS}) == len(ROWS)
    assert {way for _, _, way in CASES} == {"file", "http"}
    for transport in ("file", "http"):
        assert len(ROWS) * sum(way == transport for *_, way in CASES) > 120
