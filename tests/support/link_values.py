"""Every valid link, and texts that look like links, for Hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from nbpull_links import (
    LTI,
    Binder,
    BinderEnv,
    Content,
    InvalidValueError,
    JupyterHub,
    JupyterServer,
    Link,
    RepoUrl,
)
from nbpull_links.apps import APPS
from nbpull_links.binder_providers import PROVIDERS

# Characters that have broken some link maker, more often than chance would have it.
_TRICKY = st.sampled_from([*" #?%&+=;:@/\\'\"<>[]{}()|^`~*!$,._-\n\r\u00a0\u202eéة演🦆", ".."])
_CHARACTERS = st.characters(exclude_categories=["Cs"])


def _texts(*, max_size: int = 12) -> st.SearchStrategy[str]:
    return st.lists(st.one_of(_TRICKY, _CHARACTERS), max_size=max_size).map("".join)


def _valid(make, **fields) -> st.SearchStrategy:
    """Draw values and keep those that ``make`` takes."""

    def attempt(values: dict):
        try:
            return make(**values)
        except InvalidValueError:
            return None

    return st.fixed_dictionaries(fields).map(attempt).filter(lambda made: made is not None)


_words = st.text(alphabet="abcXYZ019-_.", min_size=1, max_size=8)
_segments = st.one_of(_words, _texts(max_size=6))
_hosts = st.sampled_from(
    ["h.org", "hub.example.org:8443", "localhost:8888", "[::1]:80", "Ü.de", "a_b-c.x", "1.2.3.4"]
)
_paths = st.one_of(
    st.just(""),
    st.lists(
        st.one_of(
            _segments,
            st.sampled_from(
                ["hub", "user", "user-redirect", "v2", "gh", "lab", "git-pull", "lti", "launch",
                 "login", "spawn", "api", "repo", "build", "tree", "a&amp;b", "%41", "%2F", "%"]
            ),
        ),
        max_size=4,
    ).map(lambda names: "/" + "/".join(names)),
)  # fmt: skip
bases = st.builds("{}://{}{}".format, st.sampled_from(["https", "http"]), _hosts, _paths)
_none = st.none()
_servers = st.one_of(_none, _segments)

repos = st.one_of(
    st.builds(
        "{}://{}{}/{}".format,
        st.sampled_from(["https", "http", "ssh", "ssh://git@h", "git", "HTTPS"]),
        _hosts, _paths, _segments,
    ),
    st.builds("{}@{}:{}".format, _words, st.sampled_from(["h.org", "H.ORG", "h"]), _segments),
    st.builds("file:///{}".format, _segments),
    st.builds("https://github.com/{}/{}".format, _words, _words),
)  # fmt: skip
branches = st.one_of(
    st.sampled_from(["main", "HEAD", "feature/x", "v1.0", "a#b", "ü", "0" * 40, "a+b&c=d%20"]),
    _segments,
)
_landings = st.one_of(
    _texts(),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(
            ["lab/tree/", "tree/", "notebooks/", "lab", "doc/tree/", "rstudio/", "shiny/",
             "lab/workspaces/x/tree/", "voila/render/", "retro/tree/", "/lab", "proxy/1/?a=1&b=2"]
        ),
        _segments,
        st.sampled_from(["", "?autodecode", "#x", "?token2=1", "/", "//x", "%2F", "%zz"]),
    ),
)  # fmt: skip

contents = _valid(
    Content,
    repo=_valid(RepoUrl, url=repos),
    branch=st.one_of(_none, branches),
    path=st.one_of(_none, _texts()),
    app=st.one_of(_none, st.sampled_from(sorted(APPS))),
    targetpath=st.one_of(_none, _segments, st.builds("{}/{}".format, _segments, _segments)),
    depth=st.one_of(_none, st.integers(0, 2**31 - 1)),
) | _valid(
    Content,
    repo=_valid(RepoUrl, url=repos),
    urlpath=_landings,
    targetpath=st.one_of(_none, _words),
)
_own_contents = st.one_of(
    _valid(Content, path=_texts(), app=st.sampled_from([None, *sorted(APPS)])),
    _valid(Content, urlpath=_landings),
    st.just(Content()),
)

envs = st.one_of(
    _valid(
        BinderEnv,
        provider=st.sampled_from(["gh", "gl"]),
        repo=st.builds("{}/{}".format, _words, _words),
        ref=st.one_of(_none, branches),
    ),
    _valid(
        BinderEnv,
        provider=st.just("gl"),
        repo=st.builds("{}/{}/{}".format, _words, _words, _words),
        ref=st.one_of(_none, branches),
    ),
    _valid(BinderEnv, provider=st.just("git"), repo=repos, ref=st.one_of(_none, branches)),
    _valid(
        BinderEnv,
        provider=st.just("gist"),
        repo=st.builds("{}/{}".format, _words, st.text("0123456789abcdef", min_size=1)),
        ref=st.one_of(_none, branches),
    ),
    _valid(
        BinderEnv,
        provider=st.sampled_from(["zenodo", "figshare", "dataverse"]),
        repo=st.builds("10.5281/{}".format, _segments),
    ),
    _valid(
        BinderEnv,
        provider=st.just("hydroshare"),
        repo=st.text("0123456789abcdef", min_size=32, max_size=32),
    ),
    _valid(
        BinderEnv,
        provider=st.just("ckan"),
        repo=st.builds("https://ckan.org/dataset/{}".format, _texts()),
    ),
)
_binders = _valid(Binder, url=bases, env=envs)
_others = st.one_of(
    _valid(JupyterHub, url=bases, server=_servers),
    _valid(LTI, url=bases, server=_servers, version=st.sampled_from(["1.1", "1.3"])),
    _valid(JupyterServer, url=bases),
    _binders,
)
links = st.one_of(st.builds(Link, _others, contents), st.builds(Link, _binders, _own_contents))

# Texts that are no valid links, and often nearly are.
_WORDS = """https:// http:// hub.org /hub /user-redirect /user/jo /git-pull /interact /v2/ ? & = #
    repo= urlpath= next= url= custom_next= target_link_uri= branch= targetpath= depth= app= subPath=
    labpath= filepath= backup= token=s % %2 %2F %3A %3F %26 %25 %252F %ff %00 &amp; amp; ext::sh --x
    https%3A%2F%2F lab/tree/ .. // \\ [ [::1 ] @ u:p@ :99999 : <repo> {x} git@h:x org/repo .git main
    10.5281/zenodo.1 é \u202e /lab/ /repo/ /build/gh/ /hub/login /hub/lti/launch /hub?next=
    /lti/redirect hs-pull #fancy-forms-config= %7B%22gitPuller%3Arepo%22%3A%22x%22%7D"""
_pieces = st.sampled_from(
    [*_WORDS.split(), "\0", "\n", "\ud800", *[f"/v2/{provider}/" for provider in PROVIDERS]]
)
noise = st.one_of(
    st.text(st.characters(), max_size=60),
    st.lists(st.one_of(_pieces, st.text(st.characters(), max_size=3)), max_size=14).map("".join),
    st.builds("https://h.org{}".format, st.lists(_pieces, max_size=14).map("".join)),
)
