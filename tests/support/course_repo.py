"""A content repo without a work tree: a dictionary of files, published in one process."""

from __future__ import annotations

import os
import subprocess

from classroom import IDENTITY, Link, Runs

CONFIG = """\
[core]
	repositoryformatversion = 0
	bare = true
[uploadpack]
	allowAnySHA1InWant = true
	allowFilter = true
"""


class CourseRepo:
    """Upstream, as a server keeps it; `files` is what was published last."""

    def __init__(self, directory, files=None):
        self.directory = directory
        for folder in ("objects", "refs"):
            (directory / folder).mkdir(parents=True)
        (directory / "config").write_text(CONFIG)
        (directory / "HEAD").write_text("ref: refs/heads/main\n")
        self.files = {}
        self.head = None
        self.number = 0
        if files is not None:
            self.publish(files)

    @property
    def url(self):
        return f"file://{self.directory}"

    def publish(self, files=None, *, ref="refs/heads/main", parents=None):
        """Publish `files` (all that there is) under a ref and give the commit.

        Args:
            files: The files; None for those of the last time.
            ref: The branch or tag.
            parents: The commit's parents; None for the commit that was published last, an
                empty list for a history that has nothing in common with it.
        """
        self.files = dict(self.files if files is None else files)
        if parents is None:
            parents = [self.head] if self.head else []
        self.number += 1
        why = f"change {self.number}"  # no two commits are the same one
        words = ["feature done", f"commit {ref}", "mark :1"]
        words += [
            "committer A Person <person@example.org> 1767225600 +0000",
            f"data {len(why)}\n{why}",
        ]
        words += [f"{'merge' if at else 'from'} {oid}" for at, oid in enumerate(parents)]
        stream = "\n".join([*words, "deleteall\n"]).encode()
        for path, content in self.files.items():
            stream += _file(path, content)
        said = self.git(
            "-c", "fastimport.unpackLimit=1", "fast-import", "--quiet", "--force",
            stdin=stream + b"get-mark :1\ndone\n",
        )  # fmt: skip
        self.head = said.decode().strip()
        if ref.startswith("refs/heads/"):
            (self.directory / "HEAD").write_text(f"ref: {ref}\n")
        return self.head

    def moves(self, base):
        """Give what git takes for moved from a commit to the last: the new path and the old."""
        out = self.git("diff-tree", "-r", "-z", "-M", "-l1000", "--diff-filter=R", "--name-status",
                       base, self.head)  # fmt: skip
        fields = out.decode().split("\0")
        return dict(zip(fields[2::3], fields[1::3], strict=True))

    def git(self, *args, stdin=b""):
        """Run git there and give its bytes."""
        done = subprocess.run(
            ["git", *args],
            cwd=self.directory,
            env={**os.environ, **IDENTITY},
            input=stdin,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout


def _file(path, content):
    mode = "120000" if isinstance(content, Link) else "755" if isinstance(content, Runs) else "644"
    content = getattr(content, "target", getattr(content, "text", content))
    data = content if isinstance(content, bytes) else content.encode()
    name = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'M {mode} inline "{name}"\ndata {len(data)}\n'.encode() + data + b"\n"
