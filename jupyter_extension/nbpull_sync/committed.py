"""The tree of the merge commit: the learner's commits and upstream's, without uncommitted edits."""

from __future__ import annotations

import shutil
from datetime import datetime
from typing import TYPE_CHECKING

from nbpull_sync import contents, trees
from nbpull_sync.model import ABSENT, SUBMODULE, SYMLINK, Change, Entry, Found
from nbpull_sync.plan import Plan, aside_name, make_plan
from nbpull_sync.policy import Action

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nbpull_sync.git import Git
    from nbpull_sync.workspace import Workspace


def committed_tree(
    workspace: Workspace, base: str | None, head: str, theirs: str, index: Path
) -> str:
    """Merge the trees of base, the learner's HEAD and upstream by the same policy as the files.

    Args:
        workspace: The workspace.
        base: The commit that was synced to before.
        head: The learner's commit.
        theirs: Upstream's commit.
        index: An index that holds upstream's tree.

    Returns:
        The merged tree.
    """
    git = workspace.own
    root = base or trees.EMPTY_TREE
    inner = workspace.tree(base) if base else root
    changes = trees.changes_between(git, inner, workspace.tree(theirs))
    learner = {
        change.path: change for change in trees.changes_between(git, root, head, renames=False)
    }
    touched = {change.path for change in changes}
    touched |= {change.moved_from for change in changes if change.moved_from}
    found = _found(changes, learner)
    plan = make_plan(
        changes,
        found,
        name_aside=lambda path: aside_name(path, datetime.now(), lambda _: False),  # noqa: DTZ005
    )
    result: dict[str, Entry | None] = {
        path: change.theirs
        for path, change in learner.items()
        if path not in touched and change.theirs is not None
    }
    result.update(_settled(git, plan))
    copy = workspace.desk / "committed"
    shutil.copyfile(index, copy)
    if workspace.scope:
        workspace.own_at(copy).run("read-tree", theirs)
    try:
        return trees.write_tree(git, str(copy), result)
    finally:
        copy.unlink()


def _found(changes: list[Change], learner: Mapping[str, Change]) -> dict[str, Found]:
    found = {}
    for change in changes:
        at = change.moved_from or change.path
        found[at] = _as_found(learner[at].theirs if at in learner else change.base)
        if change.moved_from:
            new = learner.get(change.path)
            found[change.path] = _as_found(new.theirs if new else None)
    return found


def _as_found(entry: Entry | None) -> Found:
    if entry is None:
        return ABSENT
    if entry.mode == SUBMODULE:
        return Found("directory", entry=entry)
    return Found("symlink" if entry.mode == SYMLINK else "file", entry=entry)


def _settled(git: Git, plan: Plan) -> dict[str, Entry | None]:
    result: dict[str, Entry | None] = {aside.to: aside.found.entry for aside in plan.asides}
    merges = [step for step in plan.steps if step.action in {Action.MERGE, Action.CARRY}]
    for step in plan.steps:
        if step.action is Action.KEEP:
            result[step.path] = step.found.entry
    if merges:
        with trees.blob_reader(git) as read:
            for step in merges:
                base, theirs = step.change.base, step.change.theirs
                here = (step.source if step.action is Action.CARRY else step.found).entry
                assert base is not None
                assert theirs is not None
                assert here is not None
                result[step.path] = here
                if not (base.is_file and theirs.is_file and here.is_file):
                    continue
                mode = theirs.mode if base.mode != theirs.mode else here.mode
                most = contents.largest(step.path)
                old, ours, new = (read(oid, most) for oid in (base.oid, here.oid, theirs.oid))
                if old is None or ours is None or new is None:
                    continue
                merged = contents.merge_content(step.path, old, ours, new, git)
                oid = here.oid if merged.content is None else trees.store_bytes(git, merged.content)
                result[step.path] = Entry(mode, oid)
    return result
