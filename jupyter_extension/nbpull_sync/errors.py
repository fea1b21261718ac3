"""Errors of the sync engine.

The tree::

    nbpull_links.errors.NbpullError
    └── SyncError       a sync that could not be done; ``code`` says which way

``who`` names the one who can mend it, so that a page or a command line can
say whom to ask without knowing the code.
"""

from __future__ import annotations

from typing import Literal

from nbpull_links.errors import NbpullError

Who = Literal["you", "author", "admin", "network"]


class SyncError(NbpullError):
    """A sync ended without its work done; nothing of the learner's was lost.

    Attributes:
        who: Who can mend it: ``you`` (the learner), ``author`` (of the link or the content),
            ``admin`` (of the hub), ``network`` (nobody but time: try again).
    """

    def __init__(
        self, code: str, message: str, *, who: Who, hint: str = "", **context: object
    ) -> None:
        super().__init__(code, message, hint=hint, **context)
        self.who: Who = who
