"""BinderHub's repository providers: the spec in its URL, read and written.

A spec is what stands after ``/v2/<provider>/``. BinderHub reads it from the raw request path, so
each provider says itself what is percent-encoded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nbpull_links.addresses import refuse_credentials
from nbpull_links.checks import check_value, refuse_edge_space, shown
from nbpull_links.errors import InvalidValueError
from nbpull_links.refs import check_branch
from nbpull_links.repo import RepoUrl
from nbpull_links.urls import Url, decode, encode, encode_path

__all__ = ["PROVIDERS", "BinderEnv"]

WITH_REF = ("gh", "gl", "git", "gist")
DOI = ("zenodo", "figshare", "dataverse")
PROVIDERS = (*WITH_REF, *DOI, "hydroshare", "ckan")

_SLUG = r"[A-Za-z0-9_.-]+"
_REPO_FORMS = {
    "gh": re.compile(rf"(?:https?://github\.com/|git@github\.com:)?({_SLUG}/{_SLUG}?)(?:\.git)?"),
    "gl": re.compile(
        rf"(?:https?://gitlab\.com/|git@gitlab\.com:)?({_SLUG}(?:/{_SLUG})*/{_SLUG}?)(?:\.git)?"
    ),
    "gist": re.compile(rf"(?:https?://gist\.github\.com/)?({_SLUG}/[0-9a-f]+?)(?:\.git)?"),
}
_FORGES = {
    "gh": "https://github.com/",
    "gl": "https://gitlab.com/",
    "gist": "https://gist.github.com/",
}
_DOI = re.compile(
    r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.[0-9]+/[^\s?#]*[^\s?#.,/])/*", re.IGNORECASE
)
# Pages of archives that tell the DOI, and an example of one.
_PAGES = {
    "zenodo": (
        re.compile(r"https?://(?:www\.)?zenodo\.org/records?/([0-9]+)(?:[/?#].*)?"),
        r"10.5281/zenodo.\1",
        "10.5281/zenodo.3242074",
    ),
    "figshare": (
        re.compile(r"https?://figshare\.com/articles/[^?#]*?/([0-9]+)(?:/([0-9]+))?/?(?:[?#].*)?"),
        r"10.6084/m9.figshare.\1.v\2",
        "10.6084/m9.figshare.9782777.v3",
    ),
    "dataverse": (
        re.compile(r"https?://[^?#]+\?(?:[^#]*&)?persistentId=doi(?::|%3A)([^&#]+)[^#]*(?:#.*)?"),
        r"\1",
        "10.7910/DVN/TJCLKP",
    ),
}
_HYDROSHARE_ID = re.compile(r"[0-9a-f]{32}")
_GUESSES = (
    ("gist", re.compile(r"https?://gist\.github\.com/")),
    ("gh", re.compile(r"https?://github\.com/|git@github\.com:")),
    ("gl", re.compile(r"https?://gitlab\.com/|git@gitlab\.com:")),
    ("hydroshare", re.compile(r".*hydroshare\.org/resource/|.*10\.4211/hs\.", re.IGNORECASE)),
    ("zenodo", re.compile(r"https?://(?:www\.)?zenodo\.org/|.*10\.5281/zenodo\.", re.IGNORECASE)),
    ("figshare", re.compile(r"https?://figshare\.com/|.*\b10\.6084/m9\.figshare\.", re.IGNORECASE)),
    ("dataverse", re.compile(r".*[?&]persistentId=doi|.*\b10\.7910/DVN/", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BinderEnv:
    """The repository that Binder builds.

    Attributes:
        provider: One of `PROVIDERS`; None lets the repository's address tell.
        repo: Its address, DOI or dataset URL, normalised.
        ref: Branch, tag or commit; None where the provider has none.

    Raises:
        InvalidValueError: ``unknown-provider``, ``env-repo-invalid``, ``env-ref-unsupported``,
            ``credentials-in-url`` or those of `RepoUrl` and `check_branch`.
    """

    provider: str = ""
    repo: str
    ref: str | None = None

    def __post_init__(self) -> None:
        """Check and normalise."""
        settle = object.__setattr__
        repo = check_value(self.repo, "The env repo")
        given = self.provider
        provider = check_value(given, "The provider") if given else guess_provider(repo)
        if provider not in PROVIDERS:
            raise InvalidValueError(
                "unknown-provider",
                f"BinderHub has no provider {shown(provider)}.",
                hint=f"Use one of {', '.join(PROVIDERS)}.",
                field="provider",
            )
        settle(self, "provider", provider)
        settle(self, "repo", _normalise(provider, repo))
        refuse_edge_space(self.repo, "The env repo")  # one may have stood before a slash
        settle(self, "ref", _check_ref(provider, self.ref))

    @property
    def spec(self) -> str:
        """What stands after ``/v2/<provider>/`` in BinderHub's URL, percent-encoded."""
        if self.provider in ("gh", "gist"):
            repo = self.repo.removeprefix(_FORGES[self.provider])
        elif self.provider == "gl":
            repo = encode(self.repo.removeprefix(_FORGES["gl"]))
        elif self.provider in DOI:
            repo = encode_path(self.repo)
        else:
            repo = encode(self.repo)
        return repo if self.ref is None else f"{repo}/{encode_path(self.ref)}"

    @classmethod
    def read(cls, provider: str, spec: str) -> BinderEnv:
        """Read a spec that follows the rules of its provider.

        Args:
            provider: One of `PROVIDERS`.
            spec: What follows ``/v2/<provider>/`` in the URL, nothing decoded.

        Raises:
            InvalidValueError: If it does not follow them.
        """
        spec = spec.rstrip("/")
        if provider in ("gh", "gist"):
            owner, _, rest = spec.partition("/")
            name, _, ref = rest.partition("/")
            repo = f"{owner}/{name}"
        elif provider in ("gl", "git"):
            repo, _, ref = spec.partition("/")
        else:
            repo, ref = spec, ""
        return cls(provider=provider, repo=decode(repo), ref=decode(ref) or None)

    def to_dict(self) -> dict[str, str | None]:
        """Give the flat JSON form."""
        return {"provider": self.provider, "repo": self.repo, "spec": self.spec, "ref": self.ref}


def guess_provider(repo: str) -> str:
    """Tell the provider by the repository's address; any other git address is ``git``."""
    for provider, pattern in _GUESSES:
        if pattern.match(repo):
            return provider
    if _DOI.fullmatch(repo):
        raise InvalidValueError(
            "unknown-provider",
            f"{shown(repo)} does not tell which archive it belongs to.",
            hint=f"Give the provider: {', '.join(DOI)} or hydroshare.",
            field="provider",
        )
    return "git"


def _invalid(provider: str, repo: str, wanted: str) -> InvalidValueError:
    return InvalidValueError(
        "env-repo-invalid",
        f"{shown(repo)} is no repository for Binder's provider {provider}.",
        hint=f"Give {wanted}.",
        field="env_repo",
    )


def _normalise(provider: str, repo: str) -> str:
    """Give the one form of ``repo`` that means it for ``provider``."""
    if provider in _REPO_FORMS:
        if "://" in repo:
            refuse_credentials(Url.split(repo, "The env repo"), repo, "The env repo")
        match = _REPO_FORMS[provider].fullmatch(repo.rstrip("/"))
        if match is None or {".", ".."} & set(match[1].split("/")):
            raise _invalid(provider, repo, f"an address such as {_FORGES[provider]}org/repo")
        return _FORGES[provider] + match[1]
    if provider == "git":
        return _normalise_git(repo)
    if provider in DOI:
        return _normalise_doi(provider, repo)
    if provider == "hydroshare":
        return _normalise_hydroshare(repo)
    url = Url.split(repo, "The env repo")
    refuse_credentials(url, repo, "The env repo")
    if url.scheme not in ("http", "https"):
        raise _invalid(provider, repo, "the dataset's URL")
    return repo.rstrip("/")


def _normalise_git(repo: str) -> str:
    url = RepoUrl(repo)
    if url.scheme == "file":
        raise _invalid("git", repo, "an address that the BinderHub can reach")
    return str(url)


def _normalise_doi(provider: str, repo: str) -> str:
    pattern, doi, example = _PAGES[provider]
    page = pattern.fullmatch(repo)
    # A page that names no version shows the latest.
    match = _DOI.fullmatch(decode(page.expand(doi)).removesuffix(".v") if page else repo)
    if match is None:
        raise _invalid(provider, repo, f"a DOI such as {example}")
    return match[1]


def _normalise_hydroshare(repo: str) -> str:
    found = _HYDROSHARE_ID.search(repo)
    if found is None:
        raise _invalid("hydroshare", repo, "the resource's URL, DOI or id of 32 hex digits")
    if "://" in repo:
        refuse_credentials(Url.split(repo, "The env repo"), repo, "The env repo")
    return f"https://www.hydroshare.org/resource/{found[0]}"


def _check_ref(provider: str, ref: object) -> str | None:
    if provider not in WITH_REF:
        if ref:
            raise InvalidValueError(
                "env-ref-unsupported",
                f"Binder's provider {provider} has no branches, but one was given.",
                hint="Leave the branch out; the address alone says which version.",
                field="branch",
            )
        return None
    if ref:
        return check_branch(ref, "The env branch")
    return None if provider == "gist" else "HEAD"
