"""Content and repositories that mean harm: nothing outside is written, nothing is run."""

from __future__ import annotations

import os
import subprocess

import pytest

from classroom import Link, Teacher
from nbpull_sync import Log, SyncError

TEXT = "content\n"


def plant(teacher, path, content=TEXT):
    """Commit a path that git itself would refuse to add."""
    blob = teacher.git("hash-object", "-w", "--stdin", stdin=content.encode())
    *folders, name = path.split("/")
    entry = f"100644 blob {blob}\t{name}\n"
    for folder in reversed(folders):
        tree = teacher.git("mktree", stdin=entry.encode())
        entry = f"040000 tree {tree}\t{folder}\n"
    root = teacher.git("ls-tree", "HEAD").encode() + b"\n" + entry.encode()
    tree = teacher.git("mktree", stdin=root)
    commit = teacher.git("commit-tree", "-p", "HEAD", "-m", "harm", tree)
    teacher.git("update-ref", "refs/heads/main", commit)


@pytest.mark.parametrize(
    "path",
    [".git/hooks/post-checkout", ".GIT/config", ".git./x", "../escaped", "d/../../escaped",
     ".git\u200c/config", "GIT~1/config", "d/.git/config", "./x", ".git::$INDEX_ALLOCATION/x"],
)  # fmt: skip
@pytest.mark.parametrize("when", ["first", "later"])
def test_a_name_that_leaves_the_workspace_or_enters_the_repository_is_refused(
    teacher, learner, path, when
):
    teacher.publish({"f.txt": TEXT})
    if when == "later":
        learner.sync()
    plant(teacher, path)
    with pytest.raises(SyncError) as caught:
        learner.sync()
    assert caught.value.code == "unsafe-content"
    assert caught.value.who == "author"
    home = learner.directory.parent
    assert sorted(it.name for it in home.iterdir()) == (["course"] if when == "later" else [])
    if when == "later":
        assert learner.files() == {"f.txt": TEXT}


@pytest.mark.parametrize("target", ["../../outside", "{outside}", "/", ".git", ".git/hooks"])
def test_a_link_is_never_followed_on_write(teacher, learner, tmp_path, target):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "f.txt").write_text("outside\n")
    teacher.publish({"d": Link(target.format(outside=outside))})
    learner.sync()
    teacher.publish({"d": None, "d/f.txt": TEXT, "d/new.txt": TEXT})
    learner.sync()
    assert learner.files() == {"d/f.txt": TEXT, "d/new.txt": TEXT}
    assert {it.name: it.read_text() for it in outside.iterdir()} == {"f.txt": "outside\n"}


def test_filters_and_drivers_that_attributes_name_are_not_run(teacher, learner, tmp_path):
    ran = tmp_path / "ran"
    home = os.environ["HOME"]
    for key in ("filter.evil.clean", "filter.evil.smudge", "diff.evil.textconv"):
        config = ["git", "config", "--file", f"{home}/.gitconfig", key, f"touch {ran}"]
        subprocess.run(config, check=True)
    try:
        attributes = "* filter=evil diff=evil merge=evil\n"
        teacher.git("config", "filter.evil.clean", "cat")
        teacher.publish({".gitattributes": attributes, "f.txt": "1\n2\n3\n"})
        ran.unlink(missing_ok=True)
        learner.sync()
        learner.write({"f.txt": "1\n2\n3 ours\n"})
        teacher.publish({"f.txt": "1 theirs\n2\n3\n"})
        ran.unlink(missing_ok=True)
        learner.sync()
        assert learner.files()["f.txt"] == "1 theirs\n2\n3 ours\n"
        assert not ran.exists()
    finally:
        os.truncate(f"{home}/.gitconfig", 0)


def test_a_bare_repository_in_the_content_is_only_content(teacher, learner, tmp_path):
    bare = {"b/HEAD": "ref: refs/heads/main\n", "b/objects/x": "x\n", "b/refs/x": "x\n"}
    bare["b/config"] = f"[core]\n\tbare = true\n\tfsmonitor = touch {tmp_path}/ran\n"
    teacher.publish(bare)
    learner.sync()
    assert learner.files() == bare
    inner = learner.__class__(learner / "b", teacher)
    with pytest.raises(SyncError) as caught:
        inner.sync()
    assert caught.value.code == "bare-repository"
    assert learner.files() == bare
    assert not (tmp_path / "ran").exists()


def test_the_environment_cannot_lead_git_elsewhere(teacher, learner, tmp_path, monkeypatch):
    teacher.publish({"f.txt": TEXT})
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    monkeypatch.setenv("GIT_SSH_COMMAND", "false")
    learner.events = []
    report = learner.sync()
    assert report.status == "cloned"
    assert not (tmp_path / "elsewhere").exists()
    assert learner.files() == {"f.txt": TEXT}


def test_credentials_in_an_address_are_kept_nowhere(learner):
    with pytest.raises(SyncError) as caught:
        learner.sync(repo="http://user:s3cret@127.0.0.1:9/r.git")
    said = f"{caught.value} {caught.value.context} {caught.value!r} {learner.events}"
    assert "s3cret" not in said
    found = subprocess.run(["grep", "-r", "s3cret", learner.directory.parent], check=False)
    assert found.returncode == 1


def test_submodules_are_pulled_only_where_that_is_asked_for(teacher, learner, tmp_path):
    part = Teacher(tmp_path / "part", {"p.txt": "part\n"})
    teacher.publish({"f.txt": TEXT})
    allow = ["-c", "protocol.file.allow=always"]
    teacher.git(*allow, "submodule", "--quiet", "add", part.url, "part")
    teacher.commit()
    learner.sync()
    assert (learner / "part").is_dir()
    assert "part/p.txt" not in learner.files()
    assert learner.sync().status == "unchanged"
    learner.sync(submodules=True)
    assert learner.files()["part/p.txt"] == "part\n"
    learner.write({"part/p.txt": "mine\n"})
    part.publish({"p.txt": "part 2\n"})
    teacher.git(*allow, "submodule", "--quiet", "update", "--remote", "part")
    teacher.commit()
    learner.sync(submodules=True)
    assert learner.files()["part/p.txt"] == "mine\n"
    assert any("submodule" in it.message for it in learner.events if isinstance(it, Log))
