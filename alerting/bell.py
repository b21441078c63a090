"""The bell between the feed and the open pages: who waits hears at once that something came."""

from __future__ import annotations

import asyncio


class Bell:
    """Wake all who wait, without losing a ring between a look at the store and the wait.

    Take `next_ring()` first, then look, then wait for it: a ring in between is already set.
    """

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def next_ring(self) -> asyncio.Event:
        """Return the event that the next ring sets."""
        return self._next

    def ring(self) -> None:
        """Wake all who wait for the next ring."""
        rung, self._next = self._next, asyncio.Event()
        rung.set()
