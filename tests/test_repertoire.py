"""What an account teaches of its functions: run by run, each only if it fits the person."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.repertoire import CLIP_NATS, RUN, Ratio, Repertoire


def run(repertoire: Repertoire, function: str, nats: float | None, times: int = RUN) -> None:
    """Note a run of one function."""
    ratio = None if nats is None else Ratio(nats, nats)
    for _ in range(times):
        repertoire.note(function, ratio)


def settled() -> Repertoire:
    """Return what five runs of one's own work have taught."""
    repertoire = Repertoire()
    for _ in range(5):
        run(repertoire, "tax.inquiry", 1.0)
    return repertoire


def test_a_run_that_is_much_likelier_from_others_is_not_learned() -> None:
    """Under somebody else's hands an account teaches nothing."""
    repertoire = settled()
    run(repertoire, "welfare.inquiry", -3.0)
    assert repertoire.share("welfare.inquiry") == 0.0
    assert (repertoire.total, repertoire.refused) == (5 * RUN, 1)


def test_a_run_that_is_a_little_likelier_from_others_is_learned() -> None:
    """Everybody does other work now and then; the whole run is judged, not each look-up."""
    repertoire = settled()
    run(repertoire, "welfare.inquiry", -3.0, RUN // 5)
    assert repertoire.share("welfare.inquiry") == 0.0
    run(repertoire, "tax.inquiry", 1.0, RUN - RUN // 5)
    assert repertoire.share("welfare.inquiry") == pytest.approx(RUN // 5 / (6 * RUN))


def test_twenty_runs_in_a_row_are_a_change_of_work() -> None:
    """Refused again and again, and then learned: no attack lasts as long."""
    repertoire = settled()
    for _ in range(20):
        run(repertoire, "welfare.inquiry", -3.0)
    assert repertoire.share("welfare.inquiry") == 0.0
    run(repertoire, "welfare.inquiry", -3.0)
    assert repertoire.share("welfare.inquiry") == pytest.approx(1 / 6)
    assert repertoire.refused == 0


def test_a_run_that_fits_begins_the_count_of_the_refused_anew() -> None:
    """Only runs in a row are a change of work."""
    repertoire = settled()
    for _ in range(40):
        run(repertoire, "welfare.inquiry", -3.0)
        run(repertoire, "tax.inquiry", 1.0)
    assert repertoire.share("welfare.inquiry") == 0.0


def test_before_others_are_known_all_is_learned() -> None:
    """Without a comparison nothing can be told to be strange; nor in the first three runs."""
    unknown, first = Repertoire(), Repertoire()
    for n in range(6):
        run(unknown, f"f-{n}", None)
        run(first, f"f-{n}", -5.0)
    assert unknown.total == 6 * RUN
    assert first.total == 3 * RUN


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 900), st.integers(1, 3 * RUN)), max_size=200))
def test_counts_stay_bounded_and_add_up(runs: list[tuple[int, int]]) -> None:
    """Whatever codes a source sends, and for however long."""
    repertoire = Repertoire()
    for code, times in runs:
        run(repertoire, f"f-{code}", None, times)
        assert len(repertoire.counts) <= 280
        assert len(repertoire.run) <= RUN
    assert sum(repertoire.counts.values()) == repertoire.total
    assert all(count > 0 for count in repertoire.counts.values())
    assert repertoire.total <= 16_384
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(repertoire), type=Repertoire) == repertoire


def test_a_long_habit_fades_but_keeps_its_shares() -> None:
    """Ten years of work count no more than the cap, and still look the same."""
    repertoire = Repertoire()
    for _ in range(400):
        run(repertoire, "tax.inquiry", None, 3 * RUN)
        run(repertoire, "tax.print", None, RUN)
    assert repertoire.total <= 16_384
    assert repertoire.share("tax.print") == pytest.approx(0.25, abs=0.02)


@given(st.integers(0, 10**4), st.floats(0, 1e7), st.floats(0, 1e7), st.integers(0, 1000))
def test_a_likelihood_ratio_is_clipped(own: int, others: float, more: float, kinds: int) -> None:
    """No one function decides a session, however rare."""
    repertoire = Repertoire()
    run(repertoire, "f", None, own // RUN * RUN)
    for function in ("f", "g"):
        ratio = repertoire.ratio(function, others, others + more, kinds)
        assert all(-CLIP_NATS <= nats <= CLIP_NATS for nats in (ratio.nats, ratio.fresh))
        assert -CLIP_NATS <= repertoire.self_likeness(ratio) <= CLIP_NATS


def likeness(repertoire: Repertoire, function: str, others: float) -> float:
    """Return what a function says of who sits there, among a thousand look-ups of others."""
    return repertoire.self_likeness(repertoire.ratio(function, others, 1000.0, 50))


def test_what_others_use_and_this_person_never_did_speaks_for_others() -> None:
    """The oftener they use it the more; and what nobody uses speaks for nobody's habit."""
    repertoire = settled()
    assert likeness(repertoire, "tax.inquiry", 10.0) > 1.0
    popular, rare = (likeness(repertoire, "welfare.inquiry", n) for n in (200.0, 1.0))
    assert popular < rare < 0.0
    assert likeness(repertoire, "new.inquiry", 0.0) < 0.0


def test_the_tenth_use_in_a_run_says_less_than_the_first() -> None:
    """A script that is run again and again is one happening, whoever runs it."""
    repertoire = settled()
    first = repertoire.ratio("welfare.inquiry", 50.0, 1000.0, 50)
    run(repertoire, "welfare.inquiry", -0.1, 9)
    tenth = repertoire.ratio("welfare.inquiry", 50.0, 1000.0, 50)
    assert first.fresh == pytest.approx(first.nats)
    assert tenth.nats == first.nats
    assert first.fresh / 5 < tenth.fresh < 0.0


def test_after_a_refused_run_somebody_else_is_likelier() -> None:
    """The same hands go on more often than not, until a run fits again."""
    repertoire = settled()
    before = likeness(repertoire, "tax.inquiry", 10.0)
    run(repertoire, "welfare.inquiry", -3.0)
    assert likeness(repertoire, "tax.inquiry", 10.0) < before
    run(repertoire, "tax.inquiry", 1.0)
    assert likeness(repertoire, "tax.inquiry", 10.0) >= before - 0.05


def test_a_habit_of_many_functions_is_kept() -> None:
    """People at a command line use one to two hundred, each now and then."""
    repertoire = Repertoire()
    for n in range(2500):
        run(repertoire, f"f-{n % 250}", None, 1)
    assert repertoire.share("f-0") == repertoire.share("f-249") == pytest.approx(1 / 250)


def worked(repertoire: Repertoire, functions: list[str]) -> None:
    """Note a run of some functions, of which others use each once in eighty look-ups."""
    for n in range(RUN):
        function = functions[n % len(functions)]
        repertoire.note(function, repertoire.ratio(function, 500.0, 40_000.0, 80))


def test_one_new_script_is_learned_and_another_persons_many_functions_are_not() -> None:
    """A script that fills a run is one new thing; a run of all new things is somebody else."""
    own, others = [f"own-{n}" for n in range(40)], [f"other-{n}" for n in range(40)]
    repertoire = Repertoire()
    for _ in range(10):
        worked(repertoire, own)
    worked(repertoire, others)
    assert repertoire.refused == 1
    assert repertoire.share("other-0") == 0.0
    worked(repertoire, ["other-1", "other-2"])
    assert repertoire.refused == 0
    assert repertoire.share("other-1") > 0.0
