"""Kill a function at any of its writes and process starts, as a power cut would; fill the disk.

A *point* is a moment at which a kill may leave something half done: just before a write, just
after a file was opened for one (and so emptied or made), or just before a process starts.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import resource
import signal
import stat
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

START = "subprocess.Popen"
WRITES = {
    "os.chmod", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink",
    "os.truncate", "os.utime",
}  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


@dataclass(frozen=True)
class Point:
    """One moment: its number, what comes next, and all that a kill there leaves on the disk."""

    number: int
    label: str
    state: str

    @property
    def starts_git(self):
        return self.label.startswith(START)


class _Watch:
    """Counts the points of this process and calls `act` with the number and label of each."""

    def __init__(self, root, act):
        self.root, self.act, self.count, self.busy = str(root), act, 0, False
        sys.addaudithook(self._hook)

    def _hook(self, event, args):
        if self.busy or not self._is_point(event, args):
            return
        self.busy = True  # what is done here is no point
        try:
            self._reach(self._label(event, args))
            if event == "open" and _opened(*args):
                self._reach(self._label("opened", args))
        finally:
            self.busy = False

    def _reach(self, label):
        self.count += 1
        self.act(self.count, label)

    def _is_point(self, event, args):
        if event == "open":
            writes = args[2] is not None and args[2] & _WRITING
            return bool(writes) and self._is_inside(args[0])
        return event == START or (event in WRITES and self._is_inside(args[0]))

    def _is_inside(self, path):
        """Tell whether a path may lie under the root; a relative one is of an open directory."""
        if not isinstance(path, str | bytes | os.PathLike):
            return False  # what is open already, a pipe
        name = os.fsdecode(path)
        return not name.startswith("/") or name.startswith(self.root)

    def _label(self, event, args):
        words = args[1] if event == START else args[:1]
        words = [os.fsdecode(it) for it in words if isinstance(it, str | bytes | os.PathLike)]
        text = " ".join([event, *words]).replace(self.root, "")
        return re.sub(r"[0-9a-f]{40}|\d{3,}|/tmp/nbpull-\w+", "*", text)


def _opened(path, _, flags):
    """Do what opening a file for writing does: it is empty then. Tell whether that was done."""
    name = os.fsdecode(path)
    if flags & os.O_EXCL or not name.startswith("/"):
        return False
    with suppress(OSError):
        os.close(os.open(name, flags, 0o666))
        return True
    return False


def points(function, root):
    """Run a function to its end in a process of its own and give its points.

    Each has the state of everything under `root` at that moment, byte by byte: a kill at two
    points of the same state leaves the same.
    """
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        found = []
        _Watch(root, lambda *it: found.append((*it, _remains(root))))
        status = _run(function)
        with os.fdopen(writer, "w") as pipe:
            json.dump(found, pipe)
        os._exit(status)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        said = pipe.read()
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    return [Point(*it) for it in json.loads(said)]


def distinct(points):
    """Give the points to be played: the first of each state. Every other leaves what it leaves."""
    first = {}
    for point in points:
        first.setdefault(point.state, point)
    played = list(first.values())
    assert {point.state for point in points} == {point.state for point in played}
    return played


def _remains(root):
    """Give all that a kill would leave under a directory, as one number.

    Times are left out: they are never the same twice.
    """
    found = hashlib.sha1(usedforsecurity=False)
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names + folders):
            path = Path(folder, name)
            with suppress(FileNotFoundError):  # a git that is still at work removes its own
                status = path.lstat()
                found.update(f"{path}\0{status.st_mode}\0{status.st_ino}\0".encode())
                if stat.S_ISREG(status.st_mode):
                    found.update(path.read_bytes())
                elif stat.S_ISLNK(status.st_mode):
                    found.update(os.fsencode(path.readlink()))
    return found.hexdigest()


def kill_at(function, root, point):
    """Run a function in a process of its own, which is killed at a point."""

    def act(number, label):
        if number == point.number:
            if label != point.label:
                os._exit(3)
            os.kill(os.getpid(), signal.SIGKILL)

    pid = os.fork()
    if pid == 0:
        _Watch(root, act)
        os._exit(_run(function))
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert status == -signal.SIGKILL, f"not killed at {point}: {status}"


def cut_down(function, root, point, seconds):
    """Run a function in a process of its own; some time after a point all of it is killed.

    The processes that it has started end with it, as they do when a container or a machine does.
    """
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        _Watch(root, lambda number, _: os.write(writer, b".") if number == point.number else None)
        os._exit(_run(function))
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        pipe.read(1)
        time.sleep(seconds)  # the instant at which the power goes
        for process in _family(pid):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
    os.waitpid(pid, 0)


def _family(pid):
    """Stop a process and all that it has started, the parents first, and give them."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP)
    found = [pid]
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(status.read_text().rpartition(")")[2].split()[1]) == pid:
                found += _family(int(status.parent.name))
    return found


def fill_disk_at(function, root, point, room):
    """Run a function in a process of its own; from a point on nothing more can be written.

    A git that is started then can write `room` bytes to each file. Gives the code of the error
    that the function raises, None where it needed to write no more.
    """

    def act(number, label):
        if number < point.number:
            return
        if label.startswith(START):
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
        elif not label.startswith(("os.remove", "os.rmdir", "os.rename")):
            raise OSError(errno.ENOSPC, "No space left on device", str(root))

    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        _Watch(root, act)
        try:
            function()
        except Exception as error:  # noqa: BLE001 - the parent is to see whatever it is
            os.write(writer, getattr(error, "code", repr(error)).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read().decode()
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    return said or None


def _run(function):
    try:
        function()
    except BaseException:  # noqa: BLE001 - whatever it is, the parent must learn of it
        sys.excepthook(*sys.exc_info())
        return 1
    return 0
