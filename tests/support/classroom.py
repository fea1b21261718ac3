"""A teacher's repository and a learner's workspace, driven by real git and the real engine."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from pathlib import Path

from nbpull_sync import Report, SyncRequest, sync

IDENTITY = {
    "GIT_AUTHOR_NAME": "A Person",
    "GIT_AUTHOR_EMAIL": "person@example.org",
    "GIT_COMMITTER_NAME": "A Person",
    "GIT_COMMITTER_EMAIL": "person@example.org",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
}


class Place:
    """A directory with files and, usually, a repository."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def __truediv__(self, path):
        return self.directory / path

    def git(self, *args, check=True, stdin=None, **variables):
        """Run git there and give what it printed."""
        done = subprocess.run(
            ["git", *args],
            cwd=self.directory,
            env={**os.environ, **IDENTITY, **variables},
            input=stdin,
            capture_output=True,
            check=False,
        )
        assert not check or done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")

    def write(self, files):
        """Write, link (`Link`), or remove (None) files."""
        for name, content in files.items():
            file = self.directory / name
            if content is None:
                remove(file)
                continue
            for above in reversed(file.parents):
                if above.is_symlink() or above.is_file():
                    above.unlink()
            file.parent.mkdir(parents=True, exist_ok=True)
            if file.is_symlink() or file.is_dir():
                remove(file)
            if isinstance(content, Link):
                remove(file)
                file.symlink_to(content.target)
            elif isinstance(content, Runs):
                file.write_bytes(content.text.encode())
                file.chmod(0o755)
            elif isinstance(content, bytes):
                file.write_bytes(content)
            else:
                file.write_bytes(content.encode())

    def files(self):
        """Give every path and its content, ``.git`` apart."""
        found = {}
        for folder, folders, names in os.walk(self.directory):
            if Path(folder) == self.directory and ".git" in folders:
                folders.remove(".git")
            links = [name for name in folders if (Path(folder) / name).is_symlink()]
            for name in names + links:
                file = Path(folder) / name
                path = file.relative_to(self.directory).as_posix()
                if path != ".git":  # a linked work tree has a file of that name
                    found[path] = look(file)
        return found

    def tree(self, commit):
        """Give every path of a commit and its content, in bytes."""
        listing = self.git("ls-tree", "-r", "-z", commit).split("\0")
        entries = [line.partition("\t") for line in listing if line]
        oids = [meta.split()[2] for meta, _, _ in entries]
        done = subprocess.run(
            ["git", "cat-file", "--batch"],
            cwd=self.directory,
            input="".join(f"{oid}\n" for oid in oids).encode(),
            capture_output=True,
            check=True,
        )
        found, out = {}, io.BytesIO(done.stdout)
        for _, _, path in entries:
            size = int(out.readline().split()[2])
            found[path] = out.read(size)
            out.read(1)
        return found

    def commit(self, message="change"):
        """Commit everything and give the commit."""
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")


class Link:
    """A symbolic link, as content."""

    def __init__(self, target):
        self.target = target

    def __repr__(self):
        return f"Link({self.target!r})"

    def __eq__(self, other):
        return isinstance(other, Link) and other.target == self.target

    def __hash__(self):
        return hash(self.target)


class Runs:
    """An executable file, as content."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return f"Runs({self.text!r})"

    def __eq__(self, other):
        return isinstance(other, Runs) and other.text == self.text

    def __hash__(self):
        return hash(self.text)


class Teacher(Place):
    """Upstream: a repository on branch main."""

    def __init__(self, directory, files=None):
        super().__init__(directory)
        directory.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main", "--template=")
        with (directory / ".git/config").open("a") as config:
            config.write("[uploadpack]\n\tallowAnySHA1InWant = true\n\tallowFilter = true\n")
        if files is not None:
            self.publish(files)

    @property
    def url(self):
        return f"file://{self.directory}"

    def publish(self, files, message="change"):
        """Write files, commit and give the commit."""
        self.write(files)
        return self.commit(message)

    def rewrite(self, files):
        """Replace all history by one commit that nobody has seen (a force-push)."""
        self.write(files)
        self.git("add", "--all", "--force")
        tree = self.git("write-tree")
        commit = self.git("commit-tree", "-m", "rewritten", tree)
        self.git("reset", "--quiet", "--hard", commit)
        return commit


class Learner(Place):
    """A workspace."""

    def __init__(self, directory, teacher):
        super().__init__(directory)
        self.teacher = teacher
        self.events = []

    def request(self, **options):
        return SyncRequest(
            **{
                "repo": self.teacher.url,
                "directory": self.directory,
                "protocols": ("file", "http"),
                **options,
            }
        )

    def sync(self, *, cancel=None, **options) -> Report:
        """Sync and give the report; the events are kept."""
        self.events = list(sync(self.request(**options), cancel=cancel))
        report = self.events[-1]
        assert isinstance(report, Report)
        json.dumps(report.to_dict())
        return report

    def outcomes(self, **options):
        """Sync and give the outcome of each path, as the report says it."""
        return {it.path: it.outcome.value for it in self.sync(**options).files}

    def kept(self):
        """Give every content that any restore point holds."""
        refs = self.git("for-each-ref", "--format=%(refname)", "refs/nbpull/restore").split()
        return {content for ref in refs for content in self.tree(ref).values()}


def look(file):
    """Give a file as `Place.write` takes it; text where it is text."""
    if file.is_symlink():
        return Link(str(file.readlink()))
    if not file.is_file():
        return None
    content = file.read_bytes()
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return content
    return Runs(text) if file.stat().st_mode & 0o100 else text


def remove(file):
    """Remove a file, a link or a whole directory."""
    if file.is_dir() and not file.is_symlink():
        shutil.rmtree(file)
    else:
        file.unlink(missing_ok=True)
