"""Peak memory, measured on a process of its own: ``python -m bench.probe WORK ARGUMENT...``.

Read from ``/proc``: ``ru_maxrss`` begins at what the parent had when it started the process.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_HERE = Path(__file__).parents[1]
_EACH = 0.005  # seconds between two looks at a tree of processes


def peak_growth(work: str, *arguments: str) -> float:
    """Give the bytes by which the process grew at most, over what it had after its imports."""
    command = [sys.executable, "-m", "bench.probe", work, *arguments]
    done = subprocess.run(command, cwd=_HERE, stdout=subprocess.PIPE, text=True, check=True)
    before, after = done.stdout.split()
    return float(after) - float(before)


def peak_of_tree(work: str, *arguments: str) -> float:
    """Give the bytes that the process and all its children had in memory together, at most.

    What they map from files is counted once, for the one that maps the most: it is shared.
    """
    command = [sys.executable, "-m", "bench.probe", work, *arguments]
    ended = threading.Event()
    peaks = [0]
    with subprocess.Popen(command, cwd=_HERE, stdout=subprocess.DEVNULL) as process:
        watcher = threading.Thread(target=_watch, args=(process.pid, ended, peaks))
        watcher.start()
        process.wait()
        ended.set()
        watcher.join()
    if process.returncode:
        raise RuntimeError(f"{work} ended with status {process.returncode}")
    return peaks[0]


def _watch(pid: int, ended: threading.Event, peaks: list[int]) -> None:
    while not ended.wait(_EACH):
        tree = _tree(pid)
        own = sum(memory(each, "RssAnon") for each in tree)
        peaks[0] = max(peaks[0], own + max(memory(each, "RssFile") for each in tree))


def _tree(pid: int) -> list[int]:
    """List a process and all its descendants."""
    pids = [pid]
    for each in pids:
        for children in Path(f"/proc/{each}/task").glob("*/children"):
            with suppress(OSError):  # it ended while we looked
                pids += map(int, children.read_text().split())
    return pids


def memory(pid: int | str, field: str) -> int:
    """Give the bytes that a process has in memory, 0 where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(field)), 0)


def _merge(base: str, ours: str, theirs: str) -> None:
    from nbpull_sync.notebook import merge_notebook  # noqa: PLC0415 - only what is used is measured

    _print_peak()
    merge = merge_notebook(*(Path(path).read_bytes() for path in (base, ours, theirs)))
    if merge.problem:
        raise AssertionError(merge.problem)
    _print_peak()


def _sync(url: str, directory: str) -> None:
    from nbpull_sync import SyncRequest, sync  # noqa: PLC0415 - only what is used is measured

    for _ in sync(SyncRequest(repo=url, directory=Path(directory))):
        pass


def _print_peak() -> None:
    print(memory("self", "VmHWM"))


if __name__ == "__main__":
    works: dict[str, Callable[..., None]] = {"merge": _merge, "sync": _sync}
    works[sys.argv[1]](*sys.argv[2:])
