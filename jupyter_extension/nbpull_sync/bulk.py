"""Many syncs, over any pool of workers: homes that are filled before a class begins.

::

    for done in sync_all(requests):
        print(done.directory, done.error or done.report.status)

The pool is any :class:`concurrent.futures.Executor`: threads of this process by default, processes,
or a cluster's, such as ``dask.distributed.Client(...).get_executor()``.
"""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbpull_sync.engine import sync
from nbpull_sync.errors import SyncError
from nbpull_sync.events import Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nbpull_sync.errors import Who
    from nbpull_sync.request import SyncRequest

_AT_ONCE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why one sync was not done, in a form that travels between machines.

    Attributes:
        code: The code of the error.
        message: What happened.
        hint: What to do about it.
        who: Who can mend it; None for an error that nobody foresaw.
    """

    code: str
    message: str
    hint: str = ""
    who: Who | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give the failure in its JSON form."""
        return {"code": self.code, "message": self.message, "hint": self.hint, "who": self.who}


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of one sync.

    Attributes:
        directory: The workspace.
        report: What it did, None where it failed.
        error: Why it failed, None where it did not.
    """

    directory: str
    report: Report | None = None
    error: Failure | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give the result in its JSON form."""
        return {
            "directory": self.directory,
            "report": self.report.to_dict() if self.report else None,
            "error": self.error.to_dict() if self.error else None,
        }


def sync_all(
    requests: Iterable[SyncRequest], *, executor: Executor | None = None
) -> Iterator[Done]:
    """Sync many workspaces, each by itself: one that fails stops no other.

    Args:
        requests: What to sync. Two of one workspace wait for each other.
        executor: Who does it; None for a few threads of this process.

    Yields:
        What came of each, in the order in which they end.
    """
    with ExitStack() as stack:
        pool = executor or stack.enter_context(ThreadPoolExecutor(max_workers=_AT_ONCE))
        running = [pool.submit(sync_one, request) for request in requests]
        stack.callback(lambda: [future.cancel() for future in running])
        for future in as_completed(running):
            yield future.result()


def sync_one(request: SyncRequest) -> Done:
    """Sync one workspace and give what came of it, whatever it was."""
    directory = str(request.directory)
    try:
        *_, report = sync(request)
    except SyncError as error:
        failure = Failure(
            code=error.code, message=error.message, hint=error.hint or "", who=error.who
        )
        return Done(directory=directory, error=failure)
    except Exception as error:  # noqa: BLE001 - the work of the others must go on
        failure = Failure(code="unexpected", message=f"{type(error).__name__}: {error}")
        return Done(directory=directory, error=failure)
    assert isinstance(report, Report)
    return Done(directory=directory, report=report)
