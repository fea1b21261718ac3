"""The API is what its OpenAPI document says, whatever is sent to it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

import nbpull_server
from jupyter_process import TOKEN
from nbpull_server.handlers.routes import routes

DOCUMENT = json.loads(
    (Path(nbpull_server.__file__).parent / "schemas" / "openapi.json").read_text("utf-8")
)
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@SCHEMA.parametrize()
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_the_document_tells_of(case, shared_server):
    case.call_and_validate(
        base_url=f"{shared_server.url}nbpull/api",
        headers={"Authorization": f"token {TOKEN}"},
        checks=CHECKS,
        timeout=60,
    )


def test_the_document_is_served_with_the_servers_own_address(program, server):
    served = program.get("nbpull/api/openapi.json").json
    assert served == {**DOCUMENT, "servers": [{"url": f"{server.base}nbpull/api"}]}


def test_the_document_tells_of_every_endpoint():
    paths = {
        re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", route[0])
        .removeprefix("nbpull/api")
        .replace("\\", "")
        for route in routes()
        if route[0].startswith("nbpull/api/") and "?:" not in route[0]
    }
    assert paths - {"/openapi.json"} == set(DOCUMENT["paths"])


@pytest.mark.parametrize("path", sorted(DOCUMENT["paths"]))
def test_everything_is_described(path):
    for method, operation in DOCUMENT["paths"][path].items():
        if method != "parameters":
            assert operation["summary"]
            assert operation["operationId"]
