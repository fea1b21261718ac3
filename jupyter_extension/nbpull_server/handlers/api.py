"""``/nbpull/api/``: start a sync, follow it, and what else the page and Jupyter need."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from nbpull_links.errors import NbpullError
from nbpull_server.background import in_background
from nbpull_server.courses import Courses
from nbpull_server.handlers.base import JsonHandler
from nbpull_server.handlers.stream import StreamHandler
from nbpull_server.params import Opening, PullParams
from nbpull_server.service import Order

if TYPE_CHECKING:
    from nbpull_server.jobs import Job


def job_dict(job: Job) -> dict[str, Any]:
    """Give a job's state in its JSON form."""
    return {
        "id": job.id,
        "state": job.state,
        "workspace": job.work.label,
        "started": job.started,
        "seconds": job.seconds,
        "last_event": job.last_event,
        "report": job.report,
        "error": job.error,
    }


def order_of(fields: dict[str, Any]) -> Order:
    """Read what is asked for: a link's query as it stands, or its parameters by name.

    Raises:
        RefusedError: Where the link cannot be read.
    """
    query = fields.get("query")
    return Order(
        params=PullParams.from_query(str(query)) if query else PullParams.from_fields(fields),
        confirmed=fields.get("confirmed") is True,
        moved=fields.get("moved") is True,
        new_folder=fields.get("new_folder") is True,
    )


class SyncsHandler(JsonHandler):
    """All syncs that are remembered."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """List them, oldest first."""
        jobs = [job_dict(job) for job in self.service.jobs]
        # All their reports together are long.
        self.reply_text(await in_background(lambda: json.dumps(jobs)))

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Start one, or join the one that does the same already."""
        fields = self.fields()
        events = ""
        if "workspace" in fields:
            job, joined = await Courses(self.service).sync(self.text(fields, "workspace"))
        else:
            job, joined, opening = await self.service.start(order_of(fields))
            events = f"?{opening.to_query()}"
        self.reply(
            {
                **job_dict(job),
                "joined": joined,
                "events": f"{self.base_url}nbpull/api/syncs/{job.id}/events{events}",
            },
            200 if joined else 201,
        )


class JobHandler(JsonHandler):
    """One sync."""

    @web.authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        """Tell its state."""
        self.reply(job_dict(find(self, job_id)))


class CancelHandler(JsonHandler):
    """The end of one sync."""

    @web.authenticated
    @authorized
    async def post(self, job_id: str) -> None:
        """End it soon; its event stream says when it has."""
        job = find(self, job_id)
        job.cancel()
        self.reply(job_dict(job), 202)


class EventsHandler(StreamHandler):
    """The events of one sync."""

    @web.authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        """Send its events, from the first or from the one after ``Last-Event-ID``.

        The last one, of type ``end``, says where the link leads that the query holds.
        """
        job = find(self, job_id)
        seen = self.request.headers.get("Last-Event-ID", "")
        after = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0  # noqa: PLR2004 - digits of an int
        query = self.request.query
        opening = Opening.from_query(query) if "targetpath" in query else None
        await self.stream(self._follow(job, after, opening))

    async def _follow(self, job: Job, after: int, opening: Opening | None) -> None:
        async for number, event in job.follow(after):
            await self.send(event, number)
        end: dict[str, Any] = {"type": "end", "state": job.state, "landing": None}
        if opening is not None:
            end["landing"] = await arrival(self, opening)
        await self.send(end, job.last_event + 1)


async def arrival(handler: StreamHandler, opening: Opening) -> dict[str, Any] | None:
    """Tell where a link leads now; None where it may not lead anywhere."""
    loop = asyncio.get_running_loop()
    try:
        return await loop.run_in_executor(None, handler.service.arrival, opening)
    except NbpullError:
        return None


def find(handler: JsonHandler | StreamHandler, job_id: str) -> Job:
    """Find a job by its id.

    Raises:
        tornado.web.HTTPError: Where it is not known.
    """
    job = handler.service.jobs.get(job_id)
    if job is None:
        raise web.HTTPError(404, "There is no such sync (any more).")
    return job
