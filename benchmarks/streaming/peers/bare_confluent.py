"""The ceiling in C: records fetched by librdkafka, and nothing done with them."""

from __future__ import annotations

from confluent_kafka import Consumer

from benchmarks.streaming.peers.task import Teller, task


def main() -> None:
    """Fetch until killed."""
    asked, teller = task(), Teller()
    consumer = Consumer(
        {
            "bootstrap.servers": asked.bootstrap,
            "group.id": asked.name,
            "auto.offset.reset": "earliest",
        }
    )
    consumer.subscribe([asked.look_ups])
    while True:
        teller.count(len(consumer.consume(4000, 0.2)))


if __name__ == "__main__":
    main()
