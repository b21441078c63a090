"""The records: what is accepted, what is refused and with which code."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.access import AccessQuery
from schemas.alerts import Footage
from schemas.errors import MalformedError
from schemas.record import format_time, parse_time
from schemas.topics import CONTEXT_TOPICS, EVENT_TOPICS, TOPICS

GOOD = {
    "event_id": "e-1",
    "occurred_at": "2014-10-21T10:03:12.123+09:00",
    "operator_id": "op-1",
    "terminal_id": "t-1",
    "function": "juminhyo.inquiry",
    "action": "view",
}
ids = st.from_regex(r"\A[A-Za-z0-9._:-]{1,64}\Z")


def refused(**changes: object) -> str:
    """Return the code with which a look-up with these changes is refused."""
    with pytest.raises(MalformedError) as refusal:
        AccessQuery.parse(json.dumps({**GOOD, **changes}))
    return refusal.value.code


def test_a_minimal_look_up_has_the_contracts_defaults() -> None:
    """Fields marked "or null" or with a default may be absent."""
    look_up = AccessQuery.parse(json.dumps(GOOD))
    assert look_up.resident_id is None
    assert look_up.warning_overridden is False


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2014-10-21T10:03:12", "time_without_offset"),
        ("2014-10-21 10:03:12+09:00", "field_invalid"),
        ("2014-10-21", "field_invalid"),
        ("2014-02-30T10:03:12+09:00", "field_invalid"),
        ("9999-12-31T23:59:59+09:00", "field_invalid"),
        ("0001-01-01T00:00:00Z", "field_invalid"),
        (1413853392, "field_invalid"),
        ("1413853392", "field_invalid"),
        (None, "field_invalid"),
    ],
)
def test_a_time_is_rfc_3339_with_an_offset(value: object, code: str) -> None:
    """Everything else is malformed, and a missing offset says so."""
    assert refused(occurred_at=value) == code


@pytest.mark.parametrize(
    "changes",
    [
        {"operator_id": ""},
        {"operator_id": "a" * 65},
        {"operator_id": "山田"},
        {"operator_id": "a\n"},
        {"operator_id": 7},
        {"action": "peek"},
        {"copies": -1},
        {"copies": True},
        {"warning_overridden": "yes"},
        {"search": {"kind": "name", "wildcard": False}},
    ],
)
def test_a_value_out_of_its_range_is_malformed(changes: dict[str, object]) -> None:
    """Types are strict: nothing is guessed."""
    assert refused(**changes) in ("field_invalid", "field_missing")


@pytest.mark.parametrize("field", sorted(GOOD))
def test_each_required_field_is_missed(field: str) -> None:
    """A record without a required field names it."""
    with pytest.raises(MalformedError) as refusal:
        AccessQuery.parse(json.dumps({k: v for k, v in GOOD.items() if k != field}))
    assert refusal.value.code == "field_missing"
    assert field in refusal.value.sentence


@pytest.mark.parametrize("value", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"a":1} x'])
def test_what_is_no_object_is_refused(value: bytes) -> None:
    """Whatever bytes come, the answer is a refusal and no other error."""
    with pytest.raises(MalformedError):
        AccessQuery.parse(value)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_parser(value: bytes) -> None:
    """Random bytes are refused like all other malformed records."""
    with pytest.raises(MalformedError):
        AccessQuery.parse(value)


def test_unknown_fields_are_ignored_and_counted() -> None:
    """They are counted in nested objects too, and do not travel on."""
    search = {"kind": "name", "wildcard": True, "hits": 3, "colour": "red"}
    look_up = AccessQuery.parse(json.dumps({**GOOD, "search": search, "mood": "good", "x": 1}))
    assert look_up.unknown_fields() == 3
    assert b"mood" not in look_up.to_json()


@given(ids, ids, st.none() | ids)
def test_a_look_up_survives_its_own_json(event_id: str, operator_id: str, case: str | None) -> None:
    """What is written can be read again, equal."""
    look_up = AccessQuery.parse(
        json.dumps({**GOOD, "event_id": event_id, "operator_id": operator_id, "case_id": case})
    )
    assert AccessQuery.parse(look_up.to_json()) == look_up


@pytest.mark.parametrize(
    "text", ["2014-10-21T10:03:12.123+09:00", "2014-10-21T10:03:12.123456-03:30"]
)
def test_a_time_keeps_its_offset_and_fraction(text: str) -> None:
    """Times are written as they were read."""
    assert format_time(parse_time(text)) == text


def test_fields_with_reserved_names_travel_under_the_contracts_names() -> None:
    """`from` is a word of Python, and a field of the contract."""
    row = {"camera_id": "c", "from": GOOD["occurred_at"], "to": GOOD["occurred_at"]}
    assert json.loads(Footage.parse(json.dumps(row)).to_json()) == row


def test_the_topic_table_names_a_field_of_each_record_as_its_key() -> None:
    """Keys are fields that the record requires."""
    for topic in TOPICS.values():
        if topic.key is not None:
            assert topic.record.model_fields[topic.key].is_required()


def test_event_topics_are_spread_alike_and_context_is_compacted() -> None:
    """The contract asks for the same number of partitions, and for compaction."""
    assert all(topic.spread and not topic.compacted for topic in EVENT_TOPICS)
    assert all(topic.compacted for topic in CONTEXT_TOPICS)
