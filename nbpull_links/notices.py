"""What a reader or a builder has to say about a link it accepted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LinkWarning:
    """One repair or doubt about a link that could be read all the same.

    Attributes:
        code: A stable name in kebab case; programs decide by it.
        message: One line for a person, free of credentials.
    """

    code: str
    message: str

    def to_dict(self) -> dict[str, str]:
        """Give the flat JSON form."""
        return {"code": self.code, "message": self.message}
