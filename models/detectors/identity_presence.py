"""Is it the person: two buildings at once, no sign-in, no door, a terminal elsewhere."""

from __future__ import annotations

from math import log
from typing import ClassVar

from pydantic import Field

from models.features import Features
from models.finding import NOTHING, Finding, Parameters
from models.profile import PRESENCE_HOLDS_S
from schemas.record import Words

_EN = {
    "two_sites": "at work in another building minutes before",
    "no_sign_in": "no sign-in at this terminal",
    "no_door": "no door entry that day",
    "left": "after leaving the building",
    "password": "signed in by password after fingerprint failures",
    "elsewhere": "a terminal of another section",
    "off_duty": "no shift that day",
}
_JA = {
    "two_sites": "数分前に別の庁舎の端末を使用",
    "no_sign_in": "この端末へのサインイン記録なし",
    "no_door": "当日の入館記録なし",
    "left": "退館後の操作",
    "password": "指紋認証失敗後にパスワードでサインイン",
    "elsewhere": "他部署の端末",
    "off_duty": "当日の勤務予定なし",
}


class IdentityPresenceParameters(Parameters):
    """Say how rare each mark is among honest look-ups before the office has shown it."""

    two_sites_share: float = Field(0.0005, gt=0, lt=1)
    no_sign_in_share: float = Field(0.01, gt=0, lt=1)
    no_door_share: float = Field(0.03, gt=0, lt=1)
    left_share: float = Field(0.01, gt=0, lt=1)
    password_share: float = Field(0.02, gt=0, lt=1)
    elsewhere_share: float = Field(0.02, gt=0, lt=1)
    off_duty_share: float = Field(0.003, gt=0, lt=1)
    between_sites_s: float = Field(900.0, ge=60, le=7200)
    skew_s: float = Field(180.0, ge=0, le=3600)
    failures: int = Field(2, ge=1, le=20)
    own_weight_look_ups: float = Field(400.0, gt=0, le=10_000)
    share_of_a_further_mark: float = Field(0.7, gt=0, le=1)


class IdentityPresence:
    """Weigh signs that somebody else sits at the terminal under the operator's name.

    Catches: shared and stolen accounts, sessions left open. Source: fingerprint sign-in and
    entry control were among the ward's demands. Blind spots: somebody who uses the owner's own
    open terminal while the owner is in the room.

    >>> marks = ("elsewhere", "no_door")
    >>> IdentityPresence().explain(Finding("identity_presence", 6.0, 2.0, 0.0, marks)).en
    'Person and terminal disagree: a terminal of another section; no door entry that day.'
    """

    name: ClassVar[str] = "identity_presence"
    unit: ClassVar[str] = "signs"
    needs: ClassVar[frozenset[str]] = frozenset({"directory.terminals"})
    waits: ClassVar[bool] = False
    learns_habits: ClassVar[bool] = False

    def __init__(self, parameters: IdentityPresenceParameters | None = None) -> None:
        self.parameters = parameters or IdentityPresenceParameters()
        self._between_sites_s = self.parameters.between_sites_s

    def find(self, features: Features) -> Finding | None:
        """Return how rare the signs are together, the strongest in full, others in part."""
        marks = self._marks(features)
        if not marks:
            return NOTHING
        own, weighed = self.parameters, []
        for mark in marks:
            prior = getattr(own, f"{mark}_share")
            share = features.own_share(mark, prior, own.own_weight_look_ups)
            weighed.append((-log(min(1.0, share)), mark))
        weighed.sort(reverse=True)
        evidence = weighed[0][0] + own.share_of_a_further_mark * sum(w for w, _ in weighed[1:])
        told = tuple(mark for _, mark in weighed)
        return Finding(self.name, evidence, float(len(told)), 0.0, told, marks)

    def _marks(self, features: Features) -> tuple[str, ...]:
        marks: list[str] = []
        self._add_of_place(features, marks)
        self._add_of_entry(features, marks)
        if features.desk.on_duty is False:
            marks.append("off_duty")
        return tuple(marks)

    def _add_of_place(self, features: Features, marks: list[str]) -> None:
        profile, look_up, sections = features.profile, features.look_up, features.desk.sections
        terminals = features.context.terminals
        terminal = terminals.get(look_up.terminal_id)
        if terminal is None:
            return
        since_s = look_up.at_s - profile.place_before_s
        if 0.0 <= since_s <= self._between_sites_s and look_up.terminal_id == profile.place:
            before = terminals.get(profile.place_before)
            if before is not None and before.site_id != terminal.site_id:
                marks.append("two_sites")
        if sections and terminal.section_id not in sections:
            marks.append("elsewhere")

    def _add_of_entry(self, features: Features, marks: list[str]) -> None:
        profile, look_up = features.profile, features.look_up
        at_s, door_in_s = look_up.at_s, profile.door_in_s
        if profile.signed_in:
            awaited = features.known_until_s > at_s
            if awaited and not profile.is_signed_in(look_up.terminal_id, at_s):
                marks.append("no_sign_in")
            if profile.passed_by == "password" and profile.failures >= self.parameters.failures:
                marks.append("password")
        if door_in_s:
            if at_s - door_in_s > PRESENCE_HOLDS_S:
                marks.append("no_door")
            elif door_in_s < profile.door_out_s:
                skew_s = self.parameters.skew_s
                if door_in_s + skew_s < profile.door_out_s < at_s - skew_s:
                    marks.append("left")

    def explain(self, finding: Finding) -> Words:
        """Name the signs, the rarest first."""
        known = [str(mark) for mark in finding.facts if mark in _EN]
        en = "; ".join(_EN[mark] for mark in known) or "unusual signs"
        ja = "、".join(_JA[mark] for mark in known) or "通常と異なる兆候"
        return Words(
            en=f"Person and terminal disagree: {en}.", ja=f"本人と端末の状況が一致しません:{ja}。"
        )
