"""The page between the link and the notebook: what it is told, and its HTML."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

from nbpull_links.errors import NbpullError
from nbpull_links.repo import redact
from nbpull_server import __version__, languages
from nbpull_server.errors import error_dict
from nbpull_server.params import PullParams

if TYPE_CHECKING:
    from nbpull_server.service import Service

_HERE = Path(__file__).parent
_HASH_LENGTH = 12

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)
"""What the page may load: its own files, and nothing inline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What the page is told about a link.

    Attributes:
        status: The HTTP status of the page.
        facts: The repository and workspace, the decision on it, where it leads, or the error.
    """

    status: int = 200
    facts: dict[str, Any] = field(default_factory=dict)


def open_link(service: Service, query: str) -> Opened:
    """Look at a link, without doing what it asks. Looks at the disk."""
    try:
        params = PullParams.from_query(query)
    except NbpullError as error:
        return _refused(error, {})
    facts: dict[str, Any] = {
        "repo": redact(params.repo),
        "branch": params.branch,
        "directory": params.directory,
    }
    try:
        workspace, decision = service.check(params)
        landing = service.arrival(params.opening, suggest=False)
    except NbpullError as error:
        return _refused(error, facts)
    return Opened(
        facts={
            **facts,
            "workspace": workspace.relative,
            "decision": decision,
            "landing": landing,
            "error": None,
        }
    )


def render(
    opened: Opened, *, base_url: str, xsrf_token: str, accept_language: str, countdown: int
) -> str:
    """Give the page's HTML."""
    language = languages.choose(accept_language)
    messages = languages.catalog(language)
    facts = {
        **opened.facts,
        "version": __version__,
        "base": base_url,
        "xsrf": xsrf_token,
        "language": language,
        "messages": messages,
        "countdown": countdown,
    }
    return _template().render(
        language=language,
        messages=messages,
        facts=json.dumps(facts),
        static=f"{base_url}nbpull/static/{static_version()}/",
        home=base_url,
    )


@cache
def static_version() -> str:
    """Name the state of the page's files, so that a browser keeps none of another state."""
    digest = hashlib.sha256()
    for path in sorted((_HERE / "static").rglob("*")):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:_HASH_LENGTH]


@cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(_HERE / "templates")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("page.html")


def _refused(error: NbpullError, facts: dict[str, Any]) -> Opened:
    told = {**facts, "decision": None, "landing": None, "error": error_dict(error)}
    return Opened(status=getattr(error, "status", 400), facts=told)
