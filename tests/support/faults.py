"""Kill a function at any of its writes and process starts, as a power cut would."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import stat
import sys
from contextlib import suppress
from pathlib import Path

WRITES = {
    "os.chmod", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink",
    "os.truncate", "os.utime", "subprocess.Popen",
}  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


def is_point(event, args):
    """Tell whether an audit event is one after which a kill may leave something half done."""
    if event == "open":
        path, _, flags = args
        return bool(flags & _WRITING) and str(path) != os.devnull
    return event in WRITES


def points(function, root):
    """Run a function to its end in a process of its own and give its points.

    A point is left out where nothing under `root` was written since the one before: a kill
    there leaves what the other leaves.
    """
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        count, found, last = 0, [], None

        def hook(event, args):
            nonlocal count, last
            if is_point(event, args):
                count += 1
                now = _remains(root)
                if now != last:
                    found.append(count)
                last = now

        sys.addaudithook(hook)
        status = _run(function)
        os.write(writer, json.dumps(found).encode())
        os._exit(status)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read()
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    return json.loads(said)


def _remains(root):
    """Give all that a kill would leave under a directory, as one number."""
    found = hashlib.sha1(usedforsecurity=False)
    for folder, folders, names in os.walk(root):
        for name in sorted(names + folders):
            path = Path(folder, name)
            with suppress(FileNotFoundError):  # a git that is still at work removes its own
                status = path.lstat()
                found.update(f"{path}\0{status.st_mode}\0{status.st_ino}\0".encode())
                if stat.S_ISREG(status.st_mode):
                    found.update(path.read_bytes())
    return found.digest()


def kill_at(function, point):
    """Run a function in a process of its own, which is killed just before its `point`."""
    pid = os.fork()
    if pid == 0:
        count = [0]

        def hook(event, args):
            if is_point(event, args):
                count[0] += 1
                if count[0] == point:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        os._exit(_run(function))
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert status == -signal.SIGKILL, f"not killed at {point}: {status}"


def _run(function):
    try:
        function()
    except BaseException:  # noqa: BLE001 - whatever it is, the parent must learn of it
        sys.excepthook(*sys.exc_info())
        return 1
    return 0
