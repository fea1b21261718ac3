"""The page: shown by a GET that changes nothing, with nothing of the link's taken for markup."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

import pytest

MARKUP = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}"


def test_showing_the_page_changes_nothing(program, teacher, root):
    page = program.get(f"git-pull?repo={quote(teacher.url)}&branch=main")
    assert page.status == 200
    assert list(root.iterdir()) == []
    assert page.facts["repo"] == teacher.url
    assert page.facts["branch"] == "main"
    assert page.facts["workspace"] == "course"
    assert page.facts["decision"] == "allow"
    assert page.facts["landing"]["missing"] is True


def test_the_page_may_load_its_own_files_and_nothing_else(program):
    page = program.get("git-pull?repo=https://example.org/x")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page.text)
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "name", ["repo", "branch", "depth", "targetpath", "urlpath", "subpath", "app", "backup", "x"]
)
def test_markup_in_a_parameter_stays_text(program, name):
    query = {"repo": "https://example.org/x", name: MARKUP}
    page = program.get(f"git-pull?{urlencode(query)}")
    assert "<script>alert" not in page.text
    assert "<img" not in page.text
    assert "49" not in page.text.partition("data-facts")[0]
    assert page.facts["messages"]


@pytest.mark.parametrize("name", ["page.js", "page.css", "icon.svg", "words.js"])
def test_the_files_of_the_page_are_there_for_everyone(program, stranger, name):
    page = program.get("git-pull?repo=https://example.org/x")
    place = re.search(r'src="([^"]*)page.js"', page.text)[1]
    answer = stranger.get(place + name, Sec_Fetch_Mode="cors", Sec_Fetch_Site="same-origin")
    assert answer.status == 200
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["../service.py", "%2e%2e/service.py", "..%2fservice.py", "x.js"])
def test_nothing_but_the_files_of_the_page_is_served(stranger, path):
    answer = stranger.get(f"nbpull/static/abc/{path}")
    assert answer.status in {403, 404}


@pytest.mark.parametrize(
    ("wish", "language", "title"),
    [
        ("de-CH,de;q=0.9", "de", "Deine Kursdateien werden geholt"),
        ("fr", "fr", "Récupération des fichiers du cours"),
        ("es", "es", "Obteniendo los archivos del curso"),
        ("xx", "en", "Getting your course files"),
    ],
)
def test_the_page_speaks_the_language_of_the_browser(program, wish, language, title):
    page = program.get("git-pull?repo=https://example.org/x", Accept_Language=wish)
    assert f'<html lang="{language}">' in page.text
    assert f"<title>{title}</title>" in page.text
    assert page.headers["Vary"] == "Accept-Language"


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 400, "missing-repo"),
        ("repo=https://example.org/x&targetpath=../y", 400, "outside-root"),
        ("repo=https://example.org/x&urlpath=//evil.example", 400, "landing-elsewhere"),
        ("repo=ext::sh", 400, "not-a-repository"),
    ],
)
def test_a_link_that_is_refused_has_its_page(program, query, status, code):
    page = program.get(f"git-pull?{query}")
    assert page.status == status
    assert page.facts["error"]["code"] == code


def test_a_link_with_a_password_shows_none(program):
    page = program.get("git-pull?repo=https://me:hunter2@example.org/x")
    assert "hunter2" not in page.text
    assert "example.org/x" in page.facts["repo"]


def test_the_link_generator_has_its_place(program, server):
    answer = program.get("nbpull/links?repo=x")
    assert answer.status == 302
    assert answer.headers["Location"] == f"{server.base}nbpull/links/?repo=x"
    page = program.get("nbpull/links/")
    assert page.status == 200
    assert "<html" in page.text
