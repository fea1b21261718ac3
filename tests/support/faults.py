"""Kill a function at any of its writes and process starts, as a power cut would."""

from __future__ import annotations

import os
import signal
import sys

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


def points(function):
    """Run a function to its end in a process of its own and give how many points it has."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        count = [0]
        sys.addaudithook(lambda event, args: count.__setitem__(0, count[0] + is_point(event, args)))
        status = _run(function)
        os.write(writer, str(count[0]).encode())
        os._exit(status)
    os.close(writer)
    said = os.read(reader, 64)
    os.close(reader)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    return int(said)


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
