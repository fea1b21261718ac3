"""`nbpull link`: make a link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from nbpull_links.apps import APPS
from nbpull_links.binder_providers import PROVIDERS
from nbpull_links.build import build_link
from nbpull_links.cli_text import as_options, examples, warn
from nbpull_links.snippets import DEFAULT_BADGE, DEFAULT_LABEL, MARKUPS
from nbpull_links.snippets import badge as write_badge

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbpull_links.link import Link

Function = TypeVar("Function", bound="Callable[..., None]")

BADGE_OPTIONS = (
    click.option("--badge", type=click.Choice(list(MARKUPS)), help="Print a badge for it."),
    click.option("--label", metavar="TEXT", help="What the badge says to who cannot see it."),
    click.option("--image", metavar="URL", help="The badge's picture, as the page sees it."),
)


def badge_options(function: Function) -> Function:
    """Give a command the options that print a badge in place of a link."""
    for option in reversed(BADGE_OPTIONS):
        function = option(function)
    return function


def print_link(made: Link, badge: str | None, label: str | None, image: str | None) -> None:
    """Print a link, or a badge for it, on stdout, and what there is to say of it on stderr."""
    if badge is None and (label or image):
        raise click.UsageError("--label and --image need --badge.", click.get_current_context())
    warn(made.warnings)
    if badge is None:
        click.echo(str(made))
    else:
        label, image = label or DEFAULT_LABEL, image or DEFAULT_BADGE
        click.echo(write_badge(str(made), badge, label=label, image=image))


@click.command(
    epilog=examples(
        "nbpull link --hub https://hub.example.org https://github.com/org/course"
        " --path week1/intro.ipynb",
        "nbpull link https://github.com/org/environment v2 https://github.com/org/course"
        " --badge markdown",
    )
)
@click.argument("repos", nargs=-1, metavar="[ENV_REPO [BRANCH]] [CONTENT_REPO]")
@click.option("--hub", metavar="URL", help="Run on this JupyterHub.")
@click.option("--server", metavar="NAME", help="A named server on the hub.")
@click.option(
    "--lti",
    type=click.Choice(["1.1", "1.3"]),
    help="Launch the hub from Canvas, Moodle or such.",
)
@click.option("--jupyter", metavar="URL", help="Run on this one Jupyter server.")
@click.option("--binder", metavar="URL", help="The BinderHub.  [default: https://mybinder.org]")
@click.option("--env-repo", metavar="REPO", help="The repository that Binder builds.")
@click.option("--branch", "--env-branch", metavar="REF", help="Its branch, tag or commit.")
@click.option(
    "--provider",
    type=click.Choice(PROVIDERS),
    help="Binder's provider, if REPO does not tell.",
)
@click.option("--content-repo", metavar="REPO", help="The repository to pull.")
@click.option("--content-branch", metavar="REF", help="The content repo's branch or tag.")
@click.option("--path", help="The file or directory to open, as it is named in the repository.")
@click.option(
    "--app",
    shell_complete=lambda _ctx, _param, typed: [app for app in APPS if app.startswith(typed)],
    help=f"What opens it: {', '.join(APPS)}.",
)
@click.option("--urlpath", metavar="PATH", help="Instead of both: the path in the server, encoded.")
@click.option("--targetpath", metavar="DIR", help="The directory to pull into.")
@click.option("--depth", type=int, metavar="N", help="Commits of history to pull; 0 for all.")
@badge_options
def link(
    repos: tuple[str, ...], badge: str | None, label: str | None, image: str | None, **options: Any
) -> None:
    """Make a link that brings CONTENT_REPO into a Jupyter.

    With --hub or --jupyter there is one REPO to name, the content. Without them the link is for
    Binder: ENV_REPO is what it builds, BRANCH the env repo's branch, and CONTENT_REPO what is
    pulled into it; without a CONTENT_REPO, Binder opens what is in ENV_REPO.
    """
    options |= _place_arguments(repos, options)
    with as_options():
        made = build_link(**{name: value for name, value in options.items() if value is not None})
    print_link(made, badge, label, image)


def _place_arguments(repos: tuple[str, ...], options: dict[str, Any]) -> dict[str, str]:
    """Tell which parameter each argument is."""
    if options["hub"] or options["jupyter"] or options["env_repo"]:
        order = ["content_repo"]
    else:
        order = ["env_repo", "branch", "content_repo"]
    free = [name for name in order if not options[name]]
    if len(repos) > len(free):
        extra = "', '".join(repos[len(free) :])
        raise click.UsageError(f"There is no place for '{extra}'.", click.get_current_context())
    placed = dict(zip(free, repos, strict=False))
    if not (options["hub"] or options["jupyter"] or options["env_repo"] or "env_repo" in placed):
        raise click.UsageError(
            "No place to run in: give --hub, --jupyter, or an ENV_REPO for Binder.",
            click.get_current_context(),
        )
    return placed
