"""Every path that nbpull answers, below the server's base URL."""

from __future__ import annotations

from typing import Any

from nbpull_server.handlers import api, base, course, pull, static, workspace

_ID = r"(?P<job_id>[A-Za-z0-9_-]+)"


def routes() -> list[tuple[Any, ...]]:
    """List the paths, as patterns, with their handlers."""
    return [
        (r"git-pull", pull.PageHandler),
        (r"git-pull/api", pull.PullStreamHandler),
        (r"git-sync", pull.GitSyncHandler),
        (r"interact", pull.InteractHandler),
        (r"nbpull/api/syncs", api.SyncsHandler),
        (rf"nbpull/api/syncs/{_ID}", api.JobHandler),
        (rf"nbpull/api/syncs/{_ID}/events", api.EventsHandler),
        (rf"nbpull/api/syncs/{_ID}/cancel", api.CancelHandler),
        (r"nbpull/api/status", workspace.StatusHandler),
        (r"nbpull/api/restore-points", workspace.RestorePointsHandler),
        (r"nbpull/api/restore", workspace.RestoreHandler),
        (r"nbpull/api/take", workspace.TakeHandler),
        (r"nbpull/api/workspace", course.FindHandler),
        (r"nbpull/api/news", course.NewsHandler),
        (r"nbpull/api/preview", course.PreviewHandler),
        (r"nbpull/api/link", course.LinkHandler),
        (r"nbpull/api/openapi\.json", workspace.OpenApiHandler),
        (r"nbpull/api(?:/.*)?", base.UnknownHandler),
        (r"nbpull/static/[0-9a-f]+/(.*)", static.StaticHandler, {"path": static.STATIC}),
        (r"nbpull/links", static.LinksRedirectHandler),
        (
            r"nbpull/links/(.*)",
            static.LinksHandler,
            {"path": static.LINKS, "default_filename": "index.html"},
        ),
    ]
