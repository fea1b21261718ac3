"""What the handlers ask of: one server's settings, workspaces, apps and jobs, put together.

No handler decides anything, and nothing here knows of HTTP.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from nbpull_server import content, landing
from nbpull_server.apps import RAW
from nbpull_server.errors import RefusedError
from nbpull_server.jobs import Job, Jobs, Work
from nbpull_server.paths import Workspace, Workspaces
from nbpull_server.pull import pull
from nbpull_server.repositories import Decision, Pattern, Policy
from nbpull_sync import Cancel, SyncRequest

if TYPE_CHECKING:
    from collections.abc import Callable
    from logging import Logger

    from nbpull_server.apps import Apps
    from nbpull_server.params import Opening, PullParams
    from nbpull_server.settings import NbPull
    from nbpull_sync import Conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A link, and what the learner said to it.

    Attributes:
        params: What the link asks for.
        confirmed: The learner saw the repository's address and said yes.
        moved: The course moved: go on here with another repository.
        new_folder: Pull into a new folder beside the workspace.
    """

    params: PullParams
    confirmed: bool = False
    moved: bool = False
    new_folder: bool = False


class Service:
    """One server's nbpull."""

    def __init__(
        self,
        settings: NbPull,
        *,
        root: Path,
        apps: Apps,
        log: Logger,
        on_end: Callable[[Job], None] | None = None,
    ) -> None:
        self.settings = settings
        self.apps = apps
        self.workspaces = Workspaces(root, settings.parent_path)
        self.jobs = Jobs(log, parallel=settings.parallel, on_end=on_end)
        self.policy = Policy(
            allow=[Pattern.parse(text) for text in settings.allow],
            ask=[Pattern.parse(text) for text in settings.ask],
            deny=[Pattern.parse(text) for text in settings.deny],
            protocols=settings.protocols,
        )

    def check(self, params: PullParams) -> tuple[Workspace, Decision]:
        """Hold a link to the rules: where it writes, what it opens, which repository it pulls.

        Raises:
            RefusedError: Where it breaks one.
        """
        decision = self.allow(params.repo)
        workspace = self.workspaces.locate(params.directory)
        self.destination(params.opening, workspace)
        return workspace, decision

    def allow(self, repo: str) -> Decision:
        """Hold a repository to the rules: whether it may be pulled, or has to be asked for.

        Raises:
            RefusedError: Where it may not.
        """
        decision = self.policy.decide(repo)
        if decision == "deny":
            raise RefusedError(
                "repo-denied",
                "The people who run this server have not allowed this repository.",
                hint="Ask them, or the link's author.",
                who="admin",
                status=403,
            )
        return decision

    async def start(self, order: Order) -> tuple[Job, bool, Opening]:
        """Start what a link asks for, or join the job that does so already.

        Returns:
            The job, whether it was joined, and what to open when it is done: a new folder has
            another path to open than the link's.

        Raises:
            RefusedError: Where the link breaks a rule, or the learner has not said yes to it.
        """
        # The checks look at the disk, which may be a slow network's.
        loop = asyncio.get_running_loop()
        params, workspace = await loop.run_in_executor(None, self._ordered, order)
        job, joined = self.jobs.start(self._work(params, workspace, moved=order.moved))
        return job, joined, params.opening

    def _ordered(self, order: Order) -> tuple[PullParams, Workspace]:
        params = order.params
        workspace, decision = self.check(params)
        if decision == "ask" and not order.confirmed:
            raise RefusedError(
                "ask-first",
                "This server wants you to say yes to this repository first.",
                hint="Look at its address, and confirm it where you trust it.",
                who="you",
                status=403,
            )
        if not order.new_folder:
            return params, workspace
        free = self.workspaces.free(params.directory)
        beside = self.workspaces.locate(free)
        moved = landing.relocated(params, workspace.relative, beside.relative)
        return replace(moved, targetpath=free), beside

    def destination(self, opening: Opening, workspace: Workspace) -> landing.Landing:
        """Choose where a link leads.

        Raises:
            RefusedError: Where it would leave this server.
        """
        return landing.choose(
            opening,
            workspace.relative,
            self.settings.parent_path,
            self.apps,
            self.settings.app,
        )

    def arrival(self, opening: Opening, *, suggest: bool = True) -> dict[str, Any]:
        """Tell where a link leads now, and whether what it opens is there. Looks at the disk.

        Args:
            opening: What the link wants opened.
            suggest: Whether to look for the files that it may have meant.

        Raises:
            RefusedError: Where the link breaks a rule.
        """
        workspace = self.workspaces.locate(opening.directory)
        root = self.workspaces.root
        chosen = _shown(self.destination(opening, workspace), root)
        missing = chosen.file is not None and not content.exists(root, chosen.file)
        near: list[dict[str, str]] = []
        if suggest and missing and chosen.file is not None:
            near = [
                {"path": path, "url": self._open(chosen, path)}
                for path in content.suggestions(root, workspace.relative, chosen.file)
            ]
        folder = self.apps.fallback(workspace.relative)
        return {
            "url": chosen.url,
            "file": chosen.file,
            "missing": missing,
            "instead_of": chosen.instead_of,
            "suggestions": near,
            "folder": landing.url_for(folder, workspace.relative)
            if workspace.path.is_dir() and folder != RAW
            else None,
        }

    def _open(self, chosen: landing.Landing, path: str) -> str:
        prefix = landing.opener_prefix(chosen.url) or self.apps.fallback(path)
        return landing.url_for(prefix, path)

    def _work(self, params: PullParams, workspace: Workspace, *, moved: bool) -> Work:
        depth = self.settings.depth if params.depth is None else params.depth
        request = SyncRequest(
            repo=params.repo, directory=workspace.path, ref=params.branch, depth=depth, moved=moved
        )
        return work(self.ruled(request), workspace, aside=params.backup)

    def ruled(self, request: SyncRequest) -> SyncRequest:
        """Give a sync the rules of this server."""
        settings = self.settings
        return replace(
            request,
            conflict=cast("Conflict", settings.conflict),
            protocols=tuple(settings.protocols),
            restore_deleted=settings.restore_deleted,
            lfs=settings.lfs,
            reference=Path(settings.reference) if settings.reference else None,
            stall_timeout=settings.stall_timeout,
            max_bytes=settings.max_bytes,
            keep_restore_points=settings.keep_restore_points,
            keep_restore_days=settings.keep_restore_days,
        )


def _shown(chosen: landing.Landing, root: Path) -> landing.Landing:
    """Open the server's own page in place of a directory that nothing installed can show."""
    raw = chosen.file is not None and chosen.url == landing.url_for(RAW, chosen.file)
    if raw and (root / str(chosen.file)).is_dir():
        return replace(chosen, url="")
    return chosen


def work(request: SyncRequest, workspace: Workspace, *, aside: bool = False) -> Work:
    """Give the job that makes a sync."""
    cancel = Cancel()
    return Work(
        label=workspace.relative,
        repo=request.repo,
        workspace=workspace.path,
        identity=(request, aside),
        events=lambda: pull(request, cancel, aside=aside),
        cancel=cancel.cancel,
    )
