"""State as bytes: what is written is read again, small enough, version by version."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.features import LookUp
from models.finding import Finding
from models.memory import Memory, Waiting
from models.pairs import Pair, decode_pair, encode_pair, pair_key
from models.profile import Profile, decode_profile, encode_profile
from models.replay import DictStore
from models.tally import Tally, decode_tallies, encode_tallies

DAYS = st.integers(719_163, 719_163 + 65_000)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


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
    assert [pair.first_open_day, pair.last_open_day] == (newest or [0])[:: max(1, len(newest) - 1)][
        :2
    ] * (1 if len(newest) > 1 else 2)
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
    for terminal_id, at_s, success in signed_in:
        profile.sign_in(terminal_id, at_s, "password", success=success)
        profile.note_place(terminal_id, at_s)
        profile.pass_door(at_s, inwards=success)
    for at_s, day in counts:
        profile.learn(day % 48, profile.count(at_s, day))
        assert decode_profile(encode_profile(profile)) == profile
    assert decode_profile(encode_profile(profile)) == profile


def busy_look_up(n: int) -> tuple[Judgement, Tally]:
    """Return a look-up that teaches as much as one can, of ever other residents and marks."""
    operator = Remembered(PROFILE, REPERTOIRE)
    day = DAY + n // 40
    counts = PROFILE.count(CALENDAR.midnight_s(day) + 600.0 * (n % 144), day)
    counts[SETTLED] = 0
    features = seen(operator=operator, resident_id="r-1", function=f"section-{n % 150}.form-{n}")
    classes = tuple(f"class.{n * m % 997}" for m in range(1, 8))
    person = Person(f"h-{n}", f"b-{n % 500}", False, classes)
    features = replace(features, person=person, today=counts, slot=n % 48, look_up=features.look_up)
    marks = tuple(MARKS[(n + m) % len(MARKS)] for m in range(3))
    found = (Finding("relation", 0.0, 0.0, 0.0, (), marks),)
    return judgement_of(features, found), Tally("tax/clerk")


def waiting(end_s: float, event_id: str, operator_id: str = "op-1") -> Waiting:
    """Return a look-up whose clock ends at a time."""
    look_up = LookUp(event_id, end_s - 10, operator_id, "t", "f", "view", "r", None)
    return Waiting(end_s, look_up, [Finding("off_hours", 1.5, 2.0, 0.0, ("22:10", 0.0))])


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
