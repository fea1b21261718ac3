"""Write tests/vectors/links.json: named inputs, and the link or refusal each must give.

Run it after a change that is meant to change links; read the difference before it is committed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nbpull_links import InvalidValueError, make_link

TARGET = Path(__file__).parents[1] / "tests" / "vectors" / "links.json"

HUB = "https://hub.example.org"
ENV = "https://github.com/org/env"
REPO = "https://github.com/org/course"
SHA = "0123456789abcdef0123456789abcdef01234567"

NAMES = {
    "plain": "a.ipynb",
    "nested": "week 1/day-2/a.ipynb",
    "space": "My Notebook.ipynb",
    "hash": "C# intro.ipynb",
    "question": "why?.ipynb",
    "percent": "100%.ipynb",
    "percent-escape": "a%20b%2Fc.ipynb",
    "ampersand": "R&D=1;2.ipynb",
    "plus": "a+b c.ipynb",
    "quotes": '"it\'s" `so`.ipynb',
    "newline": "two\nlines\r\n.ipynb",
    "accents": "Übung é.ipynb",
    "decomposed": "U\u0308bung.ipynb",
    "cjk": "演習/第一回.ipynb",
    "rtl": "תרגול/مثال.ipynb",
    "bidi-mark": "a\u200fb\u202ec.ipynb",
    "astral": "🦆\U0001d4b3.ipynb",
    "brackets": "[1] (2) {3} <4>.ipynb",
    "marks": "~!*'();:@$,|^.ipynb",
    "backslash": "a\\b.ipynb",
    "edge-spaces": " a .ipynb ",
    "dash": "-a.ipynb",
    "last-dot": "Section 1.",
    "dots": "..a/.hidden/a..ipynb",
    "no-break-space": "\u00a0a.ipynb",
}

PLACES: dict[str, dict[str, Any]] = {
    "hub": {"hub": HUB},
    "hub-base": {"hub": "https://example.org/jupyter/"},
    "hub-server": {"hub": HUB, "server": "r 4.3/é".replace("/", "-")},
    "lti11": {"hub": f"{HUB}/base", "lti": "1.1"},
    "lti13": {"hub": f"{HUB}/base", "lti": "1.3", "server": "gpu"},
    "binder": {"env_repo": ENV, "branch": "main"},
    "binder-base": {"env_repo": ENV, "branch": "v1", "binder": "https://example.org/binder/"},
    "server": {"jupyter": "http://localhost:8888"},
}

APP_PATHS = {"itself": None, "notebook": "d/a b.ipynb", "file": "d/app.R", "directory": "d/e/"}
APPS = ("lab", "notebook", "classic", "retro", "rstudio", "shiny", "vscode", "voila", "desktop")

ENVS: dict[str, dict[str, Any]] = {
    "gh-dot-git": {"env_repo": f"{ENV}.git", "branch": "feature/x"},
    "gh-ssh": {"env_repo": "git@github.com:org/env.git", "branch": "v1.0"},
    "gh-no-branch": {"env_repo": ENV},
    "gh-commit": {"env_repo": ENV, "branch": SHA},
    "gh-slug": {"env_repo": "org/env", "provider": "gh"},
    "gh-odd-ref": {"env_repo": ENV, "branch": "a#b%c&d+é"},
    "gh-page": {"env_repo": f"{ENV}/tree/v2"},
    "gh-page-slashes": {"env_repo": f"{ENV}/tree/feature/x/binder", "branch": "feature/x"},
    "gl": {"env_repo": "https://gitlab.com/group/env", "branch": "main"},
    "gl-subgroup": {"env_repo": "https://gitlab.com/group/sub/env.git/", "branch": "a/b"},
    "gl-page": {"env_repo": "https://gitlab.com/group/sub/env/-/tree/main?ref_type=heads"},
    "gist": {"env_repo": "https://gist.github.com/user/0a1b2c3d", "branch": SHA},
    "gist-no-ref": {"env_repo": "https://gist.github.com/user/0a1b2c3d"},
    "git": {"env_repo": "https://git.example.com/org/env.git", "branch": "main"},
    "git-ssh": {"env_repo": "ssh://git@git.example.com:2222/org/env", "branch": "main"},
    "git-scp": {"env_repo": "git@git.example.com:org/env", "branch": "a/b"},
    "git-for-github": {"env_repo": ENV, "branch": "main", "provider": "git"},
    "zenodo": {"env_repo": "10.5281/zenodo.3242074"},
    "zenodo-doi-url": {"env_repo": "https://doi.org/10.5281/zenodo.3242074"},
    "zenodo-record": {"env_repo": "https://zenodo.org/records/3242074"},
    "figshare": {"env_repo": "10.6084/m9.figshare.9782777.v1"},
    "dataverse": {"env_repo": "10.7910/DVN/TJCLKP"},
    "dataverse-other": {"env_repo": "10.5683/SP/ABC", "provider": "dataverse"},
    "hydroshare": {
        "env_repo": "https://www.hydroshare.org/resource/8f7c2f0341ef4180b0dbe97f59130756/"
    },
    "hydroshare-doi": {"env_repo": "10.4211/hs.8f7c2f0341ef4180b0dbe97f59130756"},
    "ckan": {
        "env_repo": "https://demo.ckan.org/dataset/my-sample?activity_id=1",
        "provider": "ckan",
    },
}

REPOS = {
    "dot-git": f"{REPO}.git",
    "trailing-slashes": f"{REPO}//",
    "starts-with-dot-git": "https://github.com/org/.github",
    "upper-case": "HTTPS://GitHub.COM:443/Org/Course",
    "port": "https://git.example.com:8443/course",
    "http": "http://git.example.com/course",
    "ssh": "ssh://git@git.example.com:2222/org/course.git",
    "scp": "git@git.example.com:org/course.git",
    "scp-no-slash": "git@git.example.com:course",
    "git": "git://git.example.com/course",
    "file": "file:///srv/my course",
    "percent-in-name": "https://git.example.com/org/my%20course",
    "not-ascii": "https://git.example.com/org/Übung",
    "ipv6": "https://[2001:DB8::1]:8443/course",
    "subgroup": "https://gitlab.com/a/b/c/course",
}

PAGES = {
    "github-tree": f"{REPO}/tree/main/week1",
    "github-blob": f"{REPO}/blob/main/week1/C%23%20a.ipynb#L10",
    "github-edit": f"{REPO}/edit/master/a.ipynb",
    "github-raw-refs": f"{REPO}/raw/refs/heads/main/a.ipynb",
    "github-release": f"{REPO}/releases/tag/v1.0",
    "github-issues": f"{REPO}/issues/5",
    "github-query": f"{REPO}?tab=readme-ov-file#readme",
    "github-www": "https://www.github.com/org/course",
    "github-enterprise": "https://git.example.com/org/course/blob/main/a.ipynb",
    "raw-githubusercontent": "https://raw.githubusercontent.com/org/course/main/d/a.ipynb",
    "nbviewer": "https://nbviewer.org/github/org/course/blob/main/a.ipynb",
    "colab": "https://colab.research.google.com/github/org/course/blob/main/a.ipynb",
    "gitlab-blob": "https://gitlab.com/a/b/course/-/blob/main/d/a.ipynb?ref_type=heads",
    "gitlab-self-hosted": "https://git.example.com/a/course/-/tree/main/d",
    "gitlab-merge-requests": "https://gitlab.com/a/course/-/merge_requests/1",
    "bitbucket": "https://bitbucket.org/org/course/src/master/d/a.ipynb",
    "bitbucket-directory": "https://bitbucket.org/org/course/src/master/d/",
    "codeberg-branch": "https://codeberg.org/org/course/src/branch/main/d/a.ipynb",
    "gitea-under-a-path": "https://example.org/git/org/course/src/branch/main/d/a.ipynb",
    "forgejo-tag": "https://git.example.com/org/course/src/tag/v1/d",
}

OTHERS: dict[str, dict[str, Any]] = {
    "branch": {"content_branch": "feature/ünï+x"},
    "blank-values": {"content_branch": "", "path": "", "app": "", "targetpath": "", "urlpath": ""},
    "branch-in-page": {"content_repo": f"{REPO}/blob/feature/x/a.ipynb",
                       "content_branch": "feature/x"},
    "branch-against-page": {"content_repo": f"{REPO}/blob/main/a.ipynb", "content_branch": "v2"},
    "path-against-page": {"content_repo": f"{REPO}/blob/main/a.ipynb", "path": "b.ipynb"},
    "targetpath": {"targetpath": "courses/my stats", "path": "a.ipynb"},
    "targetpath-slashes": {"targetpath": "courses//./stats/", "path": "a.ipynb"},
    "depth": {"depth": 5},
    "depth-all": {"depth": 0},
    "everything": {"content_branch": "v1", "path": "a.ipynb", "app": "notebook",
                   "targetpath": "t", "depth": 1},
    "urlpath": {"urlpath": "proxy/8501/?x=1&y=é#z"},
    "urlpath-slash": {"urlpath": "/lab/tree/course/a.ipynb"},
    "urlpath-slash-alone": {"urlpath": "/", "path": "a.ipynb"},
    "urlpath-space-alone": {"urlpath": " "},
    "urlpath-query": {"urlpath": "lab/tree/course/a.ipynb?autodecode"},
    "path-slash": {"path": "/d//./a.ipynb"},
    "path-dot": {"path": ".", "app": "lab"},
    "path-directory": {"path": "d/e/", "app": "notebook"},
    "path-no-ending": {"path": "Makefile", "app": "notebook"},
    "path-dotted-directory": {"path": "app.v2/", "app": "shiny"},
    "app-alias": {"app": "JupyterLab", "path": "a.ipynb"},
    "path-upper-case-ending": {"app": "notebook", "path": "A.IPYNB"},
}  # fmt: skip

HUBS = {
    "hub-home": f"{HUB}/hub/home",
    "hub": f"{HUB}/hub/",
    "hub-spawn": f"{HUB}/jupyter/hub/spawn?x=1#y",
    "user-lab": f"{HUB}/user/some%20one/lab/tree/x",
    "user-redirect": f"{HUB}/base/hub/user-redirect/lab",
    "hub-of-hub": f"{HUB}/hub/hub/home",
    "upper-case": "HTTPS://Hub.Example.ORG:443//base//./x/",
    "ipv6": "http://[::1]:8000/",
    "odd-path": f"{HUB}/a b/é/100%/x%2Fy",
    "idn": "https://ÜBER.example.org",
}

REFUSED: dict[str, dict[str, Any]] = {
    "no-place": {"content_repo": REPO},
    "two-places": {"env_repo": ENV, "hub": HUB, "content_repo": REPO},
    "branch-without-env": {"hub": HUB, "branch": "main", "content_repo": REPO},
    "server-without-hub": {"env_repo": ENV, "content_repo": REPO, "server": "s"},
    "lti-without-hub": {"jupyter": "http://localhost:8888", "content_repo": REPO, "lti": "1.1"},
    "provider-without-env": {"hub": HUB, "provider": "gh", "content_repo": REPO},
    "no-content": {"hub": HUB},
    "no-content-but-branch": {"env_repo": ENV, "content_branch": "main"},
    "credentials": {"hub": HUB, "content_repo": "https://user:secret@github.com/org/course"},
    "token-as-user": {"hub": HUB, "content_repo": "https://ghp_x@github.com/org/course"},
    "ssh-password": {"hub": HUB, "content_repo": "ssh://git:secret@github.com/org/course"},
    "scp-password": {"hub": HUB, "content_repo": "git:secret@github.com:org/course"},
    "hub-credentials": {"hub": "https://u:p@hub.example.org", "content_repo": REPO},
    "env-credentials": {"env_repo": "https://u:p@github.com/org/env", "content_repo": REPO},
    "token-in-urlpath": {"hub": HUB, "content_repo": REPO, "urlpath": "lab?token=abc"},
    "targetpath-absolute": {"hub": HUB, "content_repo": REPO, "targetpath": "/etc"},
    "targetpath-dots": {"hub": HUB, "content_repo": REPO, "targetpath": "a/../../b"},
    "targetpath-dot": {"hub": HUB, "content_repo": REPO, "targetpath": "."},
    "targetpath-home": {"hub": HUB, "content_repo": REPO, "targetpath": "~/x"},
    "path-dots": {"hub": HUB, "content_repo": REPO, "path": "../x.ipynb"},
    "path-backslash-dots": {"hub": HUB, "content_repo": REPO, "path": "a\\..\\x.ipynb"},
    "path-control": {"hub": HUB, "content_repo": REPO, "path": "a\u0007.ipynb"},
    "path-nul": {"hub": HUB, "content_repo": REPO, "path": "a\u0000.ipynb"},
    "branch-newline": {"hub": HUB, "content_repo": REPO, "content_branch": "main\n"},
    "branch-dash": {"hub": HUB, "content_repo": REPO, "content_branch": "--upload-pack=x"},
    "branch-space": {"hub": HUB, "content_repo": REPO, "content_branch": "a b"},
    "branch-commit": {"hub": HUB, "content_repo": REPO, "content_branch": SHA},
    "page-of-commit": {"hub": HUB, "content_repo": f"{REPO}/tree/{SHA}"},
    "env-branch-dash": {"env_repo": ENV, "branch": "-x", "content_repo": REPO},
    "urlpath-other-site": {"hub": HUB, "content_repo": REPO, "urlpath": "https://evil.example/"},
    "urlpath-no-scheme": {"hub": HUB, "content_repo": REPO, "urlpath": "//evil.example/"},
    "urlpath-three-slashes": {"hub": HUB, "content_repo": REPO, "urlpath": "///evil.example/"},
    "urlpath-backslash": {"hub": HUB, "content_repo": REPO, "urlpath": "/\\evil.example/"},
    "urlpath-script": {"hub": HUB, "content_repo": REPO, "urlpath": "/javascript:alert(1)"},
    "urlpath-space-slashes": {"hub": HUB, "content_repo": REPO, "urlpath": "/ //evil.example"},
    "urlpath-dots": {"hub": HUB, "content_repo": REPO, "urlpath": "lab/%2e%2e/%2E./x"},
    "urlpath-tab": {"hub": HUB, "content_repo": REPO, "urlpath": "lab\t"},
    "urlpath-and-path": {"hub": HUB, "content_repo": REPO, "urlpath": "lab", "path": "a.ipynb"},
    "unknown-app": {"hub": HUB, "content_repo": REPO, "app": "emacs"},
    "unknown-provider": {"env_repo": ENV, "provider": "svn", "content_repo": REPO},
    "doi-without-provider": {"env_repo": "10.5683/SP/ABC"},
    "gh-without-repo": {"env_repo": "https://github.com/org", "content_repo": REPO},
    "zenodo-with-branch": {"env_repo": "10.5281/zenodo.1", "branch": "main"},
    "env-space-before-slash": {"env_repo": "https://h.org/dataset/x /", "provider": "ckan"},
    "git-env-file": {"env_repo": "file:///srv/env", "content_repo": REPO},
    "depth-negative": {"hub": HUB, "content_repo": REPO, "depth": -1},
    "depth-text": {"hub": HUB, "content_repo": REPO, "depth": "5"},
    "depth-true": {"hub": HUB, "content_repo": REPO, "depth": True},
    "depth-huge": {"hub": HUB, "content_repo": REPO, "depth": 2**31},
    "lti-version": {"hub": HUB, "content_repo": REPO, "lti": "2.0"},
    "server-slash": {"hub": HUB, "content_repo": REPO, "server": "a/b"},
    "server-dots": {"hub": HUB, "content_repo": REPO, "server": ".."},
    "hub-scheme": {"hub": "ftp://hub.example.org", "content_repo": REPO},
    "hub-no-scheme": {"hub": "hub.example.org", "content_repo": REPO},
    "hub-placeholder": {"hub": "https://<your-hub>/", "content_repo": REPO},
    "hub-dots": {"hub": f"{HUB}/a/../b", "content_repo": REPO},
    "hub-port": {"hub": "https://hub.example.org:99999", "content_repo": REPO},
    "hub-control": {"hub": f"{HUB}/\u0085", "content_repo": REPO},
    "hub-edge-space": {"hub": f"\u2003{HUB}", "content_repo": REPO},
    "jupyter-on-hub": {"jupyter": f"{HUB}/user/jo/lab", "content_repo": REPO},
    "repo-scheme": {"hub": HUB, "content_repo": "ext::sh -c x"},
    "repo-unknown-scheme": {"hub": HUB, "content_repo": "ftp://host/x"},
    "repo-no-scheme": {"hub": HUB, "content_repo": "github.com/org/course"},
    "repo-dash": {"hub": HUB, "content_repo": "--upload-pack=x"},
    "repo-scp-option": {"hub": HUB, "content_repo": "git@-oProxyCommand=x:course"},
    "repo-space": {"hub": HUB, "content_repo": "https://github.com/org/my course"},
    "repo-host-only": {"hub": HUB, "content_repo": "https://github.com/"},
    "repo-dot-git-only": {"hub": HUB, "content_repo": "https://host/x/.git"},
    "repo-backslash-dots": {"hub": HUB, "content_repo": "file:///srv/x\\.."},
    "repo-no-path": {"hub": HUB, "content_repo": "git@h.org:/"},
    "repo-query": {"hub": HUB, "content_repo": "git://host/x?y"},
}


def named_inputs() -> dict[str, dict[str, Any]]:
    """List every input by its name."""
    return (
        _names_at_places()
        | _apps()
        | _repositories()
        | {f"other/{name}": _at_hub(**given) for name, given in OTHERS.items()}
        | {f"address/{name}": _at_hub(hub=hub) for name, hub in HUBS.items()}
        | {
            "address/binder-link": {"env_repo": ENV, "binder": "https://a.org/b/v2/gh/x/y/z?w"},
            "address/server": {"jupyter": "http://h:8888/x/lab?token=1", "content_repo": REPO},
        }
        | {f"refused/{name}": given for name, given in REFUSED.items()}
    )


def _at_hub(**given: Any) -> dict[str, Any]:
    return {"hub": HUB, "content_repo": REPO} | given


def _names_at_places() -> dict[str, dict[str, Any]]:
    """Put every name at two places, and some names at every place."""
    inputs: dict[str, dict[str, Any]] = {}
    for place, where in PLACES.items():
        names = NAMES if place in ("hub", "binder") else ("space", "hash", "rtl", "newline")
        base = where | {"content_repo": REPO}
        inputs |= {f"{place}/name-{name}": base | {"path": NAMES[name]} for name in names}
        inputs[f"{place}/nothing"] = base
    return inputs


def _apps() -> dict[str, dict[str, Any]]:
    """Open everything with every application, with and without a content repo."""
    inputs: dict[str, dict[str, Any]] = {}
    for app in APPS:
        for kind, path in APP_PATHS.items():
            wanted = {"app": app} | ({"path": path} if path else {})
            inputs[f"app/{app}-{kind}"] = _at_hub(**wanted)
            inputs[f"app-in-env/{app}-{kind}"] = PLACES["binder"] | wanted
    return inputs


def _repositories() -> dict[str, dict[str, Any]]:
    """Name every kind of repository, as environment and as content."""
    content = {"content_repo": REPO, "path": "a.ipynb"}
    return (
        {f"env/{name}": given | content for name, given in ENVS.items()}
        | {f"env-only/{name}": given for name, given in ENVS.items()}
        | {f"repo/{name}": _at_hub(content_repo=url, path="a.ipynb") for name, url in REPOS.items()}
        | {f"page/{name}": _at_hub(content_repo=page) for name, page in PAGES.items()}
        | {f"page-in-env/{name}": {"env_repo": page} for name, page in PAGES.items()}
    )


def vector(name: str, given: dict[str, Any]) -> dict[str, Any]:
    """Run one input."""
    try:
        return {"name": name, "input": given, "url": make_link(**given)}
    except InvalidValueError as error:
        return {"name": name, "input": given, "error": error.code}


def main() -> None:
    """Write the file."""
    lines = [json.dumps(vector(*item), ensure_ascii=True) for item in named_inputs().items()]
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    print(f"{len(lines)} vectors")


if __name__ == "__main__":
    main()
