"""``/nbpull/api/`` on a workspace that is there: found, asked of, linked to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado import web

from nbpull_server.background import in_background
from nbpull_server.courses import Courses
from nbpull_server.handlers.base import JsonHandler
from nbpull_sync import Cancel

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any


class CourseHandler(JsonHandler):
    """A handler that asks of the workspaces that are there."""

    @property
    def courses(self) -> Courses:
        """The synced workspaces of this server."""
        return Courses(self.service)


class FindHandler(CourseHandler):
    """The workspace that a path lies in."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Tell it, or those right below a folder that lies in none; or what a link fills."""
        query = self.get_query_argument("query", "")
        path = self.get_query_argument("path", "")
        if query:
            self.reply(await in_background(lambda: self.courses.target(query)))
        else:
            self.reply(await in_background(lambda: self.courses.around(path)))


class AskHandler(CourseHandler):
    """A question that is passed on to the remote, and dropped when whoever asked has left."""

    _cancel: Cancel | None = None

    async def ask(self, question: Callable[[str, Cancel], Awaitable[Any]]) -> Any:
        """Ask it of the workspace that the request names."""
        workspace = self.text(self.fields(), "workspace")
        self._cancel = Cancel()
        return await question(workspace, self._cancel)

    def on_connection_close(self) -> None:
        """Ask no longer than somebody waits for the answer."""
        if self._cancel is not None:
            self._cancel.cancel()


class NewsHandler(AskHandler):
    """Whether there is news."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Ask the remote, in one short conversation."""
        self.reply({"news": await self.ask(self.courses.has_news)})


class PreviewHandler(AskHandler):
    """What a sync would do."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Fetch what is new and say what would become of each file; nothing is changed."""
        self.reply(await self.ask(self.courses.preview))


class LinkHandler(CourseHandler):
    """A link to a file."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Make it, to this hub or server as the browser sees it."""
        path = self.get_query_argument("path")
        home = self.get_query_argument(
            "origin", f"{self.request.protocol}://{self.request.host}"
        ).rstrip("/")
        app = self.get_query_argument("app", None)
        self.reply(
            await in_background(
                lambda: self.courses.link(path, home=home, base_url=self.base_url, app=app)
            )
        )
