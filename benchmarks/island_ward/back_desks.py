"""The sections that live on long files: tax, welfare, insurance, care, and the computers."""

from __future__ import annotations

from benchmarks.island_ward.desks import BRANCH, MAIL, RESIDENTS, SCHOOLS
from benchmarks.island_ward.work import AFTERNOON, EARLY, FLAT, Batch, Business, Desk

_FILING = {1: 1.3, 2: 4.0, 3: 3.2}

TAX = Desk(
    "zeimu", "Tax", "税務課", 0.18, "honcho-2f", "ZEI", 7.0, FLAT,
    (
        Business(
            "return", "zei.assessment", 3.0, "adult", {"name": 4, "birthdate": 3, "my_number": 3},
            family=0.4, updates=0.6, cased=0.85, late=0.1, cites=0.93, spawns=0.05, minutes=15.0,
            months=_FILING,
        ),
        Business(
            "arrears", "zei.collection", 3.2, "working", {"resident_id": 6, "name": 3}, family=0.3,
            prints=0.12, updates=0.3, cased=0.8, late=0.08, cites=0.88, spawns=0.3, visits=8.0,
            gap_days=8.0, keeps_clerk=0.85, minutes=9.0,
        ),
        Business(
            "land", "zei.land", 1.5, "adult", {"address": 7, "name": 3}, wildcard=0.4, missed=0.2,
            family=0.15, prints=0.25, cased=0.75, cites=0.76, spawns=0.06, visits=2.0, minutes=11.0,
            months={4: 2.6, 5: 1.8},
        ),
        Business(
            "telephone", "zei.inquiry", 1.8, "adult", {"name": 6, "address": 3, "resident_id": 1},
            wildcard=0.15, missed=0.3, family=0.1, cased=0.05, spawns=0.05, visits=3.0,
            gap_days=6.0, minutes=5.0, months={2: 1.5, 5: 2.0, 6: 2.2},
        ),
        Business(
            "certificate", "zei.issue", 2.0, "adult", {"name": 5, "birthdate": 4}, one_record=0.2,
            family=0.08, prints=0.95, cased=0.95, cites=0.94, minutes=5.0, purpose="request",
        ),
    ),
    (
        Batch(
            "reminders", "zei.collection", 0.05, (10, 45), "working", order="number", cased="empty",
            searched="resident_id", sequential=0.5, updates=0.3, ends="print", copies=(10, 60),
            gap_s=24.0,
        ),
        Batch(
            "arrears_list", "zei.list", 0.014, (0, 0), "working", ends="export", copies=(150, 2600),
            gap_s=20.0,
        ),
        Batch(
            "house_survey", "zei.land", 0.02, (8, 32), "adult", order="block", searched="address",
            wildcard=1.0, cased="none", gap_s=45.0, months={11: 1.6, 12: 2.0, 1: 0.5, 3: 0.2},
        ),
    ),
    temporary=0.3, months={2: 1.3, 3: 1.2, 1: 0.95}, overtime={2: 0.28, 3: 0.2, 4: 0.1},
)  # fmt: skip

WELFARE = Desk(
    "fukushi", "Welfare and child benefit", "福祉課", 0.14, "honcho-1f", "FUK", 3.7, AFTERNOON,
    (
        Business(
            "client", "fukushi.file", 3.0, "adult", {"name": 6, "resident_id": 3}, family=0.5,
            updates=0.45, prints=0.1, cased=0.92, late=0.12, cites=0.82, spawns=0.36, visits=9.0,
            gap_days=13.0, keeps_clerk=0.92, minutes=13.0,
        ),
        Business(
            "child_benefit", "jido.entry", 2.2, "parent", {"name": 6, "birthdate": 3}, family=0.85,
            updates=0.6, cased=0.85, partial=0.4, cites=0.85, spawns=0.07, minutes=11.0,
            months={3: 1.7, 4: 1.8, 6: 2.5},
        ),
        Business(
            "disability", "shogai.file", 1.3, "any", {"name": 7, "birthdate": 2}, family=0.2,
            updates=0.4, prints=0.2, cased=0.85, cites=0.85, spawns=0.24, visits=4.0, gap_days=18.0,
            minutes=12.0,
        ),
        Business(
            "tip_or_worry", "fukushi.inquiry", 1.7, "any", {"name": 6, "address": 4}, wildcard=0.2,
            missed=0.25, family=0.6, cased=0.5, late=0.6, cites=0.7, spawns=0.18, visits=4.0,
            gap_days=7.0, minutes=8.0,
        ),
    ),
    (
        Batch(
            "income_check", "fukushi.file", 0.03, (10, 30), "adult", order="mixed", cased="list",
            gap_s=50.0, months={12: 1.6, 1: 0.8},
        ),
        Batch(
            "benefit_run", "jido.list", 0.016, (0, 0), "parent", ends="export", copies=(200, 900),
            gap_s=20.0, months={2: 2.5, 6: 2.5, 10: 2.5},
        ),
    ),
    temporary=0.2, overtime={3: 0.1, 4: 0.1}, ferry=0.8,
)  # fmt: skip

INSURANCE = Desk(
    "hoken", "Health insurance and pension", "保険年金課", 0.12, "honcho-1f", "HOK", 8.5, EARLY,
    (
        Business(
            "enrol", "kokuho.entry", 3.0, "working", {"name": 5, "birthdate": 4}, family=0.5,
            updates=0.8, prints=0.4, cased=0.92, cites=0.91, minutes=12.0, months={4: 2.6, 3: 1.6},
        ),
        Business(
            "refund", "kokuho.benefit", 2.5, "adult", {"resident_id": 5, "name": 4}, updates=0.5,
            cased=0.85, late=0.12, cites=0.88, spawns=0.18, visits=3.0, gap_days=26.0, minutes=8.0,
        ),
        Business(
            "premium_call", "kokuho.inquiry", 2.1, "adult", {"name": 7, "birthdate": 2},
            missed=0.25, family=0.2, cased=0.08, spawns=0.09, visits=3.0, gap_days=10.0,
            minutes=5.0,
        ),
        Business(
            "pension", "nenkin.inquiry", 1.3, "elder", {"birthdate": 6, "name": 4}, prints=0.2,
            cased=0.8, elsewhere=0.08, cites=0.76, minutes=9.0,
        ),
    ),
    (
        Batch(
            "screening_invitations", "kenshin.list", 0.02, (10, 40), "women", order="block",
            cased="empty", ends="print", copies=(30, 400), gap_s=16.0, months={4: 2.5, 5: 2.5},
        ),
        Batch(
            "claims", "kokuho.benefit", 0.06, (10, 38), "elder", order="number", cased="list",
            searched="resident_id", sequential=0.2, updates=0.6, gap_s=34.0,
        ),
        Batch(
            "payers", "kokuho.list", 0.012, (0, 0), "adult", ends="export", copies=(90, 1500),
            gap_s=20.0,
        ),
    ),
    temporary=0.28, contractor=0.08, overtime={4: 0.12, 12: 0.06},
)  # fmt: skip

CARE = Desk(
    "kaigo", "Care of the elderly", "介護・地域包括支援", 0.08, "fukushikan-1f", "KAI", 5.0,
    AFTERNOON,
    (
        Business(
            "assessment", "kaigo.nintei", 2.4, "elder", {"name": 5, "birthdate": 4}, family=0.3,
            updates=0.6, cased=0.92, late=0.1, cites=0.85, spawns=0.27, visits=3.0, gap_days=14.0,
            minutes=13.0,
        ),
        Business(
            "visit", "kaigo.inquiry", 3.0, "old_alone", {"name": 8, "address": 2}, family=0.1,
            cased=0.6, late=0.35, cites=0.7, spawns=0.27, visits=6.0, gap_days=12.0,
            keeps_clerk=0.9, minutes=7.0,
        ),
        Business(
            "worried_neighbour", "kaigo.inquiry", 1.6, "elder", {"name": 5, "address": 6},
            wildcard=0.35, missed=0.35, family=0.3, cased=0.1, spawns=0.06, minutes=6.0,
        ),
    ),
    (
        Batch(
            "watch_list", "kaigo.list", 0.035, (10, 42), "old_alone", order="block",
            searched="address", wildcard=0.5, cased="empty", ends="print", copies=(10, 60),
            gap_s=28.0, months={12: 1.8, 1: 1.4},
        ),
    ),
    temporary=0.3, contractor=0.2, ferry=0.9,
)  # fmt: skip

COMPUTERS = Desk(
    "joho", "Information systems", "情報政策係", 0.03, "honcho-2f", "JOH", 2.2, FLAT,
    (
        Business(
            "fault", "juminhyo.inquiry", 1.0, "any", {"resident_id": 9, "name": 1}, family=0.1,
            cased=0.85, cites=0.91, elsewhere=0.1, minutes=14.0,
        ),
    ),
    (
        Batch(
            "monthly_extract", "renkei.export", 0.09, (0, 0), ends="export", copies=(400, 9000),
            cased="empty", gap_s=60.0,
        ),
        Batch(
            "data_check", "juminhyo.inquiry", 0.05, (10, 35), order="number", sequential=0.7,
            searched="resident_id", cased="empty", gap_s=12.0,
        ),
    ),
    temporary=0.0, contractor=0.5, ferry=0.0, overtime=dict.fromkeys(range(1, 13), 0.18),
)  # fmt: skip

DESKS = (RESIDENTS, MAIL, TAX, WELFARE, INSURANCE, CARE, SCHOOLS, BRANCH, COMPUTERS)
"""All sections; their shares of the staff add up to one."""
