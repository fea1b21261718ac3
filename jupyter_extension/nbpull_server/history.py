"""The events of one job, numbered, in bounded memory."""

from __future__ import annotations

from itertools import takewhile
from typing import Any

LIMIT = 1000


class History:
    """What a job has told so far.

    Everything is kept until there is too much; then stale progress goes first (a phase's newest
    line says it all), and after it the oldest log lines. Numbers are never used twice, so whoever
    has seen number n can ask for what came after it.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._events: list[tuple[int, dict[str, Any]]] = []
        self._limit = limit
        self.last = 0

    def add(self, event: dict[str, Any]) -> None:
        """Remember an event under the next number."""
        self.last += 1
        self._events.append((self.last, event))
        if len(self._events) > self._limit:
            self._thin()

    def since(self, number: int) -> tuple[tuple[int, dict[str, Any]], ...]:
        """Give the events after a number, oldest first."""
        newest_first = takewhile(lambda entry: entry[0] > number, reversed(self._events))
        return tuple(newest_first)[::-1]

    def _thin(self) -> None:
        newest_of: dict[str, int] = {}
        for number, event in self._events:
            if event.get("type") == "progress":
                newest_of[event["phase"]] = number
        kept = [
            (number, event)
            for number, event in self._events
            if event.get("type") != "progress" or newest_of[event["phase"]] == number
        ]
        room = self._limit // 2
        # The newest stays whatever it is: whoever joins must not wait for a number that is gone.
        logs = [entry for entry in kept[:-1] if entry[1].get("type") == "log"]
        spare = {number for number, _ in logs[: max(0, len(kept) - room)]}
        self._events = [entry for entry in kept if entry[0] not in spare]
