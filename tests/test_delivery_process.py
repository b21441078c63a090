"""Delivery by `monomi console` as a process of its own, on a real Kafka, over a kill."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from alerting.bell import Bell
from alerting.channels.file import load_channels
from alerting.clock import now_utc
from alerting.office import Office
from alerting.store import AlertStore
from streams.broker import Broker
from tests.consoles import (
    DEADLINE_S,
    console_settings,
    make_topic,
    new_prefix,
    sender,
    served,
    start_console,
)
from tests.receivers import MailServer, mail_server
from tests.sample_alerts import alert

pytestmark = pytest.mark.kafka

ALERTS = 150


def channels_file(folder: Path, port: int) -> Path:
    """Write a channels file with one mail server and one person."""
    path = folder / "channels.toml"
    path.write_text(
        'console_url = "https://monomi.example.jp/"\n'
        f'[mail.ward]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "plain"\n'
        'sender = "monomi@ward.example"\n'
        '[routes]\nhigh = ["mail.ward"]\n'
        '[people]\nop-002 = { mail = "supervisor@ward.example" }\n'
    )
    return path


def alert_of(mail: EmailMessage) -> str:
    """Return which alert a mail is about."""
    body = mail.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    found = re.search(r"/alerts/(\S+)", body.get_content())
    assert found is not None
    return found[1]


async def until_mails(mails: MailServer, count: int) -> None:
    """Wait until so many mails have come."""
    async with asyncio.timeout(DEADLINE_S):
        while len(mails.mails) < count:
            await asyncio.sleep(0.01)


def test_a_console_killed_amid_deliveries_loses_no_alert(kafka: Broker, tmp_path: Path) -> None:
    """Kill it after a few mails; whatever is sent twice has the same Message-ID both times."""
    prefix = new_prefix()
    settings = console_settings(tmp_path, kafka.bootstrap, prefix)
    ids = {f"a-{n:03}" for n in range(ALERTS)}

    async def work(mails: MailServer, file: Path) -> None:
        await make_topic(kafka.bootstrap, prefix, "alerts.evidence", "alerts.status")
        now = now_utc()
        async with sender(kafka.bootstrap, prefix) as send:
            for each in sorted(ids):
                await send(alert(each, detected_at=now).to_json(), key=each)
            await send(alert("old", detected_at=now).to_json(), key="old", historic=b"1")
        process = start_console(settings, file)
        try:
            await until_mails(mails, 3)
        finally:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()
        # Whatever of the alerts it had not stored yet comes in here, and is sent at once.
        async with served(settings, load_channels(file)) as console:
            await console.until(lambda health: health["row"] == ALERTS + 1)
        store = await AlertStore.open(settings.store_location)
        late = Office.over(
            store,
            settings,
            Bell(),
            clock=lambda: now_utc() + timedelta(minutes=2),  # the leases of the killed have ended
            channels=load_channels(file),
        )
        while {row["destination"] for row in await late.outbox.waiting(1000)} & {"mail.ward"}:
            await late.dispatcher.send_due()
        await late.close()
        (old,) = [s for s in await store.newest(1000) if s.alert.alert_id == "old"]
        assert old.historic
        await store.close()

    with mail_server() as mails:
        asyncio.run(work(mails, channels_file(tmp_path, mails.port)))
        by_alert: dict[str, set[str]] = defaultdict(set)
        for mail in mails.mails:
            by_alert[alert_of(mail)].add(str(mail["Message-ID"]))
        assert by_alert.keys() == ids
        assert {len(message_ids) for message_ids in by_alert.values()} == {1}
