"""The two sides of a sync's measurement: ours, and git on its own doing the same."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.content import publish, stand_at
from bench.rooms import Remote, git, served
from nbpull_sync import Report, SyncRequest, sync

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bench.content import Tree


def sync_to(url: str, directory: Path, *, expect: str) -> Report:
    """Sync a workspace, and see that it did what is to be measured."""
    *_, report = sync(SyncRequest(repo=url, directory=directory))
    assert isinstance(report, Report)
    if report.status != expect:
        raise AssertionError(f"the sync was to be {expect}, and it is {report.status}")
    return report


@dataclass(slots=True, kw_only=True)
class Side:
    """One repository, its workspace, and how far its upstream has moved on."""

    bare: Path
    url: str
    workspace: Path
    step: int = 0

    def move_on(self) -> None:
        """Publish the next commit."""
        self.step += 1
        stand_at(self.bare, self.step)

    def in_workspace(self, *arguments: str) -> bytes:
        """Run git in the workspace."""
        return git(*arguments, cwd=self.workspace)

    def clone_with_us(self) -> None:
        """Make the workspace by a first sync."""
        sync_to(self.url, self.workspace, expect="cloned")

    def clone_with_git(self) -> None:
        """Make the workspace by a clone."""
        git("clone", "--quiet", "--depth=1", self.url, self.workspace)

    def update_with_git(self) -> None:
        """Bring the workspace to upstream's newest with two git commands.

        ``git merge --ff-only`` cannot follow ``git fetch --depth 1``: the fetched commit has no
        parents in a shallow repository. ``git reset --hard`` does the same work on the files.
        """
        self.in_workspace("fetch", "--quiet", "--depth=1", "origin", "main")
        self.in_workspace("reset", "--quiet", "--hard", "FETCH_HEAD")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Ours and git's side, on the same content behind the same server."""

    remote: Remote
    ours: Side
    floor: Side


@contextmanager
def pair(
    directory: Path,
    steps: Sequence[Tree],
    *,
    at: int = 0,
    delay: float = 0,
    cloned: bool = True,
) -> Iterator[Pair]:
    """Publish the steps twice, both at the same one, and clone the workspaces where wanted."""
    root = directory / "root"
    root.mkdir()
    first = publish(root, "ours.git", steps)
    stand_at(first, at)
    second = root / "floor.git"
    shutil.copytree(first, second)
    with served(root, delay=delay) as remote:
        ours, floor = (
            Side(bare=bare, url=f"{remote.url}/{bare.name}", workspace=directory / name, step=at)
            for bare, name in ((first, "ours"), (second, "floor"))
        )
        if cloned:
            ours.clone_with_us()
            floor.clone_with_git()
        remote.requests()
        yield Pair(remote=remote, ours=ours, floor=floor)
