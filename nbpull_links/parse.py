"""Read links as they are found: in mails, pages and chats, made by whatever program."""

from __future__ import annotations

import re

from nbpull_links.binder_reading import read_binder_content, read_env
from nbpull_links.content import Content
from nbpull_links.errors import InvalidValueError, UnreadableLinkError
from nbpull_links.interact import read_interact
from nbpull_links.link import Link
from nbpull_links.places import LTI, Binder, JupyterHub, JupyterServer, Place
from nbpull_links.pull_query import read_content
from nbpull_links.reading import Notes, Pairs, is_template, split_query
from nbpull_links.repo_reading import template_error
from nbpull_links.urls import decode
from nbpull_links.wrappers import Target, unwrap

__all__ = ["parse_link"]

MAX_LENGTH = 65_536
MAX_TRIMMED = 40
_ESCAPED = re.compile(r"&(?:amp;|#38;|#x26;)+", re.IGNORECASE)
_SCHEMELESS = re.compile(r"(?://)?((?:localhost|(?:[\w-]+\.)+[A-Za-z]{2,})(?::[0-9]+)?/.+)")
_BRACKETS = {")": "(", "]": "[", "}": "{", ">": "<"}
_INVISIBLE = "\ufeff\u200b\u2060\u00ad"
_BEFORE = f"{_INVISIBLE}<\"'([{{`\u201c\u2018"
_AFTER = f"{_INVISIBLE}\"'.,;:!`\u201d\u2019"
_IN_TEXT = re.compile(r"(?:^|(?<=[\s(<\"'\[=:]))https?://(?:(?!\]\()[^\s<>\"])+", re.IGNORECASE)
_PULLS = re.compile(r"git-pull|git-sync|interact|/v2/|next=|launch", re.IGNORECASE)


def parse_link(text: str) -> Link:
    """Read a link.

    Tolerant, and never silently so: each repair is a warning of the link. Tokens and credentials
    are left out. For every valid link, ``parse_link(str(link)) == link``.

    Args:
        text: The link.

    Raises:
        UnreadableLinkError: Says where the link cannot be read and why.
    """
    notes = Notes()
    try:
        target = unwrap(_clean(text, notes), notes)
        place, content = _read(target, notes)
        return Link(place, content, notes())
    except InvalidValueError as error:
        raise UnreadableLinkError(
            error.code, error.message, hint=error.hint, **error.context
        ) from None


def _read(target: Target, notes: Notes) -> tuple[Place, Content]:
    if target.kind == "binder":
        env = read_env(target.provider, target.spec, notes)
        return Binder(url=target.base, env=env), read_binder_content(target, notes)
    pairs = split_query(target.url.query, notes)
    place: Place
    if target.kind == "jupyterhub" and target.lti:
        place = LTI(url=target.base, server=target.server, version=target.lti)
    elif target.kind in ("jupyterhub", "form"):
        place = JupyterHub(url=target.base, server=target.server)
    else:
        place = JupyterServer(url=target.base)
    if target.endpoint == "interact":
        pairs = read_interact(pairs, notes)
    if target.kind in ("lite", "form"):
        return place, _read_path_in_repo(pairs, notes)
    return place, read_content(pairs, target.leaked, notes)


def _read_path_in_repo(pairs: Pairs, notes: Notes) -> Content:
    """Read parameters whose urlpath begins at the repository's root."""
    own = [(name, value) for name, value in pairs if name not in ("provider", "uploadpath")]
    urlpath = dict(own).get("urlpath", "")
    content = read_content([pair for pair in own if pair[0] != "urlpath"], [], notes)
    if not urlpath:
        return content
    return Content(repo=content.repo, branch=content.branch, path=urlpath, app="lab")


def _clean(text: object, notes: Notes) -> str:
    """Take the link out of what was copied along with it."""
    if not isinstance(text, str):
        kind = type(text).__name__
        raise UnreadableLinkError("wrong-type", f"A link is a text, not {kind}.")
    if len(text) > MAX_LENGTH:
        raise UnreadableLinkError(
            "too-long",
            f"The text has {len(text)} characters; no link is that long.",
            hint="Give the link alone.",
        )
    if re.search("[\ud800-\udfff]", text):
        raise UnreadableLinkError(
            "not-unicode", "The text holds half a character.", hint="Copy the link anew."
        )
    link = _trim(text.strip(), notes)
    if re.match(r"https?%3A%2F%2F", link, re.IGNORECASE):
        notes.add("over-encoded", "The whole link was encoded as if it were a parameter.")
        link = decode(link)
    if re.search(r"\\[_&*~#-]", link):
        notes.add(
            "markdown-escaped", "The link was copied out of Markdown; backslashes are left out."
        )
        link = re.sub(r"\\([_&*~#-])", r"\1", link)
    if re.search(r"[\t\r\n]", link):
        link = re.sub(r"[\t\r\n]", "", link)
        notes.add("line-break", "The link was broken over lines; it is read as one.")
    if re.search("[\x00-\x1f\x7f-\x9f]", link):
        raise UnreadableLinkError(
            "control-character",
            "The link holds a control character.",
            hint="Copy the link anew.",
        )
    if _ESCAPED.search(link):
        notes.add("html-escaped", "'&amp;' was copied out of HTML; it is read as '&'.")
        link = _ESCAPED.sub("&", link)
    return _absolute(link, notes)


def _trim(link: str, notes: Notes) -> str:
    """Cut off brackets, quotes and a sentence's end."""
    trimmed = _find(link).lstrip(_BEFORE)
    for _ in range(MAX_TRIMMED):
        last = trimmed[-1:]
        unpaired = last in _BRACKETS and trimmed.count(last) > trimmed.count(_BRACKETS[last])
        if not last or not (unpaired or last in _AFTER):
            break
        trimmed = trimmed[:-1].rstrip()
    if trimmed != link:
        notes.add("trimmed", "What stood around the link is left out.")
    return trimmed


def _find(text: str) -> str:
    """Find the link in a sentence or a piece of markup: the first one that could pull."""
    if _SCHEMELESS.fullmatch(text) or re.match(r"https?://", text, re.IGNORECASE):
        return text
    found = _IN_TEXT.findall(text)
    return next((link for link in found if _PULLS.search(link)), text)


def _absolute(link: str, notes: Notes) -> str:
    """Add the scheme that people leave out, and refuse what has no host at all."""
    if match := _SCHEMELESS.fullmatch(link):
        scheme = "http" if match[1].startswith("localhost") else "https"
        notes.add("scheme-missing", f"The link has no scheme; {scheme}:// is put before it.")
        return f"{scheme}://{match[1]}"
    authority = re.match(r"https?://([^/?#]*)", link, re.IGNORECASE)
    if authority and is_template(authority[1]):
        raise template_error("The link's host", authority[1])
    if authority is None:
        raise UnreadableLinkError(
            "no-host",
            "The link does not begin with https:// or http:// and a host.",
            hint="Give the whole link, as the browser's address bar shows it.",
        )
    return link
