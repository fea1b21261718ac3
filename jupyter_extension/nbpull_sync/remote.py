"""What went wrong between us and the remote, and whether to try again.

All of it is pure: the text that git left behind goes in, an error for a person comes out.
"""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from nbpull_links.redaction import redact
from nbpull_sync import failures
from nbpull_sync.errors import SyncError
from nbpull_sync.progress import parse_progress

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from nbpull_sync.failures import Failure

TRACE: Mapping[str, str] = {
    "GIT_TRACE_CURL": "1",
    "GIT_TRACE_CURL_NO_DATA": "1",
    "GIT_TRACE_REDACT": "1",
}
"""Variables that make git add the HTTP headers to what it says.

They cost nothing that can be measured, and tell what git's own words leave out: how long a
server asks us to wait, and whether an empty answer was whole.
"""

LONGEST_WAIT = 120
"""Seconds beyond which a server's ``Retry-After`` is passed on to the person and not waited for."""

_RETRIES = {  # by code: how often it is worth trying again, and the first wait in seconds
    "too-many-requests": (4, 2.0),
    "server-error": (3, 1.0),
    "interrupted": (2, 0.5),
    "name-lookup-failed": (2, 1.0),
}

_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*://)?(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]+)", re.IGNORECASE)
_TRACE_LINE = re.compile(r"^[0-9:.]{8,} http\.c:\d+ +(.*)$")
_HEADER = re.compile(r"<= Recv header: ?([^:]*)(?:: *(.*))?$")
_ADVERTISEMENT = "application/x-git-upload-pack-advertisement"
_UNREADABLE = "Could not read from remote repository."
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def stall_settings(seconds: float) -> dict[str, str]:
    """Give the git configuration by which HTTP transfers end when nothing comes any more.

    It does not cover the connection being made, nor other transports: there the caller must
    end git itself when it has said nothing for so long, and raise :func:`stalled`.
    """
    if seconds <= 0:
        return {}
    return {"http.lowSpeedLimit": "1", "http.lowSpeedTime": str(max(1, round(seconds)))}


def classify(stderr: str, exit_status: int, *, url: str) -> SyncError:
    """Say what went wrong in a transfer.

    Args:
        stderr: What git said, in English; with the lines of :data:`TRACE` it can tell more.
        exit_status: Git's exit status, negative for a signal.
        url: The repository's address; credentials in it are never shown.

    Returns:
        An error with its own code for each kind of failure. Its ``context`` holds ``url``,
        ``detail`` (git's last words) and, where the server told, ``retry_after`` in seconds.
    """
    said, headers = _sort(stderr)
    ours = [line for line in said if not line.startswith("remote: ")]
    detail = next((line for line in reversed(ours) if line.startswith("fatal: ")), "")
    found = _find("\n".join(said), "\n".join(ours))
    if found is None:
        killed = exit_status < 0 or exit_status in (137, 143)
        failure = failures.KILLED if killed else failures.OTHER
        what = detail or (ours[-1] if ours else f"it ended with status {exit_status}.")
    else:
        failure, what = found
    failure = _second_look(failure, what, headers, url)
    return _error(failure, url, what=what, detail=detail, retry_after=_retry_after(headers))


def missing_ref(ref: str | None, listing: bytes, *, url: str) -> SyncError:
    """Say why a ref could not be fetched, once it is known what the remote has.

    Args:
        ref: The branch, tag or commit that was asked for; None for the default branch.
        listing: What ``git ls-remote`` gave.
        url: The repository's address.

    Returns:
        ``empty-repository``, ``ref-not-found`` with the names that exist in ``context``, or
        ``interrupted`` where the ref is there after all: the first answer was cut.
    """
    names = [line.partition(b"\t")[2].decode("utf-8", "replace") for line in listing.splitlines()]
    heads = [name.removeprefix("refs/heads/") for name in names if name.startswith("refs/heads/")]
    tags = [
        name.removeprefix("refs/tags/")
        for name in names
        if name.startswith("refs/tags/") and not name.endswith("^{}")
    ]
    if not names:
        return _error(failures.EMPTY_REPOSITORY, url)
    if (ref or "HEAD") in {*names, *heads, *tags}:
        return _error(failures.INTERRUPTED, url)
    error = _error(failures.REF_NOT_FOUND, url, what=ref or "HEAD", branches=heads, tags=tags)
    kinds = (("branches", heads), ("tags", tags))
    there = "; ".join(f"{kind} {_some(names)}" for kind, names in kinds if names)
    if there:
        error.hint = f"It has: {there}. {error.hint}"
    return error


def cut_short(said: str, *, url: str) -> SyncError | None:
    """Give the error for what only seemed to be a repository without refs; None where it is one.

    It was cut in its headers, or it is a web page: to git neither names a ref.

    Args:
        said: What git said, with the lines of :data:`TRACE`.
        url: The repository's address.
    """
    _, headers = _sort(said)
    doubted = _doubted(failures.EMPTY_REPOSITORY, headers)
    return None if doubted is failures.EMPTY_REPOSITORY else _error(doubted, url)


def stalled(url: str, seconds: float) -> SyncError:
    """Give the error for a remote from which nothing came for so long."""
    return _error(failures.STALLED, url, detail=f"nothing came for {seconds:g} seconds")


def retry_delay(error: SyncError, attempt: int, rng: Random) -> float | None:
    """Say how long to wait before the next try.

    Trying again helps where the server is busy or the connection broke, and nowhere else. Waits
    grow and are spread at random, so that a class that was refused together does not come back
    together.

    Args:
        error: What ended the last try.
        attempt: How many tries have failed before it: 0 for the first failure.
        rng: Where the spread comes from.

    Returns:
        Seconds, or None where it is time to give up.
    """
    tries, first = _RETRIES.get(error.code, (0, 0.0))
    if attempt >= tries:
        return None
    asked = error.context.get("retry_after")
    if isinstance(asked, int):
        return None if asked > LONGEST_WAIT else asked + rng.uniform(0, max(1, asked / 2))
    return float(first * 2**attempt * rng.uniform(0.5, 1))


def _sort(stderr: str) -> tuple[list[str], list[tuple[str, str]]]:
    """Part git's words from the headers of its trace; progress is neither."""
    said, headers = [], []
    for raw in re.split(r"[\r\n]+", stderr):
        line = _UNFIT.sub("", raw).rstrip()
        if trace := _TRACE_LINE.match(line):
            if header := _HEADER.match(trace[1]):
                headers.append((header[1].lower(), header[2] or ""))
        elif line and parse_progress(line) is None:
            said.append(redact(line[:2000]))
    return said, headers


def _find(said: str, ours: str) -> tuple[Failure, str] | None:
    for failure in failures.FAILURES:
        # What the remote says is believed only where it speaks of itself.
        if match := failure.search(said if failure.code == "not-found" else ours):
            what = next((value for value in match.groupdict().values() if value), "")
            return failure, what.strip("'\"")
    return None


def _second_look(failure: Failure, what: str, headers: list[tuple[str, str]], url: str) -> Failure:
    """Believe the headers of the answers where they know better than git's words."""
    led_on = any(name == "location" for name, _ in headers)
    if failure is failures.REF_NOT_FOUND:
        return _doubted(failure, headers)
    if failure is failures.DUMB_SERVER and _is_page(headers):
        return failures.NOT_A_REPOSITORY
    if failure is failures.PROTOCOL_UNKNOWN and led_on:
        return failures.PROTOCOL_NOT_ALLOWED
    if failure is failures.CONNECTION_REFUSED and _is_another(what, url) and not led_on:
        return failures.PROXY_UNREACHABLE
    if failure is failures.OTHER and any(name.startswith("http/") for name, _ in headers):
        return failures.INTERRUPTED if what.endswith(_UNREADABLE) else failure
    return failure


def _is_page(headers: list[tuple[str, str]]) -> bool:
    types = [value.lower() for name, value in headers if name == "content-type"]
    return any("html" in value or "json" in value or "xml" in value for value in types)


def _doubted(failure: Failure, headers: list[tuple[str, str]]) -> Failure:
    """Doubt that a ref is missing: a cut answer or a web page looks to git like no refs."""
    begun = any(name.startswith("http/") for name, _ in headers)
    types = [value for name, value in headers if name == "content-type"]
    if _is_cut(headers):
        return failures.INTERRUPTED
    if begun and not any(value.startswith(_ADVERTISEMENT) for value in types):
        return failures.NOT_A_REPOSITORY
    return failure


def _is_cut(headers: list[tuple[str, str]]) -> bool:
    """Tell whether an answer ended before the empty line that ends its headers."""
    begun = sum(name.startswith("http/") for name, _ in headers)
    return begun > sum(name == "" for name, _ in headers)


def _retry_after(headers: list[tuple[str, str]]) -> int | None:
    """Read ``Retry-After``, in seconds or as a date (seen from the server's own clock)."""
    values = dict(headers)
    asked = values.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,6}", asked):
        return int(asked)
    try:
        until, now = parsedate_to_datetime(asked), parsedate_to_datetime(values.get("date", ""))
        return max(0, round((until - now).total_seconds()))
    except (TypeError, ValueError):
        return None


def _error(failure: Failure, url: str, *, what: str = "", **context: object) -> SyncError:
    shown = _UNFIT.sub("", redact(url))
    words = {"url": shown, "host": _host(url), "what": _UNFIT.sub("", redact(what))[:300]}
    hint = failure.hint.format(**words)
    if isinstance(asked := context.get("retry_after"), int) and failure.who == "network":
        hint = f"The server asks to wait {asked} seconds before the next try."
    return SyncError(
        failure.code,
        failure.message.format(**words),
        who=failure.who,
        hint=hint,
        url=shown,
        **{name: value for name, value in context.items() if value not in (None, "")},
    )


def _host(url: str) -> str:
    match = _HOST.match(url)
    return _UNFIT.sub("", match[1]).strip("[]") if match else "the server"


def _is_another(host: str, url: str) -> bool:
    """Tell whether a host that git could not reach is another than the one in the URL."""
    return url.lower().startswith("http") and bool(host) and host.lower() != _host(url).lower()


def _some(names: list[str], most: int = 8) -> str:
    more = ", ..." if len(names) > most else ""
    return ", ".join(names[:most]) + more
