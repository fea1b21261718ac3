"""Files that ship with nbpull: of the page, and of the link generator. They hold no secrets.

They are public on purpose. A hub's server wants an XSRF token for what a script module loads,
and a module cannot bring one.
"""

from __future__ import annotations

from pathlib import Path

from tornado import web

import nbpull_links

STATIC = Path(__file__).parents[1] / "static"
LINKS = Path(nbpull_links.__file__).parent / "web"
_YEAR = 365 * 24 * 3600


class StaticHandler(web.StaticFileHandler):
    """The page's own files, under a path that changes with them."""

    def set_extra_headers(self, path: str) -> None:  # noqa: ARG002 - the same for every file
        """Let browsers keep them: other files have another path."""
        self.set_header("Cache-Control", f"public, max-age={_YEAR}, immutable")
        self.set_header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        self.set_header("X-Content-Type-Options", "nosniff")


class LinksHandler(web.StaticFileHandler):
    """The link generator page and what it loads."""

    def set_extra_headers(self, path: str) -> None:  # noqa: ARG002 - the same for every file
        """Have browsers ask whether it is still the same."""
        self.set_header("Cache-Control", "no-cache")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Security-Policy", "frame-ancestors 'self'")


class LinksRedirectHandler(web.RequestHandler):
    """The link generator's address without a slash, from which its files could not be found."""

    def get(self) -> None:
        """Send on to the page, with what was filled in."""
        query = f"?{self.request.query}" if self.request.query else ""
        self.redirect(f"{self.settings['base_url']}nbpull/links/{query}")
