"""The dispatcher: lease, send, record; at least once, with retries that grow apart."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta

from alerting.clock import Clock, now_utc
from alerting.errors import DeliveryError
from alerting.outbox.letters import Leased, Letter
from alerting.outbox.table import Outbox, Outcome
from alerting.store.location import failures_explained

Send = Callable[[Letter], Awaitable[None]]
"""Delivers one letter; raises DeliveryError where its receiver does not take it.

Returns once the receiver has it, or where nobody is to have it any more.
"""

_log = logging.getLogger(__name__)


def backoff(attempts: int, chance: float) -> timedelta:
    """Return how long to wait after so many attempts; `chance` from 0 to 1 spreads it.

    1 s, 2 s, 4 s … up to 5 minutes, each between the half and the whole of it.

    >>> backoff(1, 1.0), backoff(4, 0.0), backoff(30, 1.0)
    (datetime.timedelta(seconds=1), datetime.timedelta(seconds=4), datetime.timedelta(seconds=300))
    """
    whole_s = min(300.0, 2.0 ** min(attempts - 1, 20))
    return timedelta(seconds=whole_s * (0.5 + chance / 2))


class Dispatcher:
    """Send what is due, each destination by its own function.

    A letter whose destination has none waits for a dispatcher that has. `send_s` is the time
    in which one letter must be delivered, `limits_s` that of destinations that take longer, whose
    leases are longer then; up to `at_once` letters go to a destination at a time. Raises
    ValueError where a lease is too short to send one.
    """

    def __init__(
        self,
        outbox: Outbox,
        senders: Mapping[str, Send],
        clock: Clock = now_utc,
        *,
        lease_s: float = 60.0,
        send_s: float = 20.0,
        limits_s: Mapping[str, float] | None = None,
        look_every_s: float = 1.0,
        at_once: int = 20,
    ) -> None:
        if lease_s <= send_s:
            raise ValueError("a lease must last longer than the sending of a letter")
        self._outbox = outbox
        self._senders = senders
        self._clock = clock
        self._lease_s = lease_s
        self._send_s = send_s
        self._limits_s = limits_s or {}
        self._look_every_s = look_every_s
        self._at_once = at_once
        self._chance = random.Random()

    async def run(self) -> None:
        """Send what comes, until cancelled; a slow destination holds up no other.

        Raises MonomiError `store_not_usable` where the store fails.
        """
        loops = [asyncio.ensure_future(self._run(name)) for name in self._senders]
        try:
            with failures_explained():
                await asyncio.gather(*loops)
        finally:
            for loop in loops:
                loop.cancel()
            await asyncio.wait(loops)

    async def _run(self, destination: str) -> None:
        while True:
            ring = self._outbox.bell.next_ring()  # before the look: a ring is not lost
            if not await self._send_due(destination):
                await _rings(ring, self._look_every_s)

    async def send_due(self) -> int:
        """Send what is due now to any destination, once each; return how much was tried."""
        return sum([await self._send_due(destination) for destination in self._senders])

    def limit_s(self, destination: str) -> float:
        """Return the time in which one letter to a destination must be delivered."""
        return self._limits_s.get(destination, self._send_s)

    async def _send_due(self, destination: str) -> int:
        # Time for a few letters of a lane, one after another.
        lease_s = max(self._lease_s, 3 * self.limit_s(destination))
        leased = await self._outbox.lease(
            [destination], self._clock(), timedelta(seconds=lease_s), self._at_once
        )
        lanes: dict[object, list[Leased]] = defaultdict(list)
        for each in leased:
            lane = each.letter.lane
            lanes[lane if lane is not None else each.id].append(each)
        outcomes = await asyncio.gather(*(self._send_lane(lane) for lane in lanes.values()))
        await self._outbox.record([outcome for lane in outcomes for outcome in lane])
        return len(leased)

    async def _send_lane(self, lane: Sequence[Leased]) -> list[Outcome]:
        """Send letters one after another; what follows one that must wait, waits too."""
        outcomes: list[Outcome] = []
        for each in lane:
            held_up = bool(outcomes) and outcomes[-1].sent_at is None and not outcomes[-1].failed_at
            time_left = each.lease_until - self._clock()
            if held_up or time_left < timedelta(seconds=self.limit_s(each.letter.destination)):
                outcomes.append(Outcome(each, tried=False))
            else:
                outcomes.append(await self._send(each))
        return outcomes

    async def _send(self, leased: Leased) -> Outcome:
        letter = leased.letter
        limit_s = self.limit_s(letter.destination)
        try:
            async with asyncio.timeout(limit_s):
                await self._senders[letter.destination](letter)
        except DeliveryError as error:
            return self._missed(leased, error)
        except TimeoutError:
            return self._missed(leased, DeliveryError(f"not delivered within {limit_s:g} s"))
        except Exception as error:  # noqa: BLE001
            # The outbox's edge: a sender's fault must neither lose this letter nor stop others.
            _log.exception("the sender of %s failed", letter.destination)
            return self._missed(leased, DeliveryError(f"{type(error).__name__}: {error}"))
        return Outcome(leased, sent_at=self._clock())

    def _missed(self, leased: Leased, error: DeliveryError) -> Outcome:
        now = self._clock()
        if error.permanent:
            destination = leased.letter.destination
            _log.warning("parked letter %d to %s: %s", leased.id, destination, error.sentence)
            return Outcome(leased, failed_at=now, error=error.sentence)
        wait = backoff(leased.attempts, self._chance.random())
        if error.retry_after_s is not None:
            wait = max(wait, timedelta(seconds=error.retry_after_s))
        return Outcome(leased, due_at=now + wait, error=error.sentence)


async def _rings(ring: asyncio.Event, within_s: float) -> None:
    try:
        async with asyncio.timeout(within_s):
            await ring.wait()
    except TimeoutError:
        pass
