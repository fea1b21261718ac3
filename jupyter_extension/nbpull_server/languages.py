"""The languages that the page speaks: one JSON catalog each, chosen as the browser asks."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

CATALOGS = Path(__file__).parent / "static" / "locales"
DEFAULT = "en"


@cache
def known() -> tuple[str, ...]:
    """List the languages there are."""
    return tuple(sorted(path.stem for path in CATALOGS.glob("*.json")))


@cache
def catalog(language: str) -> dict[str, str]:
    """Give a language's messages; what it lacks comes in English."""
    messages: dict[str, str] = json.loads((CATALOGS / f"{DEFAULT}.json").read_text("utf-8"))
    if language != DEFAULT:
        messages |= json.loads((CATALOGS / f"{language}.json").read_text("utf-8"))
    return messages


def choose(accept_language: str) -> str:
    """Choose the language that a browser likes best (RFC 9110, section 12.5.4).

    Args:
        accept_language: The header's value; may be empty or nonsense.
    """
    wishes = []
    for place, wish in enumerate(accept_language.split(",")):
        tag, _, weight = wish.partition(";")
        quality = _quality(weight)
        if quality > 0:
            wishes.append((-quality, place, tag.strip().lower().partition("-")[0]))
    for _, _, language in sorted(wishes):
        if language in known():
            return language
    return DEFAULT


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
