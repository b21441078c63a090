"""List the sections: who sits where, when they open, and what their people do all day.

What an errand's `covered` says is the share that has a case by the section's own habit. At the
citizens' counter a ticket machine opens one for everybody; a telephone call to the tax section
opens none, and a welfare worker's visit is written up when there is time, or never.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Errand:
    """Describe one sort of work; a step is `function:action`, the first opens the resident."""

    name: str
    roles: tuple[str, ...]
    weight: float
    steps: tuple[str, ...]
    pool: str
    covered: float
    minutes: float
    source: str = "walk_in"
    season: str = "steady"
    household: float = 0.15
    case_days: float = 1.0
    """0 for a case that closes with the visit."""
    purpose: str | None = None

    @property
    def function(self) -> str:
        """Return the function that opens the resident."""
        return self.steps[0].split(":")[0]


@dataclass(frozen=True, slots=True)
class Section:
    """Describe one section; `gap_min` lies between two errands of a middling clerk."""

    section_id: str
    en: str
    ja: str
    weight: float
    zone_id: str
    site_id: str
    roles: tuple[tuple[str, float], ...]
    errands: tuple[Errand, ...]
    gap_min: float
    temporary: float
    opens: str = "08:30"
    closes: str = "17:15"
    shared_counter: bool = False
    one_record: bool = False
    """Its system sends a search that opens a resident as one record."""
    wildcard: float = 0.05
    late_case: float = 0.06
    blank_case: float = 0.15

    def errands_of(self, role: str) -> list[Errand]:
        """Return what people of a role do."""
        return [one for one in self.errands if role in one.roles]

    def functions_of(self, role: str) -> list[str]:
        """Return what a role may use: what its errands need, address look-up and own list."""
        steps = [step.split(":")[0] for one in self.errands_of(role) for step in one.steps]
        extra = ["juki.inquiry", f"{self.section_id}.list"]
        if role in ("review", "planning"):
            extra += ["juki.correct", "stat.export"]
        return sorted({*steps, *extra})


_C, _R, _CR = ("counter",), ("review",), ("counter", "review")
_JUKI = "juki.inquiry:view"

_CITIZENS = (
    Errand("certificate", _CR, 6.0, ("juki.issue:view", "juki.issue:print"), "everyone", 0.97, 5),
    Errand("seal", _CR, 2.0, ("inkan.issue:view", "inkan.issue:print"), "everyone", 0.96, 5),
    Errand("register", _CR, 1.8, ("koseki.view:view", "koseki.view:print"), "everyone", 0.94, 9),
    Errand("move", _C, 2.6, ("idou.entry:view", "idou.entry:update"), "everyone", 0.97, 17,
        season="moving", household=0.7, case_days=3),
    Errand("card", _C, 2.4, ("mynumber.card:view", "mynumber.card:update"), "everyone", 0.93, 12,
        case_days=20),
    Errand("call", _CR, 1.1, (_JUKI,), "everyone", 0.3, 4, "phone"),
    Errand("check", _R, 5.0, ("idou.review:view", "idou.review:update"), "everyone", 0.97, 6,
        "review", "moving"),
    Errand("official", _R, 1.2, ("juki.official:view", "juki.official:print"), "everyone", 0.92, 14,
        "list", case_days=6),
)  # fmt: skip
_TAX = (
    Errand("proof", ("assess",), 2.4, ("tax.proof:view", "tax.proof:print"), "taxed", 0.93, 6),
    Errand("call", ("assess",), 2.6, ("tax.ledger:view",), "taxed", 0.15, 7, "phone", "notices",
        purpose="enquiry"),
    Errand("assess", ("assess",), 3.0, ("tax.assess:view", "tax.assess:update"), "taxed", 0.7, 10,
        case_days=14, household=0.35, purpose="assessment"),
    Errand("return", ("assess",), 4.0, ("tax.return:view", "tax.return:update"), "taxed", 0.9, 13,
        season="filing", household=0.3, case_days=10, purpose="assessment"),
    Errand("household", ("assess",), 1.4, (_JUKI, "tax.ledger:view"), "taxed", 0.45, 6, "desk",
        household=0.6, purpose="survey"),
    Errand("dunning", ("collect",), 4.0, ("collect.notes:view", "collect.notes:update"), "indebted",
        0.66, 8, "caseload", purpose="collection"),
    Errand("instalment", ("collect",), 2.0, ("collect.ledger:view", "collect.notes:update"),
        "indebted", 0.8, 15, case_days=60, purpose="collection"),
    Errand("whereabouts", ("collect",), 1.4, (_JUKI,), "indebted", 0.35, 7, "desk", household=0.5,
        purpose="survey"),
    Errand("call_debt", ("collect",), 2.2, ("collect.ledger:view",), "indebted", 0.3, 6, "phone",
        "notices", purpose="enquiry"),
)  # fmt: skip
_INSURANCE = (
    Errand("join", ("nhi",), 3.4, ("nhi.entry:view", "nhi.entry:update"), "insured", 0.95, 14,
        season="moving", household=0.5, case_days=3),
    Errand("premium_call", ("nhi",), 2.4, ("nhi.premium:view",), "insured", 0.3, 7, "phone",
        "premiums"),
    Errand("refund", ("nhi",), 2.0, ("nhi.benefit:view", "nhi.benefit:update"), "insured", 0.92, 9,
        "desk", case_days=25),
    Errand("nhi_proof", ("nhi", "pension"), 1.2, ("nhi.proof:view", "nhi.proof:print"), "insured",
        0.9, 5),
    Errand("pension_talk", ("pension",), 3.0, ("pension.record:view",), "everyone", 0.75, 16,
        case_days=10),
    Errand("exemption", ("pension",), 2.4, ("pension.exempt:view", "pension.exempt:update"),
        "taxed", 0.95, 10, season="allowance", case_days=30),
    Errand("pension_call", ("pension",), 1.8, ("pension.record:view",), "everyone", 0.3, 8,
        "phone"),
)  # fmt: skip
_WELFARE = (
    Errand("visit", ("caseworker",), 5.0, ("seiho.record:view", "seiho.record:update"), "needy",
        0.42, 14, "caseload", purpose="support", household=0.25),
    Errand("talk", ("caseworker", "intake"), 1.6, ("seiho.intake:view",), "needy", 0.4, 22,
        case_days=40, purpose="support"),
    Errand("kin", ("caseworker",), 1.2, (_JUKI,), "everyone", 0.3, 8, "desk", household=0.6,
        purpose="survey"),
    Errand("apply", ("intake",), 3.0, ("seiho.intake:view", "seiho.intake:update"), "needy", 0.74,
        24, case_days=30, household=0.5, purpose="support"),
    Errand("grant", ("intake",), 2.0, ("benefit.entry:view", "benefit.entry:update"), "needy", 0.9,
        8, season="benefit", case_days=40, purpose="benefit"),
    Errand("call", ("caseworker", "intake"), 2.2, ("seiho.record:view",), "needy", 0.3, 9, "phone",
        "winter", purpose="enquiry"),
)  # fmt: skip
_CHILD = (
    Errand("allowance", ("children",), 3.4, ("jido.entry:view", "jido.entry:update"), "parents",
        0.93, 10, season="allowance", household=0.6, case_days=15),
    Errand("nursery", ("children",), 3.0, ("hoiku.entry:view", "hoiku.entry:update"), "parents",
        0.92, 15, season="nursery", household=0.7, case_days=50),
    Errand("call", ("children",), 1.5, ("hoiku.entry:view",), "parents", 0.45, 6, "phone",
        "nursery"),
    Errand("worry", ("children",), 0.7, ("jido.record:view", _JUKI), "parents", 0.55, 18,
        "caseload", household=0.6),
)  # fmt: skip
_CARE = (
    Errand("grade", ("care",), 3.0, ("kaigo.grade:view", "kaigo.grade:update"), "elderly", 0.88, 11,
        case_days=30),
    Errand("premium", ("care",), 1.8, ("kaigo.premium:view",), "elderly", 0.35, 8, "phone",
        "premiums"),
    Errand("watch", ("care",), 2.6, ("kaigo.record:view",), "elderly", 0.5, 12, "caseload",
        household=0.3),
    Errand("address", ("care",), 1.3, (_JUKI,), "elderly", 0.25, 6, "desk", household=0.4),
)  # fmt: skip
_BRANCH = (
    Errand("certificate", _C, 4.0, ("juki.issue:view", "juki.issue:print"), "everyone", 0.95, 7),
    Errand("seal", _C, 1.8, ("inkan.issue:view", "inkan.issue:print"), "everyone", 0.96, 6),
    Errand("premium", _C, 0.9, ("nhi.premium:view",), "insured", 0.6, 9, season="premiums"),
    Errand("proof", _C, 1.0, ("tax.proof:view", "tax.proof:print"), "taxed", 0.94, 7),
    Errand("move", _C, 0.7, ("idou.entry:view", "idou.entry:update"), "everyone", 0.95, 20,
        season="moving", household=0.7),
)  # fmt: skip
_GENERAL = (
    Errand("roll", ("planning",), 2.0, ("senkyo.roll:view",), "everyone", 0.5, 8, "desk",
        household=0.3),
    Errand("honours", ("planning",), 0.7, (_JUKI,), "elderly", 0.6, 10, "list", case_days=20),
    Errand("disaster", ("planning",), 0.8, ("bosai.list:view",), "elderly", 0.5, 9, "caseload"),
)  # fmt: skip
_NIGHT = (
    Errand("report", ("night",), 3.0, ("koseki.receive:view", "koseki.receive:update"), "everyone",
        0.85, 20, household=0.4),
    Errand("urgent", ("night",), 1.0, ("juki.night:view",), "everyone", 0.45, 9, "phone"),
)  # fmt: skip

SECTIONS = (
    Section("citizen", "Citizens' counter", "市民窓口課", 25, "hall.1f", "hall",
        (("counter", 0.7), ("review", 0.3)), _CITIZENS, 31, 0.45, shared_counter=True,
        late_case=0.02, blank_case=0.08),
    Section("tax", "Tax", "税務課", 16, "hall.2f", "hall",
        (("assess", 0.6), ("collect", 0.4)), _TAX, 38, 0.2, late_case=0.08, blank_case=0.3,
        wildcard=0.08),
    Section("insurance", "Insurance and pensions", "保険年金課", 12, "hall.1f", "hall",
        (("nhi", 0.65), ("pension", 0.35)), _INSURANCE, 41, 0.35, shared_counter=True,
        late_case=0.05, blank_case=0.2, wildcard=0.07),
    Section("welfare", "Livelihood support", "生活福祉課", 10, "hall.2f", "hall",
        (("caseworker", 0.75), ("intake", 0.25)), _WELFARE, 46, 0.1, one_record=True,
        late_case=0.14, blank_case=0.45),
    Section("children", "Children and families", "子育て支援課", 8, "health.1f", "health",
        (("children", 1.0),), _CHILD, 46, 0.35, late_case=0.05),
    Section("care", "Care of the elderly", "高齢介護課", 8, "health.2f", "health",
        (("care", 1.0),), _CARE, 46, 0.2, late_case=0.1, blank_case=0.3, wildcard=0.2),
    Section("north", "Upper valley branch", "上谷支所", 3, "north", "north",
        (("counter", 1.0),), _BRANCH, 48, 0.34, "09:00", "17:00", shared_counter=True,
        one_record=True, late_case=0.05, blank_case=0.1),
    Section("general", "General affairs and statistics", "総務課", 4, "hall.3f", "hall",
        (("planning", 1.0),), _GENERAL, 84, 0.0, late_case=0.1, blank_case=0.5),
    Section("night", "Night reception", "夜間受付", 4, "hall.1f", "hall",
        (("night", 1.0),), _NIGHT, 150, 1.0, "00:00", "24:00", shared_counter=True,
        late_case=0.1, wildcard=0.3),
)  # fmt: skip
BY_ID = {one.section_id: one for one in SECTIONS}
