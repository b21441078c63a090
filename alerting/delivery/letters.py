"""From a change and one who is told of it to letters: what is sent, by which channels, when.

Pure, and written in the transaction of the change. A letter names an alert and its addressee;
what it says, and whether it may still be said, is found out when it is sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import get_args

from alerting.changes import Change
from alerting.channels.message import Occasion
from alerting.channels.routes import Routes
from alerting.outbox import Letter
from alerting.routing import OFFICER
from alerting.store import Recipient
from models.calendar import Calendar
from schemas.record import parse_time

ALL = "@all"
"""The addressee of a channel that gets every alert of its severities; no person's id has an @."""
SECTION = "@section:"
"""What stands before a section whose channel a letter goes to."""

_SETTLING = timedelta(minutes=1)
"""A digest ends so long before it is sent: what is still being committed then is the next one's."""

_OCCASIONS: tuple[Occasion, ...] = get_args(Occasion)


@dataclass(frozen=True)
class AlertLetter:
    """Name the alert, what happened to it, and to whom it goes: a person, or one of the above."""

    alert_id: str
    to: str
    occasion: Occasion

    def to_json(self) -> str:
        """Return the letter's payload."""
        return json.dumps(asdict(self))


@dataclass(frozen=True)
class DigestLetter:
    """Name to whom a digest goes and of which changes it is: `since` included, `until` not."""

    to: str
    since: datetime
    until: datetime

    def to_json(self) -> str:
        """Return the letter's payload."""
        span = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        return json.dumps({"to": self.to, **span})


def read_payload(payload: str) -> AlertLetter | DigestLetter:
    """Return the letter that a payload holds."""
    fields = json.loads(payload)
    if "alert_id" in fields:
        return AlertLetter(**fields)
    return DigestLetter(fields["to"], parse_time(fields["since"]), parse_time(fields["until"]))


def letters_for(
    change: Change, recipient: Recipient, routes: Routes, calendar: Calendar
) -> Iterable[Letter]:
    """Return what one who is told of a change is sent; nothing of a historic alert."""
    if change.before.historic:
        return
    for channel, to in _ways(change, recipient, routes).items():
        if change.after.severity in routes.digest:
            sent_at = digest_after(change.at + _SETTLING, routes, calendar)
            digest = DigestLetter(to, change.at, sent_at - _SETTLING)
            # Whatever else is collected for the same moment is in the same letter.
            key = f"digest/{sent_at.isoformat()}/{to}"
            yield Letter(channel, key, digest.to_json(), due_at=sent_at)
        else:
            alert_id = change.after.alert_id
            letter = AlertLetter(alert_id, to, _occasion(change))
            key = f"{alert_id}/{change.after.version}/{to}"
            yield Letter(channel, key, letter.to_json(), lane=alert_id)


def _ways(change: Change, recipient: Recipient, routes: Routes) -> dict[str, str]:
    """Return by channel to whom the letter goes there: one letter a channel."""
    to_office = recipient.person_id == OFFICER
    ways: dict[str, str] = {}
    for channel in routes.of(change.after.severity):
        is_mail = channel.startswith("mail.")
        if not is_mail:
            ways[channel] = ALL
        elif not to_office:
            ways[channel] = recipient.person_id
        elif OFFICER not in routes.teams:
            ways[channel] = OFFICER
    if to_office:
        ways |= dict.fromkeys(routes.teams.get(OFFICER, ()), OFFICER)
    section_id = change.after.section_id
    if section_id is not None:
        for channel in routes.teams.get(section_id, ()):
            ways.setdefault(channel, SECTION + section_id)
    return ways


def digest_after(at: datetime, routes: Routes, calendar: Calendar) -> datetime:
    """Return the first digest of a working day after a moment."""
    day = at.astimezone(calendar.zone).date()
    while True:
        then = datetime.combine(day, routes.digest_time, calendar.zone)
        if then > at and _works(day, calendar):
            return then
        day += timedelta(days=1)


def _works(day: date, calendar: Calendar) -> bool:
    return day.weekday() < 5 and not calendar.is_closed(day)


def _occasion(change: Change) -> Occasion:
    # Taken from one who shares it, an alert is new to whom it goes on to.
    return next((each for each in _OCCASIONS if each == change.kind), "opened")
