"""Read Binder links, whose specs other programs often write wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nbpull_links.binder_providers import WITH_REF, BinderEnv
from nbpull_links.checks import shown
from nbpull_links.content import Content
from nbpull_links.errors import InvalidValueError
from nbpull_links.interact import read_interact
from nbpull_links.pull_query import clean_urlpath, note_landing, read_content
from nbpull_links.reading import ENDPOINTS, PULL_NAMES, Notes, Pairs, is_template, split_query
from nbpull_links.repo import without_credentials
from nbpull_links.repo_reading import template_error
from nbpull_links.urls import decode

if TYPE_CHECKING:
    from nbpull_links.wrappers import Target

_OWN_NAMES = ("urlpath", "labpath", "filepath", "urlPath")
_OLD_PATHS = {"labpath": "lab", "filepath": "notebook"}
_ENCODED_PULL = re.compile(r"(?:[^?]*/)?(?:git-pull|git-sync)%3F", re.IGNORECASE)


def read_env(provider: str, spec: str, notes: Notes) -> BinderEnv:
    """Read what Binder builds.

    Args:
        provider: The provider's id.
        spec: What follows it in the path, nothing decoded.
        notes: Takes the warnings.

    Raises:
        UnreadableLinkError: ``template``.
        InvalidValueError: Those of `BinderEnv`.
    """
    given, spec = spec, _REPAIRS.get(provider, _as_is)(spec.rstrip("/"), notes)
    if provider == "git":
        repo, slash, ref = spec.partition("/")
        spec = _without_credentials(repo, notes) + slash + ref
    try:
        env = BinderEnv.read(provider, spec)
    except InvalidValueError:
        if is_template(decode(given)):
            raise template_error("The env repo", decode(given)) from None
        raise
    if is_template(env.ref or "") or env.repo.endswith("/undefined"):
        notes.add("template", f"{shown(env.spec)} seems to hold a placeholder.")
    if provider in WITH_REF and provider != "gist" and _has_no_ref(provider, spec):
        notes.add("missing-ref", "The link names no branch to build, which Binder refuses.")
    return env


def _has_no_ref(provider: str, spec: str) -> bool:
    return spec.count("/") < (2 if provider == "gh" else 1)


def _as_is(spec: str, _notes: Notes) -> str:
    return spec


def _repair_github(spec: str, notes: Notes) -> str:
    """Mend an encoded slash between owner and name."""
    first, slash, rest = spec.partition("/")
    if "%2f" not in first.lower():
        return spec
    notes.add("spec-encoded", "Binder wants the slash in a GitHub repository unencoded.")
    return decode(first) + slash + rest


def _repair_gist(spec: str, notes: Notes) -> str:
    short = re.sub(r"^(?:https?:/+)?gist\.github\.com/", "", spec)
    if short != spec:
        notes.add("spec-repaired", "The gist's host does not belong into a Binder link.")
    return short


def _repair_gitlab(spec: str, notes: Notes) -> str:
    """Mend a project whose slashes are not all encoded; the last segment then is the ref."""
    names = spec.split("/")
    encoded = [index for index, name in enumerate(names) if "%2f" in name.lower()]
    if encoded[:1] == [0] or len(names) == 1:
        return spec
    _note_unescaped(notes)
    size = encoded[0] + 1 if encoded else 2
    return "/".join(["%2F".join(names[:size]), *names[size:]])


def _repair_git(spec: str, notes: Notes) -> str:
    """Mend a URL whose slashes are not encoded; where it ends has to be told by its shape."""
    if re.match(r"[a-z+]+%3A%2F%2F|[^/]+%40|[^/@]+@[^/]+%2F", spec, re.IGNORECASE):
        return spec
    match = re.fullmatch(r"(https?|ssh|git)(?::|%3A)/+([^/]+)/(.+)", spec, re.IGNORECASE)
    if match is None:
        return spec
    _note_unescaped(notes)
    names = match[3].split("/")
    ends = [index for index, name in enumerate(names) if name.endswith(".git")]
    size = ends[0] + 1 if ends else max(len(names) - 1, min(2, len(names)))
    if match[2] in ("github.com", "bitbucket.org", "codeberg.org"):
        size = 2
    repo = "%2F".join(names[:size])
    return "/".join([f"{match[1]}%3A%2F%2F{match[2]}%2F{repo}", *names[size:]])


def _note_unescaped(notes: Notes) -> None:
    notes.add(
        "unescaped-spec",
        "The env repo's slashes are not encoded, so Binder takes another repository; "
        "it is read as it was meant.",
    )


def _without_credentials(repo: str, notes: Notes) -> str:
    """Drop credentials from an encoded URL."""
    clean = decode(repo)
    if "://" not in clean:
        return repo
    bare = without_credentials(clean)
    if bare == clean:
        return repo
    notes.add("credentials-in-url", "The env repo's address held credentials; they are left out.")
    return bare.replace("%", "%25").replace("/", "%2F")


_REPAIRS = {
    "gh": _repair_github,
    "gist": _repair_gist,
    "gl": _repair_gitlab,
    "git": _repair_git,
}


def read_binder_content(target: Target, notes: Notes) -> Content:
    """Read what a Binder link pulls and opens in the environment it builds.

    Raises:
        UnreadableLinkError: Those of `read_content`.
        InvalidValueError: Those of `RepoUrl`.
    """
    pairs = split_query(target.url.query, notes)
    _note_others(pairs, notes)
    first = dict(reversed(pairs))  # Binder takes the first of several
    for name, app in _OLD_PATHS.items():
        if first.get(name):
            return _read_old_path(first[name], app, notes)
    opens = first.get("urlpath") or target.opens or ""
    if _ENCODED_PULL.match(opens):
        notes.add("over-encoded", "The pull inside urlpath was encoded once too often.")
        opens = decode(opens)
    leaked = [*_without_first_urlpath(pairs), *target.leaked]
    path, _, query = opens.partition("?")
    if path.rstrip("/").rpartition("/")[2] in ENDPOINTS:
        return _read_pull(path, query, leaked, notes)
    for name in dict(leaked):
        notes.add("pull-missing", f"Binder pulls nothing here, so {name} has no meaning.")
    content = Content(urlpath=clean_urlpath(opens, notes, on_binder=True) if opens else None)
    note_landing(content, notes)
    return content


def _note_others(pairs: Pairs, notes: Notes) -> None:
    """Say which parameters are no part of what is read."""
    for name, _ in pairs:
        if name == "token":
            notes.add("token-dropped", "The link held a token; it is left out.")
        elif name not in (*_OWN_NAMES, *PULL_NAMES):
            notes.add("unknown-parameter", f"Binder does not know {shown(name)}; it is left out.")


def _read_pull(path: str, query: str, leaked: Pairs, notes: Notes) -> Content:
    """Read the pull that Binder opens."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", path):
        notes.add(
            "urlpath-absolute",
            "The urlpath leaves Binder for another server; the pull in it is read.",
        )
    inner, mark, fragment = query.partition("#")
    if mark:
        notes.add(
            "fragment-dropped", f"What follows '#' never reaches the server: {shown(fragment)}."
        )
    pairs = split_query(inner, notes)
    if path.rstrip("/").endswith("interact"):
        pairs = read_interact(pairs, notes)
    return read_content(pairs, leaked, notes)


def _without_first_urlpath(pairs: Pairs) -> Pairs:
    """Give the pull's parameters that leaked into Binder's own query."""
    names = [name for name, _ in pairs]
    first = names.index("urlpath") if "urlpath" in names else -1
    return [pair for index, pair in enumerate(pairs) if index != first and pair[0] in PULL_NAMES]


def _read_old_path(path: str, app: str, notes: Notes) -> Content:
    """Read Binder's former parameters for a file in the env repo."""
    notes.add("old-parameters", "labpath and filepath are old parameters; they are read as a path.")
    try:
        return Content(app=app, path=path)
    except InvalidValueError as error:
        notes.add(error.code, f"{error.message} It is left out.")
        return Content()
