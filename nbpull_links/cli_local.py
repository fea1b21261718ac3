"""`nbpull demo`, `nbpull web` and `nbpull completion`: what runs on this machine alone."""

from __future__ import annotations

import importlib
import threading
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nbpull_links.cli_text import examples

if TYPE_CHECKING:
    import os

WEB = Path(__file__).parent / "web"
SHELLS = ("bash", "zsh", "fish")


@click.command(epilog=examples("nbpull demo"))
@click.option("--keep", is_flag=True, help="Leave it all running, and print the URL to open.")
@click.pass_context
def demo(ctx: click.Context, *, keep: bool) -> None:
    """Run the main job for real, on this machine alone.

    A git server with a small course and a Jupyter server start on 127.0.0.1; the link that is
    made for them is clicked, a learner edits a notebook, the teacher pushes an update, and the
    link is clicked again.
    """
    # By name: the links must not depend on the server that only this command runs.
    module = importlib.import_module("nbpull_server.demo")
    ctx.exit(module.main(["--keep"] if keep else []))


@click.command(epilog=examples("nbpull web", "nbpull web --port 8000 --no-browser"))
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 for any that is free.")
@click.option("--browser/--no-browser", default=True, help="Open a browser.  [default: do]")
def web(*, port: int, browser: bool) -> None:
    """Open the link generator in a browser; it runs on this machine until Ctrl-C."""
    # Only this command waits for these.
    import webbrowser  # noqa: PLC0415
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer  # noqa: PLC0415

    class Page(SimpleHTTPRequestHandler):
        """Serves the page and its parts, no lists of files, and keeps no log."""

        def list_directory(self, path: str | os.PathLike[str]) -> None:  # noqa: ARG002 - http's
            self.send_error(HTTPStatus.NOT_FOUND)

        def log_message(self, *_: object) -> None:
            pass

    # Only this machine can reach it: no other address is bound.
    with ThreadingHTTPServer(("127.0.0.1", port), partial(Page, directory=str(WEB))) as server:
        url = f"http://127.0.0.1:{server.server_port}/"
        click.echo(url)
        if browser:
            # Some browsers keep their caller waiting until they are closed.
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
        server.serve_forever()


@click.command(epilog=examples("nbpull completion bash"))
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print what makes SHELL complete nbpull's commands and options.

    For bash put this into ~/.bashrc: eval "$(nbpull completion bash)". For zsh put the same with
    zsh into ~/.zshrc. For fish: nbpull completion fish > ~/.config/fish/completions/nbpull.fish
    """
    # Only this command waits for these.
    from click.shell_completion import BashComplete, FishComplete, ZshComplete  # noqa: PLC0415

    kind = {"bash": BashComplete, "fish": FishComplete, "zsh": ZshComplete}[shell]
    group = click.get_current_context().find_root().command
    click.echo(kind(group, {}, "nbpull", "_NBPULL_COMPLETE").source())
