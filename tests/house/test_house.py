"""The papers of the house agree with each other."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
TARGETS = ["demo", "test", "test-lowest", "lint", "bench", "docs", "pictures", "clean"]
# Written in pieces, so that this file does not hold what it looks for.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
    )
]
EXCUSES = ["".join(parts) for parts in (("TO", "DO"), ("FIX", "ME"), ("pragma: no", " cover"))]


def files():
    command = ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(command, capture_output=True, check=True).stdout.split(b"\0"):
        path = ROOT / name.decode()
        if name and path.is_file():
            yield path


def test_the_version_is_the_same_everywhere():
    assert metadata.version("nbpull") == PROJECT["version"]
    labextension = ROOT / "jupyter_extension" / "labextension" / "package.json"
    assert json.loads(labextension.read_text())["version"] == PROJECT["version"]
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    versions = [heading.split()[0] for heading in headings]
    assert versions[0] in {"Unreleased", PROJECT["version"]}


@pytest.mark.parametrize("target", TARGETS)
def test_make_has_each_target_and_names_it(target):
    shown = subprocess.run(
        ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert shown.returncode == 0, shown.stderr
    helped = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert re.search(rf"^make {target}\b", helped.stdout, re.MULTILINE)


def test_ci_runs_the_lint_and_the_readmes_tests_with_no_skips():
    ci = (ROOT / ".ci" / "run").read_text()
    assert re.search(r"^export CI=true\nmake lint\nmake test$", ci, re.MULTILINE)


@pytest.mark.parametrize("host", REGISTRIES)
def test_no_file_names_the_host_of_a_registry(host):
    guilty = [path for path in files() if host.encode() in path.read_bytes()]
    assert guilty == []


def test_every_rule_that_is_off_says_why():
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    start = lines.index("ignore = [")
    rules = lines[start + 1 : lines.index("]", start)]
    assert all("#" in rule for rule in rules)


def test_no_test_is_left_out_and_no_line_is_excused_from_coverage():
    for path in files():
        if path.suffix in {".py", ".mjs", ".js", ".md", ".toml"}:
            text = path.read_text()
            assert not [word for word in EXCUSES if word in text], path
