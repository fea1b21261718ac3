"""What an operator sees: metrics on the server's own ``/metrics``, and an event for each sync."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from prometheus_client import Counter, Histogram

from nbpull_links.repo import redact

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_server.serverapp import ServerApp

    from nbpull_server.jobs import Job

SCHEMA = Path(__file__).parent / "schemas" / "sync.yaml"
SCHEMA_ID = "https://schema.jupyter.org/nbpull/sync/v1"

SYNCS = Counter("nbpull_syncs", "Syncs that ended, by outcome and error code", ["outcome", "code"])
SECONDS = Histogram(
    "nbpull_sync_seconds",
    "How long syncs took, by outcome",
    ["outcome"],
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)
BYTES = Counter("nbpull_received_bytes", "Bytes that syncs received")


def outcome_of(job: Job) -> str:
    """Name how a job ended: cloned, updated, unchanged, failed or cancelled."""
    return str(job.report["status"]) if job.state == "finished" and job.report else job.state


def sync_event(job: Job) -> dict[str, Any]:
    """Describe a job that ended, without credentials and without anything from the files."""
    return {
        "outcome": outcome_of(job),
        "code": job.error["code"] if job.error else None,
        "repo": redact(job.work.repo),
        "workspace": job.work.label,
        "seconds": round(job.seconds, 3),
        "bytes": job.bytes,
        "files": dict(job.files),
    }


def reporter(app: ServerApp) -> Callable[[Job], None]:
    """Give a function that reports each job's end to the server's metrics and its event log."""
    events = app.event_logger
    if events is not None:
        events.register_event_schema(SCHEMA)

    def report(job: Job) -> None:
        outcome = outcome_of(job)
        SYNCS.labels(outcome, job.error["code"] if job.error else "").inc()
        SECONDS.labels(outcome).observe(job.seconds)
        BYTES.inc(job.bytes)
        if events is not None:
            events.emit(schema_id=SCHEMA_ID, data=sync_event(job))

    return report
