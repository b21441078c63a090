"""What speaks for an operator at a look-up that no case explains: cases near, past and named."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import msgspec

from models.context import Context
from models.detectors import UNEXPLAINED
from models.finding import Finding
from schemas.work import Case
from tests.scenes import TEN_S, office, seen


def office_with(**fields: Any) -> Context:
    """Return the office with one more case, c-2."""
    context = deepcopy(office())
    row = {"case_id": "c-2", "section_id": "welfare", "resident_ids": ["r-1"]}
    row |= {"opened_at": "2014-10-01T09:00:00+09:00"} | fields
    context.put("work.cases", "c-2", Case.parse(msgspec.json.encode(row)))
    return context


def found(context: Context, case_id: str | None = None, *, firm: bool = False) -> Finding:
    """Return what is found of a look-up of r-1, whom no case of tax explains."""
    features = seen(context=context, resident_id="r-1", case_id=case_id, firm=firm)
    assert features.open
    finding = UNEXPLAINED.find(features)
    assert finding is not None
    return finding


def test_a_case_number_that_lists_the_resident_relieves() -> None:
    """Another section's case is no explanation, but nobody guesses its number."""
    named, unnamed = found(office_with(), "c-2"), found(office_with())
    assert "u.listed" in named.marks
    assert named.relief > unnamed.relief + 1.0


def test_a_case_number_of_other_residents_speaks_against() -> None:
    """Somebody else's number is what misuse gives."""
    borrowed = found(office_with(resident_ids=["r-famous"]), "c-2")
    assert "u.borrowed" in borrowed.marks
    assert borrowed.relief < found(office_with()).relief
    assert borrowed.facts == ("borrowed",)


def test_a_number_of_ones_own_case_is_told_from_a_number_of_others() -> None:
    """The two are learned apart: a slip at one's own work, and a number that was lent."""
    slip = found(office_with(resident_ids=["r-famous"], assigned_to=["op-1"]), "c-2")
    assert "u.slip" in slip.marks
    assert "u.borrowed" not in slip.marks
    assert slip.facts == ("borrowed",)


def test_a_case_number_that_nobody_knows_says_nothing() -> None:
    """A mistyped number is neither."""
    unknown = found(office_with(), "c-999")
    assert (unknown.marks, unknown.relief) == (
        found(office_with()).marks,
        found(office_with()).relief,
    )


def test_a_case_that_is_opened_later_is_not_known_before() -> None:
    """Live could not know it: replay, which has all cases at once, must not either."""
    later = office_with(opened_at="2014-10-21T16:00:00+09:00")
    assert "u.listed" not in found(later, "c-2").marks
    assert "u.listed" in found(later, "c-2", firm=True).marks
    other = office_with(opened_at="2014-10-21T16:00:00+09:00", resident_ids=["r-famous"])
    assert "u.borrowed" not in found(other, "c-2").marks


def test_a_resident_whom_a_case_of_the_section_once_listed_relieves() -> None:
    """Old cases are looked at again for years; a case of another section is no such."""
    old = {"opened_at": "2013-01-10T09:00:00+09:00", "closed_at": "2013-02-10T09:00:00+09:00"}
    past, other = found(office_with(section_id="tax", **old)), found(office_with(**old))
    assert "u.past" in past.marks
    assert "u.past" not in other.marks
    assert past.relief > other.relief


def test_a_case_of_the_section_that_is_opened_later_is_no_past() -> None:
    """It would explain the look-up at the clock's end, not speak for it before."""
    context = office_with(section_id="tax", opened_at="2014-10-21T16:00:00+09:00")
    features = seen(context=context, resident_id="r-1")
    assert features.look_up.at_s == TEN_S
    assert (features.open, features.past) == (True, False)
    assert seen(context=context, resident_id="r-1", firm=True).explained
