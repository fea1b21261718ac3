"""A teacher's repository and a learner's workspace, both real."""

from __future__ import annotations

import pytest

from classroom import Learner, Teacher


@pytest.fixture
def teacher(tmp_path):
    return Teacher(tmp_path / "upstream")


@pytest.fixture
def learner(tmp_path, teacher):
    return Learner(tmp_path / "home" / "course", teacher)
