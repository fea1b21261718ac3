"""`nbpull convert`: the same content, in another place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from nbpull_links.binder_providers import PROVIDERS, WITH_REF
from nbpull_links.build import build_link
from nbpull_links.cli_link import badge_options, print_link
from nbpull_links.cli_text import as_options, examples, warn
from nbpull_links.errors import InvalidValueError
from nbpull_links.notices import LinkWarning
from nbpull_links.parse import parse_link
from nbpull_links.places import LTI, Binder, JupyterServer

if TYPE_CHECKING:
    from nbpull_links.link import Link
    from nbpull_links.places import Place

HUB_LINK = (
    "'https://hub.example.org/hub/user-redirect/git-pull"
    "?repo=https%3A%2F%2Fgithub.com%2Forg%2Fcourse'"
)
NEEDED = {"hub": "hub", "lti": "hub", "server": "jupyter", "binder": "env_repo"}
"""The one option that each place cannot do without."""
BELONGING = {
    "hub": ("hub", "server"),
    "lti": ("hub", "server", "lti"),
    "server": ("jupyter",),
    "binder": ("env_repo", "branch", "provider", "binder"),
}
"""The options of each place."""


@click.command(
    epilog=examples(
        f"nbpull convert {HUB_LINK} --to binder --env-repo https://github.com/org/environment",
        f"nbpull convert {HUB_LINK} --to lti --lti 1.3",
    )
)
@click.argument("url")
@click.option("--to", required=True, type=click.Choice(list(NEEDED)), help="The new place.")
@click.option("--hub", metavar="URL", help="The JupyterHub.  [default: the one of URL]")
@click.option("--server", metavar="NAME", help="A named server on the hub.")
@click.option("--lti", type=click.Choice(["1.1", "1.3"]), help="The launch.  [default: 1.1]")
@click.option("--jupyter", metavar="URL", help="The one Jupyter server.")
@click.option("--env-repo", metavar="REPO", help="The repository that Binder builds.")
@click.option("--branch", "--env-branch", metavar="REF", help="Its branch, tag or commit.")
@click.option("--provider", type=click.Choice(PROVIDERS), help="Binder's provider.")
@click.option("--binder", metavar="URL", help="The BinderHub.  [default: https://mybinder.org]")
@badge_options
def convert(
    url: str,
    to: str,
    badge: str | None,
    label: str | None,
    image: str | None,
    **options: str | None,
) -> None:
    """Make the link that brings what URL brings, in another place.

    What the new place has in common with that of URL is kept: from a hub to LTI, the hub and its
    named server.
    """
    source = parse_link(url)
    content, notes = _content(source, to)
    given = {name: value for name, value in options.items() if value}
    parameters = content | _new_place(to, source.place, given)
    with as_options():
        made = build_link(**parameters)
    warn((*source.warnings, *notes))
    print_link(made, badge, label, image)


def _new_place(to: str, old: Place, given: dict[str, str]) -> dict[str, str]:
    """Give the parameters of the new place: what was given, else what the old one says."""
    ctx = click.get_current_context()
    for name in given:
        if name not in BELONGING[to]:
            option = name.replace("_", "-")
            raise click.UsageError(f"--{option} does not belong to --to {to}.", ctx)
    needed = NEEDED[to]
    known = {name: value for name, value in _parameters(old).items() if name in BELONGING[to]}
    # Where the place itself is new, the old one's named server or branch means nothing there.
    place = given if needed in given else known | given
    if needed not in place:
        raise click.UsageError(f"--to {to} needs --{needed.replace('_', '-')}.", ctx)
    return {"lti": "1.1"} | place if to == "lti" else place


def _parameters(place: Place) -> dict[str, str]:
    """Give a place in the form that makes it."""
    values: dict[str, str | None]
    if isinstance(place, Binder):
        env = place.env
        values = {
            "binder": place.url,
            "env_repo": env.repo,
            "branch": env.ref,
            "provider": env.provider,
        }
    elif isinstance(place, JupyterServer):
        values = {"jupyter": place.url}
    else:
        version = place.version if isinstance(place, LTI) else None
        values = {"hub": place.url, "server": place.server, "lti": version}
    return {name: value for name, value in values.items() if value}


def _content(source: Link, to: str) -> tuple[dict[str, Any], list[LinkWarning]]:
    """Give the parameters of the content, and what has to be said about it."""
    content = source.content
    if content.repo is None and to != "binder" and isinstance(source.place, Binder):
        return _env_as_content(source, source.place)
    return {
        "content_repo": str(content.repo) if content.repo else None,
        "content_branch": content.branch,
        "urlpath": content.urlpath,
        "targetpath": content.targetpath,
        "depth": content.depth,
    }, []


def _env_as_content(source: Link, binder: Binder) -> tuple[dict[str, Any], list[LinkWarning]]:
    """Pull what Binder would have built: there the env repo's own files were the content."""
    env, content = binder.env, source.content
    if env.provider not in WITH_REF:
        raise InvalidValueError(
            "no-content-repo",
            f"The content is in {env.repo}, which git cannot pull.",
            hint="Put it into a git repository and make a new link with 'nbpull link'.",
        )
    note = LinkWarning("env-as-content", f"The content is the env repo's own: {env.repo}.")
    landing = (
        {"app": content.app, "path": content.path} if content.app else {"urlpath": content.urlpath}
    )
    branch = None if env.ref == "HEAD" else env.ref
    return {"content_repo": env.repo, "content_branch": branch, **landing}, [note]
