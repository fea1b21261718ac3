"""Random histories of a course and of a learner's work, held to the invariants of the design."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from histories import START, Story, notebook, play

PATHS = ["a.txt", "b.txt", "d/a.txt", "d/e/c.txt", "d", "f", "f/g.txt", "n m.csv", "n.ipynb"]
EXAMPLES = settings.default.max_examples // 5  # each is some whole syncs
LINES = ["one", "two", "three", "four", "five"]
FIRST = {**START, "n.ipynb": notebook([("x", "first"), ("y", "second"), ("z", "third")])}

paths = st.sampled_from(PATHS)
text = st.lists(st.sampled_from(LINES), min_size=1, max_size=6).map(lambda it: "\n".join(it) + "\n")
edits = st.lists(
    st.one_of(
        st.tuples(st.just("write"), paths, text),
        st.tuples(st.just("insert"), paths, st.integers(0, 12), st.sampled_from(LINES)),
        st.tuples(st.just("change"), paths, st.integers(0, 12), st.sampled_from(LINES)),
        st.tuples(st.just("delete"), paths),
        st.tuples(st.just("rename"), paths, paths),
    ),
    max_size=5,
)
PUBLISHED = ["commit", "commit", "rewrite", "branch", "main", "tag", "commit-id", "squash"]
LEFT = ["leave", "leave", "commit", "stage", "branch", "detach", "merge", "re-shallow",
        "unshallow", "no-index", "ours-gone"]  # fmt: skip
rounds = st.lists(
    st.tuples(edits, st.sampled_from(PUBLISHED), edits, st.sampled_from(LEFT)),
    min_size=1,
    max_size=3,
)


@pytest.mark.timeout(600)  # many whole syncs, on a machine that may be busy
@settings(max_examples=EXAMPLES)
@example(
    first=[],
    story=[
        ([("write", "a.txt", "one\n")], "commit", [], "leave"),
        ([("write", "a.txt", "one\n")], "commit", [], "commit"),
    ],
    depth=1,
)
@given(first=edits, story=rounds, depth=st.sampled_from([0, 1]))
def test_random_histories_keep_the_invariants(first, story, depth):
    root = Path(tempfile.mkdtemp(prefix="nbpull-history-"))
    try:
        _play(root, first, story, depth)
    finally:
        shutil.rmtree(root)


def _play(root, first, story, depth):
    files = FIRST
    for number, edit in enumerate(first):
        files = play(files, edit, f"first{number}")
    scene = Story(root, files, depth)
    for round_, (theirs, how, ours, left) in enumerate(story):
        mine, files = scene.learner.files(), scene.course.files
        for number, edit in enumerate(ours):
            mine = play(mine, edit, f"ours{round_}-{number}")
        for number, edit in enumerate(theirs):
            files = play(files, edit, f"theirs{round_}-{number}")
        scene.work(mine, left)
        scene.publish(files, how)
        scene.sync()
