"""Content is valid by construction, and two ways to say one thing are equal."""

from __future__ import annotations

import dataclasses

import pytest

from nbpull_links import Content, InvalidValueError, RepoUrl

REPO = RepoUrl("https://github.com/org/r")


def content(**values) -> Content:
    return Content(**{"repo": REPO} | values)


def test_app_and_path_say_the_same_as_urlpath():
    assert content(app="lab", path="a b.ipynb") == content(urlpath="lab/tree/r/a%20b.ipynb")


def test_a_path_alone_opens_in_lab():
    assert content(path="a.py").app == "lab"


def test_nothing_to_open_is_left_to_the_server():
    made = content()
    assert (made.app, made.path, made.urlpath) == (None, None, None)
    assert made.pull == "git-pull?repo=https%3A%2F%2Fgithub.com%2Forg%2Fr"


def test_blank_values_count_as_left_out():
    assert content(branch="", path="", app="", urlpath="", targetpath="") == content()
    assert content(path="./.", urlpath="/") == content()


@pytest.mark.parametrize(
    ("given", "path"),
    [("/d//./a.py", "d/a.py"), ("d/", "d/"), ("a\r\nb.py", "a\r\nb.py"), (" a ", " a "),
     ("..a/...", "..a/...")],
)  # fmt: skip
def test_a_path_has_one_form(given, path):
    assert content(path=given, app="lab").path == path


def test_an_application_that_opens_only_itself_drops_the_path():
    assert content(path="a.Rmd", app="rstudio") == content(app="rstudio")
    assert content(path="d/app.R", app="shiny").path == "d/"


@pytest.mark.parametrize(
    ("given", "urlpath"),
    [("/lab", "lab"), ("proxy/1/?a=1&b=é#c", "proxy/1/?a=1&b=é#c"), (" lab ", "lab"),
     ("lab/tree/r/a:b", "lab/tree/r/a:b"), ("lab/..a", "lab/..a")],
)  # fmt: skip
def test_a_urlpath_is_kept_but_for_one_leading_slash(given, urlpath):
    assert content(urlpath=given).urlpath == urlpath


def test_a_path_that_no_link_could_ask_for_is_not_read_from_a_urlpath():
    assert content(urlpath="lab/tree/r/a%00b").path is None


def test_the_directory_is_the_target_path_or_the_repository_s():
    assert content().directory == "r"
    assert content(targetpath="c//./d/").directory == "c/d"
    assert content(targetpath="c/d", path="a.py").urlpath == "lab/tree/c/d/a.py"
    assert Content(path="a.py").directory is None
    assert Content(path="a.py").urlpath == "lab/tree/a.py"


def test_every_parameter_is_sent_encoded_and_in_lower_case():
    made = content(branch="feature/ü", path="a b.py", app="notebook", targetpath="c d", depth=0)
    assert made.query == (
        "repo=https%3A%2F%2Fgithub.com%2Forg%2Fr&branch=feature%2F%C3%BC"
        "&urlpath=edit%2Fc%2520d%2Fa%2520b.py&targetpath=c%20d&depth=0"
    )


REFUSED = [
    ({"branch": "-x"}, "branch-invalid"),
    ({"branch": " "}, "branch-invalid"),
    ({"branch": "a b"}, "branch-invalid"),
    ({"branch": "a..b"}, "branch-invalid"),
    ({"branch": "a~1"}, "branch-invalid"),
    ({"branch": "@"}, "branch-invalid"),
    ({"branch": "a@{1}"}, "branch-invalid"),
    ({"branch": "a.lock"}, "branch-invalid"),
    ({"branch": "a.lock/b"}, "branch-invalid"),
    ({"branch": "/a"}, "branch-invalid"),
    ({"branch": "a/"}, "branch-invalid"),
    ({"branch": "a//b"}, "branch-invalid"),
    ({"branch": "a/.b"}, "branch-invalid"),
    ({"branch": "main\n"}, "control-character"),
    ({"branch": 5}, "wrong-type"),
    ({"path": "../x"}, "path-outside"),
    ({"path": "a/../b"}, "path-outside"),
    ({"path": "a\\..\\b"}, "path-outside"),
    ({"path": "a\tb"}, "control-character"),
    ({"path": "a\ud800"}, "not-unicode"),
    ({"path": 5}, "wrong-type"),
    ({"app": "emacs"}, "unknown-app"),
    ({"app": "lab\n"}, "control-character"),
    ({"urlpath": "https://evil.example/"}, "urlpath-absolute"),
    ({"urlpath": "/https://evil.example/"}, "urlpath-absolute"),
    ({"urlpath": "javascript:alert(1)"}, "urlpath-absolute"),
    ({"urlpath": "//evil.example"}, "urlpath-absolute"),
    ({"urlpath": "/\\evil.example"}, "urlpath-absolute"),
    ({"urlpath": "\\\\evil.example"}, "urlpath-absolute"),
    ({"urlpath": "/ //evil.example"}, "urlpath-absolute"),
    ({"urlpath": "lab/../../hub/logout"}, "urlpath-outside"),
    ({"urlpath": "lab/%2e%2E/x"}, "urlpath-outside"),
    ({"urlpath": "lab\\..\\x"}, "urlpath-outside"),
    ({"urlpath": "lab?token=secret"}, "credentials-in-url"),
    ({"urlpath": "git-pull?repo=https%3A%2F%2Fu%3Asecret%40h.org%2Fr"}, "credentials-in-url"),
    ({"urlpath": "lab\r"}, "control-character"),
    ({"path": "https://u:secret@h.org/r"}, "credentials-in-url"),
    ({"targetpath": "https://u:secret@h.org"}, "credentials-in-url"),
    ({"urlpath": "lab", "path": "a.py"}, "urlpath-and-path"),
    ({"urlpath": "lab", "app": "retro"}, "urlpath-and-path"),
    ({"targetpath": "/x"}, "targetpath-outside"),
    ({"targetpath": "\\x"}, "targetpath-outside"),
    ({"targetpath": "~/x"}, "targetpath-outside"),
    ({"targetpath": ".."}, "targetpath-outside"),
    ({"targetpath": "a\\..\\b"}, "targetpath-outside"),
    ({"targetpath": "."}, "targetpath-outside"),
    ({"targetpath": "a /"}, "edge-space"),
    ({"targetpath": "a\nb"}, "control-character"),
    ({"depth": -1}, "depth-invalid"),
    ({"depth": 2**31}, "depth-invalid"),
    ({"depth": "5"}, "depth-invalid"),
    ({"depth": True}, "depth-invalid"),
    ({"repo": "https://u:secret@h.org/r"}, "credentials-in-url"),
    ({"repo": None, "branch": "main"}, "no-content-repo"),
    ({"repo": None, "targetpath": "x"}, "no-content-repo"),
    ({"repo": None, "depth": 0}, "no-content-repo"),
]


@pytest.mark.parametrize(("values", "code"), REFUSED)
def test_what_no_link_may_hold_is_refused_with_a_remedy(values, code):
    with pytest.raises(InvalidValueError) as caught:
        content(**values)
    assert caught.value.code == code
    assert "secret" not in str(caught.value)
    assert caught.value.hint or code == "wrong-type"


def test_urlpath_and_path_may_agree():
    assert content(urlpath="lab/tree/r/a.py", path="a.py", app="lab").path == "a.py"


def test_content_without_a_repository_cannot_be_pulled():
    with pytest.raises(InvalidValueError) as caught:
        _ = Content(app="lab").pull
    assert caught.value.code == "no-content-repo"


def test_a_commit_is_told_from_a_branch():
    assert content(branch="0123456789ABCDEF" + "0" * 24).is_commit
    assert content(branch="0" * 64).is_commit
    assert not content(branch="0" * 39).is_commit
    assert not content().is_commit


def test_content_is_a_value():
    made = content(path="a.py")
    assert {made, content(path="a.py")} == {made}
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.path = "b.py"
    with pytest.raises(TypeError):
        Content(REPO)
