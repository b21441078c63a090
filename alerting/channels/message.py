"""What may leave the house about an alert: made here, by what it leaves out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from alerting.console.messages import Language
from schemas.alerts import Alert, Severity
from schemas.record import Words

MAX_REASONS = 5
_MAX_REASON_CHARACTERS = 300
_MAX_SECTION_CHARACTERS = 80
_LEFT_OUT = {"en": "(left out)", "ja": "(省略)"}

_WORD = re.compile(r"[A-Za-z0-9._:-]{8,}")
_PLAIN_NUMBER = re.compile(r"\d[\d:.-]*")
# Below this many characters an identifier may be part of any word.
_TELLING_CHARACTERS = 6

Kind = Literal["alert", "digest", "test"]
Occasion = Literal["opened", "raised", "escalated", "came_back", "reopened", "assigned"]


@dataclass(frozen=True)
class Audience:
    """Say for whom messages are made: their language and zone, where their console is.

    `show_operator`: whether they may read whom an alert is about outside the console.
    """

    language: Language
    zone: ZoneInfo
    console_url: str
    show_operator: bool = False


@dataclass(frozen=True)
class Notice:
    """Hold all that a channel may show of one alert.

    Of `reasons`, in the receiver's language and the strongest first, `more_reasons` are left
    out.
    """

    alert_id: str
    severity: Severity
    section: str | None
    opened_at: datetime
    look_ups: int
    reasons: tuple[str, ...]
    more_reasons: int
    link: str
    operator_id: str | None


@dataclass(frozen=True)
class Message:
    """Hold one thing to deliver: an alert, a digest of several, or a test without any.

    `key`: the same for every attempt to deliver the same thing. `receiver`: an address within
    the channel, where it is not the channel's own. `not_to`: mail addresses that must not get
    it, whoever lists them among a channel's receivers. `occasion`: what happened to the alert.
    """

    key: str
    kind: Kind
    language: Language
    zone: ZoneInfo
    notices: tuple[Notice, ...]
    link: str
    receiver: str | None = None
    not_to: frozenset[str] = frozenset()
    occasion: Occasion = "opened"

    @property
    def opaque_key(self) -> str:
        """Return the key as 32 hexadecimal digits, which tell nothing of what it is made of."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:32]

    @property
    def critical(self) -> bool:
        """Return whether it is about a critical alert."""
        return any(notice.severity == "critical" for notice in self.notices)


def alert_message(
    key: str,
    alert: Alert,
    section: Words | None,
    audience: Audience,
    *,
    receiver: str | None = None,
    residents: Collection[str] = (),
) -> Message:
    """Return the message about one alert; `residents` are further ids that it must not name."""
    notices = (notice_of(alert, section, audience, residents),)
    return _message(key, "alert", notices, audience, notices[0].link, receiver)


def digest_message(
    key: str,
    alerts: Iterable[tuple[Alert, Words | None]],
    audience: Audience,
    *,
    receiver: str | None = None,
    residents: Collection[str] = (),
) -> Message:
    """Return one message about several alerts, each with its section's name."""
    notices = tuple(notice_of(alert, section, audience, residents) for alert, section in alerts)
    return _message(key, "digest", notices, audience, _console(audience), receiver)


def sample_message(key: str, audience: Audience, *, receiver: str | None = None) -> Message:
    """Return a message that only says that the channel works."""
    return _message(key, "test", (), audience, _console(audience), receiver)


def notice_of(
    alert: Alert, section: Words | None, audience: Audience, residents: Collection[str] = ()
) -> Notice:
    """Return what a channel may show of an alert: no resident, and an operator only if asked for.

    Sentences lose every identifier: the alert's own, those in `residents`, and whatever else
    looks like one.
    """
    hidden = {alert.resident_id, *residents} - {None}
    shown = alert.operator_id if audience.show_operator else None
    if shown is None:
        hidden.add(alert.operator_id)

    def clean(words: Words, length: int) -> str:
        text = " ".join(getattr(words, audience.language).split())
        # Before it is cut: half an identifier is one too.
        text = without_identifiers(text, hidden, shown, _LEFT_OUT[audience.language])
        return text if len(text) <= length else text[: length - 1] + "…"

    return Notice(
        alert_id=alert.alert_id,
        severity=alert.severity,
        section=None if section is None else clean(section, _MAX_SECTION_CHARACTERS),
        opened_at=alert.opened_at,
        look_ups=alert.event_count,
        reasons=tuple(
            clean(reason.summary, _MAX_REASON_CHARACTERS) for reason in alert.reasons[:MAX_REASONS]
        ),
        more_reasons=max(0, len(alert.reasons) - MAX_REASONS),
        link=f"{_console(audience)}alerts/{alert.alert_id}",
        operator_id=shown,
    )


def without_identifiers(
    text: str, hidden: Collection[str | None], shown: str | None, instead: str
) -> str:
    """Return a text without the hidden identifiers and without what looks like one.

    That is a word of eight characters or more with letters and three digits, or a number of
    seven digits or more; times, dates and counts stay. `shown` stays.

    >>> hide = lambda text: without_identifiers(text, ["r-1"], "op-32780", "…")
    >>> hide("op-32780 opened r-1 and r-8f2c41d09b7e at 10:03 on 2015-03-04, 1,234 in all.")
    'op-32780 opened … and … at 10:03 on 2015-03-04, 1,234 in all.'
    """
    for identifier in sorted(filter(None, hidden), key=len, reverse=True):
        pattern = re.escape(identifier)
        if len(identifier) < _TELLING_CHARACTERS:
            pattern = rf"(?<![A-Za-z0-9]){pattern}(?![A-Za-z0-9])"
        text = re.sub(pattern, instead, text, flags=re.IGNORECASE)
    return _WORD.sub(lambda word: _judged(word[0], shown, instead), text)


def _judged(word: str, shown: str | None, instead: str) -> str:
    bare = word.rstrip("._:-")
    if bare == shown:
        return word
    if _PLAIN_NUMBER.fullmatch(bare):
        looks_like_one = re.search(r"\d{7}", bare) is not None
    else:
        looks_like_one = sum(map(str.isdigit, bare)) >= 3
    return instead + word[len(bare) :] if looks_like_one and len(bare) >= 8 else word


def _message(
    key: str,
    kind: Kind,
    notices: tuple[Notice, ...],
    audience: Audience,
    link: str,
    receiver: str | None,
) -> Message:
    return Message(key, kind, audience.language, audience.zone, notices, link, receiver)


def _console(audience: Audience) -> str:
    return audience.console_url.rstrip("/") + "/"
