"""Numbers, times and shares as a supervisor reads them, by language."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import ROUND_FLOOR, Decimal
from math import ceil, log10
from zoneinfo import ZoneInfo

from alerting.console.messages import Language

_DAYS = {"en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), "ja": tuple("月火水木金土日")}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MOST_DECIMALS = 6


def percent_below(risk: float) -> str:
    """Return a risk as the percentage of look-ups below it, rounded down: never to 100.

    It shows as many decimals as the rest to 100 needs to be seen.

    >>> [percent_below(risk) for risk in (0.5, 0.93, 0.9998, 0.9999999999)]
    ['50', '93', '99.98', '99.999999']
    """
    decimals = min(_MOST_DECIMALS, max(0, ceil(-log10(1 - risk)) - 2))
    # The shortest decimal that names the float: 0.93 is 93 %, not 92 for its last bit.
    percent = Decimal(repr(risk)) * 100
    return f"{percent.quantize(Decimal(1).scaleb(-decimals), ROUND_FLOOR):f}"


def number(value: float) -> str:
    """Return a number with two decimals at most, and small ones with two digits.

    >>> [number(value) for value in (3.0, 1234.5, 0.25, 0.00123)]
    ['3', '1,234.5', '0.25', '0.0012']
    """
    if value == int(value):
        return f"{value:,.0f}"
    if abs(value) < 0.1:
        return f"{value:.2g}"
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def moment(at: datetime, zone: ZoneInfo, language: Language) -> str:
    """Return a time to the minute in the deployment's zone.

    >>> from datetime import UTC
    >>> moment(datetime(2015, 3, 4, 1, 3, tzinfo=UTC), ZoneInfo("Asia/Tokyo"), "en")
    'Wed 4 Mar 2015, 10:03'
    """
    local = at.astimezone(zone)
    comma = " " if language == "ja" else ", "
    return f"{day_in_words(local.date(), language)}{comma}{local:%H:%M}"


def soon(at: datetime, zone: ZoneInfo, language: Language) -> str:
    """Return a time that is near: to the minute, without its year.

    >>> from datetime import UTC
    >>> soon(datetime(2015, 3, 4, 1, 3, tzinfo=UTC), ZoneInfo("Asia/Tokyo"), "ja")
    '3月4日(水) 10:03'
    """
    local = at.astimezone(zone)
    weekday = _DAYS[language][local.weekday()]
    if language == "ja":
        return f"{local.month}月{local.day}日({weekday}) {local:%H:%M}"
    return f"{weekday} {local.day} {_MONTHS[local.month - 1]}, {local:%H:%M}"


def day_in_words(day: date, language: Language) -> str:
    """Return a day with its weekday.

    >>> day_in_words(date(2015, 3, 4), "ja")
    '2015年3月4日(水)'
    """
    weekday = _DAYS[language][day.weekday()]
    if language == "ja":
        return f"{day.year}年{day.month}月{day.day}日({weekday})"
    return f"{weekday} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_in_words(day: date, language: Language) -> str:
    """Return the month of a day.

    >>> month_in_words(date(2015, 3, 4), "en")
    'Mar 2015'
    """
    if language == "ja":
        return f"{day.year}年{day.month}月"
    return f"{_MONTHS[day.month - 1]} {day.year}"


def read_day(text: str | None) -> date | None:
    """Return the day that a text names, None where it is none that a ward works with.

    >>> read_day("2015-03-04"), read_day("2015-02-30")
    (datetime.date(2015, 3, 4), None)
    """
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 1900 < day.year < 9000 else None


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the time at which a day begins in a zone."""
    return datetime.combine(day, time(), zone)
