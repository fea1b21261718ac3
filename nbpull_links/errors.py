"""Every error that nbpull raises on purpose.

The tree::

    NbpullError                      the root: code, message, hint, context
    ├── InvalidValueError            a value that no link may hold (building)
    ├── UnreadableLinkError          text that cannot be read as a link (parsing)
    └── nbpull_sync.errors.SyncError a sync that could not be done

An error is for a person: ``message`` says what happened, ``hint`` what to do
about it. ``code`` is stable and is what programs decide by; ``context`` holds
the values that the message speaks of, already free of credentials.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class NbpullError(Exception):
    """The root of all errors of this project.

    Attributes:
        code: A stable name in kebab case, such as ``credentials-in-url``.
        message: What happened, one line, no credentials.
        hint: What to do about it, one line; empty where there is nothing to do.
        context: The values that the message speaks of.
    """

    def __init__(self, code: str, message: str, *, hint: str = "", **context: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.context: Mapping[str, object] = MappingProxyType(context)

    def __str__(self) -> str:
        """Give the message and the remedy in one line."""
        return f"{self.message} {self.hint}".rstrip()


class InvalidValueError(NbpullError, ValueError):
    """A value was refused while a link was built."""


class UnreadableLinkError(NbpullError, ValueError):
    """A text could not be read as a link; the message says where and why."""
