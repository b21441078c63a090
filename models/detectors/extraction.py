"""Print and export volumes beyond own and cohort habit."""

from __future__ import annotations

from math import expm1, log, log1p
from typing import ClassVar

from pydantic import Field

from models.features import Features
from models.finding import NOTHING, Finding, Parameters
from models.profile import COPIES, PEAK_COPIES
from models.tails import excess_nats, normal_tail
from schemas.record import Words


class ExtractionParameters(Parameters):
    """Say what a habit of printing is, and how rare prints without a case are."""

    cohort_weight_days: float = Field(10.0, gt=0, le=365)
    least_deviation_ln: float = Field(0.5, gt=0, le=2)
    least_copies: int = Field(15, ge=1, le=100_000)
    size_share: float = Field(0.003, gt=0, lt=1)
    export_share: float = Field(0.005, gt=0, lt=1)
    open_print_share: float = Field(0.1, gt=0, lt=1)
    own_weight_look_ups: float = Field(300.0, gt=0, le=10_000)
    share_before_the_clock_ends: float = Field(0.4, ge=0, le=1)


class Extraction:
    """Weigh the copies that leave the system on a day, exports, and prints without a case.

    Catches: lists printed or exported, certificates printed for nobody. Source: "nothing
    carried out" was among the ward's demands. Blind spots: screens copied by hand or camera.

    >>> Extraction().explain(Finding("extraction", 5.0, 240.0, 30.0, ("copies",))).en
    '240 records printed or exported on one day, where up to about 30 are usual.'
    """

    name: ClassVar[str] = "extraction"
    unit: ClassVar[str] = "records"
    needs: ClassVar[frozenset[str]] = frozenset()
    waits: ClassVar[bool] = True
    learns_habits: ClassVar[bool] = False

    def __init__(self, parameters: ExtractionParameters | None = None) -> None:
        self.parameters = parameters or ExtractionParameters()

    def find(self, features: Features) -> Finding | None:
        """Return the rarest of: the day's copies, an export, prints without a case."""
        action = features.look_up.action
        if action != "print" and action != "export":
            return NOTHING
        if not features.cohort.ready:
            return None
        best = self._copies(features)
        size, marks = self._size(features)
        for finding in (self._export(features), self._open_print(features), size):
            if finding.evidence > best.evidence:
                best = finding
        marks += ("export",) if action == "export" else ()
        marks += ("u.print",) if features.open else ()
        return Finding(self.name, best.evidence, best.observed, best.expected, best.facts, marks)

    def _copies(self, features: Features) -> Finding:
        own, copies = self.parameters, features.today[COPIES]
        if copies < own.least_copies:
            return NOTHING
        blended, deviation = features.usual_peak(
            PEAK_COPIES, own.cohort_weight_days, own.least_deviation_ln
        )
        deviations = (log1p(copies) - blended - features.snapshot.season_ln) / deviation
        if deviations < 1.0:
            return NOTHING
        usual = round(max(0.0, expm1(blended + deviation)), 1)
        evidence = -log(2 * normal_tail(deviations))
        return Finding(self.name, evidence, float(copies), usual, ("copies",))

    def _export(self, features: Features) -> Finding:
        if features.look_up.action != "export":
            return NOTHING
        own = self.parameters
        share = features.own_share("export", own.export_share, own.own_weight_look_ups)
        size = max(1, features.look_up.copies)
        return Finding(self.name, -log(min(1.0, share)), float(size), 0.0, ("export",))

    def _size(self, features: Features) -> tuple[Finding, tuple[str, ...]]:
        """Return how rare one print or export of so many records is, by powers of two."""
        own, copies = self.parameters, features.look_up.copies
        if copies < own.least_copies:
            return NOTHING, ()
        share, marks = features.share_so_large(
            copies, "size", "k.size", own.size_share, own.own_weight_look_ups
        )
        finding = Finding(self.name, -log(min(1.0, share)), float(copies), 0.0, ("size",))
        return finding, marks

    def _open_print(self, features: Features) -> Finding:
        if not features.open:
            return NOTHING
        own, profile = self.parameters, features.profile
        share = features.cohort.mark_share("u.print", own.open_print_share)
        count = profile.marks.get("u.print", 0.0) + 1.0
        expected = (profile.open + 1.0) * share
        evidence = max(-log(share), excess_nats(count, expected))
        if not features.firm:
            evidence *= own.share_before_the_clock_ends
        return Finding(self.name, evidence, float(round(count)), round(expected, 1), ("open",))

    def explain(self, finding: Finding) -> Words:
        """Say how much left the system, and how much is usual."""
        kind = finding.facts[0] if finding.facts else "copies"
        n, usual = int(finding.observed), finding.expected
        if kind == "export":
            records = "records" if n != 1 else "record"
            return Words(
                en=f"Exported {n} {records}, which is rare for this person and desk.",
                ja=f"{n}件を外部出力しましたが、この職員と部署ではまれな操作です。",
            )
        if kind == "size":
            return Words(
                en=f"{n} records printed or exported at once, which is rare here.",
                ja=f"一度に{n}件が印刷または外部出力され、この部署ではまれな件数です。",
            )
        if kind == "open":
            prints = "prints" if n != 1 else "print"
            return Words(
                en=f"{n} {prints} without a case lately, where about {usual:g} are usual.",
                ja=f"最近、案件の裏付けがない印刷が{n}件あります(通常{usual:g}件程度)。",
            )
        return Words(
            en=f"{n} records printed or exported on one day, where up to about {usual:g} are "
            "usual.",
            ja=f"1日に{n}件が印刷または外部出力されました(通常は{usual:g}件程度まで)。",
        )
