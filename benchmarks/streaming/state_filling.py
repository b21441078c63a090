"""A changelog as years of work would leave it: written straight into its topic."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from itertools import islice

from confluent_kafka import Producer

from benchmarks.streaming.load import Load
from benchmarks.streaming.peers.judging import Judging
from models.pairs import Pair, encode_pair, pair_key
from streams.line_sender import partition_of

_SAMPLE = 40_000
"""Look-ups from which the operators' records are taken."""
_FIRST_DAY = 734_000  # in 2010
_POLL_EVERY = 5_000


def fill_changelog(
    bootstrap: str, topic: str, partitions: int, load: Load, *, operators: int, pairs: int
) -> None:
    """Write so many operators and pairs, each into its operator's partition.

    The operators' records are those of real look-ups, given to operators of other names.
    """
    producer = Producer(
        {
            "bootstrap.servers": bootstrap,
            "linger.ms": 50,
            "batch.size": 900_000,
            "queue.buffering.max.messages": 500_000,
        }
    )
    records = _operator_records(load)
    names = [f"past-{number:06}" for number in range(operators)]
    places = [partition_of(name.encode(), partitions) for name in names]
    for number, (name, place) in enumerate(zip(names, places, strict=True)):
        for kind, value in records[number % len(records)].items():
            _put(producer, topic, place, kind + name.encode(), value)
    value = encode_pair(Pair(_FIRST_DAY, _FIRST_DAY + 400, 3, covered=2))
    for number in range(pairs):
        place = number % operators
        key = pair_key(names[place], f"past-{number // operators:07}")
        _put(producer, topic, places[place], key, value)
        if number % _POLL_EVERY == 0:
            producer.poll(0)
    producer.flush(120)


def _operator_records(load: Load) -> list[dict[bytes, bytes]]:
    """Return the profile and the functions used of each operator of a sample."""
    kept: dict[bytes, dict[bytes, bytes]] = {}
    for key, value in _changes(load):
        if key[:1] in (b"o", b"f"):
            kept.setdefault(key[1:], {})[key[:1]] = value
    return list(kept.values())


def _changes(load: Load) -> Iterator[tuple[bytes, bytes]]:
    judging = Judging(load.context, None, lambda _: None)
    with gzip.open(load.look_ups) as lines:
        for line in islice(lines, _SAMPLE):
            for key, value in judging.judge(line.strip()).items():
                if value is not None:
                    yield key, value


def _put(producer: Producer, topic: str, partition: int, key: bytes, value: bytes) -> None:
    while True:
        try:
            producer.produce(topic, value, key, partition)
        except BufferError:
            producer.poll(0.05)
        else:
            return
