"""nbgitpuller's event stream, told from our events.

Its page knows three phases (syncing, finished, error), prints ``output`` in a terminal, and chooses
its help text by a few error codes of its own.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from nbpull_links.repo import redact

if TYPE_CHECKING:
    from nbpull_server.params import PullParams

_CODES = {
    **dict.fromkeys(("ref-not-found", "commit-not-found"), "branch_exist"),
    "empty-repository": "branch_resolve",
    **dict.fromkeys(
        (
            "bad-address",
            "connection-refused",
            "forbidden",
            "http-error",
            "interrupted",
            "login-needed",
            "login-refused",
            "name-lookup-failed",
            "not-a-repository",
            "not-found",
            "server-error",
            "stalled",
            "timed-out",
            "too-many-requests",
            "unknown-host",
            "unreachable",
        ),
        "ls_remote",
    ),
}
"""Our codes that its page has a help text for; for the rest it shows what we say."""


def started(params: PullParams, directory: str) -> dict[str, Any]:
    """Give the message that comes first: the command line that does the same.

    Args:
        params: What the link asks for.
        directory: The workspace, from the server's root.
    """
    options = {"--branch": params.branch, "--depth": params.depth}
    given = [text for name, value in options.items() if value is not None for text in (name, value)]
    command = ["nbpull", "sync", *map(str, given), "--", redact(params.repo), directory]
    return {"output": f"$ {shlex.join(command)}\n", "phase": "syncing"}


def syncing(event: dict[str, Any]) -> dict[str, Any] | None:
    """Give an event as its ``syncing`` message; None where there is nothing to print."""
    output = _output(event)
    return {"output": output, "phase": "syncing"} if output else None


def finished() -> dict[str, Any]:
    """Give the message after which its page leaves for the landing."""
    return {"phase": "finished"}


def failed(error: dict[str, Any]) -> dict[str, Any]:
    """Give its ``error`` message; ``reason`` holds our own error, whole."""
    text = f"{error['message']} {error['hint']}".strip()
    return {
        "phase": "error",
        "message": text,
        "error": {
            "code": _CODES.get(error["code"], "unknown"),
            "message": text,
            "traceback": "",
            "reason": error,
        },
        "output": text,
    }


def _output(event: dict[str, Any]) -> str:
    if event["type"] == "log":
        return f"{event['message']}\n"
    if event["type"] == "progress":
        return _progress(event)
    if event["type"] == "report":
        lines = [f"{outcome['outcome']}: {outcome['path']}" for outcome in event["files"]]
        return "".join(f"{line}\n" for line in (event["status"], *lines))
    return ""


def _progress(event: dict[str, Any]) -> str:
    words = event["message"] or event["phase"]
    if not event["total"] or event["done"] is None:
        return f"{words}\n"
    percent = 100 * event["done"] // event["total"]
    # The carriage return lets a terminal write the next figure over this one, as git's own does.
    return f"{words}: {percent:3d}% ({event['done']}/{event['total']})\r"
