"""Links as they are found: what each says, and what had to be repaired."""

from __future__ import annotations

import pytest

from nbpull_links import NbpullError, UnreadableLinkError, parse_link

HUB = "https://h.org/hub/user-redirect/git-pull?"
REPO = "repo=https%3A%2F%2Fgithub.com%2Fo%2Fr"
PULL_R = "git-pull%3Frepo%3Dhttps%253A%252F%252Fgithub.com%252Fo%252Fr"
SHA = "0123456789abcdef0123456789abcdef01234567"
BINDER = "https://mybinder.org/v2/gh/o/env/main"
LAUNCH = "https://h.org/hub/lti/launch"

# link, what it says, the codes of its warnings
FOUND = {
    # nbgitpuller's own link generator
    "generator-lab": (
        f"{HUB}{REPO}&urlpath=lab%2Ftree%2Fr%2F&branch=main",
        {"kind": "jupyterhub", "hub": "https://h.org", "server": None, "env": None,
         "repo": "https://github.com/o/r", "branch": "main", "app": "lab", "path": None,
         "urlpath": "lab/tree/r/", "targetpath": None, "depth": None, "warnings": []}, ()),
    "generator-form-encoding": (
        f"{HUB}{REPO}&urlpath=lab%2Ftree%2Fr%2FMy+Nb+%C3%A9%2B1.ipynb&branch=main",
        {"path": "My Nb é+1.ipynb", "app": "lab"}, ()),
    "generator-canvas": (
        (f"{LAUNCH}?next=%2Fhub%2Fuser-redirect%2F{PULL_R}%26urlpath%3Dlab%252Ftree%252Fr%252Fa%2Bb"
        ".ipynb%26branch%3Dmain"),
        {"kind": "lti", "hub": "https://h.org", "path": "a b.ipynb", "branch": "main"}, ()),
    "generator-binder": (
        f"{BINDER}?urlpath={PULL_R}%26urlpath%3Dlab%252Ftree%252Fr%252Fa%2Bb.ipynb%26branch%3Dx",
        {"kind": "binder", "hub": "https://mybinder.org", "path": "a b.ipynb", "branch": "x",
         "env": {"provider": "gh", "repo": "https://github.com/o/env", "spec": "o/env/main",
                 "ref": "main"}}, ()),
    "generator-ignores-targetpath": (
        f"{HUB}{REPO}&urlpath=lab%2Ftree%2Fr%2Fa.ipynb&branch=main&targetPath=course%2Fweek1",
        {"targetpath": "course/week1", "app": "lab", "path": None}, ("other-directory",)),
    "generator-strips-dot-git-in-front": (
        f"{HUB}repo=https%3A%2F%2Fgithub.com%2Forg%2F.github&urlpath=lab%2Ftree%2Fhub%2FREADME.md",
        {"repo": "https://github.com/org/.github", "path": None}, ("other-directory",)),
    "generator-strips-dot-git-of-content": (
        f"{BINDER}?urlpath={PULL_R}.git%26urlpath%3Dlab%252Ftree%252Fr%252Fa.ipynb",
        {"repo": "https://github.com/o/r.git", "path": None}, ("other-directory",)),
    "generator-trailing-slash": (
        f"{HUB}{REPO}%2F&urlpath=lab%2Ftree%2F%2Fa.ipynb",
        {"repo": "https://github.com/o/r", "path": None},
        ("trailing-slash", "other-directory", "double-slash")),
    "generator-undefined-env": (
        "https://mybinder.org/v2/gh/org/undefined/main", {"path": None}, ("template",)),
    "generator-no-env-branch": (
        f"https://mybinder.org/v2/gh/o/env/?urlpath={PULL_R}",
        {"repo": "https://github.com/o/r"}, ("missing-ref",)),
    "generator-canvas-loses-base-path": (
        f"https://h.org/jupyter/hub/lti/launch?next=%2Fhub%2Fuser-redirect%2F{PULL_R}",
        {"kind": "lti", "hub": "https://h.org/jupyter"}, ("base-path-lost",)),
    "generator-hash-encoded-once": (
        f"{HUB}{REPO}&urlpath=lab%2Ftree%2Fr%2FC%23+x.ipynb",
        {"path": "C", "urlpath": "lab/tree/r/C# x.ipynb"}, ("unescaped-character",)),
    "generator-question-mark-encoded-once": (
        f"{HUB}{REPO}&urlpath=lab%2Ftree%2Fr%2Fwhy%3F.ipynb",
        {"path": "why"}, ("unescaped-character",)),
    "generator-percent-encoded-once": (
        f"{HUB}{REPO}&urlpath=lab%2Ftree%2Fr%2F100%25.ipynb",
        {"path": "100%.ipynb"}, ("unescaped-character",)),
    "generator-scp-without-slash": (
        f"{HUB}repo=git%40h.org%3Ar&urlpath=lab%2Ftree%2Fr%2Fa.ipynb",
        {"repo": "git@h.org:r", "path": None}, ("other-directory",)),
    "generator-hub-home": (
        f"https://h.org/hub/home/hub/user-redirect/git-pull?{REPO}",
        {"hub": "https://h.org"}, ("hub-page",)),
    "generator-pasted-page": (
        f"{HUB}{REPO}%2Fblob%2Fmain%2Fa.ipynb&urlpath=lab%2Ftree%2Fr%2Fa.ipynb&branch=main",
        {"repo": "https://github.com/o/r", "path": "a.ipynb"}, ("forge-page",)),
    "generator-shiny": (
        f"{HUB}{REPO}&urlpath=shiny%2Fr%2Fapp1%2F", {"app": "shiny", "path": "app1/"}, ()),
    "generator-retrolab": (
        f"{HUB}{REPO}&urlpath=retro%2Ftree%2Fr%2Fa.ipynb", {"app": "retro", "path": "a.ipynb"}, ()),
    # the web extensions
    "extension-commit": (
        f"{HUB}{REPO}&branch={SHA}&urlpath=lab%2Ftree%2Fr%2Fa.ipynb",
        {"branch": SHA, "path": "a.ipynb"}, ("commit-as-branch",)),
    "extension-issue-page": (
        f"{HUB}{REPO}%2Fissues%2F5&urlpath=lab%2Ftree%2Fr%2F",
        {"repo": "https://github.com/o/r", "branch": None}, ("forge-page",)),
    "extension-edit-page": (
        f"{HUB}{REPO}%2Fedit%2Fmain%2Fa.ipynb",
        {"branch": "main", "path": "a.ipynb", "app": "lab"}, ("forge-page",)),
    "extension-shiny-targetpath": (
        f"{HUB}{REPO}&branch=main&urlpath=shiny%2Fr%2Fapp1%2F&targetpath=ShinyApps%2Fr",
        {"app": "shiny", "targetpath": "ShinyApps/r", "path": None}, ("other-directory",)),
    "extension-vscode": (f"{HUB}{REPO}&urlpath=vscode%2F", {"app": "vscode"}, ()),
    # the Python package
    "package-autodecode": (
        f"{HUB}{REPO}&urlpath=lab%2Ftree%2Fr%2Fa.ipynb%3Fautodecode&branch=main",
        {"path": "a.ipynb", "urlpath": "lab/tree/r/a.ipynb?autodecode"}, ()),
    # themes
    "theme-html-escaped": (
        ("https://h.org/hub/user-redirect/git-pull?repo=https%3A//github.com/o/r&amp;"
        "urlpath=lab/tree/r/docs/a.ipynb&#38;branch=main"),
        {"path": "docs/a.ipynb", "branch": "main"}, ("html-escaped",)),
    "theme-not-encoded": (
        f"{HUB}repo=https://github.com/o/r&urlpath=tree/r/My é.ipynb&branch=master",
        {"app": "notebook", "path": "My é.ipynb", "branch": "master"}, ()),
    "theme-git-provider": (
        "https://mybinder.org/v2/git/https%3A//g.org/o/r/main?urlpath=lab/tree/My é & b#1.ipynb",
        {"env": {"provider": "git", "repo": "https://g.org/o/r", "ref": "main",
                 "spec": "https%3A%2F%2Fg.org%2Fo%2Fr/main"}, "path": "My é"},
        ("fragment-dropped", "unescaped-spec", "unknown-parameter")),
    "theme-gitlab-subgroup": (
        "https://mybinder.org/v2/gl/group/sub%2Fr/main?urlpath=lab",
        {"env": {"provider": "gl", "repo": "https://gitlab.com/group/sub/r", "ref": "main",
                 "spec": "group%2Fsub%2Fr/main"}}, ("unescaped-spec",)),
    "theme-gitlab-not-encoded": (
        "https://mybinder.org/v2/gl/group/r/main",
        {"env": {"provider": "gl", "repo": "https://gitlab.com/group/r", "ref": "main",
                 "spec": "group%2Fr/main"}}, ("unescaped-spec",)),
    "theme-double-slash": (
        f"{BINDER}?urlpath=%2Flab%2Ftree%2F%2Fdir%2Fa.ipynb",
        {"repo": None, "path": "dir/a.ipynb"}, ("double-slash",)),
    "theme-encoded-ref": (
        "https://mybinder.org/v2/gh/o/env/feature%2Fx",
        {"env": {"provider": "gh", "repo": "https://github.com/o/env", "ref": "feature/x",
                 "spec": "o/env/feature/x"}}, ()),
    # Binder
    "binder-singly-encoded": (
        f"{BINDER}?urlpath=/git-pull?repo=https://g.org/o/r%26urlpath=lab/tree/r/a",
        {"repo": "https://g.org/o/r", "path": "a"}, ()),
    "binder-not-encoded": (
        f"{BINDER}?urlpath=git-pull?repo=https://g.org/o/r&branch=dev&urlpath=lab/tree/r/a.ipynb",
        {"repo": "https://g.org/o/r", "branch": "dev", "path": "a.ipynb"}, ("leaked-parameter",)),
    "binder-hand-recipe": (
        (f"{BINDER}?urlpath=git-pull?repo=https://g.org/o/r%26amp%3Bbranch=x%26amp%3Burlpath="
        "lab/tree/r/a.ipynb%3Fautodecode"),
        {"branch": "x", "path": "a.ipynb"}, ("html-escaped",)),
    "binder-pull-encoded-again": (
        f"{BINDER}?urlpath=git-pull%253Frepo%253Dhttps%25253A%25252F%25252Fg.org%25252Fo%25252Fr",
        {"repo": "https://g.org/o/r"}, ("over-encoded",)),
    "binder-absolute-pull": (
        f"{BINDER}?urlpath=https%3A%2F%2Fh.org%2Fhub%2Fuser-redirect%2F{PULL_R}",
        {"repo": "https://github.com/o/r"}, ("urlpath-absolute",)),
    "binder-absolute": (
        f"{BINDER}?urlpath=https://evil.example/x", {"urlpath": None}, ("urlpath-absolute",)),
    "binder-pull-with-fragment": (
        f"{BINDER}?urlpath=git-pull?repo=https://g.org/o/r%23x",
        {"repo": "https://g.org/o/r"}, ("fragment-dropped",)),
    "binder-lost-pull": (f"{BINDER}?urlpath=lab&repo=https://g.org/o/r",
                         {"repo": None, "app": "lab"}, ("pull-missing",)),
    "binder-base": (
        "https://notebooks.gesis.org/binder/v2/gh/o/env/main?urlpath=rstudio&token=x",
        {"hub": "https://notebooks.gesis.org/binder", "app": "rstudio"}, ("token-dropped",)),
    "binder-filepath": (f"{BINDER}?filepath=a%20b.ipynb",
                        {"app": "notebook", "path": "a b.ipynb"}, ("old-parameters",)),
    "binder-labpath-wins": (f"{BINDER}?labpath=x%2Fa%23b.ipynb&urlpath=foo",
                            {"app": "lab", "path": "x/a#b.ipynb"}, ("old-parameters",)),
    "binder-labpath-outside": (f"{BINDER}?labpath=../x", {"path": None},
                               ("old-parameters", "path-outside")),
    "binder-old": ("https://mybinder.org/repo/u/r/notebooks/index.ipynb",
                   {"app": "notebook", "path": "index.ipynb",
                    "env": {"provider": "gh", "repo": "https://github.com/u/r", "ref": "master",
                            "spec": "u/r/master"}}, ("old-binder",)),
    "binder-old-plain": ("https://mybinder.org/repo/u/r", {"urlpath": None}, ("old-binder",)),
    "binder-build-api": ("https://mybinder.org/build/gh/o/env/main", {"kind": "binder"},
                         ("binder-build-api",)),
    # JupyterHub
    "hub-spawn": (
        f"https://h.org/hub/spawn/u?next=%2Fuser%2Fu%2F{PULL_R}",
        {"kind": "jupyterhub", "hub": "https://h.org", "server": None}, ("one-user",)),
    "hub-login": (
        f"https://h.org/x/hub/login?next=%2Fx%2Fhub%2Fuser-redirect%2F{PULL_R}",
        {"kind": "jupyterhub", "hub": "https://h.org/x"}, ()),
    "hub-login-loses-base-path": (
        f"https://h.org/x/hub/login?next=%2Fhub%2Fuser-redirect%2F{PULL_R}",
        {"hub": "https://h.org/x"}, ("base-path-lost",)),
    "hub-three-layers": (
        ("https://h.org/hub/login?next=%2Fhub%2Fspawn%3Fnext%3D%252Fhub%252Fuser-redirect%252F"
        "git-pull%253Frepo%253Dhttps%253A%252F%252Fgithub.com%252Fo%252Fr%2526branch%253Dmain"
        "%2526urlpath%253Dlab%252Ftree%252Fr%252Fa.ipynb%23fancy-forms-config=%7B%7D"),
        {"branch": "main", "path": "a.ipynb"}, ("spawn-options",)),
    "hub-leaked": (
        (f"https://h.org/hub/login?next=/hub/spawn?next=/hub/user-redirect/git-pull?{REPO}"
        "&branch=main&urlpath=lab/tree/r/a.ipynb#fancy-forms-config={}"),
        {"branch": "main", "path": "a.ipynb"}, ("spawn-options", "leaked-parameter")),
    "hub-form": (
        ("https://h.org/x/hub/login?next=/x/hub/spawn%23fancy-forms-config%3D%7B%22gitPuller%3Arepo"
        "%22%3A%22https%3A%2F%2Fgithub.com%2Fo%2Fr%22%2C%22gitPuller%3AfilePath%22%3A%22d%2Fa.py"
        "%22%7D"),
        {"kind": "jupyterhub", "hub": "https://h.org/x", "path": "d/a.py"}, ("spawn-options",)),
    "hub-one-user": (f"https://h.org/user/jo/git-pull?{REPO}", {"server": None}, ("one-user",)),
    "hub-one-user-named": (f"https://h.org/hub/user/jo/a%20b/git-pull?{REPO}",
                           {"hub": "https://h.org", "server": "a b"}, ("one-user",)),
    "hub-named-server": (f"https://h.org/x/hub/user-redirect/gpu/git-pull?{REPO}",
                         {"hub": "https://h.org/x", "server": "gpu"}, ()),
    "hub-without-hub": (f"https://h.org/user-redirect/git-pull?{REPO}", {"hub": "https://h.org"},
                        ()),
    "hub-app-as-server": (f"https://h.org/hub/user-redirect/lab/git-pull?{REPO}",
                          {"server": "lab"}, ("odd-server",)),
    "hub-chain": (
        ("https://h.org/hub/spawn/u?next=%2Fuser%2Fu%2Fgit-pull%3Frepo%3Dhttps%25253A%25252F%25252F"
        "github.com%25252Fo%25252Fr%26branch%3Dmain"),
        {"repo": "https://github.com/o/r", "branch": "main"}, ("over-encoded", "one-user")),
    "hub-next-still-encoded": (
        f"https://h.org/hub/login?next=%252Fhub%252Fuser-redirect%252Fgit-pull?{REPO}",
        {"repo": "https://github.com/o/r"}, ("over-encoded",)),
    # LTI
    "lti-1.3": (f"https://h.org/hub?next=%2Fhub%2Fuser-redirect%2F{PULL_R}", {"kind": "lti"}, ()),
    "lti-target-link-uri": (
        f"https://lms.org/x?target_link_uri=https%3A%2F%2Fh.org%2Fhub%2Fuser-redirect%2F{PULL_R}",
        {"kind": "lti", "hub": "https://h.org"}, ()),
    "lti-oauth": (
        ("https://h.org/hub/lti13/oauth_login?target_link_uri=https%3A%2F%2Fh.org%2Fhub%3Fnext%3D"
        "%252Fhub%252Fuser-redirect%252Fgit-pull%253Frepo%253Dhttps%25253A%25252F%25252Fg.org"
        "%25252Fo%25252Fr"), {"kind": "lti", "repo": "https://g.org/o/r"}, ()),
    "lti-elsewhere": (
        f"https://lms.org/lti/redirect?next=https%3A%2F%2Fh.org%2Fhub%2Fuser-redirect%2F{PULL_R}",
        {"kind": "jupyterhub", "hub": "https://h.org"}, ("next-elsewhere",)),
    "lti-canvas": (
        ("https://canvas.edu/courses/1/external_tools/retrieve?display=borderless&url=https%3A//h."
        "org/x/hub/lti/launch%3Fcustom_next%3D/x/hub/user-redirect/git-pull%253Frepo%253Dhttps"
        "%25253A//github.com/o/r%2526urlpath%253Dlab/tree/r/a.ipynb"),
        {"kind": "lti", "hub": "https://h.org/x", "path": "a.ipynb"}, ()),
    "lti-singly-encoded": (
        (f"{LAUNCH}?custom_next=/hub/user-redirect/git-pull%3Frepo%3Dhttps%3A%2F%2Fg.org%2Fo%2Fr"
        "%26subPath%3Da%20b.ipynb"),
        {"app": "notebook", "path": "a b.ipynb", "repo": "https://g.org/o/r"}, ("old-parameters",)),
    "lti-not-encoded": (
        f"{LAUNCH}?next=/hub/user-redirect/git-pull?{REPO}&branch=main&urlpath=lab/tree/r",
        {"branch": "main", "app": "lab"}, ("leaked-parameter",)),
    # one server, JupyterLite, old endpoints
    "server": (f"http://localhost:8888/git-pull/?{REPO}",
               {"kind": "server", "hub": "http://localhost:8888"}, ()),
    "server-base": (f"https://h.org/shell/join/abc/lab/git-pull?{REPO}",
                    {"kind": "server", "hub": "https://h.org/shell/join/abc/lab"}, ()),
    "server-api": (f"http://localhost:8888/git-pull/api?{REPO}", {"kind": "server"}, ()),
    "server-local-path": ("http://localhost:8888/git-pull?repo=/srv/x&urlpath=tree/x",
                          {"repo": "file:///srv/x", "app": "notebook"}, ("local-path",)),
    "lite": (("https://lite.org/x/lab/?repo=https://github.com/o/r&branch=main&urlpath=d/a.ipynb"
             "&provider=github&uploadpath=u"),
             {"kind": "server", "hub": "https://lite.org/x", "branch": "main", "app": "lab",
              "path": "d/a.ipynb"}, ("jupyterlite",)),
    "lite-plain": ("https://lite.org/lab/index.html?repo=https://github.com/o/r",
                   {"path": None}, ("jupyterlite",)),
    "git-sync": (f"https://h.org/hub/user-redirect/git-sync?{REPO}", {"kind": "jupyterhub"}, ()),
    "interact": ("https://h.org/user-redirect/interact?repo=r&path=a%20b&path=c",
                 {"repo": "https://github.com/data-8/r", "branch": "gh-pages", "path": "c"},
                 ("interact", "duplicate-parameter", "old-parameters")),
    "interact-hub-service": (
        "https://h.org/hub/interact?account=foo&repo=r&branch=main&path=x/a.ipynb",
        {"kind": "jupyterhub", "hub": "https://h.org", "repo": "https://github.com/foo/r",
         "branch": "main", "path": "x/a.ipynb"}, ("interact", "old-parameters")),
    "interact-whole-url": ("https://h.org/interact?repo=https://g.org/o/r&branch=main",
                           {"repo": "https://g.org/o/r"}, ("interact", "old-parameters")),
    "interact-on-binder": (
        f"{BINDER}?urlpath=interact%3Frepo%3Dr%26path%3Da.ipynb",
        {"kind": "binder", "repo": "https://github.com/data-8/r", "path": "a.ipynb"},
        ("interact", "old-parameters")),
    "next-of-another-host": (
        f"https://h.org/hub/login?next=%2F%2Fother.org%2Fhub%2Fuser-redirect%2F{PULL_R}",
        {"hub": "https://other.org"}, ("next-elsewhere",)),
    "next-with-a-slash-too-many": (
        f"https://h.org/hub/login?next=%2F%2Fhub%2Fuser-redirect%2F{PULL_R}",
        {"hub": "https://h.org"}, ()),
    "short-commit": (f"{HUB}{REPO}&branch=da39a3e", {"branch": "da39a3e"}, ("short-commit",)),
    "credentials-in-a-nested-pull": (
        f"{HUB}{REPO}&urlpath=git-pull%3Frepo%3Dhttps%253A%252F%252Fu%253Asecret%2540h.org%252Fr",
        {"urlpath": None}, ("credentials-in-url",)),
    "credentials-in-targetpath": (
        f"{HUB}{REPO}&targetpath=https%3A%2F%2Fu%3Asecret%40h.org",
        {"targetpath": None}, ("credentials-in-url",)),
    "nested-pull-over-ssh": (
        f"{HUB}{REPO}&urlpath=git-pull%3Frepo%3Dssh%253A%252F%252Fgit%2540h.org%252Fr",
        {"urlpath": "git-pull?repo=ssh%3A%2F%2Fgit%40h.org%2Fr"}, ()),
    "binder-leaked-from-a-wrapper": (
        f"https://lms.org/x?url={BINDER}?urlpath=git-pull?repo=https://g.org/o/r&branch=x",
        {"kind": "binder", "repo": "https://g.org/o/r", "branch": "x"}, ("leaked-parameter",)),
    # texts around the link
    "trimmed": (f"(<{HUB}{REPO}>).", {"kind": "jupyterhub"}, ("trimmed",)),
    "zero-width": (f"\ufeff{HUB}{REPO}\u200b", {"repo": "https://github.com/o/r"}, ("trimmed",)),
    "bracket-of-its-own": (f"{HUB}{REPO}&urlpath=lab/tree/r/a(1)", {"path": "a(1)"}, ()),
    "sentence": (f"see <{HUB}{REPO}>.", {"kind": "jupyterhub"}, ("trimmed",)),
    "markdown": (f"[![B](https://mybinder.org/badge_logo.svg)]({BINDER}?urlpath=lab)",
                 {"kind": "binder", "app": "lab"}, ("trimmed",)),
    "html": (f'<a href="{HUB}{REPO}&amp;branch=main"><img src="https://x.org/b.svg"></a>',
             {"branch": "main"}, ("trimmed", "html-escaped")),
    "html-hexadecimal": (f"{HUB}{REPO}&#x26;branch=main", {"branch": "main"}, ("html-escaped",)),
    "markdown-escaped": (f"{HUB}repo=https://github.com/o/my\\_repo",
                         {"repo": "https://github.com/o/my_repo"}, ("markdown-escaped",)),
    "broken-over-lines": (f"{HUB}repo=https://github.com\r\n/o/r",
                          {"repo": "https://github.com/o/r"}, ("line-break",)),
    "whole-link-encoded": (
        f"https%3A%2F%2Fh.org%2Fhub%2Fuser-redirect%2F{PULL_R}",
        {"repo": "https://github.com/o/r"}, ("over-encoded",)),
    "no-scheme": (f"h.org/hub/user-redirect/git-pull?{REPO}", {"hub": "https://h.org"},
                  ("scheme-missing",)),
    "no-scheme-localhost": (f"localhost:8888/git-pull?{REPO}", {"hub": "http://localhost:8888"},
                            ("scheme-missing",)),
    "credentials": (f"https://u:secret@h.org/hub/user-redirect/git-pull?{REPO}",
                    {"hub": "https://h.org"}, ("credentials-in-url",)),
    "fragment": (f"{HUB}{REPO}&urlpath=lab/tree/r/C#.ipynb", {"path": "C"}, ("fragment-dropped",)),
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_a_link_is_read_and_each_repair_is_said(name):
    text, says, codes = FOUND[name]
    link = parse_link(text)
    flat = link.to_dict()
    assert {key: flat[key] for key in says} == says
    assert {warning.code for warning in link.warnings} == set(codes)
    assert "secret" not in repr(link)
    again = parse_link(str(link))
    assert again == link


UNREADABLE = {
    "": "no-host",
    "hello": "no-host",
    "/hub/user-redirect/git-pull?repo=x": "no-host",
    '["next=/hub/user-redirect/git-pull?repo=https://github.com/o/r"]': "no-host",
    "ftp://h.org/git-pull": "no-host",
    "https://h.org": "no-pull",
    "https://h.org/" + ")" * 100: "no-pull",
    "https://h.org/hub/user-redirect/lab/tree/x": "no-pull",
    "https://h.org/hub/login?next=/hub/home": "no-pull",
    "https://h.org/hub/spawn#fancy-forms-config=%7B%7D": "no-pull",
    "https://h.org/x/repo/u/r?next=/a": "no-pull",
    "https://h.org/git-pull": "repo-missing",
    f"{HUB}repo=&urlpath=lab%2Ftree%2F%2F&branch=": "repo-missing",
    f"{HUB}repo=%26branch%3Dx": "repo-missing",
    "https://h.org/interact?path=x": "repo-missing",
    f"{HUB}repo=%7Brepo%7D": "template",
    f"{HUB}repo=https://github.com/%3Corg%3E/r": "template",
    "https://<your-hub>/hub/user-redirect/git-pull?repo=https://github.com/o/r": "template",
    "https://mybinder.org/v2/gh/<org>/<repo>/main": "template",
    f"{HUB}repo=x": "not-a-url",
    f"{HUB}repo=ext::sh%20-c%20x": "not-a-url",
    f"{HUB}repo=ftp://h.org/x": "unsupported-scheme",
    f"{HUB}repo=https://github.com": "no-repository",
    f"{HUB}repo=https://github.com/org": "no-repository",
    f"{HUB}repo=u:secret@github.com/o/r": "credentials-in-url",
    "https://h.org:99999/git-pull?repo=https://h.org/r": "not-a-url",
    "https://[::1/git-pull?repo=https://h.org/r": "not-a-url",
    "https://mybinder.org/v2/gh/org//main": "env-repo-invalid",
    "https://mybinder.org/v2/zenodo/x": "env-repo-invalid",
    "https://h.org/hub/spawn?next=/user-redirect/nbfetch/hs-pull?id=1%26app=lab": "not-git",
    "https://h.org/hub/user-redirect/a%2Fb/git-pull?repo=https://h.org/r": "server-invalid",
    "https://h.org/x/../git-pull?repo=https://h.org/r": "dots-in-path",
    "https://h.org/\0": "control-character",
    "https://h.org/\ud800": "not-unicode",
    "https://h.org/" + "x" * 70_000: "too-long",
    "https://h.org/?next=/a" + "".join(f"?next=/{n}" for n in range(9)): "too-many-layers",
}


@pytest.mark.parametrize(("text", "code"), UNREADABLE.items(), ids=range(len(UNREADABLE)))
def test_a_text_that_is_no_link_is_refused_with_where_and_why(text, code):
    with pytest.raises(UnreadableLinkError) as caught:
        parse_link(text)
    assert caught.value.code == code
    assert caught.value.hint
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", [None, 5, b"https://h.org"])
def test_what_is_no_text_is_refused(value):
    with pytest.raises(NbpullError) as caught:
        parse_link(value)
    assert caught.value.code == "wrong-type"


def test_a_refusal_tells_no_credentials():
    with pytest.raises(UnreadableLinkError) as caught:
        parse_link(f"{HUB}repo=https://u:secret@h.org:99999/r")
    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__
