"""What the server refuses before the engine is asked.

The tree::

    nbpull_sync.errors.SyncError
    └── RefusedError    the link, or the request, is not one that this server carries out

``status`` is the HTTP status of the answer. Everything else is as for any sync that could not
be done, so that the page and the API treat both alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbpull_sync.errors import SyncError, Who

if TYPE_CHECKING:
    from nbpull_links.errors import NbpullError


class RefusedError(SyncError):
    """The server will not carry this out; nothing was touched."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        who: Who,
        hint: str = "",
        status: int = 400,
        **context: object,
    ) -> None:
        super().__init__(code, message, who=who, hint=hint, **context)
        self.status = status


def error_dict(error: NbpullError) -> dict[str, Any]:
    """Give an error in its JSON form, the same for the stream and for an answer."""
    return {
        "code": error.code,
        "message": error.message,
        "hint": error.hint,
        "who": getattr(error, "who", "author"),
        "context": {name: _plain(value) for name, value in error.context.items()},
    }


def _plain(value: object) -> object:
    """Give a value that JSON can hold."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    return str(value)
