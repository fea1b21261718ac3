"""Each operation is done, was done, or sees that what it is for has changed."""

from __future__ import annotations

import os

import pytest

from nbpull_sync.model import Stamp
from nbpull_sync.operations import Operation, carry_out


@pytest.fixture
def place(tmp_path):
    for name in ("course", "desk/stage", "desk/trash"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path / "course"


def do(place, verb, path, stamp=None, ready="ready"):
    operation = Operation(verb=verb, path=path, stamp=stamp, ready=ready, owner=path)
    again = Operation.from_list(operation.to_list())
    assert again == operation
    return carry_out(place, place.parent / "desk", [again])


def test_a_file_is_placed_where_there_are_no_hard_links(place, monkeypatch):
    def refuse(*_args, **_options):
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    stage = place.parent / "desk/stage/ready"
    stage.write_text("theirs\n")
    assert do(place, "write", "d/a.txt") == set()
    assert (place / "d/a.txt").read_text() == "theirs\n"
    stage.write_text("newer\n")
    assert do(place, "write", "d/a.txt") == {"d/a.txt"}
    assert (place / "d/a.txt").read_text() == "theirs\n"


def test_a_submodule_is_a_directory_and_may_be_there_already(place):
    assert do(place, "submodule", "d/module") == set()
    assert do(place, "submodule", "d/module") == set()
    assert (place / "d/module").is_dir()


def test_a_link_or_file_in_the_way_of_a_directory_is_a_change(place, tmp_path):
    (place.parent / "desk/stage/ready").write_text("theirs\n")
    (place / "file").write_text("mine\n")
    (place / "link").symlink_to(tmp_path)
    for path in ("file/a", "link/a"):
        assert do(place, "write", path) == {path}
        assert do(place, "submodule", path) == {path}
        assert do(place, "aside", path, Stamp.of(place.lstat())) == {path}
        assert do(place, "remove", path) == set()


def test_what_goes_is_checked_and_what_is_gone_is_done(place):
    file = place / "a.txt"
    assert do(place, "remove", "a.txt") == set()
    file.write_text("a\n")
    seen = Stamp.of(file.lstat())
    file.write_text("saved meanwhile\n")
    assert do(place, "remove", "a.txt", seen) == {"a.txt"}
    assert do(place, "remove", "a.txt", Stamp.of(file.lstat())) == set()
    assert not file.exists()


def test_a_directory_goes_only_where_it_is_empty(place):
    (place / "d").mkdir()
    seen = Stamp.of((place / "d").lstat())
    (place / "d/mine").write_text("mine\n")
    assert do(place, "remove", "d", seen) == set()
    assert (place / "d/mine").exists()
    (place / "d/mine").unlink()
    do(place, "remove", "d", seen)
    assert not (place / "d").exists()


def test_what_is_set_aside_is_the_very_thing_that_was_seen(place):
    (place / "a.txt").write_text("mine\n")
    seen = Stamp.of((place / "a.txt").lstat())
    assert do(place, "aside", "a.txt", seen, "b.txt") == set()
    assert do(place, "aside", "a.txt", seen, "b.txt") == set()
    assert (place / "b.txt").read_text() == "mine\n"
    other = Stamp.of(place.lstat())
    assert do(place, "aside", "a.txt", other, "b.txt") == {"a.txt"}
    assert do(place, "aside", "b.txt", other, "c.txt") == {"b.txt"}
