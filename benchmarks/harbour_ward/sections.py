"""Describe the sections of the harbour ward, and the kinds of misuse in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

H = 3600.0
"""Seconds of an hour."""
DAY = 86400
"""Seconds of a day."""
WD = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
KINDS = [
    "founding",
    "family",
    "neighbour",
    "colleague",
    "public_figure",
    "protected",
    "slow_bulk",
    "seller",
    "target_skew",
    "shared_id",
    "after_transfer",
    "expired",
    "night",
    "enumeration",
    "borrowed_case",
    "bulk_export",
]

# key: (en, ja, site, share, episodes/day, ticket, phone, back, functions, list function)
SECTIONS: Mapping[str, Any] = {
    "jumin": (
        "Resident registration",
        "住民課",
        "main",
        16,
        17,
        0.78,
        0.12,
        0.10,
        ["juminhyo.inquiry", "juminhyo.issue", "idou.entry", "inkan.issue", "mynumber.card"],
        None,
    ),
    "koseki": (
        "Family registers",
        "戸籍課",
        "main",
        7,
        12,
        0.70,
        0.03,
        0.27,
        ["koseki.inquiry", "koseki.issue", "fuhyo.issue", "juminhyo.inquiry"],
        None,
    ),
    "zeimu": (
        "Tax",
        "税務課",
        "main",
        12,
        14,
        0.38,
        0.34,
        0.28,
        ["tax.inquiry", "tax.certificate", "tax.levy", "juminhyo.inquiry"],
        "tax.list",
    ),
    "kokuho": (
        "Health insurance and pension",
        "保険年金課",
        "main",
        11,
        16,
        0.44,
        0.36,
        0.20,
        ["kokuho.inquiry", "kokuho.entry", "nenkin.inquiry", "juminhyo.inquiry"],
        "kokuho.list",
    ),
    "fukushi": (
        "Public assistance",
        "生活福祉課",
        "annex",
        9,
        10,
        0.22,
        0.13,
        0.65,
        ["welfare.case", "welfare.income", "juminhyo.inquiry", "tax.inquiry"],
        None,
    ),
    "kodomo": (
        "Children and families",
        "こども家庭課",
        "annex",
        6,
        11,
        0.55,
        0.18,
        0.27,
        ["jidou.inquiry", "jidou.entry", "hoiku.entry", "juminhyo.inquiry"],
        "jidou.list",
    ),
    "kaigo": (
        "Elderly and care",
        "高齢介護課",
        "annex",
        6,
        11,
        0.40,
        0.32,
        0.28,
        ["kaigo.inquiry", "kaigo.entry", "juminhyo.inquiry"],
        "kaigo.list",
    ),
    "minato": (
        "Harbour branch office",
        "港出張所",
        "harbour",
        5,
        14,
        0.70,
        0.25,
        0.05,
        ["juminhyo.inquiry", "juminhyo.issue", "idou.entry", "kokuho.inquiry", "zairyu.entry"],
        None,
    ),
}
HOURW: Mapping[int, float] = {
    7: 0.2,
    8: 0.7,
    9: 1.0,
    10: 1.2,
    11: 1.1,
    12: 0.8,
    13: 1.1,
    14: 1.15,
    15: 1.05,
    16: 0.9,
    17: 0.5,
}
