"""What holds for every test: hermetic, on this machine alone, nothing left behind, no silent skips.

Helpers that tests import live in ``tests/support``, which is on the path.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import uuid
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import leftovers
import loopback
from hermetic import clean_environment

COMMON = {"deadline": None, "print_blob": True, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("dev", **COMMON)
# On CI the same commit must give the same answer twice.
settings.register_profile("ci", derandomize=True, **COMMON)
settings.register_profile("thorough", max_examples=2000, **COMMON)

TOOLS = {
    "bash": ("bash",),
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "fish": ("fish",),
    "git-lfs": ("git-lfs",),
    "node": ("node",),
    "zsh": ("zsh",),
}
"""A tool's name, and the commands that may be it."""


def on_ci() -> bool:
    """Tell whether this run decides on a change: then a missing tool is a failure."""
    return os.environ.get("CI", "").lower() not in {"", "0", "false"}


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if on_ci() else "dev"))
    root = Path(tempfile.mkdtemp(prefix="nbpull-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(root, ignore_errors=True))
    # Before anything of a test is imported: libraries read their homes when they are imported.
    environment = clean_environment(root) | {leftovers.MARK: uuid.uuid4().hex}
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    loopback.stay_here()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    report = yield
    _refuse_skip(report)
    return report


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure on CI; an expected failure is no skip."""
    if not on_ci() or not report.skipped or hasattr(report, "wasxfail"):
        return
    why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    report.outcome = "failed"
    report.longrepr = f"{report.nodeid}: no test is skipped on CI. {why}"


@pytest.fixture(scope="session")
def need():
    """Give a function that finds a tool of the machine, or skips the test (on CI: fails it)."""

    def find(tool: str) -> str:
        for command in TOOLS[tool]:
            if path := shutil.which(command):
                return path
        pytest.skip(f"{tool} is missing; on Debian: apt-get install {tool}")

    return find


@pytest.fixture(scope="session", autouse=True)
def _no_process_outlives_the_run():
    """Fail where a process that some test started is still there after the last one."""
    yield
    left = leftovers.wait_until_gone(os.environ[leftovers.MARK])
    assert not left, "left running:\n" + "\n".join(map(str, left))


@pytest.fixture
def no_leftovers(monkeypatch: pytest.MonkeyPatch):
    """Fail the test that uses this where a process that it started outlives it."""
    mark = uuid.uuid4().hex
    monkeypatch.setenv(leftovers.MARK, mark)
    yield
    left = leftovers.wait_until_gone(mark)
    assert not left, "left running:\n" + "\n".join(map(str, left))
