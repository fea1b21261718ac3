"""The file names that have broken links, taken from the vectors that bind the builder."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
VECTORS = json.loads((HERE.parent / "vectors" / "links.json").read_text("utf-8"))
NAMES = {
    vector["name"].removeprefix("hub/name-"): vector["input"]["path"]
    for vector in VECTORS
    if vector["name"].startswith("hub/name-")
}


def pytest_generate_tests(metafunc):
    if "file_name" in metafunc.fixturenames:
        metafunc.parametrize("file_name", NAMES.values(), ids=NAMES.keys())


@pytest.fixture(scope="session")
def names():
    return NAMES


@pytest.fixture(scope="session")
def run_node():
    """Give the way to run one of the scripts beside this file on a JSON value."""
    return _run_node


@pytest.fixture(scope="session")
def browser_paths():
    """Give the way a browser's own URL code reads landing pages, all in one run of node."""

    def read(landings: list[list[str]]) -> list[str]:
        return _run_node("browser_url.mjs", landings)

    return read


def _run_node(script: str, value: object) -> list:
    done = subprocess.run(
        ["node", HERE / script],
        input=json.dumps(value),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
