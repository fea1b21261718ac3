"""Random histories of a teacher and a learner, held to the invariants of the design."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classroom import Learner, Teacher

PATHS = ["a.txt", "b.txt", "d/a.txt", "d/e/c.txt", "d", "f", "f/g.txt", "n m.csv"]
EXAMPLES = max(6, settings.default.max_examples // 16)  # whole syncs: each costs much
LINES = ["one", "two", "three", "four", "five"]

text = st.lists(st.sampled_from(LINES), min_size=1, max_size=6).map(lambda it: "\n".join(it) + "\n")
write = st.tuples(st.just("write"), st.sampled_from(PATHS), text)
insert = st.tuples(
    st.just("insert"), st.sampled_from(PATHS), st.integers(0, 6), st.sampled_from(LINES)
)
delete = st.tuples(st.just("delete"), st.sampled_from(PATHS))
rename = st.tuples(st.just("rename"), st.sampled_from(PATHS), st.sampled_from(PATHS))
edits = st.lists(st.one_of(write, insert, delete, rename), max_size=5)
teachers = st.tuples(edits, st.sampled_from(["commit", "commit", "rewrite", "branch"]))
learners = st.tuples(
    edits, st.sampled_from(["leave", "leave", "commit", "stage", "branch", "detach", "merge"])
)
rounds = st.lists(st.tuples(teachers, learners), min_size=1, max_size=3)


def play(place, edit, mark):
    """Do one edit as far as it can be done; `mark` makes what is written somebody's own."""
    file = place / edit[1]
    match edit[0]:
        case "write":
            place.write({edit[1]: mark + edit[2]})
        case "insert" if file.is_file():
            lines = file.read_text().splitlines(keepends=True)
            lines.insert(min(edit[2], len(lines)), f"{mark.strip()} {edit[3]}\n")
            file.write_text("".join(lines))
        case "delete" if file.is_file():
            file.unlink()
        case "rename" if file.is_file() and not _related(edit[1], edit[2]):
            content = file.read_text()
            file.unlink()
            place.write({edit[2]: content})


def _related(one, other):
    return one == other or one.startswith(other + "/") or other.startswith(one + "/")


def publish(teacher, how):
    if how == "rewrite":
        teacher.rewrite({})
    elif how == "branch":
        teacher.git("checkout", "-q", "-B", "week2")
        teacher.commit()
    else:
        teacher.commit()
    return teacher.git("symbolic-ref", "--short", "HEAD")


def leave(learner, how):
    match how:
        case "commit":
            learner.commit("mine")
        case "stage":
            learner.git("add", "--all")
        case "branch":
            learner.git("checkout", "-q", "-B", "own")
            learner.commit("mine")
        case "detach":
            learner.git("checkout", "-q", "--detach")
        case "merge":
            (learner / ".git/MERGE_HEAD").write_text(learner.git("rev-parse", "HEAD") + "\n")


def tree(place, commit):
    """Give the files of a commit."""
    return {name: content.decode() for name, content in place.tree(commit).items()}


def moments(files):
    """Give files without the moments in the names of what was set aside."""
    return sorted((re.sub(r"__\d{14}", "__*", name), str(it)) for name, it in files.items())


EMPTY_COMMIT = [
    (([("write", "a.txt", "one\n")], "commit"), ([], "leave")),
    (([("write", "a.txt", "one\n")], "commit"), ([], "commit")),
]


@pytest.mark.timeout(600)  # many whole syncs, on a machine that may be busy
@settings(max_examples=EXAMPLES)
@example(first=[], story=EMPTY_COMMIT, depth=1)
@given(first=edits, story=rounds, depth=st.sampled_from([0, 1]))
def test_random_histories_keep_the_invariants(first, story, depth):
    root = Path(tempfile.mkdtemp(prefix="nbpull-history-"))
    try:
        _play(root, first, story, depth)
    finally:
        shutil.rmtree(root)


def _play(root, first, story, depth):
    teacher = Teacher(root / "upstream", {"a.txt": "one\ntwo\nthree\n", "d/a.txt": "one\n"})
    for edit in first:
        play(teacher, edit, "first\n")
    teacher.commit()
    learner = Learner(root / "course", teacher)
    learner.sync(depth=depth)
    for number, ((changes, how), (edits_, left)) in enumerate(story):
        base = tree(teacher, learner.git("rev-parse", "refs/nbpull/base"))
        for edit in edits_:
            play(learner, edit, f"ours {number}\n")
        leave(learner, left)
        for edit in changes:
            play(teacher, edit, f"theirs {number}\n")
        branch = publish(teacher, how)
        before = learner.files()
        twin = _twin(root, learner, teacher, branch, number)
        learner.sync(ref=branch)
        _check(learner, before, base, tree(teacher, "HEAD"))
        assert learner.sync(ref=branch).status == "unchanged"
        twin.sync(ref=branch)
        assert moments(twin.files()) == moments(learner.files()), "history was not blind"


def _twin(root, learner, teacher, branch, number):
    """Give a copy of the workspace whose upstream has the same files and another history."""
    other = Teacher(root / f"other-{number}")
    other.git("fetch", "-q", str(teacher.directory), "HEAD")
    commit = other.git("commit-tree", "-m", "all at once", "FETCH_HEAD^{tree}")
    other.git("update-ref", f"refs/heads/{branch}", commit)
    copy = root / f"twin-{number}"
    shutil.copytree(learner.directory, copy, symlinks=True)
    twin = Learner(copy, other)
    twin.git("config", "remote.origin.url", other.url)
    memory = copy / ".git/nbpull/memory.json"
    memory.write_text(memory.read_text().replace("/upstream", f"/other-{number}"))
    return twin


def _check(learner, before, base, theirs):
    files = learner.files()
    saved = {str(it) for it in files.values()} | {it.decode() for it in learner.kept()}
    mine = {name: it for name, it in before.items() if base.get(name) != it}
    lost = {name for name, it in mine.items() if str(it) not in saved}
    assert not lost, "something of the learner's is nowhere"
    moved = any(name in base and name not in theirs for name in mine)
    for name in theirs.keys() | base.keys():
        if name not in base and moved:
            continue  # upstream may have moved a file there that the learner edited
        untouched = before.get(name) == base.get(name)
        if untouched and not any(_related(name, other) for other in mine if other != name):
            assert files.get(name) == theirs.get(name), f"{name} was missed"
    for name in theirs:
        assert name in files, f"{name} did not arrive"
