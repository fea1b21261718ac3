"""What a killed checkout of any tool left out or half-written comes back, and is nobody's edit."""

from __future__ import annotations

import subprocess

import pytest

BODY = "".join(f"line {number} of the lesson\n" for number in range(200))
FILES = {f"d{number % 3}/f{number}.txt": f"{number}\n{BODY}" for number in range(12)}
NEWER = {name: text.replace("line 3", "LINE three") for name, text in FILES.items()}
NAMES = sorted(FILES)
KEPT = NAMES[-1]
MINE = f"mine\n{FILES[KEPT]}"


def leave_half(learner, new):
    """Leave of a checkout what a kill does: some files whole, one cut, one empty, one missing."""
    learner.write(dict.fromkeys(NAMES[:7]) | {name: new[name] for name in NAMES[:4]})
    learner.write({NAMES[4]: new[NAMES[4]][:777], NAMES[5]: ""})
    (learner / ".git/index.lock").touch()


def by_us(learner):
    learner.sync(depth=0)


def by_hand(learner):
    clone = ["git", "clone", "-q", learner.teacher.url, learner.directory]
    subprocess.run(clone, check=True)


@pytest.mark.parametrize("begin", [by_us, by_hand])
@pytest.mark.parametrize("later", ["no more", "more", "taken back"])
def test_a_killed_pull_is_no_edit(teacher, learner, begin, later):
    teacher.publish(FILES)
    begin(learner)
    teacher.publish(NEWER)
    learner.git("fetch", "-q")
    learner.write({KEPT: MINE})
    leave_half(learner, NEWER)
    wanted = {"no more": NEWER, "taken back": FILES}.get(later)
    wanted = wanted or {name: f"{text}more\n" for name, text in NEWER.items()}
    if later != "no more":
        teacher.publish(wanted)
    planned = learner.outcomes(dry_run=True)
    assert learner.outcomes() == planned
    assert learner.files() == {**wanted, KEPT: f"mine\n{wanted[KEPT]}"}
    assert learner.sync().status == "unchanged"


@pytest.mark.parametrize("depth", [0, 1])
def test_a_killed_clone_is_no_edit(teacher, learner, depth):
    teacher.publish(FILES)
    options = [f"--depth={depth}"] if depth else []
    clone = ["git", "clone", "-q", "--no-checkout", *options, teacher.url, learner.directory]
    subprocess.run(clone, check=True)
    learner.write({name: FILES[name] for name in NAMES[6:]})
    leave_half(learner, FILES)
    learner.sync()
    assert learner.files() == FILES
    assert learner.sync().status == "unchanged"


def test_line_ends_do_not_hide_what_was_cut(teacher, learner):
    teacher.publish({**FILES, ".gitattributes": "* text eol=crlf\n"})
    learner.sync()
    whole = (learner / NAMES[0]).read_bytes()
    (learner / NAMES[0]).write_bytes(whole[: whole.index(b"\r\n", 500) + 2])
    (learner / ".git/index.lock").touch()
    learner.sync()
    assert (learner / NAMES[0]).read_bytes() == whole


def test_what_the_learner_cut_themselves_stays_cut(teacher, learner):
    teacher.publish(FILES)
    learner.sync()
    learner.write({NAMES[0]: "", NAMES[1]: FILES[NAMES[1]][:500]})
    teacher.publish({"new.txt": "new\n"})
    learner.sync()
    assert learner.files()[NAMES[0]] == ""
    assert learner.files()[NAMES[1]] == FILES[NAMES[1]][:500]


def test_what_only_looks_cut_is_in_a_restore_point(teacher, learner):
    teacher.publish(FILES)
    learner.sync()
    learner.write({NAMES[1]: FILES[NAMES[1]][:500]})
    (learner / ".git/index.lock").touch()
    assert learner.outcomes() == {NAMES[1]: "restored"}
    assert FILES[NAMES[1]][:500].encode() in learner.kept()
