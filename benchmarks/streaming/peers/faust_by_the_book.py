"""Faust as its guide has it: an agent that reads one event after another and writes to a Table."""

from __future__ import annotations

import sys
from typing import Any

import faust

from benchmarks.streaming.peers.judging import Judging
from benchmarks.streaming.peers.task import Task, Teller, task


def app_of(asked: Task) -> Any:
    """Return the app: one changelogged table in RocksDB, written at each look-up."""
    app = faust.App(
        asked.name,
        broker=f"kafka://{asked.bootstrap}",
        store="rocksdb://",
        datadir=str(asked.state),
        topic_replication_factor=1,
        table_standby_replicas=0,
        web_enabled=False,
        consumer_auto_offset_reset="earliest",
        topic_partitions=4,
        stream_wait_empty=False,
        worker_redirect_stdouts=False,
    )
    raw = {"key_type": bytes, "value_type": bytes, "key_serializer": "raw"}
    look_ups = app.topic(asked.look_ups, **raw, value_serializer="raw")
    alerts = app.topic(asked.alerts, **raw, value_serializer="raw")
    state = app.Table(
        "state", key_type=bytes, value_type=bytes, options={"driver": "rocksdict"}, partitions=4
    )
    judging = Judging(asked.context, asked.policy, state.get)
    teller = Teller()

    async def watch(stream: Any) -> None:
        async for event in stream.events():
            for key, value in judging.judge(event.value).items():
                if value is None:
                    state.pop(key, None)
                else:
                    state[key] = value
            for alert, _ in judging.take_raised():
                appended_ms = str(round(1000 * event.message.timestamp)).encode()
                await alerts.send(
                    key=alert.alert_id.encode(),
                    value=alert.to_json(),
                    headers={"appended_at_ms": appended_ms},
                )
            teller.count()

    app.agent(look_ups, name="watch")(watch)
    return app


def main() -> None:
    """Run as Faust's worker until killed."""
    asked = task()
    sys.argv = ["faust", "worker", "--loglevel", "error", "--without-web"]
    app_of(asked).main()


if __name__ == "__main__":
    main()
