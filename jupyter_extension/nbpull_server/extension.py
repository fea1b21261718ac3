"""Puts nbpull into a Jupyter server: settings, service, routes."""

from __future__ import annotations

import atexit
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbpull_server import telemetry
from nbpull_server.apps import Apps, routes_of
from nbpull_server.handlers.routes import routes
from nbpull_server.service import Service
from nbpull_server.settings import SettingError, read_settings

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp
    from tornado.web import Application

_PEER = "nbgitpuller"


def load(app: ServerApp) -> None:
    """Load the extension; a setting that cannot be meant ends the server."""
    try:
        settings = read_settings(app.config)
    except SettingError as error:
        app.log.critical("nbpull cannot start. %s", error)
        sys.exit(1)
    web_app: Application = app.web_app
    base_url: str = web_app.settings["base_url"]
    service = Service(
        settings,
        root=Path(app.root_dir).expanduser(),
        apps=Apps(routes_of(web_app, base_url)),
        log=app.log,
        on_end=telemetry.reporter(app),
    )
    web_app.settings["nbpull"] = service
    atexit.register(service.jobs.cancel_all)
    claim(web_app, [(re.escape(base_url) + path, *rest) for path, *rest in routes()])
    if _peer_is_enabled(app):
        app.log.info(
            "nbpull answers /git-pull, /git-pull/api, /git-sync and /interact; "
            "%s is enabled as well and stays in the background.",
            _PEER,
        )


def claim(web_app: Application, handlers: list[Any]) -> None:
    """Add routes before all others: the first one wins, whichever extension loaded first."""
    web_app.add_handlers(".*", handlers)
    rules = web_app.default_router.rules
    # add_handlers puts its group last but for the catch-all
    rules.insert(0, rules.pop(-2))


def _peer_is_enabled(app: ServerApp) -> bool:
    return bool(app.jpserver_extensions.get(_PEER))
