"""The vectors that bind every implementation of the builder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nbpull_links import InvalidValueError, make_link, parse_link
from nbpull_links.apps import APPS
from nbpull_links.binder_providers import PROVIDERS

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "links.json").read_text("utf-8"))
LINKS = [vector for vector in VECTORS if "url" in vector]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_a_vector_gives_its_link_or_its_refusal(vector):
    try:
        given = {"url": make_link(**vector["input"])}
    except InvalidValueError as error:
        given = {"error": error.code}
    assert given == {name: vector[name] for name in ("url", "error") if name in vector}


def test_every_link_among_them_is_read_back_without_a_doubt():
    for vector in LINKS:
        link = parse_link(vector["url"])
        assert (str(link), link.warnings) == (vector["url"], ()), vector["name"]


def test_they_are_many_and_cover_every_kind_provider_and_application():
    assert len(LINKS) >= 150
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)
    flat = [parse_link(vector["url"]).to_dict() for vector in LINKS]
    assert {link["kind"] for link in flat} == {"jupyterhub", "binder", "lti", "server"}
    assert {link["env"]["provider"] for link in flat if link["env"]} == set(PROVIDERS)
    assert {link["app"] for link in flat} >= set(APPS)
