"""Where a link runs. Each place builds its own URL; `parse` reads them back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbpull_links.addresses import read_base
from nbpull_links.binder_providers import PROVIDERS, BinderEnv
from nbpull_links.checks import check_value, shown
from nbpull_links.errors import InvalidValueError
from nbpull_links.urls import Url, encode, encode_query, join_url

if TYPE_CHECKING:
    from nbpull_links.content import Content

__all__ = ["LTI", "Binder", "JupyterHub", "JupyterServer", "Place"]

# Base paths that would make a link ambiguous: a reader takes what follows for Binder's spec.
_BINDER_PATH = re.compile(rf"/(?:v2|build)/(?:{'|'.join(PROVIDERS)})(?:/|$)")
HUB_PAGE = re.compile(r"/hub/(?:home|login|spawn|token|admin)(?=/|$)")
MYBINDER = "https://mybinder.org"


def settle_base(value: object, what: str) -> str:
    """Check a base address and give its one form: no trailing slash, no query, no fragment."""
    url = read_base(value, what)
    if _BINDER_PATH.search(url.path):
        raise InvalidValueError(
            "not-an-address",
            f"{what} {shown(url.origin + url.path)} is a Binder link, not an address.",
            hint="Give what stands before /v2/.",
            field=what,
        )
    return url.origin + url.path


def _settle_hub(value: object) -> str:
    """Check a hub's address; a page of the hub is not it."""
    base = settle_base(value, "The hub")
    if HUB_PAGE.search(base):
        raise InvalidValueError(
            "not-an-address",
            f"The hub {shown(base)} is a page of a hub, not its address.",
            hint="Give what stands before /hub/.",
            field="The hub",
        )
    return base


def _check_server(value: object) -> str:
    """Check the name of a named server, which stands between two slashes."""
    name = check_value(value, "The server name")
    if not name or re.search(r"[/\\]", name) or name in (".", "..", "user-redirect"):
        raise InvalidValueError(
            "server-invalid",
            f"The server name {shown(name)} cannot be one.",
            hint="Give the name as the hub's home page shows it, without slashes.",
            field="server",
        )
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class JupyterHub:
    """A JupyterHub, by the address under which people open it, with its base path.

    Attributes:
        url: Its address: ``https://hub.example.org/jupyter``.
        server: A named server; None is the default one.

    Raises:
        InvalidValueError: ``not-a-url``, ``unsupported-scheme``, ``credentials-in-url``,
            ``dots-in-path``, ``not-an-address`` or ``server-invalid``.
    """

    url: str
    server: str | None = None

    def __post_init__(self) -> None:
        """Check and normalise."""
        object.__setattr__(self, "url", _settle_hub(self.url))
        server = _check_server(self.server) if self.server else None
        object.__setattr__(self, "server", server)

    def link(self, content: Content) -> str:
        """Give the URL that pulls ``content`` here."""
        server = f"{encode(self.server)}/" if self.server else ""
        return join_url(self.url, f"hub/user-redirect/{server}git-pull", content.query)

    def next(self, content: Content) -> str:
        """Give the path on this host that pulls ``content``, as a value for ``next=``."""
        return self.link(content).removeprefix(Url.split(self.url).origin)


@dataclass(frozen=True, slots=True, kw_only=True)
class LTI:
    """A JupyterHub that a learning management system launches through LTI.

    Attributes:
        url: The hub's address.
        server: A named server; None is the default one.
        version: ``1.1`` or ``1.3``.

    Raises:
        InvalidValueError: ``lti-version`` or those of `JupyterHub`.
    """

    url: str
    server: str | None = None
    version: str = "1.1"

    def __post_init__(self) -> None:
        """Check and normalise."""
        if self.version not in ("1.1", "1.3"):
            raise InvalidValueError(
                "lti-version",
                f"There is no LTI {shown(str(self.version))} launch.",
                hint="Use 1.1 or 1.3.",
                field="lti",
            )
        hub = JupyterHub(url=self.url, server=self.server)
        object.__setattr__(self, "url", hub.url)
        object.__setattr__(self, "server", hub.server)

    @property
    def hub(self) -> JupyterHub:
        """The hub that is launched."""
        return JupyterHub(url=self.url, server=self.server)

    def link(self, content: Content) -> str:
        """Give the launch URL that pulls ``content`` here; the whole target is one value."""
        target = encode_query([("next", self.hub.next(content))])
        # 1.3 has no launch path of its own. Its reader looks for "next=" anywhere in the URL, so
        # the target must always be given that way: a plain link is lost where a repository is
        # called, say, nextflow.
        launch = "hub/lti/launch" if self.version == "1.1" else "hub"
        return join_url(self.url, launch, target)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binder:
    """A BinderHub and the repository it builds.

    Attributes:
        url: The BinderHub's address, with its base path.
        env: What it builds.

    Raises:
        InvalidValueError: Those of `JupyterHub` for the address.
    """

    url: str = MYBINDER
    env: BinderEnv

    def __post_init__(self) -> None:
        """Check and normalise."""
        object.__setattr__(self, "url", settle_base(self.url, "The BinderHub"))

    def link(self, content: Content) -> str:
        """Give the URL that builds the environment, pulls ``content`` there and opens it."""
        urlpath = content.pull if content.repo else content.urlpath
        query = encode_query([("urlpath", urlpath)]) if urlpath else ""
        return join_url(self.url, f"v2/{self.env.provider}/{self.env.spec}", query)


@dataclass(frozen=True, slots=True, kw_only=True)
class JupyterServer:
    """One running Jupyter server.

    Attributes:
        url: Its address, with its base path: ``http://localhost:8888``.

    Raises:
        InvalidValueError: ``hub-as-server`` or those of `JupyterHub` for the address.
    """

    url: str

    def __post_init__(self) -> None:
        """Check and normalise."""
        base = settle_base(self.url, "The server")
        if re.search(r"/user-redirect(?:/[^/]+)?$|/user/[^/]+(?:/[^/]+)?$", base):
            raise InvalidValueError(
                "hub-as-server",
                f"The server {shown(base)} is one person's server on a hub.",
                hint="Give the hub's address as the hub, so that the link works for everybody.",
                field="jupyter",
            )
        object.__setattr__(self, "url", base)

    def link(self, content: Content) -> str:
        """Give the URL that pulls ``content`` here."""
        return join_url(self.url, "git-pull", content.query)


Place = JupyterHub | LTI | Binder | JupyterServer
