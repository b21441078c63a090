"""The sections that see the public: residents, mail, the branch on the islet, the schools."""

from __future__ import annotations

from benchmarks.island_ward.work import EARLY, FLAT, MORNING, Batch, Business, Desk

_MOVES = {2: 1.3, 3: 3.4, 4: 2.8, 5: 1.2}

RESIDENTS = Desk(
    "chomin", "Residents' desk", "町民課", 0.24, "honcho-1f", "CHO", 11.5, MORNING,
    (
        Business(
            "certificate", "juminhyo.issue", 9.0, "adult",
            {"name": 5, "birthdate": 5, "address": 1}, one_record=0.3, family=0.2, prints=0.92,
            cased=0.96, late=0.02, cites=0.96,
            spawns=0.01, minutes=5.0, purpose="request",
        ),
        Business(
            "seal", "inkan.issue", 4.0, "adult", {"resident_id": 7, "name": 2}, family=0.01,
            prints=0.95, cased=0.97, late=0.01, cites=0.97, spawns=0.0, minutes=4.0,
            purpose="request",
        ),
        Business(
            "move", "ido.entry", 2.2, "any", {"name": 4, "address": 4, "birthdate": 2},
            wildcard=0.12, family=0.85, prints=0.35, updates=0.85,
            cased=0.93, late=0.1, cites=0.91,
            spawns=0.11, visits=1.5, gap_days=6.0, minutes=17.0, months=_MOVES,
        ),
        Business(
            "family_register", "koseki.inquiry", 2.0, "mainland", {"name": 7, "address": 2},
            wildcard=0.22, missed=0.25, prints=0.7, cased=0.9, cites=0.91, minutes=9.0,
        ),
        Business(
            "number_card", "mynumber.card", 1.6, "adult", {"my_number": 6, "name": 3}, family=0.2,
            updates=0.6, cased=0.9, cites=0.94, spawns=0.18, visits=1.2, gap_days=24.0,
            minutes=10.0,
        ),
        Business(
            "telephone", "juminhyo.inquiry", 2.6, "any", {"name": 7, "address": 3}, wildcard=0.2,
            missed=0.3, family=0.25, cased=0.04, spawns=0.02, visits=3.0, gap_days=7.0, minutes=4.0,
        ),
    ),
    (
        Batch(
            "returned_mail", "juminhyo.inquiry", 0.025, (9, 38), order="number",
            searched="resident_id", sequential=0.4, updates=0.2, cased="empty", gap_s=40.0,
            needs_mail=True, months={5: 2.5, 6: 2.5},
        ),
        Batch(
            "month_end_check", "juminhyo.inquiry", 0.008, (15, 45), order="mixed", cased="none",
            ends="print", copies=(10, 60), gap_s=18.0,
        ),
    ),
    joint=True, temporary=0.3, contractor=0.14, months={3: 1.35, 4: 1.25, 12: 0.9},
    overtime={3: 0.2, 4: 0.22},
)  # fmt: skip

MAIL = Desk(
    "yubin", "Requests by post", "郵送請求担当", 0.07, "honcho-1f", "YUB", 15.0, EARLY,
    (
        Business(
            "copy_by_post", "koseki.issue", 6.0, "mainland", {"name": 5, "address": 4},
            wildcard=0.18, missed=0.22, prints=0.9, cased=0.97, late=0.01, cites=0.98,
            spawns=0.03, gap_days=9.0, minutes=7.0, purpose="request",
        ),
        Business(
            "lawyers_request", "juminhyo.issue", 2.5, "adult", {"address": 5, "name": 4},
            wildcard=0.15, missed=0.2, prints=0.75, cased=0.97, cites=0.98, family=0.05,
            minutes=8.0, purpose="third_party",
        ),
        Business(
            "query_back", "juminhyo.inquiry", 1.0, "any", {"name": 6, "birthdate": 3}, cased=0.75,
            late=0.3, cites=0.76, spawns=0.04, minutes=3.0,
        ),
    ),
    (
        Batch(
            "returned_mail", "juminhyo.inquiry", 0.17, (12, 48), order="block", searched="address",
            wildcard=0.5, updates=0.45, cased="list", gap_s=26.0, needs_mail=True,
            months={1: 1.3, 5: 1.8},
        ),
    ),
    temporary=0.5, ferry=0.2,
)  # fmt: skip

BRANCH = Desk(
    "shucchojo", "Branch on the islet", "出張所", 0.06, "kojima-1f", "KOJ", 7.0, FLAT,
    (
        Business(
            "certificate", "juminhyo.issue", 4.0, "islet", {"name": 8, "birthdate": 1},
            one_record=0.5, prints=0.85, cased=0.8, elsewhere=0.12, cites=0.9, spawns=0.02,
            minutes=9.0, purpose="request",
        ),
        Business(
            "all_round", "juminhyo.inquiry", 4.0, "islet", {"name": 9, "address": 2},
            one_record=0.5, family=0.4, wildcard=0.1, cased=0.65, late=0.25, elsewhere=0.3,
            cites=0.85, spawns=0.09, visits=3.0, gap_days=6.0, keeps_clerk=0.7, minutes=11.0,
        ),
        Business(
            "pension_and_care", "kaigo.inquiry", 1.6, "elder", {"name": 9}, one_record=0.5,
            cased=0.6, late=0.2, elsewhere=0.5, cites=0.84, spawns=0.15, visits=4.0, gap_days=11.0,
            minutes=12.0,
        ),
    ),
    (
        Batch(
            "patrol_list", "juminhyo.inquiry", 0.014, (8, 30), "islet", order="block",
            searched="address", wildcard=1.0, ends="print", copies=(8, 40), gap_s=22.0,
        ),
    ),
    joint=True, temporary=0.45, opens=("08:30", "17:00"), ferry=0.3,
)  # fmt: skip

SCHOOLS = Desk(
    "gakko", "School and child care", "教育委員会 学校・保育係", 0.08, "bunka-2f", "GAK", 2.9, FLAT,
    (
        Business(
            "nursery_place", "hoiku.entry", 3.0, "child", {"name": 6, "birthdate": 4}, family=0.8,
            updates=0.5, cased=0.82, late=0.12, partial=0.5, cites=0.86, spawns=0.21, visits=3.0,
            gap_days=12.0, minutes=14.0, months={11: 2.4, 12: 2.0, 1: 1.5, 2: 1.6, 3: 1.3},
        ),
        Business(
            "school_change", "gakurei.entry", 1.4, "child", {"name": 7, "address": 2}, family=0.5,
            prints=0.5, updates=0.6, cased=0.8, elsewhere=0.2, cites=0.85, minutes=10.0,
            months={3: 3.0, 4: 2.2, 8: 1.5},
        ),
        Business(
            "worry", "gakurei.inquiry", 1.0, "child", {"name": 9, "address": 1}, family=0.6,
            cased=0.6, late=0.4, cites=0.68, spawns=0.24, visits=5.0, gap_days=9.0,
            keeps_clerk=0.85,
        ),
    ),
    (
        Batch(
            "new_pupils", "gakurei.inquiry", 0.03, (12, 45), "starter", order="block",
            cased="empty", ends="print", copies=(20, 110), gap_s=15.0,
            months={11: 2.0, 12: 1.5, 1: 2.5, 5: 0.3},
        ),
        Batch(
            "fee_list", "hoiku.list", 0.02, (0, 0), "child", ends="export", copies=(60, 320),
            gap_s=20.0,
        ),
    ),
    names_sessions=False, temporary=0.3, opens=("08:15", "17:00"), ferry=0.6,
)  # fmt: skip
