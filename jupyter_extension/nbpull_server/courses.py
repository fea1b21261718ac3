"""The workspaces that are there already: found by a path, asked of, synced anew, linked to."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from nbpull_links import parse_link
from nbpull_links.apps import build_urlpath, find_app
from nbpull_links.build import build_link
from nbpull_links.errors import NbpullError
from nbpull_links.places import Binder
from nbpull_links.repo import clone_directory
from nbpull_server.background import in_background
from nbpull_server.params import PullParams
from nbpull_server.pull import rehearse
from nbpull_server.service import work
from nbpull_sync import SyncRequest
from nbpull_sync.last import last_sync
from nbpull_sync.origin import has_news, holds, is_synced, origin, own_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nbpull_links.link import Link
    from nbpull_server.jobs import Job
    from nbpull_server.paths import Workspace
    from nbpull_server.service import Service
    from nbpull_sync import Cancel

T = TypeVar("T")

MOST_BELOW = 100


class Courses:
    """The synced workspaces of one server."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def around(self, path: str) -> dict[str, Any]:
        """Find the workspace that a file or folder lies in, else those right below the folder.

        Looks at the disk. What is no place for a workspace holds none.
        """
        parts = [part for part in path.split("/") if part]
        for length in range(len(parts), 0, -1):
            found = self._workspace("/".join(parts[:length]))
            if found is not None:
                return {"workspace": found.relative, "below": []}
        return {"workspace": None, "below": self._below("/".join(parts))}

    def target(self, query: str) -> dict[str, Any]:
        """Tell the workspace that a link would fill. Looks at the disk.

        Raises:
            RefusedError: Where the link breaks a rule.
        """
        workspace, _ = self._service.check(PullParams.from_query(query))
        return {"workspace": workspace.relative, "below": []}

    def more(self, workspace: Workspace) -> dict[str, Any]:
        """Tell what a status has beside the engine's: the learner's own files, the last sync."""
        last = last_sync(workspace.path)
        synced = is_synced(workspace.path)
        return {
            "own": list(own_files(workspace.path)) if synced else [],
            "last": last.to_dict() if last is not None else None,
        }

    async def sync(self, relative: str) -> tuple[Job, bool]:
        """Sync a workspace with what it came from; tells whether a sync of it was joined.

        Raises:
            SyncError: Where it was never synced, or where the rules do not allow it any more.
        """
        workspace, request = await in_background(lambda: self._again(relative))
        return self._service.jobs.start(work(request, workspace))

    async def has_news(self, relative: str, cancel: Cancel) -> bool:
        """Ask the remote whether a sync would bring anything.

        Raises:
            SyncError: As for a sync.
        """
        return await self._asked(relative, lambda request: has_news(request, cancel))

    async def preview(self, relative: str, cancel: Cancel) -> dict[str, Any]:
        """Tell what a sync would do, without doing it.

        Raises:
            SyncError: As for a sync.
        """
        return await self._asked(relative, lambda request: rehearse(request, cancel))

    def link(self, path: str, *, home: str, base_url: str, app: str | None) -> dict[str, Any]:
        """Make a link to a file or folder of a workspace. Looks at the disk.

        Args:
            path: The file or folder, from the server's root.
            home: Where the browser sees this server: scheme, host and port.
            base_url: The server's base URL.
            app: The app that is to open it.

        Raises:
            NbpullError: Where the file lies in no workspace, or no link can lead to it.
        """
        relative = self.around(path)["workspace"] or path
        workspace = self._service.workspaces.at(relative)
        source = origin(workspace.path)
        inside = path.strip("/")[len(relative) :].strip("/")
        # An app opens from the server's root, and a clone lies below the parent path.
        parent = self._service.settings.parent_path
        target = relative.removeprefix(f"{parent}/") if parent else relative
        opened = build_urlpath(find_app(app or "lab"), relative, inside)
        hub = _hub(os.environ, home)
        link = build_link(
            content_repo=source.repo,
            content_branch=source.ref.partition("/")[2] if source.ref else None,
            urlpath=opened,
            targetpath=target if target != clone_directory(source.repo) else None,
            hub=hub,
            jupyter=None if hub else home + base_url,
        )
        link = _on_binder(link, os.environ)
        return {
            "url": str(link),
            "kind": link.kind,
            "shared": not inside or holds(workspace.path, inside),
        }

    def _workspace(self, relative: str) -> Workspace | None:
        try:
            found = self._service.workspaces.at(relative)
        except NbpullError:
            return None
        return found if is_synced(found.path) else None

    def _below(self, folder: str) -> list[str]:
        place = self._service.workspaces.root / folder
        try:
            with os.scandir(place) as entries:
                names = sorted(entry.name for entry in entries if entry.is_dir())
        except OSError:
            return []
        paths = (f"{folder}/{name}".lstrip("/") for name in names)
        return [path for path in paths if self._workspace(path)][:MOST_BELOW]

    def _again(self, relative: str) -> tuple[Workspace, SyncRequest]:
        """Give the sync that brings a workspace the newest of what it came from."""
        workspace = self._service.workspaces.at(relative)
        source = origin(workspace.path)
        # It was synced before, so whoever had to be asked for it was asked.
        self._service.allow(source.repo)
        request = SyncRequest(
            repo=source.repo,
            directory=workspace.path,
            ref=source.ref,
            subdir=source.subdir,
            depth=self._service.settings.depth,
        )
        return workspace, self._service.ruled(request)

    async def _asked(self, relative: str, ask: Callable[[SyncRequest], T]) -> T:
        return await in_background(lambda: ask(self._again(relative)[1]))


def _hub(environment: Mapping[str, str], home: str) -> str | None:
    """Give the address of the hub that this server belongs to, None where it is no hub's."""
    if public := environment.get("JUPYTERHUB_PUBLIC_HUB_URL"):
        return public
    if "JUPYTERHUB_SERVICE_PREFIX" not in environment:
        return None
    return (environment.get("JUPYTERHUB_HOST") or home) + environment.get(
        "JUPYTERHUB_BASE_URL", "/"
    )


def _on_binder(link: Link, environment: Mapping[str, str]) -> Link:
    """Lead to the Binder that this server was launched by: nobody else can come to this one."""
    launcher, request = (
        environment.get(f"BINDER_{name}", "").strip("/") for name in ("LAUNCH_HOST", "REQUEST")
    )
    if not launcher or not request:
        return link
    try:
        place = parse_link(f"{launcher}/{request}").place
    except NbpullError:
        return link
    return replace(link, place=place) if isinstance(place, Binder) else link
