"""The page's languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import nbpull_server
import nbpull_sync
from nbpull_server import languages
from nbpull_sync import Phase
from nbpull_sync.failures import FAILURES
from nbpull_sync.progress import _SERVER_STEPS, _STEPS

STATIC = Path(nbpull_server.__file__).parent / "static"
ENGLISH = languages.catalog("en")
SLOT = re.compile(r"\{(\w+)\}")
OTHERS = [language for language in languages.known() if language != "en"]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("pt-BR,pt;q=0.9,es;q=0.5,en;q=0.4", "es"),
        ("en;q=0.5,fr;q=0.9", "fr"),
        ("fr;q=0,en", "en"),
        ("zh,ja", "en"),
        ("DE", "de"),
        ("*", "en"),
        (";;;q=,,=;q=x", "en"),
        ("../../etc/passwd", "en"),
    ],
)
def test_the_language_is_the_one_that_the_browser_likes_best(header, language):
    assert languages.choose(header) == language


def test_german_french_and_spanish_are_there():
    assert {"en", "de", "fr", "es"} <= set(languages.known())


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalog_has_every_message_and_no_other(language):
    messages = json.loads((languages.CATALOGS / f"{language}.json").read_text("utf-8"))
    assert set(messages) == set(ENGLISH)
    assert all(text.strip() for text in messages.values())


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_slots_of_its_message(language):
    messages = languages.catalog(language)
    for key, text in ENGLISH.items():
        assert set(SLOT.findall(messages[key])) == set(SLOT.findall(text)), key


def test_every_message_is_used():
    sources = [*STATIC.glob("*.js"), *(STATIC.parent / "templates").glob("*.html")]
    text = "\n".join(path.read_text("utf-8") for path in sources)
    families = ("error.", "phase.", "step.", "who.", "action.", "summary.")
    loose = [key for key in ENGLISH if not key.startswith(families) and f'"{key}"' not in text]
    assert loose == []


def test_every_message_that_the_scripts_name_is_there():
    named = set()
    for script in STATIC.glob("*.js"):
        named |= set(
            re.findall(
                r"""(?:say|plain)\(\s*(?:\w+ \? )?"([a-z.-]+)\"""", script.read_text("utf-8")
            )
        )
    assert len(named) > 30
    assert named <= set(ENGLISH)


def topics():
    """Read topics.js: a topic's name and its codes."""
    text = (STATIC / "topics.js").read_text("utf-8")
    rows = re.findall(r'^  "?([a-z-]+)"?: \{ codes: \[([^\]]*)\]', text, re.MULTILINE)
    return {topic: re.findall(r'"([a-z-]+)"', codes) for topic, codes in rows}


def test_every_topic_has_its_words():
    assert len(topics()) > 25
    for topic in topics():
        assert f"error.{topic}.title" in ENGLISH
        assert f"error.{topic}.text" in ENGLISH


def test_no_code_belongs_to_two_topics():
    codes = [code for codes in topics().values() for code in codes]
    assert len(codes) == len(set(codes))


def slug(text):
    return re.sub(r"[^a-z]+", "-", text.lower()).strip("-")


def test_every_step_of_the_engine_has_its_words():
    steps = {*_SERVER_STEPS.values(), *(message for _, message in _STEPS.values())}
    assert {f"step.{slug(step)}" for step in steps} <= set(ENGLISH)
    assert {f"phase.{phase.value}" for phase in Phase} <= set(ENGLISH)


def codes_of(package):
    """Give every code that a package raises a foreseen error with."""
    place = Path(package.__file__).parent
    calls = re.compile(r"""(?:SyncError|RefusedError)\(\s*"([a-z-]+)\"""")
    return {code for path in place.glob("*.py") for code in calls.findall(path.read_text("utf-8"))}


def test_every_foreseen_error_of_a_sync_has_its_page():
    known = {code for codes in topics().values() for code in codes}
    # What only the API says, and what the page asks of itself.
    elsewhere = {
        "ask-first",
        "not-a-workspace",
        "never-synced",
        "no-such-restore-point",
        "bad-pattern",
    }
    raised = codes_of(nbpull_sync) | codes_of(nbpull_server) | {it.code for it in FAILURES}
    assert len(raised) > 50
    assert raised - elsewhere <= known
