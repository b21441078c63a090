"""Trawling: wildcard searches, sequences, and house after house of one block."""

from __future__ import annotations

from math import log
from typing import ClassVar

from msgspec.structs import replace
from pydantic import Field

from models.features import Features
from models.finding import NOTHING, Finding, Parameters
from models.kinds import class_hash
from models.profile import LOOK_UPS, TRAWLS
from models.tails import excess_nats
from schemas.record import Words

_RUNS = (1, 2, 3, 4, 6, 9, 15)
OPENED_WITHIN_S = 600.0
"""Hits of a trawl are opened one by one for so long."""


class EnumerationParameters(Parameters):
    """Say how usual trawling is before the office has shown it."""

    least_hits_count: int = Field(16, ge=2, le=100_000)
    wide_share: float = Field(0.02, gt=0, lt=1)
    wildcard_share: float = Field(0.01, gt=0, lt=1)
    sequential_share: float = Field(0.0005, gt=0, lt=1)
    opened_share: float = Field(0.02, gt=0, lt=1)
    same_block_share: float = Field(0.02, gt=0, lt=1)
    least_look_ups_in_block: float = Field(3.0, ge=2, le=100)
    own_weight_look_ups: float = Field(200.0, gt=0, le=10_000)


class Enumeration:
    """Weigh searches that fish, hits opened one by one, and blocks gone through.

    Catches: going through the register instead of looking up a person. Source: search by
    wildcard and consecutive numbers is what audit guidance for resident registers names first.
    Blind spots: a list made elsewhere and looked up in any order.

    >>> Enumeration().explain(Finding("enumeration", 5.0, 7.0, 0.4, ("wildcard",))).en
    '7 wildcard searches on one day, where about 0.4 are usual.'
    """

    name: ClassVar[str] = "enumeration"
    unit: ClassVar[str] = "searches or look-ups"
    needs: ClassVar[frozenset[str]] = frozenset()
    waits: ClassVar[bool] = True
    learns_habits: ClassVar[bool] = False

    def __init__(self, parameters: EnumerationParameters | None = None) -> None:
        self.parameters = parameters or EnumerationParameters()
        self._least_hits_count = self.parameters.least_hits_count

    def find(self, features: Features) -> Finding | None:
        """Return the rarest of: a trawl, a wide search, a hit of one opened, a block."""
        look_up, found = features.look_up, []
        if look_up.hits >= self._least_hits_count:
            found.append(self._wide(features))
        if look_up.trawl:
            found.append(self._trawl(features))
        elif features.open:
            since_s = look_up.at_s - features.profile.trawl_s
            if 0.0 <= since_s <= OPENED_WITHIN_S:
                found.append(self._opened(features))
            block = self._block(features)
            if block is not NOTHING:
                found.append(block)
        if len(found) < 2:
            return found[0] if found else NOTHING
        # All are counted for their share, also where another is the finding.
        marks = tuple(mark for finding in found for mark in finding.marks)
        return replace(max(found, key=lambda f: f.evidence), marks=marks)

    def _opened(self, features: Features) -> Finding:
        """Return how rare it is to open so many households after a trawl, without a case."""
        share = self.parameters.opened_share
        runs = [least for least in _RUNS if least <= max(1, features.run)]
        marks = tuple(f"u.k.trawled{least}" for least in runs)
        prior = share * 0.5 ** (len(runs) - 1)
        evidence = -log(features.cohort.mark_share(marks[-1], prior))
        return Finding(self.name, evidence, float(max(1, features.run)), 0.0, ("opened",), marks)

    def _wide(self, features: Features) -> Finding:
        """Return how rare a search with so many hits is, by powers of two."""
        own, hits = self.parameters, features.look_up.hits
        share, marks = features.share_so_large(
            hits, "wide", "k.hits", own.wide_share, own.own_weight_look_ups
        )
        return Finding(self.name, -log(min(1.0, share)), float(hits), 0.0, ("wide",), marks)

    def _trawl(self, features: Features) -> Finding:
        own, kind = self.parameters, features.look_up.trawl
        prior = own.wildcard_share if kind == "wildcard" else own.sequential_share
        share = features.own_share(kind, prior, own.own_weight_look_ups)
        today = float(features.today[TRAWLS])
        expected = share * features.today[LOOK_UPS]
        evidence = max(-log(min(1.0, share)), excess_nats(today, max(expected, share)))
        return Finding(self.name, evidence, today, round(expected, 1), (kind,), (kind,))

    def _block(self, features: Features) -> Finding:
        """Return how unlikely so many open look-ups in one block are."""
        own, person, profile = self.parameters, features.person, features.profile
        if person is None or not person.block_id:
            return NOTHING
        block = class_hash(person.block_id)
        same_household = class_hash(person.household_id or "") == profile.last_household
        follows = block == profile.last_block and not same_household
        marks = ("u.next_door",) if follows else ()
        count = profile.blocks.get(block, 0.0) + 1.0
        if count < own.least_look_ups_in_block:
            return Finding(self.name, 0.0, 0.0, 0.0, (), marks) if marks else NOTHING
        share = features.cohort.mark_share("u.next_door", own.same_block_share)
        expected = (profile.open + 1.0) * share
        evidence = excess_nats(count, expected)
        return Finding(
            self.name, evidence, float(round(count)), round(expected, 1), ("block",), marks
        )

    def explain(self, finding: Finding) -> Words:
        """Say what was done, how often, and how often it is usual."""
        kind = finding.facts[0] if finding.facts else "opened"
        n, usual = int(finding.observed), finding.expected
        if kind == "block":
            return Words(
                en=f"{n} look-ups without a case lately are of one block, where about {usual:g} "
                "are usual.",
                ja=f"最近の案件の裏付けがない照会のうち{n}件が同じ街区の住民です"
                f"(通常{usual:g}件程度)。",
            )
        if kind == "wide":
            return Words(
                en=f"A search with {n} hits, wider than is usual here.",
                ja=f"該当{n}件の検索で、この部署の通常より広い条件です。",
            )
        if kind == "opened":
            households = f"{n} households" if n > 1 else "a household"
            return Words(
                en=f"Opened {households} from the hits of a wide search, without a case.",
                ja=f"広い条件の検索結果から、案件の裏付けなしに{n}世帯を開きました。",
            )
        kind_en = "wildcard searches" if kind == "wildcard" else "searches in sequence"
        kind_ja = "あいまい検索" if kind == "wildcard" else "連続した検索"
        kind_en = kind_en if n != 1 else kind_en.replace("searches", "search")
        return Words(
            en=f"{n} {kind_en} on one day, where about {usual:g} are usual.",
            ja=f"1日に{kind_ja}が{n}件あります(通常{usual:g}件程度)。",
        )
