"""Lines of scores: written fast, and as the schema writes them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.files import ScoredLookUp, ScoreLine
from schemas.record import parse_time


@settings(max_examples=500)
@given(
    st.floats(0, 1, exclude_min=True, exclude_max=True),
    st.dictionaries(
        st.text(st.characters(exclude_characters="\0", codec="utf-8")), st.none() | st.floats(0, 1)
    ),
    st.none() | st.just("r-1"),
    st.sampled_from(
        [
            "2014-10-21T10:03:12.123+09:00",
            "2014-10-21T10:03:12.123456-03:30",
            "2014-10-21T10:03:12.000+00:00",
        ]
    ),
)
def test_a_score_line_is_the_schemas_to_the_byte(
    risk: float, scores: dict[str, float | None], resident_id: str | None, at: str
) -> None:
    """Both write the shortest digits that read back as the same number, in the same form."""
    line = ScoreLine("e-1", at, "op-1", resident_id, risk, scores, "ready")
    record = ScoredLookUp(
        event_id="e-1",
        occurred_at=parse_time(at),
        operator_id="op-1",
        resident_id=resident_id,
        risk=risk,
        scores=scores,
        readiness="ready",
    )
    assert line.to_json() == record.to_json()


def test_a_score_line_has_the_fields_of_the_schema() -> None:
    """In the same order."""
    assert ScoreLine.__struct_fields__ == tuple(ScoredLookUp.model_fields)
