"""Play the history of a course and a learner's work in it, and hold each sync to the invariants."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

import nbformat

from classroom import Learner
from course_repo import CourseRepo
from policy_model import Merge, expect, parents

START = {
    "a.txt": "one\ntwo\nthree\n",
    "b.txt": "".join(f"line {number} of b\n" for number in range(12)),
    "d/a.txt": "".join(f"line {number} of d\n" for number in range(12)),
}


def notebook(cells):
    """Write a notebook of (id, source) pairs."""
    made = [
        {"cell_type": "markdown", "id": name, "metadata": {}, "source": source}
        for name, source in cells
    ]
    value = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(value, indent=1) + "\n"


def cells(content):
    """Give the (id, source) pairs of a notebook; None where it is none."""
    try:
        book = nbformat.reads(content, as_version=4)
        nbformat.validate(book)
    except (ValueError, AttributeError, KeyError, TypeError, nbformat.ValidationError):
        return None
    return [(cell.get("id"), cell["source"]) for cell in book["cells"]]


def play(files, edit, mark):
    """Give files after one edit, as far as it can be done; `mark` makes what is written one's own.

    A file takes the place of a folder and the reverse, as it would on a disk.
    """
    verb, path, *how = edit
    files = dict(files)
    match verb:
        case "write":
            text = f"{mark}\n{how[0]}"
            _put(files, path, text if not path.endswith(".ipynb") else notebook([(mark, text)]))
        case "insert" if path in files and (found := cells(files[path])) is not None:
            at = how[0] % (len(found) + 1)
            files[path] = notebook([*found[:at], (mark, f"{mark} {how[1]}"), *found[at:]])
        case "change" if path in files and (found := cells(files[path])):
            at = how[0] % len(found)
            source = f"{found[at][1]}\n{mark} {how[1]}"
            files[path] = notebook([*found[:at], (found[at][0], source), *found[at + 1 :]])
        case "insert" if path in files:
            lines = files[path].splitlines(keepends=True)
            lines.insert(how[0], f"{mark} {how[1]}\n")
            files[path] = "".join(lines)
        case "change" if files.get(path):
            lines = files[path].splitlines(keepends=True)
            lines[how[0] % len(lines)] = f"{mark} {how[1]}\n"
            files[path] = "".join(lines)
        case "delete":
            files.pop(path, None)
        case "rename" if path in files and path != how[0]:
            _put(files, how[0], files.pop(path))
    return files


def _put(files, path, content):
    for other in list(files):
        if other.startswith(path + "/") or path.startswith(other + "/"):
            del files[other]
    files[path] = content


class Story:
    """One course and one learner."""

    def __init__(self, root, first, depth):
        self.root = root
        self.depth = depth
        self.course = CourseRepo(root / "upstream.git", first)
        self.learner = Learner(root / "course", self.course)
        self.ref = "main"
        self.base = {}
        self.owns = False
        self.sync()

    def publish(self, files, how):
        """Publish the course's next state in one of the ways of teachers."""
        course = self.course
        match how:
            case "rewrite":
                course.publish(files, parents=[], ref=f"refs/heads/{course_branch(self.ref)}")
            case "tag" | "commit-id":
                commit = course.publish(files, ref="refs/tags/v1" if how == "tag" else "refs/x")
                self.ref = "v1" if how == "tag" else commit
                return
            case "squash":  # each time all of the history in one commit, and some commits before
                course.publish(files, parents=[])
                course.publish(files)
                self.ref = "main"
            case _:
                self.ref = "week2" if how == "branch" else course_branch(self.ref)
                course.publish(files, ref=f"refs/heads/{self.ref}")
        self.ref = course_branch(self.ref)

    def work(self, files, how):
        """Make the workspace hold `files`, and leave it as a learner does."""
        here = self.learner.files()
        self.learner.write(dict.fromkeys(here.keys() - files.keys()))
        self.learner.write({path: it for path, it in files.items() if here.get(path) != it})
        for folder in sorted(self.learner.directory.rglob("*"), reverse=True):
            if folder.is_dir() and ".git" not in folder.parts and not any(folder.iterdir()):
                folder.rmdir()
        self._leave(how)

    def _leave(self, how):
        learner = self.learner
        match how:
            case "commit" | "branch":
                if how == "branch":
                    learner.git("checkout", "-q", "-B", "own")
                self.owns = True
                learner.commit("mine")
            case "stage":
                learner.git("add", "--all", "--force")
            case "detach":
                learner.git("checkout", "-q", "--detach")
            case "merge":
                head = learner.git("rev-parse", "HEAD")
                (learner / ".git/MERGE_HEAD").write_text(f"{head}\n")
            case "re-shallow":
                learner.git("fetch", "-q", "--depth=1", self.course.url)
            case "unshallow":
                learner.git("fetch", "-q", "--unshallow", self.course.url, check=False)
            case "no-index":
                (learner / ".git/index").unlink()
            case "ours-gone":
                shutil.rmtree(learner / ".git/nbpull")

    def sync(self):
        """Sync; hold what comes of it to what the model says, and to the invariants."""
        learner, course = self.learner, self.course
        first = not learner.directory.exists()
        ours = {} if first else learner.files()
        moved = {} if first else course.moves(self._base_commit())
        wanted = expect(self.base, course.files, ours, moved)
        report = learner.sync(ref=self.ref, depth=self.depth)
        files = learner.files()
        _holds(files, wanted, report)
        if not first:
            _lost_nothing(learner, ours, files, self.base)
            _told(ours, files, report)
        self._settled()
        before = snapshot(learner.directory)
        assert learner.sync(ref=self.ref, depth=self.depth).status == "unchanged"
        changed = before.items() ^ snapshot(learner.directory).items()
        assert not changed, f"a second sync wrote {sorted({name for name, _ in changed})}"
        self.base = dict(course.files)

    def _base_commit(self):
        return (self.learner / ".git/refs/nbpull/base").read_text().strip()

    def _settled(self):
        """History is upstream's, with a merge only where the learner has commits of their own."""
        learner, theirs = self.learner, self.course.head
        assert self._base_commit() == theirs
        lines = learner.git("status", "--porcelain=v2", "--branch").splitlines()
        staged = [line for line in lines if line[0] in "12u" and line[2] != "."]
        assert not staged, "something is staged"
        if self.owns:
            learner.git("merge-base", "--is-ancestor", theirs, "HEAD")
        else:
            assert f"# branch.oid {theirs}" in lines


def course_branch(ref):
    """Give the branch that the course goes on with after a tag or a commit was taken."""
    return ref if ref in {"main", "week2"} else "main"


def masked(name):
    """Give a name without the moment at which something was set aside."""
    return re.sub(r"__\d{14}", "__*", name)


def _aside(place, inner):
    stem, dot, extension = place.rpartition(".")
    named = f"{stem}__*.{extension}" if dot and "/" not in extension and stem else f"{place}__*"
    return f"{named}/{inner}" if inner else named


def _holds(files, wanted, report):
    """What is there is what the model says: each path, each content, and nothing else."""
    merges = {path: it for path, it in wanted.files.items() if isinstance(it, Merge)}
    exact = [(masked(path), it) for path, it in wanted.files.items() if path not in merges]
    exact += [
        (_aside(place, inner), content)
        for place, held in wanted.asides.items()
        for inner, content in held.items()
    ]
    here = [(masked(path), it) for path, it in files.items() if path not in merges]
    missing, more = Counter(exact) - Counter(here), Counter(here) - Counter(exact)
    assert not missing, f"not there: {list(missing)}; there instead: {list(more)}"
    assert not more, f"there though it should not be: {list(more)}"
    told = {it.path: it for it in report.files}
    for path, merge in merges.items():
        _merged(path, merge, files[path], told.get(path))


def _merged(path, merge, result, told):
    """Nothing of either side is missing in a merge; what was not taken is told."""
    assert told is not None, f"{path} was merged in silence"
    if path.endswith(".ipynb"):
        _cells_merged(merge, result, told)
        return
    clean = _clean_merge(merge)
    if clean is not None:
        assert result == clean, f"{path}: git merges this without a conflict"
        return
    base, ours, theirs = (set(it.splitlines()) for it in (merge.base, merge.ours, merge.theirs))
    here = set(result.splitlines())
    assert ours - base <= here, f"{path}: lines of the learner's are lost"
    refused = {line for hunk in told.hunks for line in hunk.theirs.splitlines()}
    assert theirs - base <= here | refused, f"{path}: lines of upstream's are lost in silence"


def _cells_merged(merge, result, told):
    base, ours, theirs = (cells(it) for it in (merge.base, merge.ours, merge.theirs))
    if None in (base, ours, theirs):
        assert result == merge.ours
        assert told.reason
        return
    here = cells(result)
    assert here is not None, "a valid notebook is valid no more"
    assert len({name for name, _ in here}) == len(here)
    lines = {line for _, source in here for line in source.splitlines()}
    known = {line for _, source in base for line in source.splitlines()}
    written = {line for _, source in ours for line in source.splitlines()}
    assert written - known <= lines, "lines of the learner's are lost"
    names = {name for name, _ in base}
    added = [cell for cell in theirs if cell[0] not in names]
    refused = {cell.cell_id for cell in told.cells if cell.action == "not-taken"}
    for name, source in added:
        assert source in [it for _, it in here] or name in refused, f"cell {name} is lost"


def _clean_merge(merge):
    """Merge by git alone; None where git finds a conflict."""
    with tempfile.TemporaryDirectory(prefix="nbpull-merge-") as place:
        names = [Path(place, name) for name in ("ours", "base", "theirs")]
        for name in names:
            name.write_bytes(getattr(merge, name.name).encode())
        command = ["git", "merge-file", "-p", "--diff3", *names]
        done = subprocess.run(command, capture_output=True, check=False)
    return done.stdout.decode() if done.returncode == 0 else None


def _lost_nothing(learner, ours, files, base):
    """Every content of the learner's is in the workspace or in a restore point."""
    mine = {it for path, it in ours.items() if base.get(path) != it} - set(files.values())
    if mine:
        kept = kept_blobs(learner)
        lost = [it for it in mine if blob(it) not in kept]
        assert not lost, f"in no file and no restore point: {lost}"


def blob(content):
    """Give what git calls a content."""
    data = content if isinstance(content, bytes) else content.encode()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def kept_blobs(learner):
    """Give all contents that restore points hold, their parents included, as git calls them."""
    points = ("--glob=refs/nbpull/restore/*", "--objects", "--no-object-names")
    return set(learner.git("rev-list", *points).split())


def _told(ours, files, report):
    """Nothing of the learner's changes in silence."""
    said = {it.path for it in report.files} | {it.moved_from for it in report.files}
    aside = {it.set_aside_as for it in report.files if it.set_aside_as}
    for path in ours.keys() | files.keys():
        if ours.get(path) != files.get(path):
            above = {path, *parents(path)}
            assert above & said or above & aside, f"nothing is said of {path}"


def snapshot(directory):
    """Give every file with its content and time, the repository's too; the lock apart."""
    return {
        path.relative_to(directory).as_posix(): (path.read_bytes(), path.lstat().st_mtime_ns)
        for path in directory.rglob("*")
        if path.is_file() and path.name != "lock"
    }
