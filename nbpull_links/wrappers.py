"""Find the pull in a link: through logins, spawns and launches, layer by layer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from nbpull_links.binder_providers import PROVIDERS
from nbpull_links.checks import shown
from nbpull_links.errors import UnreadableLinkError
from nbpull_links.fancy_forms import read_form
from nbpull_links.places import HUB_PAGE
from nbpull_links.reading import ENDPOINTS, PULL_NAMES, Notes, Pairs, split_query
from nbpull_links.urls import Url, decode

MAX_LAYERS = 8
WRAPPERS = ("url", "target_link_uri", "custom_next", "next")

_BINDER = re.compile(
    rf"(?P<base>.*?)/(?P<api>v2|build)/(?P<provider>{'|'.join(PROVIDERS)})/(?P<spec>.+)"
)
_OLD_BINDER = re.compile(r"(?P<base>)/repo/(?P<user>[^/]+)/(?P<repo>[^/]+)(?P<path>/.*)?")
_LITE = re.compile(r"(?P<base>.*?)/(?:lab|tree|notebooks|retro)(?:/.*)?")
_STILL_ENCODED = re.compile(r"(?:https?%3A)?%2F|[^?]*(?:git-pull|git-sync)%3F", re.IGNORECASE)


@dataclass(slots=True, kw_only=True)
class Target:
    """Where the layers led.

    Attributes:
        kind: jupyterhub, server, binder, lite or form.
        url: The innermost URL.
        base: What stands before the part that makes it a link, origin included.
        endpoint: git-pull, git-sync or interact; empty on Binder.
        server: The named server, or None.
        lti: The version of the launch around it, or None.
        leaked: The pull's parameters that stand in an outer layer.
        provider: Binder's provider.
        spec: Binder's spec, nothing decoded.
        opens: The path that Binder's first link form opens, or None.
    """

    kind: str
    url: Url
    base: str
    endpoint: str = ""
    server: str | None = None
    lti: str | None = None
    leaked: Pairs = field(default_factory=list)
    provider: str = ""
    spec: str = ""
    opens: str | None = None


def unwrap(text: str, notes: Notes) -> Target:
    """Follow ``text`` inwards until it pulls something.

    Raises:
        UnreadableLinkError: ``no-pull`` or ``too-many-layers``.
        InvalidValueError: Those of `Url.split`.
    """
    lti, launch_base = None, None
    leaked: Pairs = []
    for _layer in range(MAX_LAYERS):
        url = _split(text, notes)
        target = _locate(url, notes)
        if target:
            target.lti, target.leaked = lti, leaked
            _keep_base_path(target, launch_base, notes)
            return target
        pairs = split_query(url.query, notes)
        inner = _inner(pairs)
        if inner is None:
            return _from_form(url)
        version, base = _launch(url, inner[0])
        lti, launch_base = lti or version, launch_base or base
        leaked += [pair for pair in pairs if pair[0] in PULL_NAMES]
        text = _resolve(url, *inner, notes)
    raise UnreadableLinkError(
        "too-many-layers",
        f"The link wraps links more than {MAX_LAYERS} deep.",
        hint="Take the innermost one.",
    )


def _split(text: str, notes: Notes) -> Url:
    url = Url.split(text, "The link")
    if url.user is not None:
        notes.add("credentials-in-url", "The link held credentials; they are left out.")
    if url.fragment:
        if url.fragment.startswith("fancy-forms-config"):
            notes.add("spawn-options", "The link chose server options as well; they are left out.")
        else:
            notes.add(
                "fragment-dropped",
                f"What follows '#' never reaches the server: {shown(url.fragment)}.",
            )
    return url


def _locate(url: Url, notes: Notes) -> Target | None:
    """Recognise a URL that pulls, or that Binder opens."""
    if match := _BINDER.fullmatch(url.path):
        if match["api"] == "build":
            notes.add("binder-build-api", "The link is Binder's build API; it is read as a launch.")
        return Target(
            kind="binder",
            url=url,
            base=url.origin + match["base"],
            provider=match["provider"],
            spec=match["spec"],
        )
    names = url.segments
    if len(names) > 1 and names[-1] == "api" and names[-2] == "git-pull":
        names.pop()
    if names and names[-1].lower().startswith(("git-pull%3f", "git-sync%3f")):
        notes.add("over-encoded", "The '?' after git-pull was encoded; it is read as '?'.")
        names[-1], _, query = decode(names[-1]).partition("?")
        url = replace(url, path=f"/{'/'.join(names)}", query=query)
    if names and names[-1] in ENDPOINTS:
        return _locate_endpoint(url, names, notes)
    return _locate_rarer(url, names, notes)


def _locate_endpoint(url: Url, names: list[str], notes: Notes) -> Target:
    """Tell what stands left of the endpoint, from the right."""
    *left, endpoint = names
    kind, server = "jupyterhub", None
    if left[-1:] == ["user-redirect"]:
        left = left[:-1]
    elif left[-2:-1] == ["user-redirect"]:
        server, left = decode(left[-1]), left[:-2]
    elif left[-2:-1] == ["user"] or left[-3:-2] == ["user"]:
        cut = -2 if left[-2:-1] == ["user"] else -3
        owner, *named = left[cut + 1 :]
        server, left = (decode(named[0]) if named else None), left[:cut]
        notes.add(
            "one-user",
            f"The link opens the server of {shown(decode(owner))} only; "
            "it is read as a link for everybody.",
        )
    elif not (endpoint == "interact" and left[-1:] == ["hub"]):
        kind = "server"
    if kind == "jupyterhub" and left[-1:] == ["hub"]:
        left = left[:-1]
    if server in ("lab", "tree", "notebooks", "retro"):
        notes.add("odd-server", f"{shown(server)} is read as the name of a server.")
    path = "".join(f"/{name}" for name in left)
    if kind == "jupyterhub" and (page := HUB_PAGE.search(path)):
        path = path[: page.start()]
        notes.add("hub-page", f"The hub's address is read as {shown(url.origin + path)}.")
    base = url.origin + path
    return Target(kind=kind, url=url, base=base, endpoint=endpoint, server=server)


def _locate_rarer(url: Url, names: list[str], notes: Notes) -> Target | None:
    """Recognise Binder's first link form, and JupyterLite with a git extension."""
    if "hs-pull" in names[-1:]:
        raise UnreadableLinkError(
            "not-git",
            "The link pulls a HydroShare resource, which is no git repository.",
            hint="Open it where it was made for.",
        )
    query_names = {name for name, _ in split_query(url.query, Notes())}
    if (match := _LITE.fullmatch(url.path)) and "repo" in query_names:
        notes.add(
            "jupyterlite",
            "The link is for JupyterLite, which pulls in the browser; "
            "it is read as one for a Jupyter server.",
        )
        return Target(kind="lite", url=url, base=url.origin + match["base"])
    old = _OLD_BINDER.fullmatch(url.path.rstrip("/"))
    if old and not query_names & set(WRAPPERS):
        notes.add("old-binder", "The link has Binder's first form; its branch was master.")
        return Target(
            kind="binder",
            url=url,
            base=url.origin,
            provider="gh",
            spec=f"{old['user']}/{old['repo']}/master",
            opens=decode(old["path"] or "") or None,
        )
    return None


def _inner(pairs: Pairs) -> tuple[str, str] | None:
    """Find the wrapped link: the parameter that holds it, and the last value of it."""
    values = dict(pairs)
    for name in WRAPPERS:
        if "/" in values.get(name, "") or _STILL_ENCODED.match(values.get(name, "")):
            return name, values[name]
    return None


def _launch(url: Url, name: str) -> tuple[str | None, str | None]:
    """Tell the LTI version of a launch and the hub's base path, if this layer is a launch."""
    path = url.path.rstrip("/")
    if path.endswith("/hub/lti/launch"):
        return "1.1", path.removesuffix("/hub/lti/launch")
    if re.search(r"/hub/lti13(?:/|$)", path) or name == "target_link_uri":
        return "1.3", None
    if path.endswith("/hub"):
        return "1.3", path.removesuffix("/hub")
    login = re.match(r"(.*?)/hub/(?:login|spawn|oauth_login|home)(?:/|$)", path)
    return None, login[1] if login else None


def _resolve(outer: Url, name: str, inner: str, notes: Notes) -> str:
    """Make the wrapped link absolute."""
    if _STILL_ENCODED.match(inner):
        notes.add("over-encoded", f"The value of {name} was encoded once too often.")
        inner = decode(inner)
    if re.match(r"//[^/]+\.[^/]+/", inner):  # to browsers and hubs the name of a host
        inner = f"{outer.scheme}:{inner}"
    if re.match(r"https?://", inner, re.IGNORECASE):
        if "next" in name and Url.split(inner, "The link").origin != outer.origin:
            notes.add(
                "next-elsewhere",
                f"{name} leads to another host, which hubs refuse; it is followed here.",
            )
        return inner
    return f"{outer.origin}/{inner.lstrip('/')}"


def _keep_base_path(target: Target, launch_base: str | None, notes: Notes) -> None:
    """Give a hub its base path back where only the outer layer names it."""
    if target.kind == "jupyterhub" and launch_base and target.base == target.url.origin:
        notes.add(
            "base-path-lost",
            f"The target of the launch lacks the hub's base path {shown(launch_base)}.",
        )
        target.base = target.url.origin + launch_base


def _from_form(url: Url) -> Target:
    """Take the pull out of the options for a new server, if it is there."""
    form = read_form(url.fragment)
    if form is None:
        raise _no_pull(url)
    base = url.origin + re.sub(r"/hub/.*", "", url.path)
    return Target(kind="form", url=replace(url, query=form, fragment=None), base=base)


def _no_pull(url: Url) -> UnreadableLinkError:
    where = shown(decode(url.path) or "/")
    return UnreadableLinkError(
        "no-pull",
        f"The link pulls nothing: its path {where} neither ends in git-pull nor is it Binder's, "
        "and no parameter wraps such a link.",
        hint="Give the whole link, from https:// to its end.",
    )
