"""What the ward's desks are and do: plain data, to be read like a brochure of the office."""

from __future__ import annotations

from simulation.desk import Desk, Step, Task

_JUMINHYO = Step("juminhyo.inquiry", "view")
_TAX = Step("tax.inquiry", "view")
_SEAL = (Step("inkan.inquiry", "view"), Step("inkan.print", "print", 0.9))
_COPY = (_JUMINHYO, Step("juminhyo.print", "print", 0.93))

DESKS: tuple[Desk, ...] = (
    Desk(
        "juminhyo",
        code="JM",
        en="Residents' Registration",
        ja="住民記録係",
        site_id="main",
        floor="1f",
        share=0.28,
        tasks=(
            Task("certificate", 50, _COPY, 0.008),
            Task(
                "move",
                18,
                (
                    _JUMINHYO,
                    Step("juminhyo.update", "update"),
                    Step("juminhyo.print", "print", 0.4),
                ),
                0.01,
                whole_household=True,
            ),
            Task("seal", 14, _SEAL, 0.008),
            Task(
                "koseki",
                8,
                (Step("koseki.inquiry", "view"), Step("koseki.print", "print", 0.85)),
                0.03,
                back_office=True,
            ),
            Task("enquiry", 12, (_JUMINHYO,), 0.1, by_phone=True),
        ),
        peaks=(((3, 16), (4, 12), 2.1), ((12, 20), (12, 28), 1.2)),
        clients="movers",
        more_functions=("juminhyo.list",),
        sundays=True,
        late_thursday=True,
        mail_batches=1 / 60,
    ),
    Desk(
        "tax",
        code="TX",
        en="Residents' Tax",
        ja="市民税係",
        site_id="main",
        floor="2f",
        share=0.2,
        tasks=(
            Task("certificate", 34, (_TAX, Step("tax.certificate", "print")), 0.03),
            Task(
                "assessment",
                36,
                (_TAX, Step("juminhyo.inquiry", "view", 0.4), Step("tax.update", "update", 0.5)),
                0.15,
                back_office=True,
            ),
            Task(
                "arrears", 12, (_TAX, Step("juminhyo.inquiry", "view", 0.6)), 0.35, back_office=True
            ),
            Task("enquiry", 18, (_TAX,), 0.6, by_phone=True),
        ),
        peaks=(((2, 14), (3, 17), 1.6), ((6, 5), (6, 30), 1.5)),
        more_functions=("tax.list",),
        asks_purpose=True,
        mail_batches=1 / 40,
    ),
    Desk(
        "kokuho",
        code="KH",
        en="National Health Insurance",
        ja="国民健康保険係",
        site_id="main",
        floor="1f",
        share=0.16,
        tasks=(
            Task(
                "enrolment",
                30,
                (
                    Step("kokuho.inquiry", "view"),
                    Step("kokuho.update", "update", 0.8),
                    Step("kokuho.card", "print", 0.7),
                ),
                0.02,
                whole_household=True,
            ),
            Task(
                "benefit",
                25,
                (Step("kokuho.inquiry", "view"), Step("kokuho.update", "update", 0.5)),
                0.1,
                back_office=True,
            ),
            Task("check", 20, (_JUMINHYO, Step("kokuho.inquiry", "view", 0.6)), 0.15),
            Task("premium", 25, (Step("kokuho.inquiry", "view"),), 0.5, by_phone=True),
        ),
        peaks=(((3, 20), (4, 20), 1.6), ((7, 10), (7, 31), 1.4)),
        more_functions=("kokuho.list",),
        sundays=True,
        mail_batches=1 / 40,
    ),
    Desk(
        "kosodate",
        code="KS",
        en="Child Welfare",
        ja="子育て支援係",
        site_id="annex",
        floor="1f",
        share=0.12,
        tasks=(
            Task(
                "allowance",
                35,
                (Step("jido.inquiry", "view"), Step("jido.update", "update", 0.6)),
                0.12,
                whole_household=True,
                back_office=True,
            ),
            Task(
                "nursery",
                30,
                (
                    Step("hoiku.inquiry", "view"),
                    Step("juminhyo.inquiry", "view", 0.5),
                    Step("hoiku.update", "update", 0.5),
                ),
                0.1,
            ),
            Task(
                "certificate",
                10,
                (Step("jido.inquiry", "view"), Step("jido.certificate", "print")),
                0.03,
            ),
            Task(
                "consultation",
                25,
                (Step("jido.inquiry", "view"),),
                0.65,
                whole_household=True,
                by_phone=True,
            ),
        ),
        peaks=(((6, 1), (6, 30), 1.6), ((11, 5), (12, 5), 1.4)),
        clients="families",
        asks_purpose=True,
    ),
    Desk(
        "fukushi",
        code="FK",
        en="Welfare",
        ja="福祉係",
        site_id="annex",
        floor="2f",
        share=0.12,
        tasks=(
            Task(
                "livelihood",
                40,
                (
                    Step("seiho.inquiry", "view"),
                    Step("juminhyo.inquiry", "view", 0.4),
                    Step("seiho.update", "update", 0.35),
                ),
                0.46,
                back_office=True,
            ),
            Task(
                "disability",
                25,
                (
                    Step("shogai.inquiry", "view"),
                    Step("shogai.update", "update", 0.5),
                    Step("shogai.card", "print", 0.5),
                ),
                0.08,
            ),
            Task("consultation", 35, (Step("seiho.inquiry", "view"),), 0.88, by_phone=True),
        ),
        clients="welfare",
        asks_purpose=True,
    ),
    Desk(
        "nenkin",
        code="NK",
        en="National Pension",
        ja="国民年金係",
        site_id="main",
        floor="1f",
        share=0.06,
        tasks=(
            Task(
                "record",
                45,
                (Step("nenkin.inquiry", "view"), Step("nenkin.update", "update", 0.5)),
                0.05,
            ),
            Task(
                "exemption",
                20,
                (Step("nenkin.inquiry", "view"), Step("juminhyo.inquiry", "view", 0.5)),
                0.1,
                back_office=True,
            ),
            Task("enquiry", 35, (Step("nenkin.inquiry", "view"),), 0.4, by_phone=True),
        ),
        peaks=(((4, 1), (4, 20), 1.3), ((7, 1), (7, 20), 1.3)),
        clients="pension",
        search_opens=True,
    ),
    Desk(
        "shutchojo",
        code="SJ",
        en="Branch Office",
        ja="駅前出張所",
        site_id="branch",
        floor="1f",
        share=0.06,
        tasks=(
            Task("certificate", 58, _COPY, 0.008),
            Task("tax_certificate", 16, (_TAX, Step("tax.certificate", "print")), 0.03),
            Task("seal", 20, _SEAL, 0.008),
            Task("enquiry", 6, (_JUMINHYO,), 0.15, by_phone=True),
        ),
        peaks=(((3, 16), (4, 12), 1.6),),
        clients="movers",
        sundays=True,
    ),
)


def desks_for(operators: int) -> tuple[Desk, ...]:
    """Return the sections that a ward of that many operators has: 3, 4, 5 or all 7."""
    for limit, count in ((15, 3), (30, 4), (45, 5)):
        if operators < limit:
            return DESKS[:count]
    return DESKS
