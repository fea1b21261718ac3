"""Tell a page of a git forge from a repository's own address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbpull_links.urls import Url

__all__ = ["recognise"]

_GITHUB = "https://github.com"
_REPO = "(?P<repo>[^/]+/[^/]+)"
_UNDER = "(?P<repo>(?:[^/]+/)+?[^/]+)"  # a forge of one's own may stand under a path
_REST = "(?P<rest>.+)"
# Which pages there are: the host (any if empty), the path without its outer slashes, and the site
# of the repository where it is another one. The word in the path says how to read the rest.
_PAGES = tuple(
    (re.compile(host), re.compile(path), site)
    for host, path, site in (
        (
            r"nbviewer\.(?:jupyter\.)?org|colab\.research\.google\.com",
            rf"github/{_REPO}/(?P<word>blob|tree)/{_REST}",
            _GITHUB,
        ),
        (r"(?P<word>raw)\.githubusercontent\.com", rf"{_REPO}/(?P<rest>[^/]+/.+)", _GITHUB),
        (r"gist\.github\.com", rf"{_REPO}/.+", ""),
        (
            "",
            rf"(?P<repo>.+?)/-/(?P<word>blob|edit|raw|blame|tree|commits?|tags)/{_REST}",
            "",
        ),
        ("", r"(?P<repo>[^/]+/.+?)/-(?:/.*)?", ""),
        (r"bitbucket\.org", rf"{_REPO}/(?P<word>src|raw|branch)/{_REST}", ""),
        (r"bitbucket\.org", rf"{_REPO}/(?P<word>commit)s/{_REST}", ""),
        (r"bitbucket\.org", rf"{_REPO}/.+", ""),
        ("", rf"{_UNDER}/(?P<word>src|raw|media|commits)/(?:branch|tag|commit)/{_REST}", ""),
        (
            r"(?:www\.)?github\.(?:com|dev)",
            rf"{_REPO}/releases/(?P<word>tag)/{_REST}",
            _GITHUB,
        ),
        (
            r"(?:www\.)?github\.(?:com|dev)",
            rf"{_REPO}/(?P<word>blob|edit|raw|blame|tree|commits?)/{_REST}",
            _GITHUB,
        ),
        (r"(?:www\.)?github\.(?:com|dev)", rf"{_REPO}/.+", _GITHUB),
        (r"www\.github\.com|github\.dev", _REPO, _GITHUB),
        ("", rf"{_REPO}/(?P<word>blob|edit|raw|blame|tree|commits?)/{_REST}", ""),
    )
)


def recognise(url: Url) -> tuple[dict[str, str], str]:
    """Find the kind of page that ``url`` is.

    Returns:
        What the page's address says (``repo``, ``word`` and ``rest``, as far as it has them) and
        the site of the repository; nothing if it is no page.
    """
    whole = "/".join(url.segments)
    for host, path, site in _PAGES:
        at = host.fullmatch(url.host) if host.pattern else host.match("")
        if at and (match := path.fullmatch(whole)):
            return {**at.groupdict(), **match.groupdict()}, site or url.origin
    return {}, ""
