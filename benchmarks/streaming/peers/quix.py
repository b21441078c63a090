"""quixstreams as its guide has it: a stateful function over each record, state by key."""

from __future__ import annotations

from typing import Any

from confluent_kafka import Producer
from quixstreams import Application

from benchmarks.streaming.peers.judging import Judging
from benchmarks.streaming.peers.task import Task, Teller, task


class Stateful:
    """Judge each record, and put what changed into the record's own state.

    quixstreams keeps state by the record's key, so that what belongs to another operator or to
    the whole partition lies with the operator whose record it was; only its cost is looked at.
    """

    def __init__(self, asked: Task) -> None:
        self._state: Any = None
        self._written: dict[bytes, bytes] = {}
        self._judging = Judging(asked.context, asked.policy, self._read)
        self._alerts = asked.alerts
        self._producer = Producer({"bootstrap.servers": asked.bootstrap, "linger.ms": 0})
        self._teller = Teller()

    def _read(self, key: bytes) -> bytes | None:
        if self._state is None:  # before the first record there is nothing
            return None
        value: bytes | None = self._state.get_bytes(key.hex())
        return self._written.get(key) if value is None else value

    def __call__(
        self, value: bytes, _key: bytes, appended_ms: int, _headers: Any, state: Any
    ) -> None:
        """Judge a record."""
        self._state = state
        for key, kept in self._judging.judge(value).items():
            if kept is None:
                state.delete(key.hex())
                self._written.pop(key, None)
            else:
                state.set_bytes(key.hex(), kept)
                self._written[key] = kept
        for alert, _ in self._judging.take_raised():
            header = ("appended_at_ms", str(appended_ms))
            self._producer.produce(self._alerts, alert.to_json(), alert.alert_id, headers=[header])
        self._producer.poll(0)
        self._teller.count()


def main() -> None:
    """Run until killed."""
    asked = task()
    app = Application(
        broker_address=asked.bootstrap,
        consumer_group=asked.name,
        auto_offset_reset="earliest",
        state_dir=asked.state,
        loglevel="ERROR",
    )
    look_ups = app.topic(asked.look_ups, value_deserializer="bytes", key_deserializer="bytes")
    app.dataframe(look_ups).apply(Stateful(asked), stateful=True, metadata=True)
    app.run()


if __name__ == "__main__":
    main()
