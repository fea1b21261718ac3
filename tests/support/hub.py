"""A real JupyterHub on 127.0.0.1, with its proxy, for as long as a test needs it."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import leftovers

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PROXY = ROOT / "node_modules" / ".bin" / "configurable-http-proxy"
PASSWORD = "correct horse"

CONFIG = """
import os
c = get_config()  # noqa: F821
c.JupyterHub.bind_url = "http://127.0.0.1:{proxy}{base_url}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub}"
c.JupyterHub.db_url = "sqlite:///:memory:"
c.JupyterHub.cookie_secret_file = "{root}/cookie_secret"
c.JupyterHub.authenticator_class = "{authenticator}"
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.allow_named_servers = True
c.JupyterHub.cleanup_servers = True
c.Authenticator.allow_all = True
c.DummyAuthenticator.password = "{password}"
c.ConfigurableHTTPProxy.command = ["{proxy_command}"]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api}"
c.ConfigurableHTTPProxy.pid_file = "{root}/proxy.pid"
c.SimpleLocalProcessSpawner.home_dir_template = "{root}/homes/{{username}}"
c.Spawner.cmd = ["{bin}/jupyterhub-singleuser"]
c.Spawner.args = ["--allow-root"]
c.Spawner.env_keep = ["PATH", "LC_ALL", "TZ", "NBPULL_TEST_RUN", "GIT_CONFIG_NOSYSTEM"]
c.Spawner.http_timeout = 60
{more}
"""


@dataclass(frozen=True)
class Hub:
    """A running hub.

    Attributes:
        url: The address that people open, with its base path and without a trailing slash.
        root: Where it keeps its state; the learners' homes are under ``homes``.
    """

    url: str
    root: Path

    def home(self, user: str) -> Path:
        """Give a learner's home, which is the root of their server."""
        return self.root / "homes" / user

    @property
    def log(self) -> str:
        """What the hub, its proxy and its servers said so far."""
        return (self.root / "hub.log").read_text(errors="replace")


def free_ports(count: int) -> list[int]:
    """Give ports that were free a moment ago; all are held until the last is found."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


@contextlib.contextmanager
def running_hub(
    root: Path,
    *,
    base_url: str = "/",
    authenticator: str = "dummy",
    more: str = "",
    python: str = sys.executable,
) -> Iterator[Hub]:
    """Run a hub while the block runs; all that it started is ended with it.

    Args:
        root: Where it keeps its state.
        base_url: The path that it lives under.
        authenticator: Who says who somebody is.
        more: Further lines of its configuration.
        python: The interpreter of the environment that hub and servers are installed in.
    """
    root.mkdir(parents=True, exist_ok=True)
    proxy, hub, api = free_ports(3)
    config = root / "jupyterhub_config.py"
    config.write_text(
        CONFIG.format(
            proxy=proxy, hub=hub, api=api, root=root, base_url=base_url, password=PASSWORD,
            authenticator=authenticator, proxy_command=PROXY, bin=Path(python).parent,
            more=more,
        )
    )  # fmt: skip
    mark = secrets.token_hex(16)
    environment = os.environ | {
        "CONFIGPROXY_AUTH_TOKEN": secrets.token_hex(16),
        leftovers.MARK: mark,
    }
    with (root / "hub.log").open("wb") as log:
        process = subprocess.Popen(
            [python, "-m", "jupyterhub", "--config", str(config)],
            cwd=root, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    try:
        running = Hub(url=f"http://127.0.0.1:{proxy}{base_url}".rstrip("/"), root=root)
        _wait_until_up(running, process)
        yield running
    finally:
        _end(process, mark)


def _wait_until_up(hub: Hub, process: subprocess.Popen[bytes], within: float = 60) -> None:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"{hub.url}/hub/health", timeout=2).close()
            return
        time.sleep(0.1)
    raise AssertionError(f"the hub did not come up:\n{hub.log}")


def _end(process: subprocess.Popen[bytes], mark: str) -> None:
    """End the hub, which ends its servers and its proxy, then what is left all the same."""
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(20)
    for left in leftovers.wait_until_gone(mark, within=5):
        with contextlib.suppress(ProcessLookupError):
            os.kill(left.pid, signal.SIGKILL)
    process.wait(5)
