"""Those who wait for alerts: at the console's stream, or without a console at Kafka's."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from schemas.alerts import Alert
from schemas.errors import MonomiError

OnAlert = Callable[[Alert, float], None]
"""Called with each revision, and its latency in seconds since the append that raised it."""


class Subscriber(threading.Thread):
    """Hand on what arrives until stopped, one revision at a time."""

    def __init__(self, on_alert: OnAlert) -> None:
        super().__init__(daemon=True)
        self._on_alert = on_alert
        self.error: MonomiError | None = None
        self._ended = threading.Event()

    def run(self) -> None:
        """Listen; what it cannot read is kept as its error."""
        try:
            self._listen()
        except MonomiError as error:
            self.error = error

    def _listen(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        """Listen no longer."""
        self._ended.set()

    def _arrived(self, alert: Alert, appended_at_ms: int | None) -> None:
        now_ms = time.time() * 1000
        self._on_alert(alert, max(0.0, now_ms - (appended_at_ms or now_ms)) / 1000)


class ConsoleSubscriber(Subscriber):
    """Listen to `/stream` as a browser does."""

    def __init__(self, address: str, on_alert: OnAlert, token: str) -> None:
        super().__init__(on_alert)
        self._token = token
        self._host = urlsplit(address).netloc

    def _listen(self) -> None:
        """Read server-sent events; come back where the stream breaks off."""
        last_row = "0"
        while not self._ended.is_set():
            connection = http.client.HTTPConnection(self._host, timeout=30)
            try:
                headers = {"Last-Event-ID": last_row, "Authorization": f"Bearer {self._token}"}
                connection.request("GET", "/stream", headers=headers)
                for line in connection.getresponse():
                    if self._ended.is_set():
                        return
                    if line.startswith(b"id:"):
                        last_row = line[3:].strip().decode()
                    elif line.startswith(b"data:"):
                        self._take(line[5:].strip())
            except (OSError, http.client.HTTPException):
                self._ended.wait(0.2)
            finally:
                connection.close()

    def _take(self, data: bytes) -> None:
        row = json.loads(data)
        if isinstance(row, dict) and "alert" in row:
            self._arrived(Alert.parse(json.dumps(row["alert"])), row.get("appended_at_ms"))


class KafkaSubscriber(Subscriber):
    """Listen to the topic of alerts itself."""

    def __init__(self, bootstrap: str, on_alert: OnAlert) -> None:
        super().__init__(on_alert)
        self._bootstrap = bootstrap

    def _listen(self) -> None:
        """Read the topic from its beginning."""
        from kafka import KafkaConsumer

        consumer = KafkaConsumer(
            "alerts", bootstrap_servers=self._bootstrap, auto_offset_reset="earliest"
        )
        try:
            while not self._ended.is_set():
                for records in consumer.poll(timeout_ms=100).values():
                    for record in records:
                        headers = dict(record.headers)
                        appended = headers.get("appended_at_ms")
                        alert = Alert.parse(record.value)
                        self._arrived(alert, int(appended) if appended else None)
        finally:
            consumer.close()
