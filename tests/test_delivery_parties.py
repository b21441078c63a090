"""What leaves names no resident, and reaches no party to an alert."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerting.channels.file import Channels
from alerting.store import Arrival
from schemas.alerts import Evidence
from tests.databases import NewStore
from tests.deliveries import Desk, at_desk, channels_of, with_webhook
from tests.offices import CONVERGED, section
from tests.receivers import MailServer, Sink, http_sink, mail_server
from tests.sample_alerts import OFF_HOURS, alert

RESIDENT = re.compile(rb"r-8f2c41d09b7e|r-51aa0e6677c2|r-other-4471", re.IGNORECASE)


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
