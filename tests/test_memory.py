"""State as bytes: what is written is read again, small enough, version by version."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from models.context import Person
from models.features import LookUp
from models.finding import Finding
from models.learning import Learner
from models.memory import Memory, Waiting
from models.pairs import Pair, decode_pair, encode_pair, pair_key
from models.policy import Policy
from models.profile import UNITS_A_WEIGHT, Profile, decode_profile, encode_profile
from models.replay import DictStore
from models.scorer import Scorer
from models.tally import Tally, decode_tallies, encode_tallies
from tests.scenes import CALENDAR, TEN_S, Remembered, blank, office, seen

DAYS = st.integers(719_163, 719_163 + 65_000)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
WEIGHTS = st.integers(0, 1 << 30).map(lambda units: units / UNITS_A_WEIGHT)
MARKS = (
    *(f"{kind}.{tie}" for kind in "uc" for tie in ("own", "home", "colleague", "block")),
    *(f"u.{mark}" for mark in ("again", "borrowed", "slip", "trawled", "next_door", "print")),
    *(f"u.{mark}" for mark in ("protected", "known", *(f"eyes{n}" for n in range(2, 7)))),
    *("c.overridden", "wildcard", "sequential", "export", "outside", "former", "dormant"),
    *("ungranted", "two_sites", "no_sign_in", "no_door", "left", "password", "elsewhere"),
    *("off_duty", "wide", "size"),
)
"""Everything that a profile may be marked by."""


@given(
    st.tuples(DAYS, DAYS, st.integers(0, 0xFFFF)),
    st.tuples(st.integers(0, 255), DAYS, DAYS),
    st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 255)),
)
def test_a_pair_survives_its_seventeen_bytes(
    seen: tuple[int, int, int], opened: tuple[int, int, int], how: tuple[int, int]
) -> None:
    """At most 40 bytes with its key, as the design asks."""
    pair = Pair(*seen, *opened, *how)
    value = encode_pair(pair)
    assert decode_pair(value) == pair
    assert len(value) == 17
    assert len(value) + len(pair_key("op", "r")) <= 40


def test_a_pair_without_an_open_day_survives_too() -> None:
    """No day is a day of its own."""
    assert decode_pair(encode_pair(Pair(735_000, 735_000, 1))) == Pair(735_000, 735_000, 1)


@given(
    st.lists(st.tuples(DAYS, st.booleans()), min_size=1, max_size=30),
    st.lists(st.tuples(DAYS, st.integers(1, 2**32 - 1)), max_size=30),
)
def test_a_pair_adds_up_its_look_ups_and_open_days(
    days: list[tuple[int, bool]], opened: list[tuple[int, int]]
) -> None:
    """Counts stop at their field's end; a day counts once, and only forwards."""
    pair = Pair(days[0][0], days[0][0], 0)
    for day, covered in days * 3000:
        pair = pair.with_look_up(day, covered=covered)
        if pair.look_ups == 0xFFFF:
            break
    assert pair.look_ups == min(0xFFFF, 3000 * len(days))
    assert (pair.first_day, pair.last_day) == (min(days)[0], max(days)[0])
    assert pair.covered <= 255
    newest: list[int] = []
    for day, where in opened:
        pair = pair.with_open_day(day, where)
        if not newest or day > newest[-1]:
            newest.append(day)
            assert pair.open_circumstances == where
    assert pair.open_days == len(newest)
    first, last = (newest[0], newest[-1]) if newest else (0, 0)
    assert (pair.first_open_day, pair.last_open_day) == (first, last)
    assert decode_pair(encode_pair(pair)) == pair


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 4e9), st.integers(700_000, 800_000)), max_size=30),
    st.dictionaries(st.text(min_size=1, max_size=20), WEIGHTS, max_size=5),
    st.dictionaries(st.integers(0, 2**32 - 1), WEIGHTS, max_size=5),
    st.lists(st.tuples(st.text(max_size=9), FLOATS, st.booleans()), max_size=9),
)
def test_a_profile_survives_its_bytes(
    counts: list[tuple[float, int]],
    marks: dict[str, float],
    classes: dict[int, float],
    signed_in: list[tuple[str, float, bool]],
) -> None:
    """Floats to the last bit: state that is read again decides alike."""
    profile = Profile(marks=marks, classes=classes, leanings=classes, blocks=classes)
    for place, (at_s, day) in enumerate(counts):
        profile.run_with(day & 0xFFFF, at_s, explained=place % 7 == 6)
    for terminal_id, at_s, success in signed_in:
        profile.sign_in(terminal_id, at_s, "password", success=success)
        profile.note_place(terminal_id, at_s)
        profile.pass_door(at_s, inwards=success)
    for at_s, day in counts:
        profile.learn(day % 48, profile.count(at_s, day))
        assert decode_profile(encode_profile(profile)) == profile
    assert decode_profile(encode_profile(profile)) == profile


def busy() -> Remembered:
    """Return the memory of somebody who works day and night, on everybody, with every sign."""
    operator = blank()
    profile, scorer, learner = operator.profile, Scorer(office(), Policy()), Learner(Policy())
    features = seen(operator=operator, resident_id="r-1")
    for n in range(4000):
        at_s = TEN_S + 1800.1 * n
        day = CALENDAR.day(at_s)
        profile.note_place(f"terminal-{n % 9}", at_s)
        profile.sign_in(f"terminal-{n % 9}", at_s, "password", success=n % 3 > 0)
        profile.pass_door(at_s, inwards=n % 2 == 0)
        classes = tuple(f"class.{n * m % 997}" for m in range(1, 8))
        features.person = Person(f"h-{n}", f"b-{n % 400}", False, classes)
        features.look_up = replace(features.look_up, function=f"section-{n % 400}", at_s=at_s)
        features.day, features.slot, features.today = day, n % 48, profile.count(at_s, day)
        profile.learn(features.slot, features.today)
        operator.repertoire.note(features.look_up.function, None)
        learner.settle(scorer.judge_again(features, []), Tally("tax/clerk"))
        profile.run_with(n * 257 & 0xFFFF, at_s if n < 3900 else TEN_S, explained=False)
        for mark in MARKS:
            profile.marks[mark] = profile.marks.get(mark, 0.0) + 1.0
    profile.newest_presence = {"presence.signins": TEN_S + 0.1, "presence.doors": TEN_S + 0.1}
    return operator


def test_a_busy_profile_and_repertoire_stay_small() -> None:
    """Within 2 KB each, whatever an operator does, and nothing of it lost."""
    profile, repertoire = busy()
    assert len(profile.hours) == 48
    assert len(profile.classes) == len(profile.leanings) >= 28
    assert len(profile.blocks) >= 20
    assert len(profile.marks) == len(MARKS)
    assert len(profile.run) == 30
    assert len(profile.days) == 16
    assert len(repertoire.counts) == 280
    value = encode_profile(profile)
    assert len(value) < 2048
    assert decode_profile(value) == profile
    assert len(msgspec.msgpack.encode(repertoire)) < 2048


@given(st.lists(st.tuples(st.text(max_size=10), st.integers(0, 200)), max_size=20))
def test_tallies_survive_their_bytes(rows: list[tuple[str, int]]) -> None:
    """Counts of whole numbers, histograms by bin."""
    tally = Tally("tax/clerk", None)
    for text, number in rows:
        tally.offer_candidate(text, number)
        tally.offer_vector(text, lambda: bytes(8))
        tally.mark(text)
        tally.count_function(text)
        tally.residents.append(number << 40)
    assert decode_tallies(encode_tallies([tally])) == [tally]


def waiting(end_s: float, event_id: str, operator_id: str = "op-1") -> Waiting:
    """Return a look-up whose clock ends at a time."""
    look_up = LookUp(event_id, end_s - 10, operator_id, "t", "f", "view", "r", None, hits=40)
    found = [Finding("off_hours", 1.5, 2.0, 0.0, ("22:10", 0.0))]
    return Waiting(end_s, look_up, found, run=len(event_id))


@given(st.lists(st.floats(0, 4e9), max_size=20), st.booleans())
def test_clocks_come_back_in_order_over_a_restart(ends: list[float], restart: bool) -> None:
    """They end in the order of their times, each once."""
    store = DictStore()
    memory = Memory(store)
    for i, end_s in enumerate(ends):
        memory.wait(waiting(end_s, f"e-{i}", f"op-{i % 3}"))
    if restart:
        store.write(memory.changes().items())
        memory = Memory(store)
    popped: list[Waiting] = []
    while memory.next_clock_s() is not None:
        popped += [ended] if (ended := memory.pop_clock()) else []
    assert [w.ends_s for w in popped] == sorted(ends)
    assert {w.look_up.event_id for w in popped} == {f"e-{i}" for i in range(len(ends))}
    assert all(w == waiting(w.ends_s, w.look_up.event_id, w.look_up.operator_id) for w in popped)
    store.write(memory.changes().items())
    assert Memory(store).next_clock_s() is None


def test_event_ids_are_remembered_for_seven_days_of_their_topic() -> None:
    """A topic's ids are its own, and a week later an id may come again."""
    store = DictStore()
    memory = Memory(store)
    operator = memory.operator("op-1")
    operator.remember("access.queries", "e-1", 735_000)
    store.write(memory.changes().items())
    operator = Memory(store).operator("op-1")
    assert operator.remembers("access.queries", "e-1")
    assert not operator.remembers("presence.doors", "e-1")
    operator.remember("presence.doors", "e-9", 735_009)
    assert operator.remembers("access.queries", "e-1")
    operator.remember("access.queries", "e-2", 735_008)
    assert not operator.remembers("access.queries", "e-1")
