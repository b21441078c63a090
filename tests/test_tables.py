"""Decision tables: what several signs say together, bit by bit and as it is written down."""

from __future__ import annotations

from functools import reduce
from operator import or_

from hypothesis import given
from hypothesis import strategies as st

from models.tables import QUESTIONS, Table, Tables

NAMES = ("repeat", "extraction", "relief", "run")
values = st.floats(-9.0, 40.0)
table = st.builds(
    Table,
    st.tuples(*[st.sampled_from(NAMES)] * QUESTIONS),
    st.tuples(*[values] * QUESTIONS),
    st.tuples(*[st.integers(-900, 900)] * (1 << QUESTIONS)),
)
signs = st.fixed_dictionaries(dict.fromkeys(NAMES, values))


def asked_one_by_one(one: Table, told: dict[str, float]) -> int:
    """Return what a table says in thousandths, as its questions are written."""
    answers = 0
    for sign, bound in zip(one.signs, one.bounds, strict=True):
        answers = 2 * answers + (told[sign] > bound)
    return one.millinats[answers]


def nats(made: Tables, told: dict[str, float]) -> float:
    """Return what all tables say of some signs."""
    return made.nats(reduce(or_, (made.answers(*sign) for sign in told.items())))


@given(st.lists(table, max_size=9), signs)
def test_all_tables_at_once_say_what_each_says_by_itself(
    tables: list[Table], told: dict[str, float]
) -> None:
    """Of any number of tables, an odd one too, about any signs."""
    made = Tables(tables, most_nats=1e6)
    assert nats(made, told) == sum(asked_one_by_one(one, told) for one in tables) / 1000.0


@given(st.lists(table, min_size=1, max_size=9), signs)
def test_tables_say_no_more_than_they_may_either_way(
    tables: list[Table], told: dict[str, float]
) -> None:
    """Whatever was learned."""
    made = Tables(tables, most_nats=0.5)
    assert abs(nats(made, told)) <= 0.5


def test_a_sign_that_no_table_asks_for_changes_nothing() -> None:
    """As a detector that came after the weights were learned."""
    made = Tables([Table(("run",) * 4, (1.0,) * 4, (0,) * 15 + (70,))], most_nats=2.0)
    assert made.answers("newcomer", 9.0) == 0
    assert made.nats(made.answers("run", 2.0)) == 0.07
