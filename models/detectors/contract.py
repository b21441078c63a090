"""Look-ups outside any assignment, rights of a former section, an account that wakes."""

from __future__ import annotations

from math import log
from typing import ClassVar

from pydantic import Field

from models.features import Features
from models.finding import NOTHING, Finding, Parameters
from schemas.record import Words


class ContractParameters(Parameters):
    """Say how rare each is among honest look-ups before the office has shown it."""

    outside_share: float = Field(0.002, gt=0, lt=1)
    former_share: float = Field(0.005, gt=0, lt=1)
    dormant_share: float = Field(0.0005, gt=0, lt=1)
    dormant_days: int = Field(45, ge=7, le=3650)
    own_weight_look_ups: float = Field(100.0, gt=0, le=10_000)


class Contract:
    """Weigh a look-up that no assignment in force stands behind.

    Catches: accounts used after a contract's end, rights kept after a transfer, dormant
    accounts. Source: control of IDs was among the ward's demands; its clerk kept coming back
    under new contracts. Blind spots: assignments recorded late look the same until recorded.

    >>> Contract().explain(Finding("contract", 6.0, 12.0, 0.0, ("outside",))).en
    'No assignment is in force: the last one ended 12 days before.'
    """

    name: ClassVar[str] = "contract"
    unit: ClassVar[str] = "days"
    needs: ClassVar[frozenset[str]] = frozenset({"directory.operators"})
    waits: ClassVar[bool] = False
    learns_habits: ClassVar[bool] = False

    def __init__(self, parameters: ContractParameters | None = None) -> None:
        self.parameters = parameters or ContractParameters()

    def find(self, features: Features) -> Finding | None:
        """Return the rarest of: no assignment, a former right, a long silence."""
        desk, own = features.desk, self.parameters
        if desk.in_force and desk.granted:
            return self._dormant(features) if self._silent_days(features) else NOTHING
        if desk.in_force and not desk.former:
            return NOTHING
        kind = "former" if desk.in_force else "outside"
        days = 0
        if desk.posting is not None:
            assignment = desk.posting.assignment
            if desk.in_force:
                days = features.day - assignment.starts_on.toordinal()
            elif assignment.ends_on is not None:
                days = features.day - assignment.ends_on.toordinal()
        prior = own.former_share if desk.in_force else own.outside_share
        share = features.own_share(kind, prior, own.own_weight_look_ups)
        return Finding(self.name, -log(min(1.0, share)), float(days), 0.0, (kind,), (kind,))

    def _silent_days(self, features: Features) -> int:
        """Return the days of silence before this day, where they are many; else 0."""
        before = features.profile.day_before
        silent = features.profile.day - before if before else 0
        fresh = features.desk.starts_day > before  # a new contract explains the silence
        return silent if silent >= self.parameters.dormant_days and not fresh else 0

    def _dormant(self, features: Features) -> Finding:
        share = features.cohort.mark_share("dormant", self.parameters.dormant_share)
        silent = float(self._silent_days(features))
        return Finding(self.name, -log(share), silent, 0.0, ("dormant",), ("dormant",))

    def explain(self, finding: Finding) -> Words:
        """Say what is not in force, and since when."""
        kind, days = finding.facts[0] if finding.facts else "outside", int(finding.observed)
        plural = "days" if days != 1 else "day"
        if kind == "former":
            return Words(
                en=f"Used the rights of a former section, {days} {plural} into the present "
                "assignment, which does not grant them.",
                ja=f"現在の担当に就いて{days}日目ですが、以前の部署の権限を使用しました。",
            )
        if kind == "dormant":
            return Words(
                en=f"The account wakes after {days} {plural} without a look-up.",
                ja=f"{days}日間使われていなかったアカウントによる照会です。",
            )
        return Words(
            en=f"No assignment is in force: the last one ended {days} {plural} before."
            if days
            else "No assignment is in force.",
            ja=f"有効な任用がありません(直近の任用は{days}日前に終了)。"
            if days
            else "有効な任用がありません。",
        )
