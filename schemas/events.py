"""Events as the hot path holds them: a fifth of a record's cost, the schema's verdict.

The records of `schemas.access` and `schemas.presence` stay what is valid. Here the lines that
a good source writes are decoded without them; a line about which there is the least doubt is
parsed by its schema, whose verdict is final, and turned into the same event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec
from msgspec.structs import force_setattr
from pydantic import TypeAdapter, ValidationError

from schemas.access import AccessQuery
from schemas.presence import Door, SignIn
from schemas.record import MAX_VALUE_BYTES, EventTime, Record, format_time, parse_time

# Which characters an Id may hold, `_plus_in` says of the whole line at once.
_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
_Text = Annotated[str, msgspec.Meta(max_length=64)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
# No number is both: a line that has the field is left to its schema, which ignores it.
_NotInALine = Annotated[float, msgspec.Meta(gt=1.0, lt=0.0)]


class SearchTerms(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Say how a person was searched for, as `schemas.access.Search` does."""

    kind: Literal["name", "address", "birthdate", "resident_id", "my_number"]
    wildcard: bool
    hits: _Count
    sequential: bool = False


class _Event(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """Stand under the events; `at_text` is `occurred_at` as the contract writes it."""

    event_id: _Id
    at_text: _Text = msgspec.field(name="occurred_at")
    operator_id: _Id
    at_s: _NotInALine = 0.0

    @property
    def occurred_at(self) -> datetime:
        """Return the time with its own offset."""
        return parse_time(self.at_text)


class LookUpEvent(_Event, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """Hold one look-up, as `schemas.access.AccessQuery` does."""

    terminal_id: _Id
    session_id: _Id | None = None
    function: _Id
    action: Literal["search", "view", "print", "export", "update"]
    resident_id: _Id | None = None
    search: SearchTerms | None = None
    case_id: _Id | None = None
    purpose: _Id | None = None
    copies: _Count | None = None
    warning_overridden: bool = False


class SignInEvent(_Event, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """Hold one sign-in, sign-out or failed try, as `schemas.presence.SignIn` does."""

    terminal_id: _Id
    session_id: _Id | None = None
    method: Literal["fingerprint", "card", "password"]
    outcome: Literal["success", "failure", "sign_out"]


class DoorEvent(_Event, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """Hold one passage at a door reader, as `schemas.presence.Door` does."""

    zone_id: _Id
    direction: Literal["in", "out"]


Event = LookUpEvent | SignInEvent | DoorEvent
E = TypeVar("E", LookUpEvent, SignInEvent, DoorEvent)

_ID_CHARACTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-"
_UNDECODED = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_event_time = TypeAdapter(EventTime).validate_python


@lru_cache(maxsize=1024)
def _plus_in(skeleton: bytes) -> bool | None:
    """Return whether a line's strings hold a `+`; None for two, or what no Id may hold either.

    The skeleton is valid JSON without the characters of Ids; a source's lines have but a few.
    Every second quote opens a string: the first backslash, which alone could hide a quote, is
    itself in a string and no Id's. No string of an event is longer than 64, so that a line
    with a short skeleton is under the limit of a record.
    """
    left = b"".join(skeleton.split(b'"')[1::2])
    short = len(skeleton) * (1 + 64) < MAX_VALUE_BYTES
    alone = b"}{" not in b"".join(skeleton.split())
    return bool(left) if short and alone and left in (b"", b"+") else None


class _Epochs(dict[str, datetime]):
    """Map an offset, written `+hh:mm`, to what its clocks showed at 1970-01-01T00:00Z."""

    def __missing__(self, offset: str) -> datetime:
        """Raise ValueError where the contract would write the offset otherwise."""
        text = f"2000-01-01T00:00:00.000{offset}"
        moment = _event_time(text)
        if len(offset) != len("+hh:mm") or format_time(moment) != text:
            raise ValueError(offset)
        self[offset] = datetime(1970, 1, 1) + (moment.utcoffset() or timedelta())  # noqa: DTZ001
        return self[offset]


_EPOCHS = _Epochs()


def _seconds(text: str) -> float | None:
    """Return the Unix time of an event's time; None unless it is written as the contract does.

    >>> _seconds("2014-10-21T10:03:12.123+09:00")
    1413853392.123
    """
    # The years leave room for the schema's limits, which lie days inside 1970 and 2148.
    if text[4:20:3] != "--T::." or not "1971" <= text < "2148":
        return None
    try:
        return (datetime.fromisoformat(text[:23]) - _EPOCHS[text[23:]]).total_seconds()
    except (ValueError, TypeError):  # TypeError: an offset within the first 23 characters
        return None


def _set_time(events: Sequence[_Event], plus: bool) -> bool:
    """Set the Unix times of fresh events; return False where one has no valid time.

    `plus`: each one's line holds one `+`, which must be its time's, for no Id may hold it.
    """
    for event in events:
        text = event.at_text
        if ("+" in text) is not plus:
            return False
        at_s = _seconds(text)
        if at_s is None:
            try:
                moment = _event_time(text)
            except ValidationError:
                return False
            at_s = moment.timestamp()
            force_setattr(event, "at_text", format_time(moment))
        force_setattr(event, "at_s", at_s)
    return True


class EventDecoder(Generic[E]):
    """Decode the lines of one topic to events."""

    def __init__(self, event: type[E], schema: type[Record]) -> None:
        self._event: type[E] = event
        self._schema = schema
        decoder = msgspec.json.Decoder(event)
        self._decode: Callable[[bytes], E] = decoder.decode
        self._decode_lines: Callable[[bytes], list[E]] = decoder.decode_lines

    def plain(self, value: bytes) -> E | None:
        """Return the event in a line that is surely valid and has known fields only, else None."""
        try:
            event = self._decode(value)
        except _UNDECODED:
            return None
        plus = _plus_in(value.translate(None, _ID_CHARACTERS))
        return event if plus is not None and _set_time([event], plus) else None

    def plain_lines(self, block: bytes) -> list[E] | None:
        """Return the events of lines that are all plain, none of them blank, else None."""
        try:
            events = self._decode_lines(block)
        except _UNDECODED:
            return None
        # As many as lines, and no two in one (`_plus_in`), so one in each.
        skeletons = block.translate(None, _ID_CHARACTERS).split(b"\n")
        pluses = set(map(_plus_in, set(skeletons)))
        if len(events) != len(skeletons) or len(pluses) > 1:
            return None
        plus = pluses.pop()
        return events if plus is not None and _set_time(events, plus) else None

    def decode(self, value: bytes) -> E:
        """Return the event in a JSON text; raises MalformedError as its schema does."""
        event = self.plain(value)
        return self.from_record(self._schema.parse(value)) if event is None else event

    def from_record(self, record: Any) -> E:
        """Return the event that a record of the schema holds."""
        values = {name: getattr(record, name) for name in self._schema.model_fields}
        moment = values.pop("occurred_at")
        if search := values.get("search"):
            values["search"] = SearchTerms(
                search.kind, search.wildcard, search.hits, search.sequential
            )
        return self._event(at_text=format_time(moment), at_s=moment.timestamp(), **values)


EVENT_DECODERS: Mapping[str, EventDecoder[Any]] = {
    "access.queries": EventDecoder(LookUpEvent, AccessQuery),
    "presence.signins": EventDecoder(SignInEvent, SignIn),
    "presence.doors": EventDecoder(DoorEvent, Door),
}
"""What decodes each event topic."""
