"""What upstream's ``.gitattributes`` say is kept to: line ends, encodings, what is no text."""

from __future__ import annotations

import os

import pytest

from courses import Cell, notebook
from nbpull_sync import Outcome, restore, restore_points, take

NONE = {"GIT_CONFIG_GLOBAL": "/dev/null"}


def wide(text):
    return text.encode("utf-16-le")


def synced(learner, **options):
    """Sync, see that a second one finds nothing to do, and give the outcomes of the first."""
    report = learner.sync(**options)
    assert learner.sync(**options).status == "unchanged"
    return {it.path: it.outcome.value for it in report.files}


def test_lines_merge_in_the_line_ends_of_the_workspace(teacher, learner):
    teacher.publish(
        {".gitattributes": "*.txt text eol=crlf\n", "a.txt": "1\n2\n3\n", "b.txt": "b\n"}
    )
    synced(learner)
    assert learner.files()["a.txt"] == "1\r\n2\r\n3\r\n"
    learner.write({"a.txt": "1 mine\r\n2\r\n3\r\n"})
    teacher.publish({"a.txt": "1\n2\n3 theirs\n", "b.txt": "b2\n"})
    assert synced(learner) == {"a.txt": "merged", "b.txt": "updated"}
    files = learner.files()
    assert (files["a.txt"], files["b.txt"]) == ("1 mine\r\n2\r\n3 theirs\r\n", "b2\r\n")
    assert learner.git("diff", "--numstat").split()[:2] == ["1", "1"]


def test_a_notebook_merges_in_the_line_ends_of_the_workspace(teacher, learner):
    def book(first, second, end=b"\n"):
        cells = [Cell("a", "code", (first,)), Cell("b", "code", (second,))]
        return notebook(cells).replace(b"\n", end)

    teacher.publish({".gitattributes": "*.ipynb text eol=crlf\n", "n.ipynb": book("1", "2")})
    synced(learner)
    learner.write({"n.ipynb": book("1 mine", "2", b"\r\n")})
    teacher.publish({"n.ipynb": book("1", "2 theirs")})
    synced(learner)
    assert (learner / "n.ipynb").read_bytes() == book("1 mine", "2 theirs", b"\r\n")


def test_other_line_ends_alone_are_no_edit(teacher, learner):
    teacher.publish({".gitattributes": "* text=auto\n", "a.txt": "1\n2\n", "n.bin": b"\0\r\n\n"})
    synced(learner)
    learner.write({"a.txt": "1\r\n2\r\n"})
    assert learner.sync().status == "unchanged"
    teacher.publish({"a.txt": "1\n2\n3\n"})
    assert synced(learner) == {"a.txt": "updated"}
    assert (learner / "n.bin").read_bytes() == b"\0\r\n\n"


def test_line_ends_of_the_learners_own_setting(teacher, learner):
    teacher.publish({"a.txt": "1\n2\n3\n"})
    learner.sync()
    learner.git("config", "core.autocrlf", "true")
    learner.write({"a.txt": "1\r\n2 mine\r\n3\r\n"})
    teacher.publish({"a.txt": "1 theirs\n2\n3\n", "n.txt": "n\n"})
    assert synced(learner) == {"a.txt": "merged", "n.txt": "added"}
    assert learner.files() == {"a.txt": "1 theirs\r\n2 mine\r\n3\r\n", "n.txt": "n\r\n"}


def test_an_ident_that_git_writes_is_nobodys_edit(teacher, learner):
    text = "$Id$\n1\n2\n3\n"
    teacher.publish({".gitattributes": "*.txt ident\n", "a.txt": text, "b.txt": text})
    synced(learner)
    here = learner.files()["a.txt"]
    assert here.startswith("$Id: ")
    learner.write({"a.txt": here.replace("3\n", "3 mine\n")})
    new = text.replace("1\n", "1 theirs\n")
    teacher.publish({"a.txt": new, "b.txt": new})
    assert synced(learner) == {"a.txt": "merged", "b.txt": "updated"}
    assert learner.files()["a.txt"].endswith("$\n1 theirs\n2\n3 mine\n")


def test_a_file_in_another_encoding_is_written_in_it_and_comes_back_as_it_was(teacher, learner):
    rule = "*.txt text working-tree-encoding=UTF-16LE\n"
    teacher.publish({".gitattributes": rule, "a.txt": wide("1\n2\n"), "b.txt": wide("b\n")})
    synced(learner)
    assert (learner / "a.txt").read_bytes() == wide("1\n2\n")
    learner.write({"a.txt": wide("1 mine\n2\n")})
    teacher.publish({"a.txt": wide("1\n2 theirs\n"), "b.txt": wide("b2\n")})
    assert synced(learner) == {"a.txt": "kept-yours", "b.txt": "updated"}
    assert (learner / "b.txt").read_bytes() == wide("b2\n")
    taken = take(learner.directory, "a.txt")
    assert (learner / "a.txt").read_bytes() == wide("1\n2 theirs\n")
    restore(learner.directory, taken.restore_point)
    assert (learner / "a.txt").read_bytes() == wide("1 mine\n2\n")


@pytest.mark.parametrize(
    "rule", ["* text eol=crlf", "* text eol=lf", "* ident", "* text working-tree-encoding=UTF-16"]
)
def test_what_is_restored_has_the_bytes_that_it_had(teacher, learner, rule):
    mine = b"mine\r\nmixed\n$Id: mine $\r\n"
    teacher.publish({"a.txt": "1\n", "d/.gitattributes": "*.c -text\n", "d/b.txt": "b\n"})
    learner.sync()
    learner.write({"a.txt": mine, "d/b.txt": mine, "d/.gitattributes": "* text\r\n"})
    teacher.git("config", "core.attributesFile", "/dev/null")
    teacher.publish({"a.txt": "2\n", "d/b.txt": "2\n", "e": "e\n"})
    learner.sync(conflict="upstream")
    point = restore_points(learner.directory)[0].id
    learner.write({".gitattributes": f"{rule}\n"})
    restore(learner.directory, point)
    assert {(learner / path).read_bytes() for path in ("a.txt", "d/b.txt")} == {mine}
    assert (learner / "d/.gitattributes").read_bytes() == b"* text\r\n"
    assert restore(learner.directory, point).paths == ()


def test_what_is_marked_as_no_text_is_not_merged(teacher, learner):
    rules = "*.m binary\n*.c -merge\n*.u merge=union\n*.x export-subst export-ignore\n"
    names = ("f.m", "f.c", "f.u", "f.x")
    teacher.publish({".gitattributes": rules, **dict.fromkeys(names, "$Format:%H$\n2\n3\n")})
    synced(learner)
    learner.write(dict.fromkeys(names, "$Format:%H$ mine\n2\n3\n"))
    teacher.publish(dict.fromkeys(names, "$Format:%H$\n2\n3 theirs\n"))
    kept, merged = "kept-yours", "merged"
    assert synced(learner) == {"f.m": kept, "f.c": kept, "f.u": merged, "f.x": merged}


def test_new_rules_of_upstreams_are_nobodys_edit(teacher, learner):
    teacher.publish({"a.txt": "1\n2\n3\n", "b.txt": "b\n", "c.txt": "c\n"})
    learner.sync()
    learner.write({"b.txt": "b\nmine\n"})
    teacher.publish({".gitattributes": "*.txt text eol=crlf\n", "c.txt": "c2\n"})
    assert synced(learner) == {".gitattributes": "added", "c.txt": "updated"}
    assert learner.files()["c.txt"] == "c2\r\n"
    teacher.publish({"a.txt": "1\n2\n3 theirs\n", "b.txt": "b theirs\n"})
    assert synced(learner) == {"a.txt": "updated", "b.txt": "merged"}
    assert learner.files()["b.txt"] == "b theirs\nmine\n"
    teacher.publish({".gitattributes": None, "a.txt": "1\n"})
    assert synced(learner) == {".gitattributes": "removed", "a.txt": "updated"}
    assert learner.files()["a.txt"] == "1\n"


def test_rules_that_the_learner_deleted_still_hold_for_what_they_left_alone(teacher, learner):
    teacher.publish({".gitattributes": "*.txt text eol=crlf\n", "a.txt": "1\n2\n", "b.txt": "b\n"})
    learner.sync()
    learner.write({".gitattributes": None})
    for name in ("a.txt", "b.txt"):
        os.utime(learner / name, (1, 1))
    teacher.publish({"a.txt": "1\n2\n3\n"})
    assert synced(learner) == {".gitattributes": "restored", "a.txt": "updated"}
    assert learner.files()["a.txt"] == "1\r\n2\r\n3\r\n"


@pytest.fixture
def armed(tmp_path):
    """Configure, for the learner, drivers of the names that hostile attributes use."""
    ran = tmp_path / "ran"
    config = os.path.expandvars("$HOME/.gitconfig")
    with open(config, "w", encoding="utf-8") as file:  # noqa: PTH123 - it is emptied below
        for section, keys in {
            "filter": "clean smudge process",
            "diff": "textconv command",
            "merge": "driver",
        }.items():
            file.write(f'[{section} "evil"]\n')
            file.writelines(f"\t{key} = touch {ran}\n" for key in keys.split())
    yield ran
    os.truncate(config, 0)


def test_no_driver_runs_in_any_feature(teacher, learner, armed):
    def publish(files):
        teacher.write(files)
        teacher.git("add", "--all", **NONE)
        teacher.git("commit", "-qm", "change", **NONE)

    rules = "[attr]x filter=evil diff=evil merge=evil\n* x\n"
    publish({".gitattributes": rules, "a.txt": "1\n2\n3\n"})
    learner.sync()
    learner.write({"a.txt": "1 mine\n2\n3\n"})
    publish({"a.txt": "1\n2\n3 theirs\n"})
    assert synced(learner) == {"a.txt": Outcome.MERGED.value}
    take(learner.directory, "a.txt")
    learner.write({"a.txt": "1\n2 mine\n3 theirs\n"})
    learner.git("commit", "-qam", "own", **NONE)
    learner.write({"a.txt": "1\n2 staged\n3 theirs\n"})
    learner.git("add", ".", **NONE)
    learner.write({"a.txt": "1\n2 in the file\n3 theirs\n"})
    publish({"a.txt": "1 theirs\n2\n3 theirs\n"})
    learner.sync(dry_run=True)
    report = learner.sync()
    restore(learner.directory, report.restore_point)
    assert not armed.exists()
