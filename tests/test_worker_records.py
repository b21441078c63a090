"""What a running worker makes of each kind of record that the contract names, good or bad."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.profile import decode_profile
from models.tally import decode_tallies
from schemas.record import parse_time
from streams.broker import Broker
from tests.desks import QUERIES, Desk, State, ago, line
from tests.workers import WorkerProcess

pytestmark = pytest.mark.kafka

PARTITIONS = 2
SIGNINS, DOORS = "presence.signins", "presence.doors"
OPERATORS = "directory.operators"
KIB = 1024
GOOD = {"records access.queries": 1, "look_ups": 1}
"""How the counters grow by one look-up."""


@pytest.fixture(scope="module")
def desk(kafka: Broker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Run the one worker of this file; in the end it must stop as asked."""
    prefix, folder = f"t{uuid.uuid4().hex[:8]}.", tmp_path_factory.mktemp("desk")
    with WorkerProcess(kafka.bootstrap, prefix, folder, PARTITIONS) as worker:
        worker.wait_until_ready()
        with closing(Desk(kafka.bootstrap, worker)) as desk:
            desk.look_up("op-first")
            desk.grew({}, GOOD)
            yield desk
        assert worker.stop() == 0


@pytest.fixture
def operator() -> str:
    """Return an operator of this test's own."""
    return f"op-{uuid.uuid4().hex[:8]}"


def door(**changes: object) -> bytes:
    """Return a passage of now at a door, but for changes."""
    row = {"event_id": uuid.uuid4().hex, "occurred_at": ago(), "operator_id": "op-9"}
    return json.dumps(row | {"zone_id": "z-1", "direction": "in"} | changes).encode()


MALFORMED = {
    "cut off": (b'{"event_id": "e-1", "occ', b"op-9", QUERIES, "not_json"),
    "empty": (b"", b"op-9", QUERIES, "not_json"),
    "not UTF-8": (b'{"event_id": "\xff"}', b"op-9", QUERIES, "not_json"),
    "a list": (b"[]", b"op-9", QUERIES, "field_invalid"),
    "no operator": (b'{"event_id": "e-1"}', b"op-9", QUERIES, "field_missing"),
    "no value": (None, b"op-9", QUERIES, "no_value"),
    "no such action": (line("op-9", action="look"), b"op-9", QUERIES, "field_invalid"),
    "no offset": (
        line("op-9", occurred_at="2014-10-21T10:03:12.123"),
        b"op-9",
        QUERIES,
        "time_without_offset",
    ),
    "no key": (line("op-9"), None, QUERIES, "key_mismatch"),
    "another operator's key": (line("op-9"), b"op-8", QUERIES, "key_mismatch"),
    "key not UTF-8": (line("op-9"), b"\xff\xfe", QUERIES, "key_mismatch"),
    "over 64 KiB": (line("op-9", note="x" * 64 * KIB), b"op-9", QUERIES, "too_large"),
    "900 KB": (line("op-9", note="x" * 900_000), b"op-9", QUERIES, "too_large"),
    "door without offset": (
        door(occurred_at="2014-10-21T10:03:12"),
        b"op-9",
        DOORS,
        "time_without_offset",
    ),
    "sign-in that is a door": (door(), b"op-9", SIGNINS, "field_missing"),
}


@pytest.mark.parametrize(("value", "key", "topic", "code"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_record_is_set_aside_whole_and_the_stream_goes_on(
    desk: Desk, operator: str, value: bytes | None, key: bytes | None, topic: str, code: str
) -> None:
    """Its dead letter says where it lay, why it was refused, and holds it to the byte."""
    before, sent_at = desk.counters(), datetime.now(UTC)
    place = desk.put(value, key, topic)
    desk.look_up(operator)
    desk.grew(before, {**GOOD, f"dead_letters {code}": 1})
    letter = desk.letter(place)
    assert letter["error"]["code"] == code
    assert letter["error"]["message"]
    assert base64.b64decode(letter["value_base64"], validate=True) == (value or b"")
    assert letter["truncated"] is False
    assert sent_at <= parse_time(letter["received_at"]) <= datetime.now(UTC)


def test_of_a_value_over_a_mebibyte_a_mebibyte_is_kept(desk: Desk, operator: str) -> None:
    """It is cut, and the dead letter says so."""
    before, value = desk.counters(), line("op-9", note="x" * (KIB * KIB + 1000))
    place = desk.put(value, b"op-9")
    desk.look_up(operator)
    desk.grew(before, {**GOOD, "dead_letters too_large": 1})
    letter = desk.letter(place)
    assert letter["truncated"] is True
    assert base64.b64decode(letter["value_base64"]) == value[: KIB * KIB]


def test_what_is_over_five_minutes_ahead_of_kafka_is_malformed(desk: Desk, operator: str) -> None:
    """Four minutes ahead is a clock that is off; six is a record that cannot be."""
    before = desk.counters()
    ahead = line(operator, occurred_at=ago(minutes=-6))
    place = desk.put(ahead, operator.encode())
    last = desk.look_up(operator, occurred_at=ago(minutes=-4))
    desk.grew(before, {**GOOD, "dead_letters from_the_future": 1})
    assert desk.letter(place)["error"]["code"] == "from_the_future"
    assert base64.b64decode(desk.letter(place)["value_base64"]) == ahead
    assert look_ups_of(operator, desk.state(last)) == 1


def look_ups_of(operator: str, state: State) -> int:
    """Return how many look-ups an operator's profile has counted."""
    return decode_profile(state[b"o" + operator.encode()]).look_ups


def test_an_unknown_function_is_no_fault(desk: Desk, operator: str) -> None:
    """A screen that no assignment grants and nobody listed is a look-up like another."""
    before = desk.counters()
    last = desk.look_up(operator, function="zz.nobody.knows-it:9")
    desk.grew(before, GOOD)
    assert desk.letters(last) == []
    profile = decode_profile(desk.state(last)[b"o" + operator.encode()])
    assert profile.look_ups == 1


def test_unknown_fields_are_ignored_and_counted(desk: Desk, operator: str) -> None:
    """Also those of a nested object; the record is applied."""
    before = desk.counters()
    search = {"kind": "name", "wildcard": False, "hits": 3, "fuzzy": True}
    last = desk.look_up(operator, search=search, building="north", floor=2)
    desk.grew(before, {**GOOD, "unknown_fields": 3})
    assert look_ups_of(operator, desk.state(last)) == 1


def test_a_doubled_record_changes_nothing(desk: Desk, operator: str) -> None:
    """It is counted as a duplicate, whatever else it says this time."""
    first = desk.look_up(operator, event_id=f"{operator}-1")
    state, before = desk.state(first), desk.counters()
    again = desk.look_up(operator, event_id=f"{operator}-1", resident_id="r-2")
    desk.grew(before, {"records access.queries": 1, "duplicates": 1})
    assert desk.state(again) == state
    last = desk.look_up(operator)
    assert look_ups_of(operator, desk.state(last)) == 2


def test_a_doubled_sign_in_is_a_duplicate(desk: Desk) -> None:
    """Presence is applied once, too."""
    before = desk.counters()
    for _ in range(2):
        desk.put(door(event_id="d-1"), b"op-9", DOORS)
    desk.grew(before, {"records presence.doors": 2, "duplicates": 1})


@pytest.mark.parametrize(("minutes", "counted"), [(14, {}), (16, {"late over_15_minutes": 1})])
def test_a_late_record_is_applied_as_of_its_own_time(
    desk: Desk, operator: str, minutes: float, counted: dict[str, float]
) -> None:
    """Beyond 15 minutes behind its operator's newest it is counted late; it counts either way."""
    newest = datetime.now(UTC)
    desk.state(desk.look_up(operator, occurred_at=newest.isoformat()))
    before = desk.counters()
    at = newest - timedelta(minutes=minutes)
    last = desk.look_up(operator, occurred_at=at.isoformat(), resident_id="r-2")
    desk.grew(before, {**GOOD, **counted})
    profile = decode_profile(desk.state(last)[b"o" + operator.encode()])
    assert profile.look_ups == 2
    assert profile.newest_s == newest.timestamp()
    assert profile.first_s == at.timestamp()


def test_a_week_old_record_is_scored_and_changes_no_state(desk: Desk, operator: str) -> None:
    """Over 7 days behind its operator's newest; the next record finds all as it was."""
    state = desk.state(desk.look_up(operator))
    before = desk.counters()
    old = desk.look_up(operator, occurred_at=ago(days=7, minutes=1), resident_id="r-2")
    desk.grew(before, {**GOOD, "late over_7_days": 1})
    assert desk.state(old) == state
    assert look_ups_of(operator, desk.state(desk.look_up(operator))) == 2


def test_a_record_just_within_the_week_counts(desk: Desk, operator: str) -> None:
    """What is late by less than 7 days is applied."""
    desk.state(desk.look_up(operator))
    before = desk.counters()
    last = desk.look_up(operator, occurred_at=ago(days=6, hours=23))
    desk.grew(before, {**GOOD, "late over_15_minutes": 1})
    assert look_ups_of(operator, desk.state(last)) == 2


def directory_line(operator_id: str, **changes: object) -> bytes:
    """Return an operator's record, with one assignment under the supervisor `sv-7`."""
    assignment = {
        "section_id": "s-1",
        "role": "clerk",
        "employment": "permanent",
        "functions": ["juminhyo.inquiry"],
        "supervisor_id": "sv-7",
        "starts_on": "2020-04-01",
    }
    return json.dumps({"operator_id": operator_id, "assignments": [assignment]} | changes).encode()


def supervisors_of(operator: str, state: State) -> list[str | None]:
    """Return under whom an operator's look-ups of today were judged."""
    tallies = decode_tallies(state[b"t" + operator.encode()])
    return sorted((tally.supervisor_id for tally in tallies), key=str)


def test_a_malformed_context_record_leaves_the_context_as_it_was(desk: Desk, operator: str) -> None:
    """A worker follows the context: what is malformed there goes to the dead letters, too."""
    key = operator.encode()
    desk.put(directory_line(operator), key, OPERATORS, partition=0)
    before = desk.counters()
    bad = directory_line(operator, assignments="none")
    place = desk.put(bad, key, OPERATORS, partition=0)
    letter = desk.letter(place)
    assert letter["error"]["code"] == "field_invalid"
    assert base64.b64decode(letter["value_base64"]) == bad
    last = desk.look_up(operator)
    desk.grew(before, {**GOOD, "dead_letters field_invalid": 1})
    assert supervisors_of(operator, desk.state(last)) == ["sv-7"]


def test_a_context_record_without_a_value_deletes_its_key(desk: Desk, operator: str) -> None:
    """It is no fault: the operator's next look-up is judged without a supervisor."""
    key = operator.encode()
    desk.put(directory_line(operator), key, OPERATORS, partition=0)
    # A letter tells that the worker has come so far.
    desk.letter(desk.put(b"{", key, OPERATORS, partition=0))
    assert supervisors_of(operator, desk.state(desk.look_up(operator))) == ["sv-7"]
    desk.put(None, key, OPERATORS, partition=0)
    desk.letter(desk.put(b"{", b"\xff", OPERATORS, partition=0))
    last = desk.look_up(operator, resident_id="r-2")
    assert None in supervisors_of(operator, desk.state(last))


def test_malformed_context_is_set_aside_once(kafka: Broker, desk: Desk, tmp_path: Path) -> None:
    """A worker that starts meets it again, and counts it, but sends no second dead letter."""
    place = desk.put(b"{", b"op-8", OPERATORS, partition=0)
    desk.letter(place)
    with WorkerProcess(kafka.bootstrap, desk.worker.prefix, tmp_path, PARTITIONS) as second:
        second.wait_until_ready()
        assert second.metric("monomi_dead_letters_total") > 0
        assert second.stop() == 0
    assert len(desk.letters(place)) == 1
