"""The curves by which evidence weighs: they rise, everywhere, and every detector has one."""

from __future__ import annotations

from itertools import pairwise
from math import log1p

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.detection.wards import HELD_OUT
from models.detectors import DETECTORS
from models.weights import FLAT, LEAST_NATS_A_NAT, Curve, Weights, builtin_weights

BUILTIN = builtin_weights()
each_curve = pytest.mark.parametrize("name", [*sorted(BUILTIN.curves), "relief"])
evidences = st.floats(0.0, 1e5)


def curve_of(name: str) -> Curve:
    """Return a built-in curve."""
    return BUILTIN.relief if name == "relief" else BUILTIN.curves[name]


@st.composite
def rising(draw: st.DrawFn) -> Curve:
    """Return a curve of whatever steps, none less than the least."""
    count = draw(st.integers(1, 9))
    wide = [draw(st.floats(0.1, 5.0)) for _ in range(count)]
    steps = [LEAST_NATS_A_NAT * width + draw(st.floats(0.0, 4.0)) for width in wide]
    places = range(count + 1)
    return Curve(tuple(sum(wide[:n]) for n in places), tuple(sum(steps[:n]) for n in places))


@given(rising(), evidences, evidences)
def test_more_evidence_weighs_more_on_any_curve(curve: Curve, one: float, other: float) -> None:
    """Between knots, at them, and beyond the last; equal evidence weighs alike."""
    low, high = sorted((one, other))
    assert curve.nats(low) <= curve.nats(high)
    if high - low > 1e-6:
        assert curve.nats(low) < curve.nats(high)


@given(rising())
def test_a_curve_goes_through_its_knots_by_straight_lines(curve: Curve) -> None:
    """Half-way between two knots it weighs half-way between their values."""
    for knot, value in zip(curve.knots[:-1], curve.values[:-1], strict=True):
        assert curve.nats(knot) == pytest.approx(value)
    for (a, b), (left, right) in zip(pairwise(curve.knots), pairwise(curve.values), strict=True):
        assert curve.nats((a + b) / 2) == pytest.approx((left + right) / 2)


def test_a_curve_is_level_before_its_first_knot_and_rises_beyond_its_last() -> None:
    """A jump of either end would be a threshold that nobody chose."""
    curve = Curve((-2.0, 0.0, 2.0), (-1.0, 0.0, 3.0))
    assert curve.nats(-9.0) == curve.nats(-2.0) == -1.0
    assert curve.nats(2.0) == 3.0
    assert curve.nats(2.0 - 1e-9) == pytest.approx(3.0)
    assert curve.nats(102.0) == pytest.approx(3.0 + LEAST_NATS_A_NAT * log1p(100.0))


def test_the_builtin_weights_name_every_detector_and_no_other() -> None:
    """A detector without a curve would weigh next to nothing."""
    assert list(BUILTIN.curves) == [detector.name for detector in DETECTORS]
    assert all(BUILTIN.curve(detector.name) is not FLAT for detector in DETECTORS)
    assert BUILTIN.curve("no-such-detector") is FLAT


@each_curve
def test_every_builtin_curve_rises_and_weighs_nothing_where_nothing_is_seen(name: str) -> None:
    """Relief may rest, as it begins below 0; evidence always rises, at its least slope."""
    curve = curve_of(name)
    assert len(curve.knots) == len(curve.values) > 1
    assert curve.nats(0.0) == 0.0
    assert all(low < high for low, high in pairwise(curve.knots))
    assert all(low <= high for low, high in pairwise(curve.values))
    if name != "relief":
        assert curve.knots[0] == 0.0
        for (a, b), (low, high) in zip(pairwise(curve.knots), pairwise(curve.values), strict=True):
            assert high - low >= LEAST_NATS_A_NAT * (b - a) - 2e-3


def test_relief_below_nothing_adds_to_the_sum_and_above_takes_from_it() -> None:
    """What speaks against the operator is no relief."""
    relief = BUILTIN.relief
    assert relief.nats(-3.0) < 0.0 < relief.nats(3.0)
    assert relief.knots[0] < 0.0 < relief.knots[-1]


def test_the_builtin_weights_say_what_they_are_and_were_learned_on() -> None:
    """The held-out ward is not among it; an empty sum is far from even odds."""
    assert BUILTIN.name.startswith("builtin-")
    assert "own" in BUILTIN.learned_on
    assert not any(making in BUILTIN.learned_on for making in HELD_OUT)
    assert BUILTIN.base < -3.0
    assert builtin_weights() is BUILTIN


def test_weights_survive_their_bytes() -> None:
    """As `benchmarks weigh` writes them and the product reads them."""
    assert msgspec.json.decode(msgspec.json.encode(BUILTIN), type=Weights) == BUILTIN
