"""Routing: whoever gets an alert is there, and is neither its subject nor shares it."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from alerting.routing import OFFICER, Absence, Organisation, chain
from alerting.store import Recipient
from schemas.directory import Section
from tests.offices import operator, section
from tests.sample_alerts import alert

DAY = date(2015, 3, 4)
ALERT = alert()
"""About op-017, supervisor op-002, in resident-affairs, whose head is op-001."""

SECTIONS = {"resident-affairs": section()}


def away(person_id: str, deputy_id: str | None = None) -> Absence:
    """Return an absence on the day."""
    return Absence(person_id, DAY, DAY, deputy_id)


def persons(organisation: Organisation, sharers: tuple[str, ...] = ()) -> list[str]:
    """Return whom the alert goes to, level by level."""
    return [each.person_id for each in chain(ALERT, sharers, organisation, DAY)]


def test_an_alert_goes_to_its_supervisor_then_the_head_then_the_officer() -> None:
    """Everybody is there."""
    assert chain(ALERT, (), Organisation(sections=SECTIONS), DAY) == (
        Recipient("op-002", "supervisor"),
        Recipient("op-001", "head"),
        Recipient(OFFICER, "privacy_officer"),
    )


def test_an_alert_without_a_supervisor_is_the_officers() -> None:
    """The look-up had no assignment (contract)."""
    orphan = alert(supervisor_id=None)
    organisation = Organisation(sections=SECTIONS)
    assert [r.person_id for r in chain(orphan, (), organisation, DAY)] == [OFFICER]


def test_a_supervisor_who_is_the_subject_gets_nothing() -> None:
    """It goes a level up, and not to the deputy that the subject may have chosen."""
    own = alert(operator_id="op-002")
    organisation = Organisation(sections=SECTIONS, absences=[away("op-002", "op-005")])
    assert [r.person_id for r in chain(own, (), organisation, DAY)] == ["op-001", OFFICER]


def test_who_shares_the_alert_gets_nothing() -> None:
    """The supervisor looked up the same resident; so did the head."""
    organisation = Organisation(sections=SECTIONS)
    assert persons(organisation, ("op-002",)) == ["op-001", OFFICER]
    assert persons(organisation, ("op-002", "op-001")) == [OFFICER]


def test_a_deputy_stands_in_and_says_for_whom() -> None:
    """The supervisor is away, and so is the first deputy."""
    absences = [away("op-002", "op-005"), away("op-005", "op-006")]
    first = chain(ALERT, (), Organisation(sections=SECTIONS, absences=absences), DAY)[0]
    assert first == Recipient("op-006", "supervisor", "op-002")


def test_deputies_who_are_nobody_send_it_up() -> None:
    """No deputy named; deputies in a circle; the subject as deputy."""
    for absences in (
        [away("op-002")],
        [away("op-002", "op-005"), away("op-005", "op-002")],
        [away("op-002", "op-017")],
    ):
        organisation = Organisation(sections=SECTIONS, absences=absences)
        assert persons(organisation) == ["op-001", OFFICER]


def test_an_absence_counts_on_its_own_days_only() -> None:
    """The day before and the day after, the supervisor is there."""
    ended, begins = date(2015, 3, 3), date(2015, 3, 5)
    absences = [Absence("op-002", ended, ended), Absence("op-002", begins, begins)]
    assert persons(Organisation(sections=SECTIONS, absences=absences))[0] == "op-002"


def test_nobody_is_told_twice() -> None:
    """The head stands in for the supervisor."""
    organisation = Organisation(sections=SECTIONS, absences=[away("op-002", "op-001")])
    assert persons(organisation) == ["op-001", OFFICER]


def test_a_supervisor_who_has_left_is_followed_by_the_operators_present_one() -> None:
    """The alert's supervisor retired; the operator has another now."""
    gone = operator("op-002", "op-001", ends_on=date(2014, 3, 31))
    operators = {"op-002": gone, "op-017": operator("op-017", "op-003")}
    assert persons(Organisation(operators, SECTIONS)) == ["op-003", "op-001", OFFICER]
    assert persons(Organisation({"op-002": gone}, SECTIONS)) == ["op-001", OFFICER]


PEOPLE = st.sampled_from([f"p{n}" for n in range(5)])
MAYBE = st.none() | PEOPLE


@given(
    subject=PEOPLE,
    supervisor=MAYBE,
    head=MAYBE,
    sharers=st.frozensets(PEOPLE, max_size=3),
    absences=st.lists(
        st.builds(
            lambda person, starts, length, deputy: Absence(
                person, date(2015, 3, starts), date(2015, 3, starts + length), deputy
            ),
            PEOPLE,
            st.integers(1, 6),
            st.integers(0, 5),
            MAYBE,
        ),
        max_size=6,
    ),
    left=st.frozensets(PEOPLE, max_size=3),
    now=PEOPLE,
)
def test_whoever_gets_it_is_there_and_no_party_to_it(
    subject: str,
    supervisor: str | None,
    head: str | None,
    sharers: frozenset[str],
    absences: list[Absence],
    left: frozenset[str],
    now: str,
) -> None:
    """In any organisation: never the subject, a sharer, one who is away or has left; no doubles."""
    sections: dict[str, Section] = {"resident-affairs": section(head_id=head)}
    operators = {name: operator(name, "p0", ends_on=date(2014, 3, 31)) for name in left}
    operators.setdefault(subject, operator(subject, now))
    about = alert(operator_id=subject, supervisor_id=supervisor)
    route = chain(about, sharers, Organisation(operators, sections, absences), DAY)
    told = [each.person_id for each in route]
    away_now = {a.person_id for a in absences if a.covers(DAY)}
    assert told[-1] == OFFICER
    assert len(told) == len(set(told)) <= 3
    assert not set(told) & ({subject} | sharers | left | away_now)
    if supervisor is None:
        assert told == [OFFICER]
