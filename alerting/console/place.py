"""An alert's place in the list, as an address names it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_DIGITS = 17
PLACE = r"^[0-9]{1,17}-[A-Za-z0-9._:-]{1,64}$"
"""What a written place looks like."""


def written_place(opened_at: datetime, alert_id: str) -> str:
    """Return a place in one word.

    >>> written_place(datetime(2015, 3, 4, tzinfo=UTC), "a-1")
    '1425427200000000-a-1'
    """
    return f"{(opened_at - _EPOCH) // timedelta(microseconds=1)}-{alert_id}"


def read_place(text: str | None) -> tuple[datetime, str] | None:
    """Return the place that a word names, None where it is none.

    >>> read_place("1425427200000000-a-1")
    (datetime.datetime(2015, 3, 4, 0, 0, tzinfo=datetime.timezone.utc), 'a-1')
    """
    micros, _, alert_id = (text or "").partition("-")
    if not (micros.isascii() and micros.isdigit() and len(micros) <= _MOST_DIGITS and alert_id):
        return None
    return (_EPOCH + timedelta(microseconds=int(micros)), alert_id.replace("\x00", ""))
