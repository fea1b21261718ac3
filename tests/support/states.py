"""The states in which a sync may find a workspace, each a function that brings it there."""

from __future__ import annotations

import shutil

from classroom import Runs

TEXT = "".join(f"{number}\n" for number in range(1, 10))
THEIRS = TEXT.replace("2\n", "2 theirs\n")
OURS = TEXT.replace("8\n", "8 ours\n")
BOTH = THEIRS.replace("8\n", "8 ours\n")

BASE = {
    "edit.txt": TEXT,
    "gone.txt": "gone\n",
    "same.txt": "same\n",
    "old.txt": "old\n",
    "run.sh": Runs("echo\n"),
}
WORK = {"edit.txt": OURS, "gone.txt": None, "mine.txt": "mine\n"}
CHANGE = {"edit.txt": THEIRS, "new.txt": "new\n", "old.txt": None}
AFTER = {
    "edit.txt": BOTH,
    "gone.txt": "gone\n",
    "same.txt": "same\n",
    "run.sh": Runs("echo\n"),
    "mine.txt": "mine\n",
    "new.txt": "new\n",
}

STATES = {}


def state(function):
    """Note a state: a function that brings a workspace with a learner's work into it."""
    STATES[function.__name__.replace("_", "-")] = function
    return function


def configured(name, **settings):
    def apply(learner):
        for key, value in settings.items():
            learner.git("config", key.replace("__", "."), value)

    STATES[name] = apply


def spoiled(name, path, content):
    """Note a state in which a file of the repository is something else, or (None) gone."""

    def apply(learner):
        file = learner / ".git" / path
        if content is None:
            shutil.rmtree(file) if file.is_dir() else file.unlink()
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)

    STATES[name] = apply


@state
def plain(learner):
    pass


@state
def own_commits(learner):
    learner.commit("mine")


@state
def own_commits_on_a_branch(learner):
    learner.git("checkout", "-q", "-b", "mine")
    learner.commit("mine")


@state
def own_commit_under_more_edits(learner):
    learner.git("commit", "-q", "-m", "mine", "--", "edit.txt")


@state
def another_branch(learner):
    learner.git("checkout", "-q", "-b", "mine")


@state
def detached(learner):
    learner.git("checkout", "-q", "--detach")


@state
def detached_with_commits(learner):
    learner.git("checkout", "-q", "--detach")
    learner.commit("mine")


@state
def staged(learner):
    learner.git("add", "--all")


@state
def staged_and_changed_since(learner):
    learner.write({"edit.txt": "only staged\n"})
    learner.git("add", "edit.txt")
    learner.write({"edit.txt": OURS})


@state
def unfinished_merge(learner):
    _diverge(learner)
    learner.git("merge", "other", check=False)
    _edit(learner)


@state
def unfinished_cherry_pick(learner):
    _diverge(learner)
    learner.git("cherry-pick", "other", check=False)
    _edit(learner)


@state
def unfinished_revert(learner):
    _diverge(learner)
    learner.git("revert", "--no-edit", "HEAD~1", check=False)
    _edit(learner)


@state
def unfinished_rebase(learner):
    _diverge(learner)
    learner.git("rebase", "other", check=False)
    _edit(learner)


@state
def unfinished_bisect(learner):
    _save(learner)
    learner.git("bisect", "start")
    learner.git("bisect", "bad")
    _edit(learner)


@state
def no_index_and_index_lock(learner):
    (learner / ".git/index").rename(learner / ".git/index.lock")


@state
def stashed(learner):
    learner.write({"same.txt": "stashed\n"})
    learner.git("stash", "push", "--", "same.txt")


@state
def tag_of_the_branchs_name(learner):
    learner.git("tag", "main")
    learner.git("tag", "origin/main")


@state
def all_packed(learner):
    learner.git("pack-refs", "--all")
    learner.git("gc", "-q", "--prune=now")


@state
def hidden_by_bits(learner):
    learner.git("update-index", "--assume-unchanged", "edit.txt", "old.txt")
    learner.git("update-index", "--skip-worktree", "gone.txt", "same.txt")


@state
def read_only_files(learner):
    (learner / "edit.txt").chmod(0o444)
    (learner / "old.txt").chmod(0o444)


@state
def no_remote(learner):
    learner.git("remote", "remove", "origin")


@state
def hooks_that_fail(learner):
    for name in (
        "pre-commit", "commit-msg", "post-checkout", "post-merge", "post-index-change",
        "reference-transaction", "pre-rebase", "prepare-commit-msg", "update",
    ):  # fmt: skip
        hook = learner / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text("#!/bin/sh\ntouch ../../hooked\nexit 1\n")
        hook.chmod(0o755)


@state
def linked_worktree(learner):
    home = learner.directory.with_name("main-worktree")
    learner.directory.rename(home)
    mine = learner.__class__(home, learner.teacher)
    mine.git("worktree", "add", "-q", "--detach", str(learner.directory))
    _edit(learner)
    learner.write({"gone.txt": None, "mine.txt": "mine\n"})


@state
def our_part_is_gone(learner):
    shutil.rmtree(learner / ".git/nbpull")


@state
def base_is_not_noted(learner):
    learner.git("update-ref", "-d", "refs/nbpull/base")


@state
def nothing_of_ours(learner):
    shutil.rmtree(learner / ".git/nbpull")
    for ref in learner.git("for-each-ref", "--format=%(refname)", "refs/nbpull").split():
        learner.git("update-ref", "-d", ref)


configured("signing", commit__gpgSign="true", tag__gpgSign="true", gpg__program="false")
configured("merge-and-pull", merge__ff="only", pull__rebase="true", pull__ff="only")
configured("fsmonitor", core__fsmonitor="touch ../../hooked; false", core__untrackedCache="true")
configured("hooks-path", core__hooksPath="/nonexistent")
configured("bare", core__bare="true")
configured("worktree-elsewhere", core__worktree="/nonexistent")
configured("file-mode-ignored", core__fileMode="false")
configured("pruning", fetch__prune="true", fetch__pruneTags="true", fetch__parallel="2")
configured("odd-output", diff__noprefix="true", diff__renames="copies", core__quotePath="true",
           color__ui="always", status__short="true", log__showSignature="true")  # fmt: skip
configured("index-4", index__version="4", feature__manyFiles="true")
configured("strict-transfer", transfer__fsckObjects="true", protocol__version="1")
configured("other-ignore", core__excludesFile="/nonexistent", core__attributesFile="/nonexistent")
configured("remote-tricks", remote__origin__uploadpack="false", remote__origin__mirror="true",
           remote__origin__prune="true")  # fmt: skip
for lock in (
    "index.lock", "HEAD.lock", "config.lock", "packed-refs.lock", "shallow.lock", "FETCH_HEAD.lock",
    "refs/heads/main.lock", "refs/remotes/origin/main.lock", "refs/nbpull/base.lock",
    "nbpull/index-new.lock", "ORIG_HEAD.lock",
):  # fmt: skip
    spoiled(f"lock-{lock.replace('/', '-')}", lock, b"")
spoiled("index-garbage", "index", b"garbage")
spoiled("index-empty", "index", b"")
spoiled("index-gone", "index", None)
spoiled("HEAD-gone", "HEAD", None)
spoiled("HEAD-empty", "HEAD", b"")
spoiled("HEAD-zeros", "HEAD", bytes(41))
spoiled("branch-empty", "refs/heads/main", b"")
spoiled("branch-zeros", "refs/heads/main", bytes(41))
spoiled("branch-gone", "refs/heads/main", None)
spoiled("tracking-empty", "refs/remotes/origin/main", b"")
spoiled("base-empty", "refs/nbpull/base", b"")
spoiled("memory-garbage", "nbpull/memory.json", b"{")
spoiled("our-HEAD-gone", "nbpull/HEAD", None)
spoiled("our-config-garbage", "nbpull/config", b"\0garbage")
spoiled("journal-garbage", "nbpull/pending.json", b"{")
spoiled("rebase-apply-empty", "rebase-apply/x", b"")


@state
def no_objects(learner):
    shutil.rmtree(learner / ".git/objects")


@state
def empty_objects(learner):
    for file in (learner / ".git/objects").rglob("*"):
        if file.is_file() and "info" not in file.parts:
            file.chmod(0o644)
            file.write_bytes(b"")


@state
def no_refs(learner):
    shutil.rmtree(learner / ".git/refs")


MISSING = b"1" * 40 + b"\n"
spoiled("config-zeros", "config", bytes(100))
spoiled("base-names-nothing", "refs/nbpull/base", MISSING)
spoiled("branch-names-nothing", "refs/heads/main", MISSING)
spoiled("tracking-names-nothing", "refs/remotes/origin/main", MISSING)
spoiled("stash-names-nothing", "refs/stash", MISSING)


def _edit(learner):
    learner.write({"edit.txt": OURS, "same.txt": "same\n", "mine.txt": "mine\n"})


def _save(learner):
    """Commit the learner's work, so that git lets them go on with something else."""
    learner.write({"gone.txt": "gone\n"})
    learner.commit("mine")


def _diverge(learner):
    """Make two branches that conflict."""
    _save(learner)
    learner.git("checkout", "-q", "-b", "other", "HEAD~1" if _parents(learner) else "HEAD")
    learner.write({"same.txt": "other\n"})
    learner.commit("other")
    learner.git("checkout", "-q", "main")
    learner.write({"same.txt": "this\n"})
    learner.commit("this")


def _parents(learner):
    return learner.git("rev-list", "--parents", "-1", "HEAD").count(" ")


OF_GIT = list(STATES)[: list(STATES).index("signing")]
"""The states to which git's own commands bring; what follows them are settings and harm."""
