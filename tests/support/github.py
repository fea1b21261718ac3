"""https://github.com/org/course, on this machine: what examples name is really pulled."""

from __future__ import annotations

import contextlib
import subprocess
from typing import TYPE_CHECKING

from nbpull_server.demo.githttp import GitServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ADDRESS = "https://github.com/org/course"
TEACHER = ("-c", "user.name=Teacher", "-c", "user.email=teacher@example.org")


class Course:
    """The teacher's own clone of the course."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *args: str) -> str:
        """Run git as the teacher."""
        command = ["git", "-C", str(self.directory), *TEACHER, *args]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def publish(self, files: dict[str, str], message: str = "Update") -> str:
        """Write files, commit them, and give the commit; what is committed is published."""
        for name, text in files.items():
            path = self.directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", f"--message={message}")
        return self.git("rev-parse", "HEAD")


@contextlib.contextmanager
def pretend(root: Path) -> Iterator[Course]:
    """Serve a course over smart HTTP, and have this machine's git find it under its address."""
    directory = root / "published" / "course"
    directory.mkdir(parents=True)
    course = Course(directory)
    course.publish({"intro.md": "# Intro\n", "week1/notes.md": "one\ntwo\n"}, "First week")
    # A second branch, for the examples that name one.
    course.git("branch", "spring")
    with GitServer(directory.parent) as server:
        rule = f"url.{server.url_of('course/.git')}"
        configure = ["git", "config", "--global"]
        subprocess.run([*configure, f"{rule}.insteadOf", ADDRESS], check=True)
        try:
            yield course
        finally:
            subprocess.run([*configure, "--remove-section", rule], check=True)
