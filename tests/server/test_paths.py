"""Where a workspace may be."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbpull_server.errors import RefusedError
from nbpull_server.paths import Workspaces


@pytest.fixture
def root(tmp_path):
    home = tmp_path / "home"
    (home / "here").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    return home


@pytest.mark.parametrize(
    ("target", "relative"),
    [
        ("course", "course"),
        ("course/", "course"),
        ("a/./b//c", "a/b/c"),
        ("here", "here"),
        ("Übung 1", "Übung 1"),
        ("git@example.org:course", "git@example.org:course"),
        ("course.git", "course.git"),
        ("...", None),
        ("-rf", "-rf"),
    ],
)
def test_a_folder_below_the_root_is_a_workspace(root, target, relative):
    if relative is None:
        with pytest.raises(RefusedError):
            Workspaces(root).locate(target)
        return
    workspace = Workspaces(root).locate(target)
    assert workspace.relative == relative
    assert workspace.path == root / relative


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("../x", "outside-root"),
        ("a/../../x", "outside-root"),
        ("a/..", "outside-root"),
        ("..", "outside-root"),
        ("/etc", "outside-root"),
        ("//etc", "outside-root"),
        (".", "outside-root"),
        ("./", "outside-root"),
        ("", "outside-root"),
        (".ssh", "hidden-directory"),
        ("a/.git/hooks", "hidden-directory"),
        (".local/share/jupyter", "hidden-directory"),
        ("~", "hidden-directory"),
        ("~other/x", "hidden-directory"),
        ("a\x00b", "bad-targetpath"),
        ("a\nb", "bad-targetpath"),
        ("x" * 256, "bad-targetpath"),
        ("ü" * 200, "bad-targetpath"),
    ],
)
def test_a_place_that_no_link_may_name_is_refused(root, target, code):
    with pytest.raises(RefusedError) as caught:
        Workspaces(root).locate(target)
    assert caught.value.code == code


@pytest.mark.parametrize("target", ["away", "away/course", "here/up/x", "loop", "loop/x"])
def test_a_symlink_does_not_lead_out_of_the_root(root, target):
    (root / "away").symlink_to(root.parent / "elsewhere")
    (root / "here" / "up").symlink_to("../..")
    (root / "loop").symlink_to("loop")
    with pytest.raises(RefusedError) as caught:
        Workspaces(root).locate(target)
    assert caught.value.code == "outside-root"


def test_a_symlink_does_not_lead_into_a_hidden_folder(root):
    (root / ".ssh").mkdir()
    (root / "keys").symlink_to(".ssh")
    with pytest.raises(RefusedError) as caught:
        Workspaces(root).locate("keys")
    assert caught.value.code == "hidden-directory"


def test_a_symlink_inside_the_root_is_followed(root):
    (root / "link").symlink_to("here")
    workspace = Workspaces(root).locate("link/course")
    assert (workspace.relative, workspace.path) == ("link/course", root / "here" / "course")


def test_a_root_that_is_a_symlink_is_still_the_root(root):
    (root.parent / "alias").symlink_to(root)
    assert Workspaces(root.parent / "alias").locate("course").path == root / "course"


def test_the_parent_path_stands_before_what_a_link_names(root):
    workspaces = Workspaces(root, "classes/2026")
    assert workspaces.locate("course").relative == "classes/2026/course"
    assert workspaces.at("classes/2026/course").path == root / "classes/2026/course"
    assert workspaces.at("course").path == root / "course"


def test_the_parent_path_itself_is_no_workspace(root):
    (root / "classes").mkdir()
    (root / "back").symlink_to("classes")
    with pytest.raises(RefusedError):
        Workspaces(root, "classes").at("back")


def test_a_parent_path_that_the_operator_hid_may_hold_workspaces(root):
    assert Workspaces(root, ".classes").locate("course").path == root / ".classes" / "course"


@pytest.mark.parametrize("target", ["course/evil", "course/evil/hooks"])
def test_a_bare_repository_in_the_content_is_no_workspace(root, target):
    evil = root / "course" / "evil"
    for name in ("objects", "refs", "hooks"):
        (evil / name).mkdir(parents=True)
    (evil / "HEAD").write_text("ref: refs/heads/main\n")
    (evil / "config").write_text("[core]\nfsmonitor = touch /tmp/owned\n")
    with pytest.raises(RefusedError) as caught:
        Workspaces(root).locate(target)
    assert caught.value.code == "bare-repository"


def test_a_place_of_another_user_is_refused(root, monkeypatch):
    (root / "theirs").mkdir()
    real = os.lstat(root / "theirs")
    monkeypatch.setattr(os, "geteuid", lambda: real.st_uid + 1)
    assert Workspaces(root).locate("theirs/course"), "the root's owner may own what is in it"
    if real.st_uid == 0:
        os.chown(root / "theirs", 4321, -1)
        with pytest.raises(RefusedError) as caught:
            Workspaces(root).locate("theirs/course")
        assert caught.value.code == "not-yours"


def test_a_free_name_is_one_at_which_nothing_is(root):
    workspaces = Workspaces(root)
    (root / "course").mkdir()
    (root / "course-2").symlink_to("nowhere")
    assert workspaces.free("course") == "course-3"
    assert workspaces.free("course.git") == "course-2.git"


@settings(max_examples=300)
@given(target=st.text(st.sampled_from("ab./~\\ \n%"), max_size=12))
def test_whatever_is_accepted_lies_below_the_root(tmp_path_factory, target):
    root = tmp_path_factory.getbasetemp()
    try:
        path = Workspaces(root).locate(target).path
    except RefusedError:
        return
    assert path != root
    assert path.is_relative_to(root)
    assert not any(part.startswith(".") for part in path.relative_to(root).parts)
