"""What every text in a link must satisfy, whatever it means."""

from __future__ import annotations

import re

from nbpull_links.errors import InvalidValueError
from nbpull_links.redaction import redact

# The web server strips these from both ends of a parameter, so a value that carries them would
# arrive as another one.
_EDGE = " \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_EDGE_SPACE = re.compile(f"^[{_EDGE}]|[{_EDGE}]$")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_CONTROL_BUT_NEWLINES = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def shown(value: str, limit: int = 80) -> str:
    """Give ``value`` as it may appear in a message: no credentials, one line, not too long."""
    text = redact(value)
    text = text if len(text) <= limit else text[: limit - 1] + "…"
    return ascii(text) if _CONTROL.search(text) or _SURROGATE.search(text) else f"'{text}'"


def check_text(value: object, what: str, *, newlines: bool = False) -> str:
    """Check that ``value`` is a text that survives the way into a URL and out of it.

    Args:
        value: The value given.
        what: What it is, at the start of the message: ``The branch``.
        newlines: Whether line ends may occur. They may in a file name, which is percent-encoded
            twice, and nowhere else.

    Returns:
        The text as given.

    Raises:
        InvalidValueError: ``wrong-type``, ``control-character`` or ``not-unicode``.
    """
    if not isinstance(value, str):
        kind = type(value).__name__
        raise InvalidValueError("wrong-type", f"{what} must be a text, not {kind}.", field=what)
    if (_CONTROL_BUT_NEWLINES if newlines else _CONTROL).search(value):
        raise InvalidValueError(
            "control-character",
            f"{what} holds a control character: {shown(value)}.",
            hint="Remove it; it often comes along when text is copied.",
            field=what,
        )
    if _SURROGATE.search(value):
        raise InvalidValueError(
            "not-unicode",
            f"{what} holds half a character, which no URL can carry: {shown(value)}.",
            hint="Type the text anew.",
            field=what,
        )
    return value


def check_value(value: object, what: str) -> str:
    """Check a text that is sent as a parameter of its own; plain spaces around it are dropped.

    Args:
        value: The value given.
        what: What it is, at the start of the message.

    Raises:
        InvalidValueError: As `check_text`, and ``edge-space`` where an exotic space stands at an
            end, which the server that reads the link would drop.
    """
    text = check_text(value, what).strip(" ")
    refuse_edge_space(text, what)
    return text


def refuse_edge_space(text: str, what: str) -> None:
    """Refuse a value at whose ends the server that reads the link would drop a space.

    Raises:
        InvalidValueError: ``edge-space``.
    """
    if _EDGE_SPACE.search(text):
        raise InvalidValueError(
            "edge-space",
            f"{what} begins or ends with a space: {shown(text)}.",
            hint="Remove it.",
            field=what,
        )
