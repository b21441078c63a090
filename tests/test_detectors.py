"""Every contract that detectors share, over every detector."""

from __future__ import annotations

import re
from math import isfinite
from typing import Any, get_args

import msgspec
import pytest
from annotated_types import Ge, Gt, Le, Lt
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.console.messages import CATALOGUE
from models.contribution import CohortDay, Contribution
from models.detectors import DETECTOR, DETECTORS
from models.features import Features, LookUp
from models.finding import NOTHING, Detector, Finding, Parameters
from models.kinds import class_hash
from models.pairs import Pair, encode_pair
from models.shared import SharedState, Snapshot, encode_shared
from schemas.record import Words
from schemas.topics import CONTEXT_TOPICS
from tests.scenes import DAY, blank, nobody, office, practised, seasoned, seen
from tests.sightings import KIND_SIGHTINGS, SIGHTINGS

EMPTY = Snapshot(SharedState())
UNITS = {"s", "days", "ln", "nats", "share", "score", "ups", "count", "copies", "failures"}
UNITS |= {"others", "slack"}
"""What a parameter counts in; a slack is a factor."""
MODEL_WORDS = re.compile(r"\b(nats?|evidence|scores?|p-values?|bins?|prior|likelihood)\b|スコア")
STRANGE = ("x", "op-1", "op-3", "r-1", "r-home", "r-guarded", "r-famous", "t-2", "c-1", ".:_-")

each_detector = pytest.mark.parametrize("detector", DETECTORS, ids=lambda d: d.name)
ids = st.one_of(st.sampled_from(STRANGE), st.text("az09._:-", min_size=1, max_size=64))
look_ups = st.builds(
    LookUp,
    event_id=ids,
    at_s=st.floats(1e6, 5.6e9),
    operator_id=ids,
    terminal_id=ids,
    function=ids,
    action=st.sampled_from(("search", "view", "print", "export", "update")),
    resident_id=st.none() | ids,
    case_id=st.none() | ids,
    copies=st.integers(0, 1_000_000_000),
    overridden=st.booleans(),
    trawl=st.sampled_from(("", "wildcard", "sequential")),
    hits=st.integers(0, 1_000_000_000),
)
pairs = st.builds(
    Pair,
    first_day=st.just(DAY - 400),
    last_day=st.just(DAY - 1),
    look_ups=st.integers(1, 0xFFFF),
    open_days=st.integers(0, 255),
    first_open_day=st.just(DAY - 300),
    last_open_day=st.integers(DAY - 200, DAY),
    open_circumstances=st.integers(0, 3),
    covered=st.integers(0, 255),
)


@st.composite
def situations(draw: st.DrawFn) -> Features:
    """Return the features of whatever look-up, known or not, young office or old."""
    counts = st.integers(0, 10**6)
    return seen(
        draw(look_ups),
        context=draw(st.sampled_from((office(), nobody()))),
        operator=draw(st.sampled_from((blank, practised)))(),
        today=[draw(st.integers(1, 10**6)), *draw(st.lists(counts, min_size=5, max_size=5))],
        pair=draw(st.none() | pairs),
        snapshot=draw(st.sampled_from((EMPTY, seasoned()))),
        firm=draw(st.booleans()),
        run=draw(st.integers(0, 60)),
    )


def speaks(words: Words) -> bool:
    """Return whether both languages hold one sentence each."""
    en, ja = words.en, words.ja
    return en.endswith(".") and ". " not in en and ja.endswith("。") and ja.count("。") == 1


def in_its_own_words(detector: Detector, words: Words) -> bool:
    """Return whether no word of the model is told; what `behaviour` measures is a score."""
    told = f"{words.en} {words.ja}"
    if detector.name == "behaviour":
        told = told.replace("score", "").replace("スコア", "")
    return not MODEL_WORDS.search(told)


def bytes_of(features: Features) -> list[object]:
    """Return everything that a detector might change, as bytes."""
    encode = msgspec.msgpack.encode
    return [
        encode(features.profile),
        encode(features.repertoire),
        encode(features.today),
        encode(features.look_up),
        features.pair and encode_pair(features.pair) if features.pair else None,
        encode_shared(features.snapshot.state),
    ]


@each_detector
def test_it_is_named_for_its_file(detector: Detector) -> None:
    """An id lets one guess the file, and the file the id; no two are alike."""
    assert type(detector).__module__ == f"models.detectors.{detector.name}"
    assert DETECTOR[detector.name] is detector


@each_detector
def test_it_says_what_it_catches_its_source_and_its_blind_spots(detector: Detector) -> None:
    """A docstring that an analyst can act on, with an example that runs."""
    told = type(detector).__doc__ or ""
    assert re.search(r"Catches:.*Source:.*Blind spots:.*>>>", told, re.DOTALL)


def bounds_of(annotation: Any, metadata: list[Any]) -> list[bool]:
    """Return for each number of a parameter whether it has a bound below and above."""
    if annotation in (int, float):
        kinds = [type(bound) for bound in metadata]
        return [any(k in (Ge, Gt) for k in kinds) and any(k in (Le, Lt) for k in kinds)]
    return [
        all(bounds_of(inner.__origin__, [m for f in inner.__metadata__ for m in f.metadata]))
        for inner in get_args(annotation)
    ]


@each_detector
def test_its_parameters_have_units_and_two_bounds(detector: Detector) -> None:
    """No number without a bound below and above, and none whose name does not say of what."""
    parameters = detector.parameters  # type: ignore[attr-defined]
    assert isinstance(parameters, Parameters)
    for name, field in type(parameters).model_fields.items():
        bounds = bounds_of(field.annotation, field.metadata)
        assert bounds, name
        assert all(bounds), name
        assert set(name.split("_")) & UNITS, name


@each_detector
def test_its_class_attributes_are_of_the_contract(detector: Detector) -> None:
    """A context topic that is misspelt would switch it off for good."""
    assert detector.needs <= {topic.name for topic in CONTEXT_TOPICS}
    assert isinstance(detector.waits, bool)
    assert isinstance(detector.learns_habits, bool)


@each_detector
def test_the_console_knows_it_and_its_unit(detector: Detector) -> None:
    """A new detector or new unit needs a line in messages.py, in both languages."""
    for words in CATALOGUE.values():
        assert f"detector.{detector.name}" in words
        assert f"unit.{detector.unit}" in words


@each_detector
def test_before_anything_was_seen_it_is_warming_up(detector: Detector) -> None:
    """Blind must not look normal: what learns habits says so, and none finds anything."""
    finding = detector.find(seen(operator=blank(), snapshot=EMPTY))
    assert finding is None or (finding is NOTHING and not detector.learns_habits)


@each_detector
def test_an_everyday_look_up_shows_it_nothing(detector: Detector) -> None:
    """In a seasoned office, what everybody does is no evidence."""
    finding = detector.find(seen())
    assert finding is not None
    assert finding.evidence < 0.7


@each_detector
@settings(max_examples=60, deadline=None)
@given(features=situations())
def test_it_judges_whatever_comes_and_changes_nothing(
    detector: Detector, features: Features
) -> None:
    """Unknown people, places and functions, any number: finite, twice the same, in words."""
    before = bytes_of(features)
    finding = detector.find(features)
    assert detector.find(features) == finding
    assert bytes_of(features) == before
    if finding is None or finding is NOTHING:
        return
    assert finding.detector == detector.name
    assert finding.evidence >= 0.0
    for number in (finding.evidence, finding.observed, finding.expected, finding.relief):
        assert isfinite(number)
    assert finding.shown is None or 0.0 <= finding.shown <= 1.0
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(finding), type=Finding) == finding
    words = detector.explain(finding)
    assert speaks(words)
    assert in_its_own_words(detector, words)


KINDS = {
    "unexplained": ("day", "weeks", "run", "borrowed", "else"),
    "off_hours": ("22:50",),
    "out_of_role": ("tax.inquiry",),
    "relation": ("own", "home", "colleague", "block", "else"),
    "target_skew": ("age.20s+sex.f",),
    "enumeration": ("wildcard", "sequential", "wide", "opened", "block", "else"),
    "extraction": ("copies", "export", "size", "open", "else"),
    "identity_presence": ("two_sites", "no_sign_in", "no_door", "left", "password", "else"),
    "contract": ("outside", "former", "dormant", "else"),
}
"""First facts that are words; the others' are numbers."""


@each_detector
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_it_can_say_whatever_a_record_holds(detector: Detector, data: st.DataObject) -> None:
    """One sentence each, whatever the numbers and however few facts an older record has."""
    kinds = KINDS.get(detector.name)
    first: Any = st.sampled_from(kinds) if kinds else st.floats(0, 300)
    facts = (data.draw(first), data.draw(st.sampled_from((0.0, 1.0))), 1.0)
    finding = Finding(
        detector.name,
        data.draw(st.floats(0, 20)),
        data.draw(st.floats(0, 1e9)),
        data.draw(st.floats(0, 1e9)),
        tuple(facts[: data.draw(st.integers(0, 3))]),
    )
    words = detector.explain(finding)
    assert speaks(words), words
    assert in_its_own_words(detector, words), words


@each_detector
def test_it_finds_what_it_is_for_and_not_its_twin(detector: Detector) -> None:
    """Of two look-ups made by hand that differ in one thing, it finds the one."""
    sought, twin = SIGHTINGS[detector.name]
    finding = detector.find(sought())
    assert finding is not None
    assert finding.evidence > 2.0
    other = detector.find(twin())
    assert other is not None
    assert other.evidence < 0.7


@pytest.mark.parametrize(("name", "kind"), sorted(KIND_SIGHTINGS))
def test_it_tells_each_kind_by_its_name_and_in_words(name: str, kind: str) -> None:
    """Of two look-ups that differ in one thing, the one shows the kind, and a word on it."""
    detector = DETECTOR[name]
    sought, twin = KIND_SIGHTINGS[name, kind]
    finding = detector.find(sought())
    assert finding is not None
    assert finding.facts[0] == kind
    assert kind in KINDS[name]
    assert finding.evidence > 2.0
    assert speaks(detector.explain(finding))
    assert in_its_own_words(detector, detector.explain(finding))
    other = detector.find(twin())
    assert other is not None
    assert other.evidence < 0.7


def test_an_office_with_more_marks_than_open_look_ups_is_judged_all_the_same() -> None:
    """A resident with a case in the house, looked up all day: many marks, one open look-up."""
    marks = {"u.near": 9000, "u.served": 9000, "u.near0": 9000, "u.borrowed": 9000}
    cohort = CohortDay(operators=10, look_ups=9000, open=1, covered=1, marks=marks)
    snapshot = Snapshot(SharedState().folded(Contribution(DAY - 1, {"tax/clerk": cohort})))
    for detector in DETECTORS:
        finding = detector.find(seen(snapshot=snapshot, resident_id="r-1", case_id="c-1"))
        assert finding is None or finding.evidence >= 0.0


def test_what_follows_next_door_is_counted_before_it_is_evidence() -> None:
    """A share is learned of all open look-ups, not of those alone that stand out."""
    operator = practised()
    operator.profile.last_block = class_hash("b-1")
    finding = DETECTOR["enumeration"].find(seen(operator=operator, resident_id="r-1"))
    assert finding is not None
    assert (finding.evidence, finding.marks) == (0.0, ("u.next_door",))
