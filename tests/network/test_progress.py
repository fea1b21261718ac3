"""Git's progress lines become bounded events; what else it says becomes clean log lines."""

from __future__ import annotations

import itertools
import os
import subprocess
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faulty import Faults, FaultyServer
from nbpull_server.demo.course import Course
from nbpull_sync.events import Log, Phase, Progress, Report
from nbpull_sync.progress import PER_SECOND, GitOutput, Throttle, parse_progress

LOOKING, PACKING = "The server is looking up the files", "The server is packing the files"
RECEIVING, UNPACKING = "Receiving the files", "Unpacking the files"

CHECKING, WRITING = "Checking that everything arrived", "Writing the files"


def at(phase, message, *figures):
    done, total, size, speed = (*figures, None, None, None, None)[:4]
    return Progress(phase=phase, message=message, done=done, total=total, bytes=size, speed=speed)


LINES = {
    "remote: Enumerating objects: 20, done.": at(Phase.CONNECTING, LOOKING, 20),
    "remote: Counting objects:  45% (9/20)": at(Phase.CONNECTING, LOOKING, 9, 20),
    "remote: Compressing objects: 100% (2/2), done.": at(Phase.CONNECTING, PACKING, 2, 2),
    "Receiving objects:   0% (1/812)": at(Phase.RECEIVING, RECEIVING, 1, 812),
    "Receiving objects:  45% (9/20), 1.20 MiB | 3.40 MiB/s": at(
        Phase.RECEIVING, RECEIVING, 9, 20, 1258291, 3565158
    ),
    "Receiving objects: 100% (20/20), 812 bytes | 1.00 KiB/s, done.": at(
        Phase.RECEIVING, RECEIVING, 20, 20, 812, 1024
    ),
    "Receiving objects:  99% (8/9), 2.50 GiB": at(Phase.RECEIVING, RECEIVING, 8, 9, 2684354560),
    "Unpacking objects: 100% (3/3), 1.00 KiB | 2.00 GiB/s, done.": at(
        Phase.RECEIVING, RECEIVING, 3, 3, 1024, 2147483648
    ),
    "Resolving deltas:  50% (1/2)": at(Phase.RECEIVING, UNPACKING, 1, 2),
    "Checking connectivity: 12, done.": at(Phase.RECEIVING, CHECKING, 12),
    "Updating files:  10% (5/50)": at(Phase.APPLYING, WRITING, 5, 50),
    "Checking out files: 100% (5/5), done.": at(Phase.APPLYING, WRITING, 5, 5),
    "Filtering content: 100% (3/3), 4.00 MiB | 1.00 MiB/s, done.": at(
        Phase.APPLYING, "Fetching the large files", 3, 3, 4194304, 1048576
    ),
}

OTHERS = [
    "",
    "fatal: couldn't find remote ref main",
    "remote: Total 20 (delta 3), reused 0 (delta 0), pack-reused 0",
    "remote: Receiving objects: 100% (20/20), done.",  # the server cannot say that
    "Counting objects: 100% (3/3)",  # nor can we
    "Receiving objects: 100% (99999999999999999999/1)",
    "Receiving objects: x% (1/2)",
    "Receiving objects:  45% (٩/20)",
    "Receiving objects:  45% (9/20), 1.2.3 MiB",
    "Receiving objects:  45% (9/20) and more",
    "Bananas: 45% (9/20)",
]


@pytest.mark.parametrize(("line", "expected"), LINES.items(), ids=LINES)
def test_a_line_of_progress_is_read(line, expected):
    assert parse_progress(line) == expected


@pytest.mark.parametrize("line", OTHERS)
def test_no_other_line_is_taken_for_progress(line):
    assert parse_progress(line) is None


STREAM = (
    b"remote: Enumerating objects: 3, done.\x1b[K\n"
    b"remote: Counting objects:  33% (1/3)        \r"
    b"remote: Counting objects: 100% (3/3), done.        \n"
    b"Receiving objects:  33% (1/3)\r"
    b"Receiving objects: 100% (3/3), 1.00 KiB | 1.00 KiB/s, done.\r\n"
    b"From https://ada:s3cret@example.org/x\n * branch            main       -> FETCH_HEAD\n"
    b"remote:        \nremote: Gr\xc3\xbc\xc3\x9fe \xff\x1b[31m\xe2\x80\xae!\n"
    b"10:00:00.000001 http.c:684              <= Recv header: Retry-After: 7\n"
    b"warning: no newline at the end"
)


def read(*chunks):
    output = GitOutput()
    events = [event for chunk in chunks for event in output.feed(chunk)]
    return events + output.close(), output.said


def test_a_stream_is_read():
    events, said = read(STREAM)
    assert [(event.done, event.total) for event in events if isinstance(event, Progress)] == [
        (3, None), (1, 3), (3, 3), (1, 3), (3, 3),
    ]  # fmt: skip
    assert [event.message for event in events if isinstance(event, Log)] == [
        "From https://***@example.org/x",
        " * branch            main       -> FETCH_HEAD",
        "remote: Grüße \ufffd!",
        "warning: no newline at the end",
    ]
    assert "<= Recv header: Retry-After: 7" in said


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, len(STREAM)), max_size=12).map(sorted))
def test_where_the_pieces_are_cut_makes_no_difference(cuts):
    edges = [0, *cuts, len(STREAM)]
    pieces = [STREAM[a:b] for a, b in itertools.pairwise(edges)]
    assert read(*pieces) == read(STREAM)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.binary(max_size=60), max_size=10))
def test_any_bytes_are_read_without_an_error_and_leave_no_control_character(chunks):
    events, _ = read(*chunks)
    assert all(
        not unicodedata.category(letter).startswith("Cc") or letter == "\t"
        for event in events
        for letter in event.message
    )


def test_a_line_without_an_end_is_cut_at_a_word_and_the_rest_is_dropped():
    secret = b"https://ada:" + b"p" * 20_000 + b"@example.org/"
    events, said = read(b"remote: see ", secret[:9000], secret[9000:], b" again\nfatal: bye\n")
    assert [event.message for event in events] == ["remote: see", "fatal: bye"]
    assert "pppp" not in said


def test_a_server_that_talks_without_end_is_cut_short():
    output = GitOutput()
    events = [event for number in range(5000) for event in output.feed(b"remote: %d\n" % number)]
    assert len(events) == 200
    assert events[-1] == Log(message="Git said more than is shown here.")
    assert output.feed(b"Resolving deltas: 100% (1/1)\n")
    assert len(output.said.splitlines()) == 400


def test_real_git_is_understood(tmp_path, monkeypatch):
    """A real clone, slowed down: every step in order, the last figures whole."""
    course = Course.create(tmp_path / "root", tmp_path / "teacher")
    (tmp_path / "teacher" / "big.bin").write_bytes(os.urandom(1 << 20))
    course.publish("Something to wait for")
    monkeypatch.setenv("LC_ALL", "C")
    with FaultyServer(tmp_path / "root", faults=Faults(rate=1 << 20)) as server:
        done = subprocess.run(
            ["git", "clone", "--progress", server.url_of(course.bare.name), tmp_path / "got"],
            stderr=subprocess.PIPE,
            check=True,
        )
    events, _ = read(done.stderr)
    progress = [event for event in events if isinstance(event, Progress)]
    assert [p.phase for p in progress] == sorted((p.phase for p in progress), key=list(Phase).index)
    receiving = [p for p in progress if p.message == RECEIVING]
    assert receiving[-1].done == receiving[-1].total == 10
    assert receiving[-1].bytes >= 1 << 20
    assert receiving[-1].speed > 1 << 18
    assert {LOOKING, PACKING} <= {p.message for p in progress}


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


STEPS = st.lists(
    st.tuples(
        st.sampled_from(list(Phase)),
        st.sampled_from("abc"),
        st.lists(st.floats(0, 0.4), min_size=1, max_size=60),
    ),
    max_size=12,
).map(lambda steps: sorted(steps, key=lambda step: list(Phase).index(step[0])))


@settings(max_examples=100, deadline=None)
@given(STEPS)
def test_the_bound_holds_and_the_last_of_each_phase_comes(steps):
    clock = Clock()
    throttle = Throttle(clock)
    out, last = [], {}
    for phase, message, gaps in steps:
        for gap in gaps:
            clock.now += gap
            last[phase] = at(phase, message, len(out))
            out += [(clock.now, event) for event in throttle.push(last[phase])]
    out += [(clock.now, event) for event in throttle.flush()]
    for start, _ in out:
        assert sum(start <= when < start + 1 for when, _ in out) <= PER_SECOND
    assert {event.phase: event for _, event in out} == last


def test_a_steady_stream_is_shown_evenly():
    clock = Clock()
    throttle = Throttle(clock)
    shown = []
    for number in range(1000):
        clock.now = number / 100
        shown += [clock.now for _ in throttle.push(at(Phase.RECEIVING, RECEIVING, number))]
    assert len(shown) == pytest.approx(100, abs=10)
    assert max(b - a for a, b in itertools.pairwise(shown)) < 0.2


def test_logs_and_the_report_pass_and_the_report_is_last():
    clock = Clock()
    throttle = Throttle(clock)
    report = Report(status="cloned", base=None, upstream="0" * 40)
    first, second, log = (
        at(Phase.RECEIVING, RECEIVING, 1),
        at(Phase.RECEIVING, RECEIVING, 2),
        Log(message="x"),
    )
    events = [event for pushed in (first, second, log, report) for event in throttle.push(pushed)]
    assert events == [first, second, log, report]
    assert list(throttle.flush()) == []


def test_logs_in_between_do_not_loosen_the_bound():
    throttle = Throttle(Clock())
    pushed = [event for n in range(100) for event in (at(Phase.RECEIVING, "", n), Log(message="x"))]
    events = [out for event in pushed for out in throttle.push(event)] + list(throttle.flush())
    assert sum(isinstance(event, Progress) for event in events) <= PER_SECOND
    assert events.count(Log(message="x")) == 100
