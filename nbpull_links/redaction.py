"""Take credentials out of any text before a person or a log sees it."""

from __future__ import annotations

import re

_COLON, _SLASH, _AT = r"(?::|%(?:25)*3A)", r"(?:/|%(?:25)*2F)", r"(?:@|%(?:25)*40)"
# Whatever stands between "://" and "@" in one authority, at any depth of percent-encoding. Greedy,
# because a password may itself hold an "@" that nobody escaped.
_USERINFO = re.compile(
    rf"({_COLON}{_SLASH}{_SLASH})(?:(?!{_SLASH}|[\s\"'<>?#&]|%(?:25)*(?:3F|23|26)).)+({_AT})",
    re.IGNORECASE,
)
# A password with a slash or a space in it that nobody escaped; a port is no password.
_LOOSE = re.compile(
    r"(://[^\s/@:\"'<>\[]{0,200}:(?![0-9]+(?:[/?#\s]|$))[^\s\"'<>])[^\n\"'<>]{0,300}(@)"
)
# The same without a scheme, as git and people write it; an address for mails is none.
_BARE = re.compile(
    r"(?<![\w/@.-])(?!mailto:)[\w.-]{1,100}:[^\s/@:]{1,200}(@[\w.-]{1,200}(?=[:/]\S|[\s\"'<>,;)]|$))",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"((?:access_|private_|auth_|oauth_|id_|refresh_|job_)?token|password|passwd|secret|api_?key)"
    r"(\s*(?:=|:|%(?:25)*3D|%(?:25)*3A)\s*[\"']?)[^\s&\"'#,;<>%]+",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"(authorization\s*[:=]\s*)(?:(basic|bearer|token)\s+)?[^\s\"',;]+", re.IGNORECASE
)
_FORGE_TOKEN = re.compile(
    r"\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|gl[a-z]{2,6}-[A-Za-z0-9_.-]{16,})"
)
_ANY_COLON = re.compile(_COLON, re.IGNORECASE)
_SSH = re.compile(rf"ssh{_COLON}{_SLASH}{_SLASH}$", re.IGNORECASE)

MASK = "***"


def _mask_userinfo(match: re.Match[str]) -> str:
    user = match.group(0)[len(match.group(1)) : -len(match.group(2))]
    if _SSH.search(match.string[: match.end(1)]) and not _ANY_COLON.search(user):
        return match.group(0)  # ssh://git@host names an account and holds no secret
    return f"{match.group(1)}{MASK}{match.group(2)}"


def redact(text: str) -> str:
    """Replace every credential in ``text`` by ``***``.

    Meant for what others wrote: git's error output, a pasted link, a header in a log. Knows the
    user part of URLs (also percent-encoded any number of times), ``token=`` and its relatives,
    ``Authorization`` headers and the tokens that forges issue.

    Args:
        text: Any text.
    """
    text = _USERINFO.sub(_mask_userinfo, text)
    text = _LOOSE.sub(lambda m: f"://{MASK}{m.group(2)}", text)
    text = _BARE.sub(lambda m: f"{MASK}{m.group(1)}", text)
    text = _HEADER.sub(lambda m: f"{m.group(1)}{MASK}", text)
    text = _NAMED.sub(lambda m: f"{m.group(1)}{m.group(2)}{MASK}", text)
    return _FORGE_TOKEN.sub(MASK, text)


def holds_userinfo(text: str) -> bool:
    """Tell whether a URL in ``text`` carries credentials, at any depth of percent-encoding."""
    return _USERINFO.sub(_mask_userinfo, text) != text
