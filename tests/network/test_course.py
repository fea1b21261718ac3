"""The demo's course: what its teacher and learner do is real, and the check would notice a loss."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from nbpull_server.demo import course as script


@pytest.fixture
def course(tmp_path):
    return script.Course.create(tmp_path / "root", tmp_path / "teacher")


def test_a_course_can_be_cloned_and_its_notebooks_are_valid(course, tmp_path):
    subprocess.run(["git", "clone", "-q", course.bare, tmp_path / "got"], check=True)
    script.read_notebook(tmp_path / "got" / script.LESSON)


def test_an_update_is_published(course, tmp_path):
    course.update()
    subprocess.run(["git", "clone", "-q", course.bare, tmp_path / "got"], check=True)
    assert (tmp_path / "got" / script.NEXT_LESSON).exists()


def test_what_the_learner_alone_has_is_all_that_is_there_before_the_update(course):
    script.learn(course.checkout)
    assert {line.split(" is not")[0] for line in script.missing(course.checkout)} == {
        "the teacher's hint",
        "the teacher's correction",
        "the teacher's new data",
        "the teacher's second lesson",
    }


def test_a_lost_file_is_noticed(course):
    course.update()
    assert script.missing(course.checkout) == [
        f"the learner's answer is not in {script.LESSON}",
        f"the learner's own cell is not in {script.LESSON}",
        f"the learner's notes is not in {script.NOTES}",
    ]
    shutil.rmtree(course.checkout)
    assert len(script.missing(course.checkout)) == 7


def test_nothing_is_missing_where_both_have_worked(course):
    course.update()
    script.learn(course.checkout)
    assert script.missing(course.checkout) == []
