"""``/nbpull/api/`` on one workspace: its state, its restore points, and the way back to one."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from jupyter_server.auth.decorator import authorized
from tornado import web

from nbpull_server.courses import Courses
from nbpull_server.handlers.api import job_dict
from nbpull_server.handlers.base import JsonHandler
from nbpull_sync import restore, restore_points, status, take

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_OPENAPI = Path(__file__).parents[1] / "schemas" / "openapi.json"


class WorkspaceHandler(JsonHandler):
    """A handler that works on the disk, which the event loop must not wait for."""

    async def in_thread(self, work: Callable[..., T], *args: Any) -> T:
        """Do something in a thread."""
        return await asyncio.get_running_loop().run_in_executor(None, work, *args)


class StatusHandler(WorkspaceHandler):
    """The state of a workspace."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Tell what is the learner's, what was synced, and how the last sync here ended."""
        workspace = await self.in_thread(
            self.service.workspaces.at, self.get_query_argument("workspace")
        )
        state = await self.in_thread(status, workspace.path)
        more = await self.in_thread(Courses(self.service).more, workspace)
        job = self.service.jobs.of(workspace.path)
        self.reply(
            {
                **state.to_dict(),
                **more,
                "workspace": workspace.relative,
                "sync": job_dict(job) if job else None,
            }
        )


class RestorePointsHandler(WorkspaceHandler):
    """The restore points of a workspace."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """List them, newest first."""
        workspace = await self.in_thread(
            self.service.workspaces.at, self.get_query_argument("workspace")
        )
        points = await self.in_thread(restore_points, workspace.path)
        self.reply([point.to_dict() for point in points])


class RestoreHandler(WorkspaceHandler):
    """The way back to a restore point."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Bring files back as they were; what is there now is kept in a new restore point."""
        fields = self.fields()
        point = self.text(fields, "id")
        paths = self.texts(fields, "paths")
        workspace = await self.in_thread(self.service.workspaces.at, self.text(fields, "workspace"))
        done = await self.in_thread(restore, workspace.path, point, paths)
        self.reply(done.to_dict())


class TakeHandler(WorkspaceHandler):
    """The teacher's version of one file."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Put it in place of the learner's, which is kept in a restore point."""
        fields = self.fields()
        path = self.text(fields, "path")
        workspace = await self.in_thread(self.service.workspaces.at, self.text(fields, "workspace"))
        done = await self.in_thread(take, workspace.path, path)
        self.reply(done.to_dict())


class OpenApiHandler(JsonHandler):
    """The description of this API."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Give the OpenAPI document, with this server's own address in it."""
        document = json.loads(_OPENAPI.read_text("utf-8"))
        self.reply({**document, "servers": [{"url": f"{self.base_url}nbpull/api"}]})
