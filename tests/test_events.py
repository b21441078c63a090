"""Events of the hot path: whatever the line, they say what the schema says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import MalformedError
from schemas.events import EVENT_DECODERS
from schemas.lines import open_blocks
from schemas.record import MAX_VALUE_BYTES, parse_time
from schemas.topics import EVENT_TOPICS, TOPICS
from simulation import WardPlan, simulate_ward, write_ward

AT = "2014-10-21T10:03:12.123+09:00"
GOOD: dict[str, dict[str, str]] = {
    "access.queries": {
        "event_id": '"e-1"',
        "occurred_at": f'"{AT}"',
        "operator_id": '"op-1"',
        "terminal_id": '"t-1"',
        "session_id": '"s-1"',
        "function": '"juminhyo.inquiry"',
        "action": '"print"',
        "resident_id": '"r-1"',
        "search": '{"kind":"name","wildcard":false,"hits":3,"sequential":true}',
        "case_id": "null",
        "purpose": "null",
        "copies": "2",
        "warning_overridden": "false",
    },
    "presence.signins": {
        "event_id": '"e-1"',
        "occurred_at": f'"{AT}"',
        "operator_id": '"op-1"',
        "terminal_id": '"t-1"',
        "session_id": "null",
        "method": '"card"',
        "outcome": '"sign_out"',
    },
    "presence.doors": {
        "event_id": '"e-1"',
        "occurred_at": f'"{AT}"',
        "operator_id": '"op-1"',
        "zone_id": '"z-1"',
        "direction": '"in"',
    },
}


def joined(topic: str, **changes: str) -> bytes:
    """Return a good line of a topic, with some values changed or added."""
    fields = {**GOOD[topic], **changes}
    return ("{" + ",".join(f'"{k}":{v}' for k, v in fields.items()) + "}").encode()


NUMBERS = """0 -0 1 1.0 -0.0 1e2 1E+2 01 -1 1000000000 1000000001 1e999 NaN Infinity
123456789012345678901234567890"""
ODD_VALUES = [
    *NUMBERS.split(),
    *("null", "true", "false", "[]", "{}", "[1]", "{"),
    *('""', '"a"', '"a+b"', '"a b"', '"a,b"', '"a{b}"', '"a\n"', '"a\x00"', '"\x7f"', '"山田"'),
    *(r'"a\n"', r'"\u0000"', r'"\u0061"', r'"\ud800"', r'"\ud83d\ude00"', r'"\/"', r'"a\"b"'),
    *(json.dumps("a" * 64), json.dumps("a" * 65), '"view"', '"success"', '"birthdate"'),
    '{"kind":"name","wildcard":true,"hits":0}',
    '{"kind":"name","wildcard":true,"hits":0,"sequential":null}',
    '{"kind":"name","wildcard":true,"hits":1,"colour":1}',
    '{"kind":"name","wildcard":true,"hits":1.0}',
    '{"kind":"name","wildcard":1,"hits":1}',
    '{"kind":"name","wildcard":true,"hits":1,"hits":2}',
    '{"wildcard":true,"hits":1}',
]
PARTS = (
    (["2014", "2016"], ["1969", "1970", "1971", "2147", "2148", "2149", "0000", "２０１４"]),
    (["-02-", "-10-", "-12-"], ["-01-", "-03-", "-11-", "-13-", "-00-", "-W4-", "02", "/02/"]),
    (["01", "28"], ["29", "30", "31", "00", "2 "]),
    (["T"], ["t", " ", "_", ""]),
    (["00:", "23:"], ["24:", "9:", "1２:", "+1:", "12"]),
    (["00:", "59:"], ["60:", "5:", "00"]),
    (["00", "59"], ["60", "61", "1", ""]),
    (
        ["", ".1", ".123", ".120", ".000", ".123456", ".123000"],
        [".", ",123", ".1 3", ".+01", ".12Z"],
    ),
    (["+09:00", "+00:00", "-03:30", "+23:59", "-23:59", "Z", "z"], ["-00:00", "+24:00", "+09:60"]),
    ([""], [" ", "+09:00", "Z", ":00", "+0900", "+09", "0"]),
)
fractions = st.from_regex(r"\A\.[0-9]{1,9}\Z")


@st.composite
def times(draw: st.DrawFn) -> str:
    """Draw a time, mostly a good one: one part or none is odd."""
    odd = draw(st.integers(-len(PARTS), len(PARTS) - 1))
    parts = [draw(st.sampled_from(few[place == odd])) for place, few in enumerate(PARTS)]
    if draw(st.booleans()):
        parts[7] = draw(fractions)
    return "".join(parts)


values = st.sampled_from(ODD_VALUES) | times().map(lambda t: json.dumps(t, ensure_ascii=False))
unknown = st.sampled_from(["mood", "at_s", "at_text", "search", "", "hits", r"\u0065vent_id", "é"])
spaces = st.sampled_from(["", "", " ", "\n", "\t", "\r", "\x0b", "\xa0"])


@st.composite
def odd_lines(draw: st.DrawFn) -> tuple[str, bytes]:
    """Draw a topic and a line that is nearly one of its records, or one after all."""
    topic = draw(st.sampled_from(sorted(GOOD)))
    fields = list(GOOD[topic].items())
    fields[1] = ("occurred_at", json.dumps(draw(times() | st.just(AT)), ensure_ascii=False))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(fields)))
        names = unknown | st.sampled_from(sorted(GOOD[topic]))
        what = draw(st.sampled_from(["change", "change", "add", "drop"]))
        if what == "add":
            fields.insert(place, (draw(names), draw(values)))
        elif place < len(fields):
            changed = [(fields[place][0], draw(values))] if what == "change" else []
            fields[place : place + 1] = changed
    colon = ":" + draw(spaces)
    text = ("," + draw(spaces)).join(f'"{name}"{colon}{value}' for name, value in fields)
    line = (draw(spaces) + "{" + text + "}" + draw(spaces)).encode()
    return topic, draw(st.sampled_from([b"", b"", b"", b"", b"\xef\xbb\xbf"])) + line


@st.composite
def damaged_lines(draw: st.DrawFn) -> tuple[str, bytes]:
    """Draw a line of which a byte or two were lost, doubled or changed."""
    topic, line = draw(odd_lines())
    for _ in range(draw(st.integers(1, 2))):
        place = draw(st.integers(0, len(line)))
        patch = draw(st.sampled_from([b"", b'"', b"\\", b"+", b"\xff", b"\x00", b"0", b"}", b","]))
        line = line[:place] + patch + line[place + draw(st.integers(0, 1)) :]
    return topic, line


def by_schema(topic: str, line: bytes) -> Any:
    """Return the event that the schema sees in a line, or its code and sentence."""
    try:
        return EVENT_DECODERS[topic].from_record(TOPICS[topic].record.parse(line))
    except MalformedError as error:
        return error.code, error.sentence


def decoded(topic: str, line: bytes) -> Any:
    """Return what the decoder makes of a line, or its code and sentence."""
    try:
        return EVENT_DECODERS[topic].decode(line)
    except MalformedError as error:
        return error.code, error.sentence


@settings(max_examples=1000)
@given(odd_lines() | damaged_lines())
def test_the_decoder_and_the_schema_agree_on_every_line(case: tuple[str, bytes]) -> None:
    """The same verdict, and the same values to the bit; repr tells 1 from true and -0.0 from 0."""
    topic, line = case
    assert repr(decoded(topic, line)) == repr(by_schema(topic, line))


@st.composite
def blocks(draw: st.DrawFn) -> tuple[str, bytes]:
    """Draw a topic and a block of lines, most of them its records; not all parted by newlines."""
    topic = draw(st.sampled_from(sorted(GOOD)))
    good = st.just((topic, joined(topic)))
    rows = draw(st.lists(good | good | odd_lines(), min_size=1, max_size=4))
    parting = st.sampled_from([b"\n", b"\n", b"\n", b"\r\n", b"\n\n", b" ", b"", b"\n \n"])
    block = b"".join(line + draw(parting) for _, line in rows[:-1]) + rows[-1][1]
    if draw(st.booleans()):
        place = draw(st.integers(0, len(block)))
        block = block[:place] + b"\n" + block[place:]
    return topic, block


@settings(max_examples=1000)
@given(blocks())
def test_a_block_is_decoded_as_its_lines_are(case: tuple[str, bytes]) -> None:
    """One event a line, each the schema's; else the block is left to be read line by line."""
    topic, block = case
    events = EVENT_DECODERS[topic].plain_lines(block)
    lines = block.split(b"\n")
    if events is not None:
        assert list(map(repr, events)) == [repr(by_schema(topic, line)) for line in lines]


@pytest.mark.parametrize(
    "block",
    [
        "{0}{0}\n",
        "{0} {0}\n",
        "\n{0}{0}",
        "{0}\r{0}\n",
        "{0}\n\n{0}",
        "{0}\n",
        "",
        "{1}\n}}{0}",
        "{1}\n}}",
    ],
)
def test_a_block_with_other_than_one_event_a_line_is_left_alone(block: str) -> None:
    """Else a line of two would pass for one, and lines after a blank one be misnumbered."""
    line = joined("presence.doors", occurred_at='"2014-10-21T01:03:12.123Z"').decode()
    decoder = EVENT_DECODERS["presence.doors"]
    assert decoder.plain_lines(block.format(line, line[:-1]).encode()) is None
    assert decoder.plain_lines(f"{line}\n{line}".encode()) == [decoder.plain(line.encode())] * 2


@settings(max_examples=300)
@given(st.sampled_from(sorted(GOOD)), times())
def test_a_time_is_the_schemas_to_the_bit(topic: str, text: str) -> None:
    """All offsets and fractions; the event's datetime is the record's, offset included."""
    line = joined(topic, occurred_at=json.dumps(text, ensure_ascii=False))
    event = decoded(topic, line)
    assert repr(event) == repr(by_schema(topic, line))
    if not isinstance(event, tuple):
        record: Any = TOPICS[topic].record.parse(line)
        assert (event.at_s, event.occurred_at) == (record.at_s, record.occurred_at)
        assert event.occurred_at.utcoffset() == record.occurred_at.utcoffset()
        assert json.loads(record.to_json())["occurred_at"] == event.at_text


@pytest.mark.parametrize("topic", sorted(GOOD))
def test_each_field_takes_what_its_schema_takes(topic: str) -> None:
    """Every odd value in every field, one at a time, and then the field twice."""
    for name in GOOD[topic]:
        for odd in ODD_VALUES:
            rest = [f'"{k}":{v}' for k, v in GOOD[topic].items() if k != name]
            for fields in (
                [f'"{name}":{odd}'],
                [f'"{name}":{GOOD[topic][name]}', f'"{name}":{odd}'],
            ):
                for twice in (fields, fields[::-1]):
                    line = ("{" + ",".join([*twice, *rest]) + "}").encode()
                    assert repr(decoded(topic, line)) == repr(by_schema(topic, line)), line


@pytest.mark.parametrize("topic", sorted(GOOD))
def test_what_is_plain_for_one_topic_is_none_of_another(topic: str) -> None:
    """Recordings rest on it, where kinds stand mixed in one file."""
    line = joined(topic)
    assert EVENT_DECODERS[topic].plain(line) is not None
    for other in EVENT_TOPICS:
        if other.name != topic:
            with pytest.raises(MalformedError):
                other.record.parse(line)


def test_unknown_fields_are_left_to_the_schema_and_harm_nothing() -> None:
    """Also one that is named like the event's own."""
    line = joined("presence.doors", at_s="5.0", mood="NaN")
    assert EVENT_DECODERS["presence.doors"].plain(line) is None
    assert EVENT_DECODERS["presence.doors"].decode(line).at_s == parse_time(AT).timestamp()


def test_a_line_over_the_limit_is_not_plain() -> None:
    """However little it says."""
    decoder = EVENT_DECODERS["presence.doors"]
    assert decoder.plain(joined("presence.doors").ljust(500)) is not None
    assert decoder.plain(joined("presence.doors").ljust(MAX_VALUE_BYTES + 1)) is None
    ids = b'"operator_id":"op-1",' * (MAX_VALUE_BYTES // 20)
    assert decoder.plain(joined("presence.doors").replace(b"{", b"{" + ids)) is None


def test_all_that_the_simulator_writes_takes_the_short_way(tmp_path: Path) -> None:
    """Else the decoder would be right, and slow."""
    write_ward(simulate_ward(WardPlan(3, days=14, operators=10, residents=800)), tmp_path)
    for topic in EVENT_TOPICS:
        path = tmp_path / f"{topic.name}.jsonl.gz"
        decoder = EVENT_DECODERS[topic.name]
        for block in open_blocks(path):
            assert decoder.plain_lines(block) == list(map(decoder.plain, block.split(b"\n")))


def test_events_have_the_fields_of_their_records() -> None:
    """A field added to a schema must be added here: else each line would go the long way."""
    for topic in EVENT_TOPICS:
        event: Any = EVENT_DECODERS[topic.name].decode(joined(topic.name))
        names = {field.encode_name for field in msgspec.structs.fields(event)}
        assert names == {*topic.record.model_fields, "at_s"}
