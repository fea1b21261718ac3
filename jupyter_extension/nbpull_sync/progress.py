"""Git's standard error as events: how far it is in plain words, and what else it says.

:class:`GitOutput` reads the stream (git runs with ``LC_ALL=C`` and ``--progress``),
:class:`Throttle` bounds how many progress events get through. Neither does any I/O.
"""

from __future__ import annotations

import re
import time
from collections import deque
from typing import TYPE_CHECKING

from nbpull_links.redaction import redact
from nbpull_sync.events import Event, Log, Phase, Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SERVER_STEPS = {
    "Enumerating objects": "The server is looking up the files",
    "Counting objects": "The server is looking up the files",
    "Compressing objects": "The server is packing the files",
}
_STEPS = {
    "Receiving objects": (Phase.RECEIVING, "Receiving the files"),
    "Unpacking objects": (Phase.RECEIVING, "Receiving the files"),
    "Indexing objects": (Phase.RECEIVING, "Receiving the files"),
    "Resolving deltas": (Phase.RECEIVING, "Unpacking the files"),
    "Checking connectivity": (Phase.RECEIVING, "Checking that everything arrived"),
    "Checking objects": (Phase.RECEIVING, "Checking that everything arrived"),
    "Updating files": (Phase.APPLYING, "Writing the files"),
    "Checking out files": (Phase.APPLYING, "Writing the files"),
    "Filtering content": (Phase.APPLYING, "Fetching the large files"),
}
_SIZE = r"([0-9]{1,9}(?:\.[0-9]{1,3})?) (bytes|[KMGT]iB)"
_PROGRESS = re.compile(
    r"(?P<remote>remote: )?(?P<step>[A-Z][a-z ]{3,30}): +"
    r"(?:[0-9]{1,3}% \((?P<done>[0-9]{1,15})/(?P<total>[0-9]{1,15})\)|(?P<count>[0-9]{1,15}))"
    rf"(?:, {_SIZE}(?: \| {_SIZE}/s)?)?(?:, done\.)?"
)
_UNITS = {"bytes": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
_TRACE = re.compile(r"[0-9:.]{8,} http\.c:[0-9]+ +(?:== Info|=> Send|<= Recv)")
_UNPRINTABLE = re.compile(
    r"\x1b\[[0-9;]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
)
_END = re.compile(rb"[\r\n]")

_LONGEST_LINE = 8192  # bytes; what the remote says beyond that is dropped
_MOST_LOGS = 200
_MOST_SAID = 400

PER_SECOND = 20
"""The most progress events in a second."""


def parse_progress(line: str) -> Progress | None:
    """Read one line of git's as progress; None where it is something else.

    Only the server's own steps are believed with ``remote:`` before them, and only ours
    without: a server cannot pretend to be past the network.
    """
    match = _PROGRESS.fullmatch(line)
    if match is None:
        return None
    step = match["step"]
    if match["remote"]:
        known = (Phase.CONNECTING, _SERVER_STEPS[step]) if step in _SERVER_STEPS else None
    else:
        known = _STEPS.get(step)
    if known is None:
        return None
    size, unit, speed, per = match.groups()[-4:]
    return Progress(
        phase=known[0],
        message=known[1],
        done=int(match["done"] or match["count"]),
        total=int(match["total"]) if match["total"] else None,
        bytes=_bytes(size, unit),
        speed=_bytes(speed, per),
    )


def _bytes(number: str | None, unit: str | None) -> int | None:
    return None if number is None or unit is None else int(float(number) * _UNITS[unit])


def _ends(last: Progress, following: Progress, *, room: bool) -> bool:
    """Tell whether ``last`` was the last of its phase, or of its step where there is room."""
    return last.phase is not following.phase or (room and last.message != following.message)


class GitOutput:
    """Reads git's standard error, in whatever pieces it comes.

    Progress becomes :class:`Progress` and all else :class:`Log`, without credentials and
    control characters. Lines of git's own HTTP trace (see :mod:`nbpull_sync.remote`) are kept
    for the diagnosis and told to nobody. Memory stays bounded whatever the remote sends.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._overlong = False
        self._logs = 0
        self._said: deque[str] = deque(maxlen=_MOST_SAID)

    def feed(self, chunk: bytes) -> list[Event]:
        """Take the next bytes and give the events that they complete."""
        *lines, rest = _END.split(self._rest + chunk)
        events = [event for line in lines for event in self._line(line)]
        if len(rest) > _LONGEST_LINE:
            # A secret must not slip through because its line was cut: only whole words count.
            events += self._line(rest[:_LONGEST_LINE].rpartition(b" ")[0])
            self._overlong = True
            rest = b""
        self._rest = rest
        return events

    def close(self) -> list[Event]:
        """Take the end of the stream and give the events of an unfinished last line."""
        rest, self._rest = self._rest, b""
        return self._line(rest)

    @property
    def said(self) -> str:
        """What git said beside its progress, for :func:`nbpull_sync.remote.classify`."""
        return "\n".join(self._said)

    def _line(self, raw: bytes) -> list[Event]:
        if self._overlong:  # this is the rest of a line that was given up
            self._overlong = False
            return []
        line = _UNPRINTABLE.sub("", raw.decode("utf-8", "replace")).rstrip()
        if not line or line == "remote:":
            return []
        if progress := parse_progress(line):
            return [progress]
        self._said.append(line)
        if _TRACE.match(line):
            return []
        self._logs += 1
        if self._logs > _MOST_LOGS:
            return []
        last = self._logs == _MOST_LOGS
        return [Log(message="Git said more than is shown here." if last else redact(line))]


class Throttle:
    """Lets at most :data:`PER_SECOND` progress events through in any second.

    The last event of each step comes as long as there is room, and the last one of each
    phase always: room for all of them is kept free. Other events pass untouched.

    Args:
        clock: Gives the seconds that the bound is measured in.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: Progress | None = None
        self._times: deque[float] = deque(maxlen=PER_SECOND)

    def push(self, event: Event) -> Iterator[Event]:
        """Take one event and give those that may go out now."""
        if not isinstance(event, Progress):
            if not isinstance(event, Log) or self._has_room():
                yield from self.flush()
            yield event
            return
        held, self._held = self._held, event
        if held is not None and _ends(held, event, room=self._has_room()):
            yield self._out(held)
        if self._has_room() and self._is_due():
            self._held = None
            yield self._out(event)

    def idle(self) -> Iterator[Event]:
        """Give the event that was held back, as far as the bound allows; nothing newer has come."""
        if self._has_room() and self._is_due():
            yield from self.flush()

    def flush(self) -> Iterator[Event]:
        """Give the event that was held back; to be called at the end."""
        held, self._held = self._held, None
        if held is not None:
            yield self._out(held)

    def _out(self, event: Progress) -> Progress:
        self._times.append(self._clock())
        return event

    def _is_due(self) -> bool:
        return not self._times or self._clock() - self._times[-1] >= 2 / PER_SECOND

    def _has_room(self) -> bool:
        now = self._clock()
        return sum(now - at < 1 for at in self._times) < PER_SECOND - len(Phase)
