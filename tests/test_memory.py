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


@given(DAYS, DAYS, st.integers(0, 2**32 - 1), st.integers(0, 255), DAYS, st.integers(0, 2**32 - 1))
def test_a_pair_survives_its_sixteen_bytes(
    first: int, last: int, count: int, open_days: int, last_open: int, where: int
) -> None:
    """At most 40 bytes with its key, as the design asks."""
    pair = Pair(first, last, count, open_days, last_open, where)
    value = encode_pair(pair)
    assert decode_pair(value) == pair
    assert len(value) + len(pair_key("op", "r")) <= 40


@given(
    st.lists(st.tuples(FLOATS, st.integers(700_000, 800_000)), max_size=30),
    st.dictionaries(st.text(min_size=1, max_size=20), FLOATS, max_size=5),
)
def test_a_profile_survives_its_bytes(
    counts: list[tuple[float, int]], functions: dict[str, float]
) -> None:
    """Floats to the last bit: state that is read again decides alike."""
    profile = Profile(functions=functions)
    for at_s, day in counts:
        profile.count(abs(at_s) % 1e10, day)
    assert decode_profile(encode_profile(profile)) == profile


def test_a_busy_profile_stays_small() -> None:
    """Within 2 KB, whatever an operator does."""
    profile = Profile()
    for i in range(20_000):
        profile.count(1.4e9 + 600.0 * i, 735_000 + i // 100)
        profile.learn(i % 48, f"section-{i % 90}.function-{i % 7}")
    assert len(encode_profile(profile)) < 2048


@given(st.lists(st.tuples(st.text(max_size=10), st.integers(0, 200)), max_size=20))
def test_tallies_survive_their_bytes(rows: list[tuple[str, int]]) -> None:
    """Counts of whole numbers, histograms by bin."""
    tally = Tally("tax/clerk", None)
    for text, number in rows:
        tally.offer_candidate(text, number)
        tally.offer_vector(text, lambda: bytes(8))
        tally.count_evidence(float(number))
    assert decode_tallies(encode_tallies([tally])) == [tally]


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
