"""The documentation builds without a warning and says what the code says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from nbpull_links.cli import COMMANDS
from nbpull_sync import Phase, Progress, Report

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build it as `make docs` does, elsewhere."""
    out = tmp_path_factory.mktemp("docs")
    command = [sys.executable, "-m", "sphinx", "-W", "-n", "--keep-going", "-q", "-b", "html"]
    done = subprocess.run(
        [*command, "-d", str(out / "doctrees"), str(ROOT / "docs"), str(out / "html")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return out / "html"


def test_the_reference_has_every_command(built):
    page = (built / "reference" / "cli.html").read_text()
    for command in COMMANDS:
        assert f'id="nbpull-{command}"' in page
        assert f"<h2>nbpull {command}<" in page


@pytest.mark.parametrize(
    "code", ["credentials-in-url", "no-host", "html-escaped", "cancelled", "disk-full"]
)
def test_the_reference_has_codes_of_every_room(built, code):
    assert f">{code}<" in (built / "reference" / "errors.html").read_text()


def test_the_events_that_are_shown_have_the_fields_of_real_ones():
    text = (ROOT / "docs" / "reference" / "events.md").read_text()
    block = re.search(r"^```json\n(.*?)^```", text, re.MULTILINE | re.DOTALL)[1]
    progress, report = map(json.loads, block.splitlines())
    assert list(progress) == list(Progress(phase=Phase.RECEIVING).to_dict())
    assert list(report) == list(Report(status="updated", base=None, upstream="x").to_dict())
