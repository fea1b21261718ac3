"""A link as a value: where it runs, what it pulls, and what there is to say about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbpull_links.content import Content
from nbpull_links.errors import InvalidValueError
from nbpull_links.places import LTI, Binder, JupyterServer, Place

if TYPE_CHECKING:
    from nbpull_links.notices import LinkWarning

__all__ = ["Link"]


@dataclass(frozen=True, slots=True)
class Link:
    """A place and the content it pulls; ``str(link)`` is the URL.

    Two links are equal if place and content are. Warnings tell how a link came to be and are no
    part of what it is.

    Attributes:
        place: Where it runs.
        content: What it pulls and opens.
        warnings: What the reader repaired or doubts.

    Raises:
        InvalidValueError: ``no-content-repo`` if there is nothing to pull and it is no Binder.
    """

    place: Place
    content: Content = field(default_factory=Content)
    warnings: tuple[LinkWarning, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        """Check that the place can bring the content."""
        if self.content.repo is None and not isinstance(self.place, Binder):
            raise InvalidValueError(
                "no-content-repo",
                "There is no content repository to pull.",
                hint="Give content_repo; only on Binder can the env repo hold the content.",
                field="content_repo",
            )

    def __str__(self) -> str:
        """Give the URL. It never ends with a dot, which mail programs take for the sentence's."""
        url = self.place.link(self.content)
        return f"{url[:-1]}%2E" if url.endswith(".") else url

    @property
    def kind(self) -> str:
        """``jupyterhub``, ``binder``, ``lti`` or ``server``."""
        if isinstance(self.place, Binder):
            return "binder"
        if isinstance(self.place, LTI):
            return "lti"
        return "server" if isinstance(self.place, JupyterServer) else "jupyterhub"

    def to_dict(self) -> dict[str, Any]:
        """Give the one flat JSON form that the command line, the page and the tests share."""
        place, content = self.place, self.content
        return {
            "kind": self.kind,
            "hub": place.url,
            "server": None if isinstance(place, (Binder, JupyterServer)) else place.server,
            "env": place.env.to_dict() if isinstance(place, Binder) else None,
            "repo": str(content.repo) if content.repo else None,
            "branch": content.branch,
            "app": content.app,
            "path": content.path,
            "urlpath": content.urlpath,
            "targetpath": content.targetpath,
            "depth": content.depth,
            "warnings": [warning.to_dict() for warning in self.warnings],
        }
