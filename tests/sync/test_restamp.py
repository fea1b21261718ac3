"""After files were put in their places, an index knows them without reading them again."""

from __future__ import annotations

import os
import subprocess

import pytest

from nbpull_sync.restamp import restamp

NAMES = [f"d/{'n' * number}.txt" for number in range(1, 20)]
OLD = 10**18  # nanoseconds: so old that no entry is too young to be trusted
BEYOND = "long/" * 1000 + "name"  # longer than the flags of an entry can say, and than any path


def git(place, *arguments, stdin=None):
    command = ["git", *arguments]
    done = subprocess.run(
        command, cwd=place, check=True, capture_output=True, text=True, input=stdin
    )
    return done.stdout


@pytest.fixture
def place(tmp_path):
    """Give a work tree whose files were renamed after git had noted their times."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / "d").mkdir()
    for name in NAMES:
        (tmp_path / name).write_text(name)
        os.utime(tmp_path / name, ns=(OLD, OLD))
    git(tmp_path, "add", ".")
    blob = git(tmp_path, "hash-object", NAMES[0]).strip()
    git(tmp_path, "update-index", "--index-info", stdin=f"100644 {blob}\t{BEYOND}\n")
    move(tmp_path)
    return tmp_path


def move(place):
    """Rename each file and back, until the file system's clock shows it."""
    for name in NAMES:
        before = (place / name).stat().st_ctime_ns
        while (place / name).stat().st_ctime_ns == before:
            (place / name).rename(place / "moved")
            (place / "moved").rename(place / name)


def unsure(place):
    """Give the files whose time of change is another than the index knows."""
    told = git(place, "ls-files", "--debug").split("\n  ctime: ")
    names = [told[0], *(it.splitlines()[-1] for it in told[1:-1])]
    times = [it.splitlines()[0].replace(":", " ").split() for it in told[1:]]
    known = {name: int(sec) * 10**9 + int(ns) for name, (sec, ns) in zip(names, times, strict=True)}
    return {
        it
        for it in NAMES
        if not (place / it).exists() or (place / it).stat().st_ctime_ns != known[it]
    }


def test_what_was_only_renamed_is_known_again_and_the_index_keeps_its_time(place):
    index = place / ".git/index"
    (place / NAMES[3]).write_text("another")
    os.utime(place / NAMES[3], ns=(OLD, OLD))
    (place / NAMES[4]).write_text("x" * len(NAMES[4]))
    (place / NAMES[5]).unlink()
    before = index.stat().st_mtime_ns
    assert restamp(index, place, [*NAMES, BEYOND.replace("long", "short"), "d/d/other"])
    assert index.stat().st_mtime_ns == before
    assert unsure(place) == {NAMES[3], NAMES[4], NAMES[5]}
    git(place, "fsck")


def test_only_what_is_named_is_noted(place):
    assert restamp(place / ".git/index", place, NAMES[:2])
    assert unsure(place) == set(NAMES[2:])


def test_an_index_of_another_kind_is_left_alone(place):
    index = place / ".git/index"
    git(place, "update-index", "--index-version=4")
    before = index.read_bytes()
    assert not restamp(index, place, NAMES)
    assert index.read_bytes() == before
