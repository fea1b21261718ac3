"""nbgitpuller's endpoints: the page that a link opens, its event stream, and the old names."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

from jupyter_server.auth.decorator import authorized
from tornado import web

from nbpull_links.errors import NbpullError
from nbpull_server import compat, page
from nbpull_server.errors import error_dict
from nbpull_server.handlers.base import NbpullHandler, may_write, same_site
from nbpull_server.handlers.stream import StreamHandler
from nbpull_server.params import PullParams
from nbpull_server.service import Order


class PageHandler(NbpullHandler):
    """Shows the page. The sync itself is started by the page, with a POST."""

    @property
    def content_security_policy(self) -> str:
        """Allow what the page is made of, and nothing else."""
        # A directive that stands twice counts the first time: ours cannot be loosened by the
        # server's, whose frame-ancestors stays.
        return f"{page.POLICY}; {super().content_security_policy}"

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Show the page for a link."""
        opened = await asyncio.get_running_loop().run_in_executor(
            None, page.open_link, self.service, self.request.query
        )
        self.set_status(opened.status)
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "strict-origin")
        self.set_header("Vary", "Accept-Language")
        self.finish(
            page.render(
                opened,
                base_url=self.base_url,
                xsrf_token=self.xsrf_token.decode("ascii"),
                accept_language=self.request.headers.get("Accept-Language", ""),
                countdown=self.service.settings.countdown,
            )
        )


class PullStreamHandler(StreamHandler):
    """Syncs and tells of it, as nbgitpuller's ``/git-pull/api`` does."""

    @web.authenticated
    @may_write
    async def get(self) -> None:
        """Start a sync or join it, and stream its events."""
        if not same_site(self):
            raise web.HTTPError(403, "A sync is not started from another site.")
        await self.stream(self._pull(PullParams.from_query(self.request.query)))

    async def _pull(self, params: PullParams) -> None:
        try:
            job, _, _ = await self.service.start(Order(params=params))
        except NbpullError as error:
            await self.send(compat.failed(error_dict(error)))
            return
        await self.send(compat.started(params, job.work.label))
        async for _, event in job.follow():
            message = compat.syncing(event)
            if message is not None:
                await self.send(message)
        await self.send(compat.failed(job.error) if job.error else compat.finished())


class GitSyncHandler(NbpullHandler):
    """The oldest name of ``/git-pull``."""

    @web.authenticated
    def get(self) -> None:
        """Send on to the page, query and all."""
        self.redirect(f"{self.base_url}git-pull?{self.request.query}")


class InteractHandler(NbpullHandler):
    """A still older name, which took its parameters apart."""

    @web.authenticated
    def get(self) -> None:
        """Send on to the page for the repository of a GitHub account."""
        account = self.get_argument("account", "data-8")
        query = {
            "repo": f"https://github.com/{account}/{self.get_argument('repo')}",
            "branch": self.get_argument("branch", "gh-pages"),
            "subPath": self.get_argument("path", "."),
        }
        self.redirect(f"{self.base_url}git-pull?{urlencode(query)}")
