"""Make a link from named inputs."""

from __future__ import annotations

import re

from nbpull_links.addresses import read_base
from nbpull_links.binder_providers import BinderEnv, guess_provider
from nbpull_links.checks import check_value, shown
from nbpull_links.content import Content
from nbpull_links.errors import InvalidValueError
from nbpull_links.forges import RepoPage, read_page
from nbpull_links.link import Link
from nbpull_links.notices import LinkWarning
from nbpull_links.places import LTI, MYBINDER, Binder, JupyterHub, JupyterServer, Place
from nbpull_links.refs import note_commit

__all__ = ["build_link", "make_link"]

# What people copy from the address bar after a hub's or a server's own address.
_HUB_TAIL = re.compile(r"(?:/hub(?!/hub(?:/|$))(?=/|$)|/user-redirect(?=/|$)|/user/[^/]+).*")
_SERVER_TAIL = re.compile(
    r"/(?:lab|tree|notebooks|edit|doc|nbclassic|git-pull|login|files|consoles|terminals|view)"
    r"(?:/.*)?$"
)
_BINDER_TAIL = re.compile(r"/v2(?:/.*)?$")


def make_link(  # noqa: PLR0913  # the parameters of a link, each by its name
    env_repo: str | None = None,
    branch: str | None = None,
    content_repo: str | None = None,
    *,
    content_branch: str | None = None,
    path: str | None = None,
    app: str | None = None,
    urlpath: str | None = None,
    targetpath: str | None = None,
    depth: int | None = None,
    binder: str = MYBINDER,
    provider: str | None = None,
    hub: str | None = None,
    server: str | None = None,
    lti: str | float | None = None,
    jupyter: str | None = None,
) -> str:
    """Make a link.

    Takes what `build_link` takes and gives the URL of that link.

    Raises:
        InvalidValueError: As `build_link`.
    """
    link = build_link(
        env_repo, branch, content_repo, content_branch=content_branch, path=path, app=app,
        urlpath=urlpath, targetpath=targetpath, depth=depth, binder=binder, provider=provider,
        hub=hub, server=server, lti=lti, jupyter=jupyter,
    )  # fmt: skip
    return str(link)


def build_link(  # noqa: PLR0913  # the parameters of a link, each by its name
    env_repo: str | None = None,
    branch: str | None = None,
    content_repo: str | None = None,
    *,
    content_branch: str | None = None,
    path: str | None = None,
    app: str | None = None,
    urlpath: str | None = None,
    targetpath: str | None = None,
    depth: int | None = None,
    binder: str = MYBINDER,
    provider: str | None = None,
    hub: str | None = None,
    server: str | None = None,
    lti: str | float | None = None,
    jupyter: str | None = None,
) -> Link:
    """Make a link as a value, with warnings about what had to be assumed.

    Exactly one of ``env_repo``, ``hub`` and ``jupyter`` says where the link runs.

    Args:
        env_repo: The repository that Binder builds; a pasted page of it will do.
        branch: The env repo's branch, tag or commit.
        content_repo: The repository with the content; a pasted page of it will do. Without one,
            Binder opens what is in the env repo.
        content_branch: The content's branch or tag; its default branch if None.
        path: The file or directory to open, as it is named in the repository, nothing encoded.
        app: One of lab, notebook, classic, retro, rstudio, shiny, vscode, voila, desktop; lab if
            only a path is given.
        urlpath: Instead of path and app, the path in the server, percent-encoded.
        targetpath: The clone's directory, relative to the server's root.
        depth: How many commits to fetch; 0 is all.
        binder: The BinderHub's address.
        provider: Binder's provider where ``env_repo`` does not tell it.
        hub: The JupyterHub's address.
        server: A named server on the hub.
        lti: ``1.1`` or ``1.3`` for a launch by a learning management system.
        jupyter: The address of one Jupyter server.

    Raises:
        InvalidValueError: Says which value cannot be in a link, why, and what to give instead.
    """
    version = str(lti) if lti else None  # the number 1.3 is as good as the text
    launched = server or version
    _check_places(env_repo, hub, jupyter, branch=branch, server=launched, provider=provider)
    env = _read_env(env_repo, branch, provider) if env_repo else None
    page = read_page(content_repo, content_branch) if content_repo else None
    shows = page or (env[1] if env else None)
    content = Content(
        repo=page.repo if page else None,
        branch=content_branch or (page.ref if page else None),
        path=path or (shows.path if shows and not urlpath else None),
        app=app, urlpath=urlpath, targetpath=targetpath, depth=depth,
    )  # fmt: skip
    _refuse_commit(content)
    place: Place
    address: LinkWarning | None
    if env:
        base, address = _clean(binder or MYBINDER, "The BinderHub", _BINDER_TAIL)
        place = Binder(url=base, env=env[0])
    elif hub:
        base, address = _clean(hub, "The hub", _HUB_TAIL)
        place = (
            LTI(url=base, server=server, version=version)
            if version
            else JupyterHub(url=base, server=server)
        )
    else:
        base, address = _clean(jupyter, "The server", _SERVER_TAIL)
        place = JupyterServer(url=base)
    pages = [read for read in (env[1] if env else None, page) if read]
    said = [warning for read in pages for warning in read.warnings]
    notes = [note for note in (address, _path_not_opened(content, path)) if note]
    return Link(place, content, (*said, *note_commit(content.branch), *notes))


def _check_places(  # noqa: PLR0913  # all that says where a link runs
    env_repo: str | None,
    hub: str | None,
    jupyter: str | None,
    *,
    branch: str | None,
    server: str | None,
    provider: str | None,
) -> None:
    """Check that exactly one place is given and nothing that belongs to another."""
    given = [name for name, value in _named(env_repo=env_repo, hub=hub, jupyter=jupyter) if value]
    if len(given) != 1:
        raise InvalidValueError(
            "place-missing" if not given else "place-ambiguous",
            "No place was given to run in." if not given else f"{' and '.join(given)} were given.",
            hint="Give exactly one of env_repo (for Binder), hub and jupyter (one server).",
        )
    if branch and not env_repo:
        raise InvalidValueError(
            "branch-without-env",
            "branch is the env repo's, and there is no env repo.",
            hint="Give content_branch for the content's branch.",
            field="branch",
        )
    if provider and not env_repo:
        raise InvalidValueError(
            "provider-without-env",
            "provider is Binder's, and there is no env repo.",
            hint="Give env_repo as well, or leave provider out.",
            field="provider",
        )
    if server and not hub:
        raise InvalidValueError(
            "server-without-hub",
            "A named server or an LTI launch needs a hub.",
            hint="Give hub as well, or leave server and lti out.",
            field="server",
        )


def _named(**values: str | None) -> list[tuple[str, str | None]]:
    return list(values.items())


def _read_env(
    env_repo: str, branch: str | None, provider: str | None
) -> tuple[BinderEnv, RepoPage | None]:
    """Read the env repo: an address or page of a forge, or what an archive calls a dataset."""
    env_repo = check_value(env_repo, "The env repo")
    name = provider or guess_provider(env_repo)
    if name not in ("gh", "gl", "git", "gist") or "://" not in env_repo:
        return BinderEnv(provider=name, repo=env_repo, ref=branch), None
    page = read_page(env_repo, branch)
    name = provider or guess_provider(str(page.repo))
    return BinderEnv(provider=name, repo=str(page.repo), ref=branch or page.ref), page


def _refuse_commit(content: Content) -> None:
    if content.is_commit:
        raise InvalidValueError(
            "commit-as-branch",
            f"The content branch {shown(content.branch or '')} is a commit.",
            hint="Give a branch or a tag: nbgitpuller cannot pull a commit. Tag it to name it.",
            field="content_branch",
        )


def _clean(value: str | None, what: str, tail: re.Pattern[str]) -> tuple[str, LinkWarning | None]:
    """Cut off what was copied along with an address."""
    url = read_base(value, what)
    path = tail.sub("", url.path, count=1)
    clean = url.origin + path
    if path == url.path and url.query is None and url.fragment is None:
        return clean, None
    return clean, LinkWarning("address-cleaned", f"{what} is taken to be {clean}.")


def _path_not_opened(content: Content, path: str | None) -> LinkWarning | None:
    if path and content.app and not content.path:
        return LinkWarning(
            "path-not-opened",
            f"{content.app} cannot open {shown(path)}; it is pulled all the same.",
        )
    return None
