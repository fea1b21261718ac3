"""pytest-jupyter's fixtures, for this folder alone: one of them runs before every test there is."""

from __future__ import annotations

import pytest
from pytest_jupyter.jupyter_server import *  # noqa: F403 - a plugin, to be taken whole

from classroom import Teacher


@pytest.fixture
def jp_server_config():
    """A server with nbpull, which may pull from this machine."""
    return {
        "ServerApp": {"jpserver_extensions": {"nbpull_server": True}},
        "NbPull": {"protocols": ["file"], "countdown": 3},
    }


@pytest.fixture
def teacher(tmp_path):
    return Teacher(tmp_path / "upstream" / "course", {"intro.ipynb": "{}"})
