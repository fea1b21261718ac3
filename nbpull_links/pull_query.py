"""Read the parameters of a pull as nbgitpuller does, and repair what others write wrong."""

from __future__ import annotations

import re

from nbpull_links.apps import find_app, read_urlpath
from nbpull_links.checks import shown
from nbpull_links.content import MAX_DEPTH, Content, check_targetpath
from nbpull_links.errors import InvalidValueError, UnreadableLinkError
from nbpull_links.reading import PULL_NAMES, Notes, Pairs, is_template
from nbpull_links.refs import check_branch, note_commit
from nbpull_links.repo_reading import read_repo
from nbpull_links.urls import decode, encode_path

# Sent along by servers, not by whoever made the link; nothing is lost without them.
_HARMLESS = ("redirects", "autodecode", "_xsrf")
_KNOWN = (*PULL_NAMES, *_HARMLESS, "backup")
_SECRETS = ("token", "access_token")
_SPELLINGS = {"urlPath": "urlpath", "subPath": "subpath", "targetPath": "targetpath"}
MAX_SURPLUS = 8  # layers of encoding too much; no program adds more
_SEPARATOR = re.compile(rf"[&?](?:amp;)*(?=(?:{'|'.join(PULL_NAMES)})=)")


def read_content(pairs: Pairs, leaked: Pairs, notes: Notes) -> Content:
    """Read what a pull brings and opens.

    Args:
        pairs: The parameters, decoded once.
        leaked: Parameters that stand in an outer layer because they were not encoded; taken where
            ``pairs`` lacks them.
        notes: Takes the warnings.

    Raises:
        UnreadableLinkError: ``repo-missing`` or ``template``.
        InvalidValueError: Those of `RepoUrl`.
    """
    values = _settle(pairs, leaked, notes)
    over_encoded = _split_repo(values, notes)
    if "repo" not in values:
        raise UnreadableLinkError(
            "repo-missing",
            "The link pulls, but names no repository to pull.",
            hint="Look for what is left out after 'repo='.",
        )
    if over_encoded:
        values = {name: decode(value) for name, value in values.items()}
    page = read_repo(values["repo"], values.get("branch"), notes)
    branch = _read_branch(values.get("branch") or page.ref, notes)
    clone = Content(repo=page.repo, targetpath=_read_targetpath(values.get("targetpath"), notes))
    urlpath = _read_urlpath(values, clone, page.path, notes)
    content = Content(
        repo=page.repo,
        branch=branch,
        urlpath=urlpath,
        path=None if urlpath else page.path,
        targetpath=clone.targetpath,
        depth=_read_depth(values.get("depth"), notes),
    )
    note_landing(content, notes)
    return content


def _settle(pairs: Pairs, leaked: Pairs, notes: Notes) -> dict[str, str]:
    """Give each parameter its one value: the last wins, lower case wins, outer ones fill in."""
    values: dict[str, str] = {}
    for name, value in pairs:
        if name in _KNOWN and values.get(name, value) != value:
            notes.add(
                "duplicate-parameter", f"{name} is given more than once; the last one counts."
            )
        values[name] = value
    for name, value in leaked:
        if value and not values.get(name):
            notes.add(
                "leaked-parameter",
                f"{name} stands outside of the pull, where no server reads it; it is taken in.",
            )
            values[name] = value
    for camel, name in _SPELLINGS.items():
        value = values.pop(camel, "")
        values[name] = values.get(name) or value
    _note_others(values, notes)
    for name in [name for name, value in values.items() if not value]:
        if name in dict(pairs) and name in _KNOWN:
            notes.add("blank-parameter", f"{name} is blank; it counts as left out.")
        del values[name]
    return {name: value for name, value in values.items() if name in PULL_NAMES}


def _note_others(values: dict[str, str], notes: Notes) -> None:
    """Say which parameters are no part of what is read."""
    for name, value in values.items():
        if name in _SECRETS:
            notes.add("token-dropped", "The link held a token; it is left out.")
        elif name == "backup" and value:
            notes.add(
                "backup-dropped",
                "The link asks for a backup, whatever its value, and then opens no file; "
                "it is left out.",
            )
        elif name not in _KNOWN:
            notes.add("unknown-parameter", f"Servers do not know {shown(name)}; it is left out.")


def _split_repo(values: dict[str, str], notes: Notes) -> bool:
    """Undo surplus encoding of the repository and of the separators after it.

    Returns:
        Whether the other values have a layer of encoding too much as well.
    """
    repo = values.get("repo", "")
    surplus = re.match(r"[a-z+]+%((?:25)*)3A%(?:25)*2F", repo, re.IGNORECASE)
    if surplus:
        for _ in range(min(1 + len(surplus[1]) // 2, MAX_SURPLUS)):
            repo = decode(repo)
        notes.add("over-encoded", "The repository was encoded once too often.")
    repo, *others = _SEPARATOR.split(repo)
    if others:
        notes.add("over-encoded-separators", "The '&' between parameters was encoded.")
    for other in others:
        name, _, value = other.partition("=")
        name = _SPELLINGS.get(name, name)
        if not values.get(name):
            values[name] = decode(value, plus=True)
    values.pop("repo", None)
    if repo:
        values["repo"] = repo
    return bool(surplus and not others)


def _read_branch(branch: str | None, notes: Notes) -> str | None:
    if not branch:
        return None
    if is_template(branch):
        notes.add("template", f"The branch {shown(branch)} seems to be a placeholder.")
    try:
        branch = check_branch(branch)
    except InvalidValueError as error:
        notes.add(error.code, f"{error.message} It is left out.")
        return None
    notes.extend(note_commit(branch))
    return branch


def _read_depth(depth: str | None, notes: Notes) -> int | None:
    if depth is None:
        return None
    if re.fullmatch("[0-9]{1,10}", depth) and int(depth) <= MAX_DEPTH:
        return int(depth)
    notes.add("depth-invalid", f"The depth {shown(depth)} is no number; it is left out.")
    return None


def _read_targetpath(targetpath: str | None, notes: Notes) -> str | None:
    try:
        return check_targetpath(targetpath) if targetpath else None
    except InvalidValueError as error:
        notes.add(error.code, f"{error.message} It is left out.")
        return None


def _read_urlpath(
    values: dict[str, str], clone: Content, page_path: str | None, notes: Notes
) -> str | None:
    """Work out what is opened, as the server does; None leaves it to the server."""
    given = values.get("urlpath")
    if given and (values.get("subpath") or values.get("app")):
        notes.add("ignored-parameter", "Beside a urlpath, servers ignore app and subPath.")
    if given is None and (values.get("subpath") or values.get("app")) and not page_path:
        given = _landing(values, clone.directory or "", notes)
    return clean_urlpath(given, notes) if given else None


def _landing(values: dict[str, str], directory: str, notes: Notes) -> str:
    """Write the path that nbgitpuller makes of ``app`` and ``subpath``."""
    app, subpath = values.get("app", "").lower(), values.get("subpath", "").strip("/")
    notes.add("old-parameters", "app and subPath are old parameters; they are read as a urlpath.")
    if subpath in ("", "."):
        subpath = ""
    place = encode_path(directory) + (f"/{subpath}" if subpath else "")
    if app == "lab":
        return find_app("lab").directory + place
    return ("notebooks/" if place.lower().endswith(".ipynb") else "tree/") + place


def clean_urlpath(urlpath: str, notes: Notes, *, on_binder: bool = False) -> str | None:
    """Give a urlpath that a link may hold; None if it leads away from the server.

    Args:
        urlpath: What the link says.
        notes: Takes the warnings.
        on_binder: Whether Binder opens it, which drops leading slashes by itself.
    """
    stripped = urlpath.lstrip("/")
    if stripped != urlpath and not on_binder:
        if urlpath.startswith("//") and not read_urlpath(stripped, None).app:
            notes.add("urlpath-absolute", "The urlpath leads to another site; it is left out.")
            return None
        notes.add(
            "leading-slash",
            "The urlpath begins with a slash, with which servers find nothing; it is left out.",
        )
    clean = re.sub(r"(?i)(?<=[?&])(?:token|access_token|password|_xsrf)=[^&#]*&?", "", stripped)
    if clean != stripped:
        clean = re.sub(r"[?&](?=#|$)", "", clean)
        notes.add("token-dropped", "The urlpath held a token; it is left out.")
    if is_template(clean):
        notes.add("template", f"The urlpath {shown(clean)} holds a placeholder.")
    try:
        return Content(urlpath=clean).urlpath
    except InvalidValueError as error:
        notes.add(error.code, f"{error.message} It is left out.")
        return None


def note_landing(content: Content, notes: Notes) -> None:
    """Say what is doubtful about the path that a link opens."""
    urlpath = content.urlpath or ""
    reading = read_urlpath(urlpath, content.directory)
    if not reading.app and read_urlpath(decode(urlpath), None).app:
        notes.add("over-encoded", f"The urlpath {shown(urlpath)} was encoded once too often.")
    if reading.elsewhere is not None:
        notes.add(
            "other-directory",
            f"The link opens something in {shown(reading.elsewhere)}, "
            f"but the clone is in {shown(content.directory or '')}.",
        )
    if not reading.app or not find_app(reading.app).opens_paths:
        return
    bare, mark, rest = re.fullmatch(r"([^?#]*)([?#]?)(.*)", urlpath, re.DOTALL).groups()  # type: ignore[union-attr] # matches any text
    cut_off = mark == "#" or (mark and ".ipynb" in rest)
    if cut_off or re.search(r"%(?![0-9A-Fa-f]{2})", bare):
        notes.add(
            "unescaped-character",
            f"A '#', '?' or '%' in the file name is not encoded inside the urlpath "
            f"{shown(urlpath)}; the browser cuts it off there.",
        )
    if "//" in bare:
        notes.add("double-slash", f"The urlpath {shown(urlpath)} holds an empty directory name.")
