"""The lowest versions are read off the project itself."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

SPEC = importlib.util.spec_from_file_location(
    "lowest", Path(__file__).parents[2] / "tools" / "lowest.py"
)
lowest = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(lowest)


def test_a_lower_bound_becomes_the_one_version():
    assert lowest.lowest(["furl>=2.1", "coverage[toml] >= 7.5,<8"]) == [
        "furl==2.1",
        "coverage==7.5",
    ]


def test_a_dependency_without_a_lower_bound_is_refused():
    with pytest.raises(ValueError, match="furl<3 has no lower bound"):
        lowest.lowest(["furl<3"])


def test_every_dependency_of_the_project_has_a_lower_bound(capsys):
    assert lowest.main() == 0
    assert "furl==" in capsys.readouterr().out
