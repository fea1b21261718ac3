"""Play the same situations through nbgitpuller and nbpull, and print what came of them.

    python tools/compare.py

The output is the table of the README. Each situation is real: a teacher's repository, a workspace
that the program itself made, what both people then did, and one more sync.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import nbformat
from nbgitpuller.pull import GitPuller

from nbpull_sync import SyncError, SyncRequest, sync

Step = Callable[[Path], None]
TEACHER = ("-c", "user.name=Teacher", "-c", "user.email=teacher@example.org")


def git(directory: Path, *args: str) -> str:
    """Run git as a person would."""
    command = ["git", "-C", str(directory), *TEACHER, *args]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return done.stdout


def commit(repo: Path, *args: str) -> None:
    """Commit all that was changed."""
    git(repo, "add", "--all")
    git(repo, "commit", "--quiet", "--message=x", *args)


def notebook(*cells: str) -> str:
    """Write a notebook of code cells; a cell's id is its first word."""
    made = nbformat.v4.new_notebook()
    for number, source in enumerate(cells):
        made.cells.append(nbformat.v4.new_code_cell(source, id=f"cell-{number}"))
    return str(nbformat.writes(made))


def write(path: str, text: str) -> Step:
    """Make a step that writes a file."""
    return lambda directory: (directory / path).write_text(text) and None


def edit(path: str, old: str, new: str) -> Step:
    """Make a step that replaces some text."""

    def step(directory: Path) -> None:
        file = directory / path
        file.write_text(file.read_text().replace(old, new))

    return step


def add_cell(source: str) -> Step:
    """Make a step that adds a cell at the end of the notebook."""

    def step(directory: Path) -> None:
        made = nbformat.read(directory / "work.ipynb", as_version=4)
        made.cells.append(nbformat.v4.new_code_cell(source, id="added"))
        (directory / "work.ipynb").write_text(nbformat.writes(made))

    return step


def rewrite_history(repo: Path) -> None:
    """Replace the published commit by another one."""
    edit("text.md", "one", "ONE of the teacher")(repo)
    commit(repo, "--amend")


def leave_a_merge(workspace: Path) -> None:
    """Leave a merge with a conflict behind, as a failed merge does."""
    git(workspace, "checkout", "--quiet", "-b", "other")
    edit("text.md", "two", "two of another branch")(workspace)
    commit(workspace)
    git(workspace, "checkout", "--quiet", "main")
    edit("text.md", "two", "two of the learner")(workspace)
    commit(workspace)
    git(workspace, "merge", "other")


@dataclass(frozen=True)
class Situation:
    """What both people do between two syncs, and the words that must be there afterwards."""

    name: str
    teach: Step
    learn: Step
    of_the_teacher: tuple[str, ...] = ()
    of_the_learner: tuple[str, ...] = ()
    ref: str = "main"
    clean_history: bool = False


def nothing(_: Path) -> None:
    """Do nothing."""


SITUATIONS = (
    Situation(
        "Both edit a notebook, in different cells",
        edit("work.ipynb", "b = 2", "b = 2  # of the teacher"),
        edit("work.ipynb", "y = 0", "y = 0  # of the learner"),
        ("b = 2  # of the teacher",),
        ("y = 0  # of the learner",),
    ),
    Situation(
        "Both add a cell at the end of a notebook",
        add_cell("teacher_added = 1"),
        add_cell("learner_added = 1"),
        ("teacher_added",),
        ("learner_added",),
    ),
    Situation(
        "Both edit lines that stand next to each other",
        edit("text.md", "one", "one of the teacher"),
        edit("text.md", "two", "two of the learner"),
        ("one of the teacher",),
        ("two of the learner",),
    ),
    Situation(
        "The teacher replaced the published history (force-push)",
        rewrite_history,
        nothing,
        ("ONE of the teacher",),
    ),
    Situation(
        "The same, and the learner has edits",
        rewrite_history,
        edit("work.ipynb", "y = 0", "y = 0  # of the learner"),
        ("ONE of the teacher",),
        ("y = 0  # of the learner",),
    ),
    Situation(
        "The link now names another branch",
        nothing,
        edit("work.ipynb", "y = 0", "y = 0  # of the learner"),
        ("only on spring",),
        ("y = 0  # of the learner",),
        ref="spring",
    ),
    Situation(
        "A merge was left unfinished in the workspace",
        edit("work.ipynb", "b = 2", "b = 2  # of the teacher"),
        leave_a_merge,
        ("b = 2  # of the teacher",),
        ("two of the learner",),
    ),
    Situation(
        "The learner made a file that the teacher now adds",
        write("new.md", "new of the teacher\n"),
        write("new.md", "new of the learner\n"),
        ("new of the teacher",),
        ("new of the learner",),
    ),
    Situation(
        "The learner deleted a file to start it over",
        nothing,
        lambda directory: (directory / "text.md").unlink(),
        ("one\ntwo",),
    ),
    Situation(
        "After a merge, `git log` shows the teacher's commits and no others",
        edit("work.ipynb", "b = 2", "b = 2  # of the teacher"),
        edit("text.md", "three", "three of the learner"),
        ("b = 2  # of the teacher",),
        ("three of the learner",),
        clean_history=True,
    ),
)


def with_nbgitpuller(repo: Path, workspace: Path, ref: str) -> None:
    """Sync as nbgitpuller's page does by default."""
    for _ in GitPuller(repo.as_uri(), str(workspace), branch=ref, depth=1).pull():
        pass


def with_nbpull(repo: Path, workspace: Path, ref: str) -> None:
    """Sync as nbpull's page does by default."""
    request = SyncRequest(repo=repo.as_uri(), directory=workspace, ref=ref, protocols=("file",))
    for _ in sync(request):
        pass


def publish(repo: Path) -> None:
    """Make the teacher's repository."""
    repo.mkdir()
    git(repo, "init", "--quiet", "--initial-branch=main")
    write("text.md", "one\ntwo\nthree\nfour\nfive\n")(repo)
    write("work.ipynb", notebook("a = 1", "b = 2", "x = 0", "y = 0"))(repo)
    commit(repo)
    git(repo, "checkout", "--quiet", "-b", "spring")
    write("spring.md", "only on spring\n")(repo)
    commit(repo)
    git(repo, "checkout", "--quiet", "main")


def play(situation: Situation, pull: Callable[[Path, Path, str], None]) -> str:
    """Play a situation and say in a few words how it ended."""
    with tempfile.TemporaryDirectory() as name:
        repo, workspace = Path(name) / "course", Path(name) / "work"
        publish(repo)
        pull(repo, workspace, "main")
        situation.learn(workspace)
        situation.teach(repo)
        commit(repo)
        try:
            pull(repo, workspace, situation.ref)
        except (SyncError, subprocess.CalledProcessError):
            return "fails"
        return judge(situation, repo, workspace)


def judge(situation: Situation, repo: Path, workspace: Path) -> str:
    """Say what is missing in the workspace, or that nothing is."""
    files = [path for path in workspace.rglob("*") if path.is_file() and ".git" not in path.parts]
    found = "\n".join(path.read_text(errors="replace") for path in files)
    if not all(words in found for words in situation.of_the_learner):
        return "the learner's work is gone"
    if not all(words in found for words in situation.of_the_teacher):
        return "the teacher's change is missing"
    if situation.clean_history:
        theirs = git(repo, "log", "--format=%H", situation.ref).split()
        ours = git(workspace, "log", "--format=%H").split()
        foreign = [each for each in ours if each not in theirs]
        return f"no: {len(foreign)} more" if foreign else "yes"
    return "works"


def main() -> int:
    """Print the table."""
    print(f"| | nbgitpuller {metadata.version('nbgitpuller')} | nbpull |")
    print("|---|---|---|")
    for situation in SITUATIONS:
        ends = " | ".join(play(situation, pull) for pull in (with_nbgitpuller, with_nbpull))
        print(f"| {situation.name} | {ends} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
