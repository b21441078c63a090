"""What every record shares: identifiers, times, strictness, and how a bad one is refused."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from schemas.errors import MalformedError

MAX_VALUE_BYTES = 64 * 1024
"""A record's value over this size is malformed (contract)."""

_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)?"
)
# A time outside this span is a typing error, and could not be turned into every time zone.
_ROOM = timedelta(days=62)
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(2149, 1, 1, tzinfo=UTC)  # pairs keep days since 1970 in 16 bits


def parse_time(value: object) -> datetime:
    """Return the time that an RFC 3339 text names, with its own offset.

    Raises PydanticCustomError `time_without_offset`, `time_format` or `time_range`.

    >>> parse_time("2014-10-21T10:03:12.123+09:00").isoformat()
    '2014-10-21T10:03:12.123000+09:00'
    """
    if isinstance(value, datetime):
        moment = value
    else:
        match = _RFC_3339.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            raise PydanticCustomError("time_format", "not a time of RFC 3339")
        if match[2] is None:
            raise PydanticCustomError("time_without_offset", "time without an offset")
        try:
            moment = datetime.fromisoformat(value.upper())  # type: ignore[attr-defined]
        except ValueError:
            raise PydanticCustomError("time_format", "no such day or hour") from None
    if moment.tzinfo is None:
        raise PydanticCustomError("time_without_offset", "time without an offset")
    if not _EARLIEST <= moment < _LATEST:
        raise PydanticCustomError("time_range", "time before 1970 or after 2148")
    return moment


def _leaves_room(moment: datetime) -> datetime:
    if not _EARLIEST + _ROOM <= moment < _LATEST - _ROOM:
        raise PydanticCustomError("time_range", "time before March 1970 or after October 2148")
    return moment


def format_time(moment: datetime) -> str:
    """Return a time as the contract writes it: milliseconds unless finer, and the offset."""
    return moment.isoformat(
        timespec="microseconds" if moment.microsecond % 1000 else "milliseconds"
    )


def parse_day(value: object) -> date:
    """Return the day that `YYYY-MM-DD` names; raises PydanticCustomError `date_format`."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("date_format", "not a date YYYY-MM-DD")


def small_enough(value: bytes) -> bytes:
    """Return a value of at most MAX_VALUE_BYTES; raises MalformedError `too_large`."""
    if len(value) > MAX_VALUE_BYTES:
        raise MalformedError("too_large", f"a value of {len(value)} bytes; at most 64 KiB")
    return value


def _one_line(text: str) -> str:
    if "\x00" in text:
        raise PydanticCustomError("text", "text with a NUL character")
    return text


Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
"""1 to 64 characters of `A-Z a-z 0-9 . _ : -`."""

Time = Annotated[
    datetime,
    PlainValidator(parse_time),
    PlainSerializer(format_time, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An RFC 3339 time with an offset."""

EventTime = Annotated[Time, AfterValidator(_leaves_room)]
"""A time at which something happened: what is derived from it must be a Time too."""

Day = Annotated[
    date,
    PlainValidator(parse_day),
    PlainSerializer(date.isoformat, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date"}),
]
"""A date in the deployment's time zone."""

Text = Annotated[str, AfterValidator(_one_line)]


class Record(BaseModel):
    """Stand under every record that travels: frozen, strict, tolerant of unknown fields.

    Unknown fields are kept aside so that they can be counted; nothing reads them.
    """

    model_config = ConfigDict(
        frozen=True, strict=True, extra="allow", populate_by_name=True, serialize_by_alias=True
    )

    @classmethod
    def parse(cls, value: bytes | str) -> Self:
        """Return the record in a JSON text; raises MalformedError with the first fault."""
        try:
            return cls.model_validate_json(value)
        except ValidationError as error:
            raise _malformed(error) from None

    def unknown_fields(self) -> int:
        """Return how many fields the schema does not know, nested objects included."""
        count = len(self.model_extra or ())
        for value in self.__dict__.values():
            if isinstance(value, Record):
                count += value.unknown_fields()
        return count

    def to_json(self, **options: Any) -> bytes:
        """Return the record as one line of JSON in UTF-8, known fields only."""
        return self.model_dump_json(include=set(type(self).model_fields), **options).encode()


class Words(Record):
    """Say one thing in English and in Japanese."""

    en: Text
    ja: Text


_CODES = {
    "json_invalid": "not_json",
    "missing": "field_missing",
    "time_without_offset": "time_without_offset",
}


def _malformed(error: ValidationError) -> MalformedError:
    fault = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in fault["loc"])
    sentence = f"{place}: {fault['msg']}" if place else fault["msg"]
    return MalformedError(_CODES.get(fault["type"], "field_invalid"), sentence[:500])
