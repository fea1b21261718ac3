"""Names of every kind, in every feature: nothing is misread, nothing is lost."""

from __future__ import annotations

import os

import pytest

from classroom import Learner, Link
from nbpull_sync import Progress, restore, status, sync, take

TEXT, OURS = "1\n2\n3\n", "1 mine\n2\n3\n"
THEIRS, BOTH = "1\n2\n3 theirs\n", "1 mine\n2\n3 theirs\n"
ODD = (
    "new\nline.txt", 'q"uo\'te.txt', "-dash.txt", " lead.txt", "trail .txt ", "tab\tx.txt",
    "back\\slash.txt", "*?[a].txt", "$HOME.txt", "\u00e9\udcff.txt", "dir\n/x.txt", "#x", "!x",
    "a:b", "~x", '"q"', "\x01x",
)  # fmt: skip
FOLDERS = ("new\nline", "q\"uo'te", "-dash", "*?[a]")
COMPOSED, DECOMPOSED = "caf\u00e9.txt", "cafe\u0301.txt"


def test_odd_names_in_every_feature(teacher, learner):
    teacher.publish(dict.fromkeys(ODD, TEXT))
    learner.sync()
    assert learner.files() == dict.fromkeys(ODD, TEXT)
    assert learner.sync().status == "unchanged"
    edited, deleted = ODD[::2], ODD[1::4]
    learner.write({**dict.fromkeys(edited, OURS), **dict.fromkeys(deleted)})
    teacher.publish(dict.fromkeys(ODD, THEIRS))
    assert len(status(learner.directory).deleted) == len(deleted)
    before = learner.files()
    planned = learner.outcomes(dry_run=True)
    assert learner.files() == before
    report = learner.sync()
    assert {it.path: it.outcome.value for it in report.files} == planned
    assert learner.files() == {name: BOTH if name in edited else THEIRS for name in ODD}
    for name in edited:
        assert len(take(learner.directory, name).paths) == 1
    assert learner.files() == dict.fromkeys(ODD, THEIRS)
    restore(learner.directory, report.restore_point, edited[:2])
    restore(learner.directory, report.restore_point)
    assert {name: learner.files()[name] for name in edited} == dict.fromkeys(edited, OURS)


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_of_an_odd_name_is_pulled_alone(teacher, learner, folder):
    teacher.publish({f"{folder}/f.txt": TEXT, "other/g.txt": "g\n", "r.txt": "r\n"})
    learner.sync(subdir=folder)
    assert set(learner.files()) == {f"{folder}/f.txt"}
    learner.write({f"{folder}/f.txt": OURS})
    teacher.publish({f"{folder}/f.txt": THEIRS, f"{folder}/n.txt": "n\n", "other/g.txt": "g2\n"})
    planned = learner.outcomes(subdir=folder, dry_run=True)
    assert learner.outcomes(subdir=folder) == planned
    assert learner.files() == {f"{folder}/f.txt": BOTH, f"{folder}/n.txt": "n\n"}
    assert learner.sync(subdir=folder).status == "unchanged"


@pytest.mark.parametrize(
    "name", ["\u00e9" * 120 + ".ipynb", "x" * 255, "a." + "y" * 253, "d/" + "z" * 250 + ".txt"]
)
def test_what_has_the_longest_name_is_set_aside_whole(teacher, learner, name):
    teacher.publish({"f": "1\n"})
    learner.sync()
    learner.write({name: "mine\n"})
    teacher.publish({name: "theirs\n"})
    aside = learner.sync().files[0].set_aside_as
    assert len(os.path.basename(os.fsencode(aside))) <= 255  # noqa: PTH119 - bytes count
    assert (learner.files()[name], learner.files()[aside]) == ("theirs\n", "mine\n")


@pytest.mark.parametrize("pair", [(COMPOSED, DECOMPOSED), ("Read.txt", "READ.txt")])
@pytest.mark.parametrize("ours", [TEXT, OURS, None])
def test_a_rename_that_hardly_shows_is_one(teacher, learner, pair, ours):
    old, new = pair
    teacher.publish({old: TEXT})
    learner.sync()
    learner.write({old: ours})
    teacher.git("mv", old, new)
    teacher.commit()
    learner.sync()
    assert learner.files() == {new: ours or TEXT}
    assert learner.sync().status == "unchanged"


def test_two_names_that_look_the_same_are_two(teacher, learner):
    teacher.publish({COMPOSED: "1\n", DECOMPOSED: "2\n"})
    learner.sync()
    learner.write({COMPOSED: None})
    learner.sync()
    assert learner.files() == {COMPOSED: "1\n", DECOMPOSED: "2\n"}


def test_a_folder_that_changes_its_case_takes_the_edits_along(teacher, learner):
    teacher.publish({"Dir/a.txt": TEXT, "Dir/b.txt": "b\n"})
    learner.sync()
    learner.write({"Dir/a.txt": OURS, "Dir/own.txt": "own\n"})
    teacher.git("mv", "Dir", "dir")
    teacher.commit()
    learner.sync()
    assert learner.files() == {"dir/a.txt": OURS, "dir/b.txt": "b\n", "Dir/own.txt": "own\n"}


def test_what_the_learner_has_ignored_is_theirs_too(teacher, learner):
    teacher.publish({".gitignore": "*.log\ndata/\n", "f": "1\n"})
    learner.sync()
    learner.write({"a.log": "my log\n", "data/x": "my x\n", "data/y": "my y\n"})
    teacher.publish({"a.log": "theirs\n", "data/x": "theirs\n"})
    assert learner.outcomes() == {"a.log": "set-aside", "data/x": "set-aside"}
    files = learner.files()
    assert (files["a.log"], files["data/x"], files["data/y"]) == ("theirs\n", "theirs\n", "my y\n")
    assert {"my log\n", "my x\n"} <= set(files.values())


def test_a_folder_becomes_a_link_and_a_link_a_folder(teacher, learner):
    teacher.publish({"d/a": "1\n", "d/b": "2\n", "e/x": "x\n"})
    learner.sync()
    learner.write({"d/own": "own\n", "d/a": "mine\n"})
    teacher.publish({"d/a": None, "d/b": None, "d": Link("e")})
    learner.sync()
    files = learner.files()
    assert (files["d"], files["e/x"]) == (Link("e"), "x\n")
    assert {"own\n", "mine\n"} <= set(files.values())
    teacher.publish({"d": None, "d/a": "back\n"})
    learner.sync()
    assert (learner.files()["d/a"], learner.files()["e/x"]) == ("back\n", "x\n")


def test_a_link_that_the_learner_put_in_a_folders_place_is_not_followed(teacher, learner, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a").write_text("outside\n")
    teacher.publish({"d/a": "1\n"})
    learner.sync()
    learner.write({"d/a": None})
    (learner / "d").rmdir()
    (learner / "d").symlink_to(outside)
    teacher.publish({"d/a": "2\n", "d/b": "b\n"})
    learner.sync()
    assert (learner.files()["d/a"], learner.files()["d/b"]) == ("2\n", "b\n")
    assert {it.name: it.read_text() for it in outside.iterdir()} == {"a": "outside\n"}


HOSTILE_MODULES = [
    ("../../evil", "m", "file:///etc"), ("m", "-x", "file:///x"), ("m", "m", "-u./x"),
    ("m", "m", "ext::sh -c touch% {ran}"), ("m", "a/../../b", "x"), (".git/x", ".git/x", "y"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "path", "url"), HOSTILE_MODULES)
def test_a_submodule_that_means_harm_does_none(teacher, tmp_path, name, path, url):
    ran = tmp_path / "ran"
    section = f'[submodule "{name}"]\n\tpath = {path}\n\turl = {url.format(ran=ran)}\n'
    update = f"\tupdate = !touch {ran}\n" if name == "m" else ""
    teacher.publish({".gitmodules": section + update, "f": "1\n"})
    teacher.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},m")
    teacher.git("commit", "-qm", "module", "--allow-empty")
    learner = Learner(tmp_path / "home" / "course", teacher)
    for _ in range(2):
        learner.sync(submodules=True)
    assert learner.files()["f"] == "1\n"
    assert [it.name for it in learner.directory.parent.iterdir()] == ["course"]
    assert not ran.exists()


def test_a_restore_between_a_cut_off_sync_and_the_next_loses_nothing(teacher, learner):
    names = [f"{number}.txt" for number in range(60)]
    teacher.publish(dict.fromkeys(names, TEXT))
    learner.sync()
    learner.write({names[0]: OURS})
    teacher.publish(dict.fromkeys(names, THEIRS))
    events = sync(learner.request())
    for event in events:
        if isinstance(event, Progress) and event.phase.value == "applying" and event.done:
            break
    events.close()
    assert status(learner.directory).state == "unfinished"
    take(learner.directory, names[1])
    learner.sync()
    assert learner.files() == {**dict.fromkeys(names, THEIRS), names[0]: BOTH}
    assert learner.sync().status == "unchanged"
