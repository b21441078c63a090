"""Reasons as the monitor gives them, for a ward that is made up."""

from __future__ import annotations

from schemas.alerts import Reason
from schemas.record import Words


def _reason(detector: str, unit: str, figures: tuple[float, float], en: str, ja: str) -> Reason:
    observed, expected = figures
    return Reason(
        detector=detector,
        score=0.97,
        observed=observed,
        expected=expected,
        unit=unit,
        summary=Words(en=en, ja=ja),
    )


REPEATED = _reason(
    "repeat_access",
    "days without a case",
    (3, 0),
    "Third day with a look-up of this resident that no case explains, 134 days after the one "
    "before; the operator has other work now than then.",
    "案件の裏付けがない同じ住民への照会が3日目です(前回から134日後)。前回とは担当業務または任用が異なります。",
)
UNEXPLAINED = _reason(
    "unexplained",
    "look-ups without a case that day",
    (3, 0.4),
    "3 look-ups without a case today, where about 0.4 are usual for this desk and person.",
    "本日、案件の裏付けがない照会が3件あります(この職場と職員では通常0.4件程度)。",
)
OFF_HOURS = _reason(
    "off_hours",
    "minutes outside opening hours",
    (105, 0),
    "Look-up at 19:00, 105 minutes outside opening hours, without an approved shift.",
    "19:00に照会がありました(開庁時間の105分外、承認された勤務なし)。",
)
MANY = _reason(
    "lookup_frequency",
    "look-ups",
    (62, 18),
    "62 look-ups within an hour, where up to about 18 are usual.",
    "1時間に62件の照会があります(通常は18件程度まで)。",
)
NEIGHBOUR = _reason(
    "relation",
    "such look-ups lately",
    (2, 0.05),
    "Looked up a neighbour, without a case; about 2 such look-ups lately.",
    "近隣に住む住民を、案件なしで照会しています(最近の同様の照会は2件程度)。",
)
PROTECTED = _reason(
    "protected_resident",
    "look-ups without a case",
    (1, 0),
    "Looked up a resident under protection without a case, past the warning on the screen.",
    "支援措置対象者を案件なしで照会しています(画面の警告を確認後に続行)。",
)
PRINTED = _reason(
    "extraction",
    "records",
    (240, 30),
    "240 records printed or exported today, where up to about 30 are usual.",
    "本日、240件を印刷または出力しています(通常は30件程度まで)。",
)
OTHER_ROLE = _reason(
    "out_of_role",
    "look-ups",
    (7, 0.2),
    "7 look-ups with screens of another section's work.",
    "ほかの部署の業務画面で7件の照会があります。",
)

KINDS: tuple[tuple[Reason, ...], ...] = (
    (UNEXPLAINED,),
    (MANY,),
    (OFF_HOURS, UNEXPLAINED),
    (NEIGHBOUR, UNEXPLAINED),
    (OTHER_ROLE,),
    (PRINTED, MANY),
)
