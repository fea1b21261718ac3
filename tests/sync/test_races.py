"""A file that is saved while a sync is at work is never overwritten."""

from __future__ import annotations

import os
import re
import threading

import pytest

from nbpull_sync import Cancel, Phase, Progress, Report, SyncError, protect, restore, sync, take

TEXT = "".join(f"{number}\n" for number in range(1, 10))
THEIRS = TEXT.replace("2\n", "2 theirs\n")
OURS = TEXT.replace("8\n", "8 ours\n")


def sync_with(learner, phase, act, times=1):
    """Sync, and act each time that a phase begins; the engine stands still meanwhile."""
    events = []
    for event in sync(learner.request()):
        events.append(event)
        if isinstance(event, Progress) and event.phase is phase and times:
            times -= 1
            act()
    assert isinstance(events[-1], Report)
    return events[-1]


@pytest.mark.parametrize("phase", [Phase.CONNECTING, Phase.INSPECTING, Phase.APPLYING])
@pytest.mark.parametrize(
    ("before", "saved", "there"),
    [
        (None, {"f.txt": OURS}, {"f.txt": THEIRS.replace("8\n", "8 ours\n")}),
        (
            {"f.txt": OURS},
            {"f.txt": OURS + "more\n"},
            {"f.txt": THEIRS.replace("8\n", "8 ours\n") + "more\n"},
        ),
        (
            {"f.txt": OURS},
            {"f.txt": TEXT.replace("8\n", "8 mine\n")},
            {"f.txt": THEIRS.replace("8\n", "8 mine\n")},
        ),
        (
            None,
            {"new.txt": "mine\n"},
            {"f.txt": THEIRS, "new.txt": "theirs\n", "new__*.txt": "mine\n"},
        ),
        (None, {"old.txt": "mine\n"}, {"f.txt": THEIRS, "old.txt": "mine\n"}),
        ({"gone.txt": None}, {"gone.txt": "mine\n"}, {"f.txt": THEIRS, "gone.txt": "mine\n"}),
    ],
    ids=["untouched", "edited", "the-same-size", "added", "removed", "restored"],
)
def test_a_file_saved_while_a_sync_looks_or_writes_is_merged_as_it_is_then(
    teacher, learner, before, saved, *, there, phase
):
    teacher.publish({"f.txt": TEXT, "old.txt": "old\n", "gone.txt": "gone\n"})
    learner.sync()
    learner.write(before or {})
    teacher.publish({"f.txt": THEIRS, "new.txt": "theirs\n", "old.txt": None})
    sync_with(learner, phase, lambda: learner.write(saved))
    files = {re.sub(r"__\d{14}", "__*", name): it for name, it in learner.files().items()}
    assert files == {"gone.txt": "gone\n", "new.txt": "theirs\n", **there}
    assert learner.sync().status == "unchanged"


LONG = "".join(f"line {number}\n" for number in range(30))


def save_anew(learner, files):
    """Save as many editors do: write another file, and rename it to the name."""
    for name, content in files.items():
        learner.write({f"{name}.tmp": content})
        (learner / f"{name}.tmp").replace(learner / name)


@pytest.mark.parametrize("save", [lambda it, files: it.write(files), save_anew], ids=["in", "anew"])
@pytest.mark.parametrize(
    ("theirs", "before", "saved", "there"),
    [
        (
            {"m.txt": None, "n.txt": LONG},
            {},
            {"m.txt": LONG + "mine\n"},
            {"n.txt": LONG + "mine\n"},
        ),
        (
            {"m.txt": None, "n.txt": LONG + "theirs\n"},
            {"m.txt": "mine\n" + LONG},
            {"m.txt": "later\n" + LONG},
            # what was merged first stands there already, and is as good as the learner's by then
            {
                "n.txt": "later\n" + LONG + "theirs\n",
                "n__*.txt": "mine\n" + LONG + "theirs\n",
            },
        ),
        (
            {"new.txt": "theirs\n"},
            {"new.txt": "mine\n"},
            {"new.txt": "later\n"},
            {"m.txt": LONG, "new.txt": "theirs\n", "new__*.txt": "later\n"},
        ),
        (
            {"m.txt": None, "m.txt/x": "theirs\n"},
            {},
            {"m.txt": "mine\n"},
            {"m.txt/x": "theirs\n", "m__*.txt": "mine\n"},
        ),
        (
            {"m.txt": LONG + "theirs\n"},
            {"m.txt": None},
            {"m.txt": "mine\n" + LONG},
            {"m.txt": "mine\n" + LONG + "theirs\n"},
        ),
    ],
    ids=["moved", "carried", "set-aside", "replaced-by-a-folder", "brought-back"],
)
def test_a_file_saved_before_what_is_done_with_it_goes_the_way_that_it_then_has_to(
    teacher, learner, theirs, before, saved, *, there, save
):
    teacher.publish({"m.txt": LONG, "other.txt": "other\n"})
    learner.sync()
    learner.write(before)
    teacher.publish(theirs)
    sync_with(learner, Phase.APPLYING, lambda: save(learner, saved))
    files = {re.sub(r"__\d{14}", "__*", name): it for name, it in learner.files().items()}
    assert files == {"other.txt": "other\n", **there}
    assert learner.sync().status == "unchanged"


@pytest.mark.parametrize("how", ["restore", "take"])
def test_a_file_saved_while_it_is_brought_back_stays_as_it_was_saved(
    teacher, learner, monkeypatch, how
):
    teacher.publish({"a.txt": "a\n", "b.txt": "b\n"})
    learner.sync()
    learner.write({"a.txt": "mine\n", "b.txt": "mine too\n"})
    point = take(learner.directory, "a.txt").restore_point
    keep = protect.write

    def save_after_the_copy(*args):
        kept = keep(*args)
        learner.write({"a.txt": "later\n", "b.txt": "later\n"})
        return kept

    monkeypatch.setattr(protect, "write", save_after_the_copy)
    if how == "restore":
        brought = restore(learner.directory, point, ["a.txt"])
    else:
        brought = take(learner.directory, "b.txt")
    assert brought.paths == ()
    assert learner.files() == {"a.txt": "later\n", "b.txt": "later\n"}


def test_a_file_saved_after_the_first_glance_with_size_and_time_of_before_is_seen(teacher, learner):
    teacher.publish({"f.txt": TEXT})
    learner.sync()
    file = learner / "f.txt"
    known = file.stat()
    teacher.publish({"f.txt": THEIRS})

    def save():
        file.write_text(TEXT.replace("8", "x"))
        os.utime(file, ns=(known.st_atime_ns, known.st_mtime_ns))

    sync_with(learner, Phase.INSPECTING, save)
    assert file.read_text() == THEIRS.replace("8", "x")


def test_a_directory_that_becomes_a_link_is_not_followed(teacher, learner, tmp_path):
    teacher.publish({"d/f.txt": TEXT})
    learner.sync()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "f.txt").write_text("outside\n")
    teacher.publish({"d/f.txt": THEIRS})

    def swap():
        (learner / "d").rename(learner / "real")
        (learner / "d").symlink_to(outside)

    sync_with(learner, Phase.APPLYING, swap)
    assert (outside / "f.txt").read_text() == "outside\n"
    assert (learner / "d/f.txt").read_text() == THEIRS
    assert not (learner / "d").is_symlink()


def test_a_file_that_is_saved_again_and_again_ends_the_sync_with_a_remedy(teacher, learner):
    teacher.publish({"f.txt": TEXT})
    learner.sync()
    teacher.publish({"f.txt": THEIRS})
    count = iter(range(1000))
    with pytest.raises(SyncError) as caught:
        sync_with(
            learner,
            Phase.APPLYING,
            lambda: learner.write({"f.txt": TEXT + f"{next(count)}\n"}),
            times=1000,
        )
    assert caught.value.code == "files-keep-changing"
    learner.sync()
    assert learner.files()["f.txt"].startswith("1\n2 theirs\n")


def test_two_syncs_of_one_workspace_queue_and_of_two_do_not(teacher, learner, tmp_path):
    teacher.publish({"f.txt": TEXT})
    first = sync(learner.request())
    next(first)  # holds the lock from now on
    waits, done = threading.Event(), []

    def second():
        for event in sync(learner.request()):
            if isinstance(event, Progress) and event.phase is Phase.WAITING:
                waits.set()
            done.append(event)

    thread = threading.Thread(target=second)
    thread.start()
    assert waits.wait(60)
    other = learner.__class__(tmp_path / "other", teacher)
    assert other.sync().status == "cloned"
    assert [event.status for event in first if isinstance(event, Report)] == ["cloned"]
    thread.join(60)
    assert done[-1].status == "unchanged"
    assert [it.name for it in learner.directory.parent.iterdir()] == ["course"]


def test_a_cancelled_sync_ends_at_once_and_leaves_the_workspace_as_it_was(teacher, learner):
    teacher.publish({"f.txt": TEXT})
    cancel = Cancel()
    running = sync(learner.request(), cancel=cancel)
    next(running)
    cancel.cancel()
    with pytest.raises(SyncError) as caught:
        list(running)
    assert caught.value.code == "cancelled"
    assert list(learner.directory.parent.iterdir()) == []
    assert learner.sync().status == "cloned"


def test_a_sync_that_nobody_listens_to_any_more_gives_its_lock_back(teacher, learner):
    teacher.publish({"f.txt": TEXT})
    running = sync(learner.request())
    next(running)
    running.close()
    assert learner.sync().status == "cloned"


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(teacher, learner):
    teacher.publish({"f.txt": TEXT, "old.txt": "old\n"})
    assert learner.sync(dry_run=True).status == "cloned"
    assert not learner.directory.exists()
    learner.sync()
    learner.write({"f.txt": OURS, "new.txt": "mine\n"})
    theirs = teacher.publish({"f.txt": THEIRS, "new.txt": "theirs\n", "old.txt": None})
    before = snapshot(learner.directory)
    report = learner.sync(dry_run=True)
    assert snapshot(learner.directory) == before
    assert (report.dry_run, report.status, report.upstream) == (True, "updated", theirs)
    said = {it.path: it.outcome.value for it in report.files}
    assert said == {"f.txt": "merged", "new.txt": "set-aside", "old.txt": "removed"}
    assert learner.outcomes() == said
    report = learner.sync(dry_run=True)
    assert (report.dry_run, report.status) == (True, "unchanged")


def test_a_sync_with_nothing_new_writes_nothing(teacher, learner):
    teacher.publish({"f.txt": TEXT})
    teacher.git("branch", "week2")
    teacher.git("tag", "v1")
    learner.sync()
    for ref in (None, "main", "week2", "v1"):
        learner.sync(ref=ref)
        before = snapshot(learner.directory)
        assert learner.sync(ref=ref).status == "unchanged"
        assert snapshot(learner.directory) == before


def snapshot(directory):
    """Give every file with its content and time, the repository's too."""
    return {
        path.relative_to(directory).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in directory.rglob("*")
        if path.is_file()
    }
