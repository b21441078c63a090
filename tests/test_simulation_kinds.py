"""What each of the newer kinds of misuse looks like in the records."""

from __future__ import annotations

from collections import Counter
from itertools import chain

from tests.wards import Coverage, Row, crowd, moment, once

SEEDS = (1, 2)


def cases_of(kind: str) -> list[tuple[int, list[Row], Row]]:
    """Return seed, look-ups and label of each case of a kind in some wards."""
    found = []
    for seed in SEEDS:
        by_id = {row["event_id"]: row for row in once(crowd(seed).events["access.queries"])}
        for label in crowd(seed).labels:
            if label["kind"] == kind:
                found.append((seed, [by_id[e] for e in label["event_ids"]], label))
    assert len(found) >= len(SEEDS)
    return found


def days_of(rows: list[Row]) -> set[str]:
    """Return the days of look-ups."""
    return {row["occurred_at"][:10] for row in rows}


def test_protected_residents_are_looked_at_past_the_warning_or_not() -> None:
    """One to four days, one home under protection; warnings passed and not."""
    passed = Counter[bool]()
    for seed, rows, _ in cases_of("protected"):
        residents = {r["resident_id"]: r for r in crowd(seed).context["directory.residents"]}
        subjects = [residents[row["resident_id"]] for row in rows if row["resident_id"]]
        assert 1 <= len(days_of(rows)) <= 4
        assert all(subject["protected"] for subject in subjects)
        assert len({subject["household_id"] for subject in subjects}) == 1
        passed.update(row["warning_overridden"] for row in rows if row["action"] == "view")
    assert passed[True]
    assert passed[False]


def test_expired_accounts_have_no_contract_or_have_rested_long() -> None:
    """No assignment in force, or no sign of the operator in the sixty days before; no doors."""
    signed = []
    for seed, rows, label in cases_of("expired"):
        ward, first = crowd(seed), moment(label, "starts_at")
        ended = [not Coverage(ward).sections(row) for row in rows]
        earlier = [
            first - moment(row)
            for row in ward.events["access.queries"]
            if row["operator_id"] == label["operator_id"] and moment(row) < first
        ]
        assert all(ended) or not earlier or min(earlier).days >= 50
        doors = {
            row["occurred_at"][:10]
            for row in ward.events["presence.doors"]
            if row["operator_id"] == label["operator_id"]
        }
        assert days_of(rows).isdisjoint(doors)
        known = {row["session_id"] for row in ward.events["presence.signins"]}
        signed += [row["session_id"] in known for row in rows]
    assert any(signed)


def test_target_skew_views_one_class_for_weeks_and_takes_nothing() -> None:
    """Views and searches alone, over two weeks or more, of one sex or of the old living alone."""
    for seed, rows, _ in cases_of("target_skew"):
        residents = {r["resident_id"]: r for r in crowd(seed).context["directory.residents"]}
        assert {row["action"] for row in rows} <= {"view", "search"}
        assert (moment(rows[-1]) - moment(rows[0])).days >= 10
        traits = [
            set(residents[row["resident_id"]]["traits"]) for row in rows if row["resident_id"]
        ]
        assert set.intersection(*traits)
        assert len(traits) >= 8


def test_enumeration_opens_hits_one_after_another() -> None:
    """A wildcard or sequential search, then several views within the hour."""
    for _, rows, _ in cases_of("enumeration"):
        searches = [row["search"] for row in rows if row["search"]]
        assert all(search["wildcard"] or search["sequential"] for search in searches)
        views = [row for row in rows if row["action"] == "view"]
        assert len(views) / len(days_of(rows)) >= 3.5
        assert len({row["resident_id"] for row in views}) > 0.9 * len(views)
        assert all(row["resident_id"] is None for row in rows if row["action"] == "search")


def test_enumeration_is_careful_or_not() -> None:
    """Some take a handful a day, some dozens."""
    a_day = [len(rows) / len(days_of(rows)) for _, rows, _ in cases_of("enumeration")]
    assert min(a_day) < 20 < max(a_day)


def test_borrowed_cases_are_somebody_elses_and_about_others() -> None:
    """The number is a real case's, mostly open, of the section; it lists neither of the two."""
    open_then, numbered = [], []
    for seed, rows, label in cases_of("borrowed_case"):
        cases = {case["case_id"]: case for case in crowd(seed).context["work.cases"]}
        given = [(row, cases[row["case_id"]]) for row in rows if row["case_id"]]
        numbered += [row["case_id"] is not None for row in rows]
        for row, case in given:
            assert label["operator_id"] not in case["assigned_to"]
            assert row["resident_id"] not in case["resident_ids"]
            assert case["section_id"] in Coverage(crowd(seed)).sections(row)
            open_then.append(case["closed_at"] is None or case["closed_at"] > row["occurred_at"])
    assert sum(numbered) > 0.6 * len(numbered)
    assert sum(open_then) > len(open_then) / 2


def test_bulk_exports_are_lists_at_once_or_over_days() -> None:
    """Records without a resident and many copies; one great list or several small ones."""
    counts = []
    for _, rows, label in cases_of("bulk_export"):
        assert label["resident_id"] is None
        assert {row["action"] for row in rows} <= {"print", "export"}
        assert all(row["resident_id"] is None and row["copies"] >= 60 for row in rows)
        assert len(rows) > 1 or rows[0]["copies"] >= 300
        counts.append(len(rows))
    assert counts


def test_no_new_kind_happens_at_night_or_on_closed_days() -> None:
    """They are done within office life: on working days from eight to half past seven."""
    new = ("protected", "target_skew", "enumeration", "borrowed_case", "bulk_export", "expired")
    for _, rows, _ in chain.from_iterable(map(cases_of, new)):
        for row in rows:
            assert moment(row).weekday() < 5
            assert "08:00" < row["occurred_at"][11:16] < "19:30"
