"""The documentation builds without a warning and says what the code says."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from nbpull_links.cli import COMMANDS
from nbpull_links.sphinx_ext.options import PREFIX, Options
from nbpull_server.settings import NbPull
from nbpull_sync import Phase, Progress, Report
from nbpull_sync.policy import POLICY

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


def cells(built, page):
    """Give the rows of a page's tables, as texts."""
    text = (built / f"{page}.html").read_text()
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", text, re.DOTALL)
    plain = [re.sub(r"<[^>]+>", "", row).replace("\u2019", "'") for row in rows]
    return [re.sub(r"\s+", " ", row).strip() for row in plain]


def test_the_reference_has_every_setting_of_the_server_with_its_words(built):
    rows = cells(built, "reference/settings")
    for name, trait in NbPull.class_own_traits(config=True).items():
        assert any(row.startswith(f"c.NbPull.{name} ") for row in rows)
        assert trait.help


def test_the_reference_has_every_option_of_the_sphinx_extension(built):
    rows = cells(built, "reference/sphinx")
    for name in Options.__dataclass_fields__:
        assert any(row.startswith(PREFIX + name) for row in rows)


def test_the_reference_has_every_option_of_the_myst_plugin(built):
    tables = extension("nbpull_tables")
    source = tables.PLUGIN.read_text("utf-8")
    rows = cells(built, "reference/myst")
    options, book = list(tables.directive_options(source)), list(tables.book_settings(source))
    assert {"place", "path", "badge"} <= {name for name, _ in options}
    assert {"hubs", "binder", "pages"} <= {name for name, _ in book}
    for name, about in options + book:
        assert any(row.startswith(f"{name} ") for row in rows)
        assert about


def extension(name):
    """Import one of the documentation's own extensions."""
    folder = str(ROOT / "docs" / "_ext")
    sys.path.insert(0, folder)
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(folder)


def test_the_reference_has_every_path_of_the_api(built):
    path = ROOT / "jupyter_extension" / "nbpull_server" / "schemas" / "openapi.json"
    rows = cells(built, "reference/api")
    for where, operations in json.loads(path.read_text())["paths"].items():
        for method in set(operations) - {"parameters"}:
            request = f"{method.upper()} /nbpull/api{where} "
            assert any(row.startswith(request) for row in rows)


def test_the_page_about_merging_has_the_whole_policy(built):
    rows = cells(built, "explanation/merging")
    for rule in POLICY.values():
        ends = f"{rule.action.value} {rule.outcome.value if rule.outcome else ''}".strip()
        assert any(row.endswith(ends) for row in rows)


def test_no_link_within_the_documentation_is_dead(built):
    dead = []
    for page in built.rglob("*.html"):
        for href in re.findall(r'(?:href|src)="([^"]+)"', page.read_text()):
            parts = urlsplit(href)
            if parts.scheme or parts.netloc or not parts.path:
                continue
            if not (page.parent / unquote(parts.path)).exists():
                dead.append((page.relative_to(built).as_posix(), href))
    assert dead == []


def test_the_link_generator_is_there_whole(built):
    web = ROOT / "nbpull_links" / "web"
    for path in web.rglob("*"):
        if path.is_file():
            there = built / "links" / path.relative_to(web)
            assert there.read_bytes() == path.read_bytes()


def test_one_page_has_our_own_buttons_and_no_other(built):
    pages = [
        page.relative_to(built).as_posix()
        for page in built.rglob("*.html")
        if 'class="nbpull-launch"' in page.read_text()
    ]
    assert pages == ["howto/sphinx.html"]
