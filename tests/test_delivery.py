"""Delivery: alerts reach their people by mail and HTTP, once and in order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from alerting.channels.file import load_channels
from alerting.delivery.letters import digest_after
from alerting.settings import ConsoleSettings
from models.calendar import Calendar
from monomi.cli import app
from tests.databases import NewStore
from tests.deliveries import Desk, at_desk, channels_of, text_of, with_webhook
from tests.receivers import MailServer, Reply, Sink, closed_port, http_sink, mail_server
from tests.sample_alerts import JST, alert


@pytest.fixture
def mails() -> Iterator[MailServer]:
    """Run a mail server for one test."""
    with mail_server() as running:
        yield running


@pytest.fixture
def sink() -> Iterator[Sink]:
    """Run an HTTP sink for one test."""
    with http_sink() as running:
        yield running


def test_an_alert_goes_to_its_recipients_own_address_in_their_language(
    new_store: NewStore, mails: MailServer
) -> None:
    """It escalates to the head, in Japanese, and says why it comes."""

    async def work(desk: Desk) -> None:
        await desk.come(alert())
        await desk.send()
        desk.clock.pass_by(hours=3)
        await desk.office.escalation.act_on_due()
        await desk.send()
        await desk.send()

    at_desk(new_store(), channels_of(mails.port), work)
    assert mails.receivers == [["supervisor@ward.example"], ["head@ward.example"]]
    first, second = mails.mails
    assert str(first["Subject"]) == "[Monomi] High alert: resident-affairs"
    assert "上位の担当者" in text_of(second)
    assert "https://monomi.example.jp/alerts/a-1" in text_of(first)


def test_mails_of_ten_minutes_without_a_server_all_arrive_once_and_in_order(
    new_store: NewStore,
) -> None:
    """The server is down while alerts come and are raised; then it is there."""

    async def down(desk: Desk) -> None:
        for minute in range(10):
            await desk.come(alert(f"a-{minute}", severity="medium"))
            await desk.send()
            await desk.come(alert(f"a-{minute}", 2, severity="critical"))
            await desk.send()
            desk.clock.pass_by(minutes=1)

    async def up(desk: Desk) -> None:
        desk.clock.pass_by(minutes=10)  # as long as it was down: this clock began anew
        for _ in range(12):
            desk.clock.pass_by(minutes=1)
            await desk.send()
        assert await desk.office.outbox.failed(1) == []

    location = new_store()
    with closed_port() as port:
        at_desk(location, channels_of(port), down)
    with mail_server() as mails:
        at_desk(location, channels_of(mails.port), up)
    texts = [text_of(mail) for mail in mails.mails]
    arrived = [
        (match[0], "graver" in text)
        for text in texts
        if (match := re.search(r"alerts/(a-\d)", text)) is not None
    ]
    assert len(arrived) == 20
    for n in range(10):
        assert [graver for name, graver in arrived if name == f"alerts/a-{n}"] == [False, True]
    assert len({mail["Message-ID"] for mail in mails.mails}) == 20


def test_low_alerts_are_collected_until_the_next_working_morning(
    new_store: NewStore, mails: MailServer
) -> None:
    """One mail a person, of what is not resolved by then; the next is of the next day's."""

    async def work(desk: Desk) -> None:
        desk.clock.now = datetime(2015, 3, 6, 10, 0, tzinfo=JST)  # a Friday
        for n in range(3):
            await desk.come(alert(f"a-{n}", severity="low", detected_at=desk.clock.now))
            desk.clock.pass_by(minutes=5)
        await desk.office.life.resolve("a-1", "op-002", 1, 1, "justified", "A case came later.")
        await desk.send()
        assert mails.mails == []
        desk.clock.now = datetime(2015, 3, 9, 8, 44, tzinfo=JST)
        await desk.send()
        assert mails.mails == []
        desk.clock.pass_by(minutes=1)
        await desk.come(alert("a-3", severity="low", detected_at=desk.clock.now))
        await desk.send()
        await desk.send()
        assert len(mails.mails) == 1
        desk.clock.pass_by(days=1)
        await desk.send()

    at_desk(new_store(), channels_of(mails.port), work)
    assert [str(mail["Subject"]) for mail in mails.mails] == [
        "[Monomi] 2 alerts of low urgency",
        "[Monomi] 1 alert of low urgency",
    ]


@pytest.mark.parametrize(
    ("at", "then"),
    [
        (datetime(2015, 3, 4, 8, 44, tzinfo=JST), datetime(2015, 3, 4, 8, 45, tzinfo=JST)),
        (datetime(2015, 3, 4, 8, 45, tzinfo=JST), datetime(2015, 3, 5, 8, 45, tzinfo=JST)),
        (datetime(2015, 3, 6, 9, 0, tzinfo=JST), datetime(2015, 3, 9, 8, 45, tzinfo=JST)),
        (datetime(2014, 12, 26, 9, 0, tzinfo=JST), datetime(2015, 1, 5, 8, 45, tzinfo=JST)),
    ],
)
def test_a_digest_waits_for_a_working_day(at: datetime, then: datetime) -> None:
    """Over a weekend, and over the year's end."""
    routes = channels_of(25).routes
    assert digest_after(at, routes, Calendar(ConsoleSettings().zone)) == then


def test_a_refused_sign_in_parks_the_letter_until_somebody_tries_again(
    new_store: NewStore, sink: Sink, tmp_path: Path
) -> None:
    """401 and 403: it stays visible with its reason, and keeps its key."""
    sink.replies.extend([Reply(401), Reply(403)])

    async def work(desk: Desk) -> None:
        await desk.come(alert())
        for status in (401, 403):
            await desk.send()
            ((letter, error),) = await desk.parked()
            assert f"HTTP {status}" in error
            desk.clock.pass_by(days=3)
            await desk.send()
            await desk.office.outbox.try_again(letter, desk.clock())
        await desk.send()
        assert await desk.parked() == []

    at_desk(new_store(), with_webhook(sink, tmp_path, 25, high=["webhook.siem"]), work)
    assert len(sink.requests) == 3
    assert len({request.headers["webhook-id"] for request in sink.requests}) == 1


def test_a_receiver_is_left_alone_for_as_long_as_it_asked(
    new_store: NewStore, sink: Sink, tmp_path: Path
) -> None:
    """429 with Retry-After: not one request before it."""
    sink.replies.append(Reply(429, {"Retry-After": "90"}))

    async def work(desk: Desk) -> None:
        await desk.come(alert())
        await desk.send()
        desk.clock.pass_by(seconds=89)
        await desk.send()
        assert len(sink.requests) == 1
        desk.clock.pass_by(seconds=1)
        await desk.send()

    at_desk(new_store(), with_webhook(sink, tmp_path, 25, high=["webhook.siem"]), work)
    assert len(sink.requests) == 2


def test_a_channel_may_take_as_long_as_it_is_set(new_store: NewStore) -> None:
    """The dispatcher does not cut it off before its own time-out does."""
    channels = channels_of(25)
    slow = channels.mail["ward"].model_copy(update={"timeout_s": 120.0})
    channels = channels.model_copy(update={"mail": {"ward": slow}})

    async def work(desk: Desk) -> None:
        assert desk.office.dispatcher.limit_s("mail.ward") > 120

    at_desk(new_store(), channels, work)


def test_who_has_no_address_is_parked_and_named(new_store: NewStore, mails: MailServer) -> None:
    """Nobody is left out in silence."""

    async def work(desk: Desk) -> None:
        await desk.come(alert(supervisor_id="op-044"))
        await desk.send()
        ((_, error),) = await desk.parked()
        assert "no mail address of op-044 is known" in error

    at_desk(new_store(), channels_of(mails.port), work)


def test_the_verb_lists_what_is_parked_and_makes_it_due_again(tmp_path: Path) -> None:
    """It names no alert, no person but in the reason, and no resident."""
    location = str(tmp_path / "alerts.sqlite3")

    async def park(desk: Desk) -> None:
        await desk.come(alert(supervisor_id="op-044"))
        await desk.send()

    def run(*arguments: str) -> Any:
        done = CliRunner().invoke(app, ["channels", "parked", "--store", location, *arguments])
        assert done.exit_code == 0
        return done.stdout

    assert run() == "nothing is parked\n"
    at_desk(location, channels_of(25), park)
    (row,) = json.loads(run("--json"))["parked"]
    assert row["destination"] == "mail.ward"
    assert row["reason"].startswith("no mail address of op-044 is known")
    assert run("--try-again").endswith("1 letters are due again\n")
    assert run() == "nothing is parked\n"


def test_routes_name_channels_of_the_file(tmp_path: Path) -> None:
    """A fault has its line, and says what is allowed."""
    path = tmp_path / "channels.toml"
    path.write_text(
        'console_url = "https://monomi.example.jp/"\n'
        '[slack.privacy]\nurl_env = "SLACK_URL"\n'
        '[routes]\nhigh = ["slack.privacy", "mail.none"]\ndigest_at = "25:00"\n'
        '[routes.teams]\n"@officer" = []\n'
        '[people]\n"op 1" = { mail = "a@b.example" }\nop-2 = { mail = "nobody" }\n'
    )
    with pytest.raises(Exception, match=r"line 5") as raised:
        load_channels(path)
    lines = [fault.split(": ", 1)[0].rpartition(" ")[2] for fault in raised.value.faults]  # type: ignore[attr-defined]
    assert lines == ["5", "6", "8", "10", "11"]
