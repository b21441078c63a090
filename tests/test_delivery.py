"""Delivery: alerts reach their people by mail and HTTP, once, in order, and no party."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from alerting.bell import Bell
from alerting.channels.file import Channels, load_channels
from alerting.delivery.letters import digest_after
from alerting.office import Office
from alerting.settings import ConsoleSettings
from alerting.store import AlertStore, Arrival
from models.calendar import Calendar
from monomi.cli import app
from schemas.alerts import Alert, Evidence
from tests.databases import NewStore
from tests.offices import CONVERGED, HandClock, section
from tests.receivers import MailServer, Reply, Sink, closed_port, http_sink, mail_server
from tests.sample_alerts import JST, OFF_HOURS, alert

RESIDENT = re.compile(rb"r-8f2c41d09b7e|r-51aa0e6677c2|r-other-4471", re.IGNORECASE)


@dataclass
class Desk:
    """An office with channels, and a clock that is moved by hand."""

    office: Office
    clock: HandClock

    async def come(self, *alerts: Alert) -> None:
        await self.office.intake.take([Arrival(each) for each in alerts])

    async def send(self) -> None:
        """Send what is due to channels, until nothing is."""
        while await self.office.dispatcher.send_due():
            pass

    async def parked(self) -> list[tuple[int, str]]:
        return [(row["id"], row["last_error"]) for row in await self.office.outbox.failed(10)]


@asynccontextmanager
async def desk_at(location: str, channels: Channels) -> AsyncIterator[Desk]:
    """Open an office over a store; what goes to Kafka is of no interest here."""
    store = await AlertStore.open(location)
    clock = HandClock()
    kafka = ConsoleSettings(bootstrap="127.0.0.1:9")
    office = Office.over(store, kafka, Bell(), clock=clock, channels=channels)
    office.desk.directory.sections["resident-affairs"] = section()
    try:
        yield Desk(office, clock)
    finally:
        await office.close()
        await store.close()


def at_desk(location: str, channels: Channels, work: Callable[[Desk], Awaitable[None]]) -> None:
    """Do work at a desk in a loop of its own."""

    async def run() -> None:
        async with desk_at(location, channels) as desk:
            await work(desk)

    asyncio.run(run())


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


def channels_of(port: int, **fields: Any) -> Channels:
    """Return channels: one mail server, everything by it, and two people's addresses."""
    every = {name: ["mail.ward"] for name in ("low", "medium", "high", "critical")}
    values: dict[str, Any] = {
        "console_url": "https://monomi.example.jp/",
        "mail": {
            "ward": {
                "host": "127.0.0.1",
                "port": port,
                "security": "plain",
                "sender": "monomi@ward.example",
                "timeout_s": 5.0,
                "receivers": ["officer@ward.example"],
            }
        },
        "routes": every,
        "people": {
            "op-001": {"mail": "head@ward.example"},
            "op-002": {"mail": "supervisor@ward.example", "language": "en"},
            "op-017": {"mail": "subject@ward.example"},
        },
    }
    return Channels.model_validate_json(json.dumps(values | fields))


def text_of(mail: EmailMessage) -> str:
    """Return a mail's plain text."""
    body = mail.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


def with_webhook(sink: Sink, folder: Path, port: int, **routes: Any) -> Channels:
    """Return channels with a webhook too, and these routes."""
    secret = folder / "secret"
    secret.write_text("x" * 32)
    hook = {"siem": {"url": sink.url + "/siem", "secret_file": str(secret)}}
    return channels_of(port, webhook=hook, routes=routes)


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


def test_no_resident_is_in_any_byte_that_leaves(
    new_store: NewStore, mails: MailServer, sink: Sink, tmp_path: Path
) -> None:
    """Nor one that only the evidence names, though a sentence repeats it."""
    named = OFF_HOURS.model_copy(
        update={
            "summary": OFF_HOURS.summary.model_copy(
                update={
                    "ja": "r-other-4471とr-8f2c41d09b7eを照会",
                    "en": "Looked up r-other-4471 and R-8F2C41D09B7E",
                }
            )
        }
    )
    look_up = {"event_id": "q-1", "resident_id": "r-other-4471"}
    evidence = Evidence(alert_id="a-1", revision=1, day=(look_up,))
    both = ["mail.ward", "webhook.siem"]

    async def work(desk: Desk) -> None:
        about = [alert(reasons=(named,)), alert("a-low", severity="low", reasons=(named,))]
        await desk.office.intake.take([Arrival(each) for each in about], evidence=[evidence])
        await desk.send()
        desk.clock.pass_by(days=1)
        await desk.send()

    channels = with_webhook(sink, tmp_path, mails.port, high=both, low=both)
    at_desk(new_store(), channels, work)
    assert (len(mails.mails), len(sink.requests)) == (2, 2)
    left = [part.get_payload(decode=True) for mail in mails.mails for part in mail.walk()]
    left += [bytes(mail) for mail in mails.mails] + [request.body for request in sink.requests]
    left += [str(request.headers).encode() for request in sink.requests]
    assert not [each for each in left if isinstance(each, bytes) and RESIDENT.search(each)]


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


def test_whoever_becomes_a_party_meanwhile_gets_no_mail(
    new_store: NewStore, mails: MailServer
) -> None:
    """The letter lay in the outbox when the supervisor turned out to share the alert."""

    async def work(desk: Desk) -> None:
        await desk.come(alert(reasons=(CONVERGED,)))
        await desk.come(
            alert("a-2", operator_id="op-002", supervisor_id="op-009", reasons=(CONVERGED,))
        )
        await desk.send()
        for _, error in await desk.parked():
            assert "op-009" in error

    at_desk(new_store(), channels_of(mails.port), work)
    assert ["supervisor@ward.example"] not in mails.receivers
    assert ["head@ward.example"] in mails.receivers


def test_a_teams_mailbox_that_lists_the_subject_does_not_reach_them(
    new_store: NewStore, mails: MailServer
) -> None:
    """The others of the team get it."""
    base = channels_of(mails.port).model_dump(mode="json", exclude_defaults=True)
    mail = base["mail"]["ward"] | {
        "receivers": ["Subject@ward.example", "team@ward.example"],
    }
    channels = channels_of(
        mails.port,
        mail={"ward": mail},
        routes={"teams": {"resident-affairs": ["mail.ward"]}},
    )

    async def work(desk: Desk) -> None:
        await desk.come(alert())
        await desk.send()

    at_desk(new_store(), channels, work)
    assert mails.receivers == [["team@ward.example"]]


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


PEOPLE = st.sampled_from([f"op-{n}" for n in range(6)])


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    alerts=st.lists(
        st.tuples(PEOPLE, PEOPLE, st.booleans(), st.sampled_from(["low", "high"])),
        min_size=1,
        max_size=6,
    ),
    head=PEOPLE,
    hours=st.lists(st.sampled_from([0, 3, 30]), min_size=6, max_size=6),
)
def test_no_party_to_an_alert_ever_gets_a_mail_about_it(
    tmp_path_factory: pytest.TempPathFactory,
    alerts: list[tuple[str, str, bool, str]],
    head: str,
    hours: list[int],
) -> None:
    """Whoever supervises whom, however alerts are shared, in whatever order mails go."""
    sent: list[tuple[str, str]] = []
    people = {f"op-{n}": {"mail": f"op-{n}@ward.example"} for n in range(6)}
    operators: dict[str, str] = {}
    shared: set[str] = set()

    class Noting:
        async def send(self, message: Any) -> None:
            receiver = message.receiver or "officer@ward.example"
            for notice in message.notices:
                barred = {operators[notice.alert_id]}
                if notice.alert_id in shared:
                    barred |= {operators[each] for each in shared}
                sent.append((notice.alert_id, receiver))
                assert receiver.partition("@")[0] not in barred
                assert message.not_to >= {f"{person}@ward.example" for person in barred}

    async def work(desk: Desk) -> None:
        desk.office.desk.directory.sections["resident-affairs"] = section(head_id=head)
        for (operator, supervisor, many, severity), wait in zip(alerts, hours, strict=False):
            name = f"a-{len(operators)}"
            operators[name] = operator
            if many:
                shared.add(name)
            reasons = (CONVERGED,) if many else (OFF_HOURS,)
            await desk.come(
                alert(
                    name,
                    operator_id=operator,
                    supervisor_id=supervisor,
                    severity=severity,
                    reasons=reasons,
                    detected_at=desk.clock.now,
                )
            )
            if wait:
                await desk.send()
                desk.clock.now += timedelta(hours=wait)
                await desk.office.escalation.act_on_due()
        desk.clock.pass_by(days=7)
        await desk.send()
        assert {name for name, _ in sent} == operators.keys()

    location = str(tmp_path_factory.mktemp("party") / "alerts.sqlite3")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Channels, "open", lambda _self, _name: Noting())
        at_desk(location, channels_of(25, people=people), work)
