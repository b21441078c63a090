"""A ward's month of alerts, made up, with what its people did about them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from alerting.office import Office
from alerting.routing import Absence
from alerting.store import Arrival
from alerting.store.states import Verdict
from benchmarks.pictures.reasons import KINDS, PROTECTED, REPEATED, UNEXPLAINED
from schemas.alerts import Alert, Evidence, Footage, Reason, Severity
from schemas.directory import Assignment, Operator, Section, Weekday
from schemas.record import Words

JST = timezone(timedelta(hours=9))
NOW = datetime(2015, 3, 4, 10, 12, tzinfo=JST)
OFFICER = "op-100"
FOUNDING = "al-3f1c20a9"
"""The alert whose page is shown."""

_HOURS: tuple[str, str] = ("08:30", "17:15")
_HOLIDAY = (2, 11)
_DAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
_SECTIONS = {
    "resident-affairs": ("Resident affairs", "住民課", "op-001", "op-002"),
    "tax": ("Tax", "税務課", "op-003", "op-004"),
    "welfare": ("Welfare", "福祉課", "op-005", "op-006"),
    "insurance": ("Health insurance and pensions", "国保年金課", "op-007", "op-008"),
    "childcare": ("Childcare support", "子育て支援課", "op-009", "op-010"),
}
_RISKS: dict[Severity, float] = {
    "low": 0.9931,
    "medium": 0.99912,
    "high": 0.9998,
    "critical": 0.999993,
}


@dataclass
class WardClock:
    """Stand still until it is set."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """Return that time."""
        return self.now


async def furnish(office: Office, clock: WardClock) -> None:
    """Let a month pass in an office: alerts come, and people work on most of them."""
    _staff(office)
    for each in _month():
        clock.now = each.opened_at + timedelta(seconds=1)
        await office.intake.take([Arrival(each, int(each.opened_at.timestamp() * 1000))])
        if clock.now < NOW - timedelta(days=2):
            await _work_on(office, clock, each)
    await _today(office, clock)
    await _absences(office)
    clock.now = NOW


def _staff(office: Office) -> None:
    directory = office.desk.directory
    for place, (section_id, names) in enumerate(_SECTIONS.items()):
        en, ja, head, supervisor = names
        directory.sections[section_id] = Section(
            section_id=section_id,
            name=Words(en=en, ja=ja),
            head_id=head,
            hours=dict.fromkeys(_DAYS, _HOURS),
        )
        for number in range(6):
            assignment = Assignment(
                section_id=section_id,
                role="clerk",
                employment="permanent",
                functions=("juminhyo.inquiry",),
                supervisor_id=supervisor,
                starts_on=date(2010, 4, 1),
            )
            operator_id = f"op-{11 + 6 * place + number:03}"
            directory.operators[operator_id] = Operator(
                operator_id=operator_id, assignments=(assignment,)
            )


def _month() -> Iterator[Alert]:
    """Yield the alerts of February and early March, the earliest first."""
    chance = random.Random(7)
    names = list(_SECTIONS)
    day = datetime(2015, 2, 2, tzinfo=JST)
    number = 0
    while day < NOW - timedelta(hours=20):
        if day.weekday() < 5 and (day.month, day.day) != _HOLIDAY:
            minutes = sorted(
                chance.randrange(8 * 60 + 40, 17 * 60) for _ in range(chance.randrange(2, 6))
            )
            for minute in minutes:
                number += 1
                place = chance.choices(range(5), (5, 3, 3, 2, 2))[0]
                clerk = 11 + place * 6 + chance.choices(range(6), (4, 2, 2, 1, 1, 1))[0]
                severity = chance.choices(("low", "medium", "high", "critical"), (8, 6, 3, 1))[0]
                yield alert(
                    f"al-{number:08x}",
                    day + timedelta(minutes=minute),
                    chance.choice(KINDS),
                    severity,  # type: ignore[arg-type]
                    operator_id=f"op-{clerk:03}",
                    section_id=names[place],
                )
        day += timedelta(days=1)


def alert(
    alert_id: str,
    at: datetime,
    reasons: tuple[Reason, ...],
    severity: Severity = "high",
    **changes: Any,
) -> Alert:
    """Return an alert of the ward, raised at a time."""
    section_id = changes.get("section_id", "resident-affairs")
    fields: dict[str, Any] = {
        "alert_id": alert_id,
        "revision": 1,
        "operator_id": "op-014",
        "section_id": section_id,
        "supervisor_id": _SECTIONS[section_id][3],
        "resident_id": f"r-{random.Random(alert_id).getrandbits(48):012x}",
        "opened_at": at,
        "updated_at": at,
        "first_event_at": at - timedelta(minutes=38),
        "detected_at": at + timedelta(milliseconds=40),
        "severity": severity,
        "risk": _RISKS[severity],
        "reasons": reasons,
        "event_ids": tuple(f"q-{alert_id[3:]}-{n}" for n in range(3)),
        "event_count": random.Random(alert_id[::-1]).choice((1, 2, 3, 3, 5, 8, 14, 62)),
        "footage": (_film("cam-3", at),),
        "model_version": "builtin-4+2015-03-03",
    }
    return Alert(**(fields | changes))


def _film(camera_id: str, at: datetime) -> Footage:
    margin = timedelta(minutes=5)
    return Footage(camera_id=camera_id, from_=at - margin, to=at + margin)


async def _work_on(office: Office, clock: WardClock, each: Alert) -> None:
    """Let its supervisor acknowledge and mostly resolve an alert."""
    chance = random.Random(each.alert_id)
    supervisor = _SECTIONS[each.section_id or ""][3]
    clock.now += timedelta(minutes=chance.randrange(5, 90))
    state = await office.life.acknowledge(each.alert_id, supervisor, 1)
    if chance.random() < 0.1:
        return
    clock.now += timedelta(minutes=chance.randrange(10, 240))
    verdicts: tuple[Verdict, ...] = ("justified", "false_alarm", "undetermined", "misuse")
    verdict = chance.choices(verdicts, (12, 6, 2, 1))[0]
    note = "受付票で来庁を確認した。"
    await office.life.resolve(each.alert_id, supervisor, state.version, 1, verdict, note)


async def _today(office: Office, clock: WardClock) -> None:
    """Let the founding case's third look-up come, and others beside it."""
    clock.now = NOW.replace(hour=9, minute=21)
    early = alert(
        "al-2b77d001", clock.now, KINDS[2], "medium", operator_id="op-025", section_id="welfare"
    )
    await office.intake.take([Arrival(early)])
    clock.now = NOW.replace(hour=9, minute=40)
    guarded = alert(
        "al-90ce55d2",
        clock.now,
        (PROTECTED, UNEXPLAINED),
        "critical",
        operator_id="op-031",
        section_id="insurance",
    )
    await office.intake.take([Arrival(guarded)])
    clock.now = NOW.replace(hour=10, minute=3, second=12)
    await office.intake.take([Arrival(founding())], evidence=[around_founding()])
    clock.now = NOW.replace(hour=10, minute=9)
    await office.life.acknowledge("al-2b77d001", "op-006", 1)
    await office.escalation.act_on_due()
    clock.now = NOW.replace(hour=10, minute=11)
    await office.life.comment(
        FOUNDING, "op-001", "窓口の受付票に、この住民の来庁は見当たらない。\n住基の担当にも確認中。"
    )


async def _absences(office: Office) -> None:
    for person_id, first, last, deputy in (
        ("op-004", date(2015, 3, 2), date(2015, 3, 6), "op-003"),
        ("op-008", date(2015, 3, 4), date(2015, 3, 4), None),
        ("op-006", date(2015, 3, 16), date(2015, 3, 20), "op-026"),
        ("op-002", date(2015, 2, 9), date(2015, 2, 13), "op-001"),
    ):
        absence = Absence(person_id, first, last, deputy)
        await office.absences.add(absence, OFFICER, NOW - timedelta(days=30))


def founding() -> Alert:
    """Return the case that Monomi is there for: three look-ups in 17 months."""
    at = NOW.replace(minute=3, second=12)
    return alert(
        FOUNDING,
        at,
        (REPEATED, UNEXPLAINED),
        "critical",
        resident_id="r-8f2c41d09b7e",
        first_event_at=datetime(2014, 10, 21, 16, 40, 2, tzinfo=JST),
        event_ids=("q-00012093", "q-00090412", "q-00090733"),
        event_count=3,
        footage=(_film("cam-3", at - timedelta(minutes=22)), _film("cam-3", at)),
    )


def around_founding() -> Evidence:
    """Return what the monitor sends around that alert."""
    chance = random.Random(11)
    at = NOW.replace(minute=3, second=12)
    own = [
        _look_up("q-00012093", datetime(2014, 10, 21, 16, 40, 2, tzinfo=JST)),
        _look_up("q-00090412", at - timedelta(minutes=22)),
        _look_up("q-00090733", at),
    ]
    day = [dict(row) for row in own[1:]]
    for number in range(46):
        minute = chance.randrange(0, 92)
        row = _look_up(
            f"q-{91000 + number:08}", NOW.replace(hour=8, minute=33) + timedelta(minutes=minute)
        )
        row["resident_id"] = f"r-{chance.getrandbits(48):012x}"
        row["case_id"] = f"c-{chance.randrange(4000, 9000)}"
        row["action"] = chance.choice(("view", "view", "print", "search", "update"))
        day.append(row)
    habit = (0,) * 8 + (0.07, 0.2, 0.21, 0.13, 0.03, 0.12, 0.11, 0.09, 0.04) + (0,) * 7
    cohort = (0,) * 8 + (0.06, 0.16, 0.17, 0.14, 0.04, 0.13, 0.13, 0.1, 0.06, 0.01) + (0,) * 6
    return Evidence(
        alert_id=FOUNDING,
        revision=1,
        look_ups=tuple(own),
        day=tuple(sorted(day, key=lambda row: str(row["occurred_at"]))),
        habit=habit,
        cohort=cohort,
        history=({"day": "2013-10-07", "what": "first"}, {"day": "2014-10-21", "what": "last"}),
    )


def _look_up(event_id: str, at: datetime) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "occurred_at": at.isoformat(timespec="milliseconds"),
        "terminal_id": "jm-009",
        "function": "juminhyo.inquiry",
        "action": "view",
        "resident_id": "r-8f2c41d09b7e",
        "case_id": None,
        "risk": 0.9,
    }
