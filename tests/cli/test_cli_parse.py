"""`nbpull parse` shows what the library reads."""

from __future__ import annotations

import json

import pytest

from nbpull_links.build import make_link
from nbpull_links.parse import parse_link

HUB = "https://hub.example.org"
COURSE = "https://github.com/org/course"
PLAIN = make_link(hub=HUB, content_repo=COURSE, path="a b.ipynb", depth=0)
BINDER = make_link("https://github.com/org/env", "v1", COURSE)
REPAIRED = PLAIN.replace("&urlpath=", "&amp;urlpath=")


def test_a_link_becomes_a_table_of_what_it_says(nbpull):
    done = nbpull("parse", PLAIN)
    assert (done.status, done.err) == (0, "")
    assert dict(line.split("  ", 1) for line in done.out.splitlines()) == {
        "kind": "     jupyterhub",
        "hub": "      https://hub.example.org",
        "repo": "     https://github.com/org/course",
        "app": "      lab",
        "path": "     a b.ipynb",
        "urlpath": "  lab/tree/course/a%20b.ipynb",
        "depth": "    0",
    } or done.out.splitlines() == [
        "kind     jupyterhub",
        "hub      https://hub.example.org",
        "repo     https://github.com/org/course",
        "app      lab",
        "path     a b.ipynb",
        "urlpath  lab/tree/course/a%20b.ipynb",
        "depth    0",
    ]


def test_what_binder_builds_has_rows_of_its_own(nbpull):
    rows = nbpull("parse", BINDER).out.splitlines()
    assert "env provider  gh" in rows
    assert "env repo      https://github.com/org/env" in rows
    assert "env ref       v1" in rows


@pytest.mark.parametrize("url", [PLAIN, BINDER, REPAIRED])
def test_json_is_the_librarys_one_flat_form(nbpull, url):
    done = nbpull("parse", url, "--json")
    assert done.out.count("\n") == 1
    assert json.loads(done.out) == parse_link(url).to_dict()


def test_a_repair_is_said_on_stderr(nbpull):
    done = nbpull("parse", REPAIRED)
    (warning,) = parse_link(REPAIRED).warnings
    assert done.err == f"warning: {warning.message} [{warning.code}]\n"


@pytest.mark.parametrize("argv", [[PLAIN, BINDER], ["-"]])
def test_many_links_come_one_after_the_other(nbpull, argv):
    stdin = f"{PLAIN}\n\n  {BINDER}\n"
    done = nbpull("parse", *argv, stdin=stdin)
    first, second = done.out.split("\n\n")
    assert first.startswith("kind")
    assert "env repo" in second
    done = nbpull("parse", *argv, "--json", stdin=stdin)
    kinds = [json.loads(line)["kind"] for line in done.out.splitlines()]
    assert kinds == ["jupyterhub", "binder"]


@pytest.mark.parametrize("as_json", [True, False])
def test_one_that_cannot_be_read_is_a_failure(nbpull, as_json):
    done = nbpull("parse", "no link", *["--json"] * as_json)
    assert done.status == 1
    assert done.err.startswith("nbpull: ")
    assert done.err.count("\n") == 1
    if as_json:
        assert json.loads(done.out)["type"] == "error"
    else:
        assert done.out == ""


def test_one_of_many_that_cannot_be_read_does_not_stop_the_others(nbpull):
    done = nbpull("parse", "no link", PLAIN)
    assert done.status == 1
    assert "kind     jupyterhub" in done.out
    assert done.err.count("nbpull: ") == 1
    done = nbpull("parse", "-", "--json", stdin=f"no link\n{PLAIN}\n")
    assert done.status == 1
    assert [json.loads(line).get("type") for line in done.out.splitlines()] == ["error", None]


def test_no_link_can_command_a_terminal(nbpull):
    done = nbpull("parse", f"{PLAIN}%1B%5D0%3Bowned%07&branch=%1B%5B2J")
    assert "\x1b" not in done.out + done.err
