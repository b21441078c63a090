"""The watch over all partitions of one worker: rounds of apply, hand on, keep, acknowledge.

The order within a round, for each partition: alerts, evidence and dead letters are in Kafka;
then the day's contributions; then state and offsets, as one batch in the changelog and one in
the local store; then the sources are acknowledged. Whatever breaks off in between is done again
from the offsets that the state holds: state moves once, an alert at most repeats its id.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Protocol

from models.policy import Policy
from schemas.alerts import Alert
from streams.ingest import Received, dead_letter
from streams.metrics import (
    ALERT_LATENCY,
    ALERTS,
    BATCH_SECONDS,
    CHANGELOG_BYTES,
    DEAD_LETTERS,
    HELD,
    PARTITIONS_OPEN,
    REVISIONS,
    SNAPSHOT_DAY,
    SNAPSHOT_DEGRADED,
)
from streams.partition import QUERIES, Output, Partition, Raised
from streams.sender import Outgoing, Sender
from streams.shared_topic import SharedTopic

_RECORDS_A_STEP = 200
_RECORDS_A_BATCH = 1000
"""So many of a partition at most are kept as one: a batch in the changelog has its limit."""
_ROUND_S = 0.05
_BEHIND_S = 2.0
"""Records this old are a backlog: nobody waits for one of them, and large batches cost less."""
_BASES_EVERY_S = 10.0
_IDLE_S = 1.0
_WALL_SLACK_S = 15 * 60.0
_TICK_S = 1.0
_BLOCKED_TICK_S = 0.02
_EPOCH_DAY = 719_163


class Source(Protocol):
    """Tell about the consumer what the watch must know, and acknowledge to it."""

    def refresh(self, watch: Watch) -> None:
        """Look once at which source partitions have more to come."""

    def comes_more(self, topic: str, partition: int) -> bool:
        """Return whether Kafka held records of a source partition not yet delivered here."""

    def let_flow(self, watch: Watch) -> None:
        """Fetch again what was paused for being far ahead, where it has been worked off."""

    def acknowledge(self, tokens: list[Any]) -> None:
        """Acknowledge records whose effects are durable."""


class Watch:
    """Drive the partitions that this worker owns."""

    def __init__(
        self,
        sender: Sender,
        shared: SharedTopic,
        source: Source,
        policy: Policy,
        prefix: str,
        open_partition: Callable[[int], Awaitable[Partition]],
    ) -> None:
        self._sender = sender
        self._shared = shared
        self._source = source
        self._policy = policy
        self._prefix = prefix
        self._open_partition = open_partition
        self._wake = asyncio.Event()
        self._lock = asyncio.Lock()
        self._newest = (0.0, 0.0)
        self._bases_kept_s = 0.0
        self.partitions: dict[int, Partition] = {}

    async def own(self, numbers: set[int]) -> None:
        """Open and close partitions so that exactly these are at work here."""
        async with self._lock:
            for number in sorted(self.partitions.keys() - numbers):
                await self.partitions.pop(number).store.close()
            for number in sorted(numbers - self.partitions.keys()):
                self.partitions[number] = await self._open_partition(number)
            PARTITIONS_OPEN.set(len(self.partitions))
        self._wake.set()

    def accept(self, received: Received, token: Any) -> None:
        """Take one record from the consumer."""
        partition = self.partitions.get(received.partition)
        if partition is None:
            return  # revoked meanwhile: its next owner reads it again
        entry = partition.accept(received, token)
        if entry is not None and received.topic == QUERIES and entry.at_s > self._newest[0]:
            self._newest = (entry.at_s, received.appended_s)
        self._wake.set()

    def depth(self, partition: int, topic: str) -> int:
        """Return how many records of a source partition wait here."""
        owned = self.partitions.get(partition)
        return len(owned.lanes[topic]) if owned else 0

    async def run(self) -> None:
        """Do rounds until cancelled."""
        while True:
            self._wake.clear()
            async with self._lock:
                progress = await self._round()
            if progress:
                await asyncio.sleep(0)
                continue
            blocked = any(p.waiting or p.held_for for p in self.partitions.values())
            try:
                async with asyncio.timeout(_BLOCKED_TICK_S if blocked else _TICK_S):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def _round(self) -> bool:
        """Let the partitions make steps, then keep them all; return whether any did."""
        began_s = time.perf_counter()
        self._source.refresh(self)
        self._source.let_flow(self)
        # Several passes before anything is kept: where all stand at a cut they go on at once,
        # and a backlog of days costs no round trip to Kafka a day.
        # A backlog is kept in whole batches.
        while await self._pass():
            if time.perf_counter() - began_s >= _ROUND_S and not self._is_behind():
                break
        ready = [p for p in self.partitions.values() if p.has_output]
        if ready:
            await asyncio.gather(*(self._keep(partition) for partition in ready))
            await self._keep_bases()
            BATCH_SECONDS.observe(time.perf_counter() - began_s)
        HELD.set(sum(p.waiting for p in self.partitions.values()))
        return bool(ready)

    def _is_behind(self) -> bool:
        """Return whether what was applied last has long been in Kafka, everywhere."""
        return time.time() - max(p.reached_s for p in self.partitions.values()) > _BEHIND_S

    async def _pass(self) -> bool:
        """Let every partition make one step; return whether any got on."""
        got_on = False
        for partition in list(self.partitions.values()):
            adopted = self._adopt(partition)
            got_on = self._step(partition) or adopted or got_on
            self._note(partition)
            await asyncio.sleep(0)
        return got_on

    def _note(self, partition: Partition) -> None:
        """Let the ledger know at once what a partition has closed.

        Others go on with it before it is published. Should the worker die in between, the
        partition closes the same day again with the same content.
        """
        closed_through = partition.lookout.closed_through
        if closed_through > partition.noted_through:
            self._shared.note(partition.number, partition.output.contributions, closed_through)
            partition.noted_through = closed_through

    async def _keep_bases(self) -> None:
        now_s = time.monotonic()
        if now_s - self._bases_kept_s > _BASES_EVERY_S:
            self._bases_kept_s = now_s
            await self._shared.keep_bases()

    def _step(self, partition: Partition) -> bool:
        number = partition.number
        limit = min(_RECORDS_A_STEP, _RECORDS_A_BATCH - len(partition.output.tokens))
        if limit <= 0:
            return False
        done = partition.step(limit, lambda t: self._source.comes_more(t, number))
        if done or partition.waiting or partition.held_for is not None:
            return bool(done)
        if any(self._source.comes_more(topic, number) for topic in partition.lanes):
            return False
        now_s = time.time()
        if partition.idle_since_s is None:
            partition.idle_since_s = now_s
        if now_s - partition.idle_since_s >= _IDLE_S:
            self._drive(partition, now_s)
        return False

    def _drive(self, partition: Partition, now_s: float) -> None:
        """Move an idle partition's time: wall time less 15 minutes.

        In a stream of old records wall time is taken back by as far as the newest look-up lay
        behind its append, so that an idle partition keeps pace with the others.
        """
        event_s, appended_s = self._newest
        at_s = 0.0
        if event_s or partition.lookout.time_s:
            behind_s = appended_s - event_s if event_s else partition.memory.mark.behind_s
            at_s = now_s - max(0.0, behind_s) - _WALL_SLACK_S
        # What others have closed is over here too, also where this worker has seen no look-up.
        at_s = max(at_s, partition.lookout.begin_of_day_s(self._shared.ledger.closed_first + 1))
        if partition.lookout.has_work_until(at_s):
            partition.advance(at_s, now_s)

    def _adopt(self, partition: Partition) -> bool:
        """Let a partition that stands at a cut go on, when the others have closed the day."""
        cut_day = partition.held_for
        if cut_day is None:
            return False
        ledger = self._shared.ledger
        now_s = time.monotonic()
        partition.held_since_s = partition.held_since_s or now_s
        if ledger.lacking(cut_day - 1):
            if now_s - partition.held_since_s < self._policy.cut_wait_s:
                return False
            SNAPSHOT_DEGRADED.inc()
        snapshot = ledger.snapshot(cut_day - 1)
        partition.lookout.adopt(snapshot, cut_day)
        partition.held_for, partition.held_since_s = None, 0.0
        SNAPSHOT_DAY.set(86_400.0 * (snapshot.state.through_day - _EPOCH_DAY))
        return True

    async def _keep(self, partition: Partition) -> None:
        """Hand on what a step produced, keep its state, and acknowledge its records."""
        output = partition.take_output()
        results = self._results(output)
        if results:
            await self._sender.send_all(results)
        closed_through = partition.lookout.closed_through
        if closed_through > partition.announced_through:
            await self._shared.publish(partition.number, output.contributions, closed_through)
            partition.announced_through = closed_through
        changes = partition.memory.changes()
        await partition.store.commit(changes, output.applied)
        CHANGELOG_BYTES.inc(sum(len(k) + len(v or b"") for k, v in changes.items()))
        self._source.acknowledge(output.tokens)
        _observe(output)

    def _results(self, output: Output) -> list[Outgoing]:
        results: list[Outgoing] = [
            (
                f"{self._prefix}access.dead-letters",
                None,
                dead_letter(received, self._prefix + received.topic, error),
                (),
            )
            for received, error in output.refused
        ]
        for raised in output.raised:
            results += self._alert_records(raised)
        return results

    def _alert_records(self, raised: Raised) -> list[Outgoing]:
        key = raised.alert.alert_id.encode()
        headers = [("appended_at_ms", str(round(1000 * raised.appended_s)).encode())]
        if raised.historic:
            headers.append(("historic", b"1"))
        return [
            (f"{self._prefix}alerts.evidence", key, raised.evidence.to_json(), ()),
            (f"{self._prefix}alerts", key, _detected(raised.alert), headers),
        ]


def _detected(alert: Alert) -> bytes:
    return alert.model_copy(update={"detected_at": datetime.now(UTC)}).to_json()


def _observe(output: Output) -> None:
    now_s = time.time()
    for _, error in output.refused:
        DEAD_LETTERS.labels(error.code).inc()
    for raised in output.raised:
        REVISIONS.inc()
        if raised.alert.revision == 1:
            ALERTS.labels(raised.alert.severity).inc()
        ALERT_LATENCY.observe(max(0.0, now_s - raised.appended_s))
