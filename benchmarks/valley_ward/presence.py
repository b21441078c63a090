"""Write sign-ins, doors and shifts of a day, with what people forget and machines fail at."""

from __future__ import annotations

from random import Random

from benchmarks.valley_ward.building import Building
from benchmarks.valley_ward.records import Passage, Shift, Sign, Stay
from benchmarks.valley_ward.staff import Operator


class Presence:
    """Collect the presence records of a ward."""

    def __init__(self, rng: Random, building: Building) -> None:
        self._rng, self._building = rng, building
        self.signs: list[Sign] = []
        self.passages: list[Passage] = []
        self.shifts: list[Shift] = []

    def sign_in(self, operator: Operator, stay: Stay) -> None:
        """Sign in at the beginning of a stay, and out at its end where one remembers."""
        rng = self._rng
        terminal = self._building.by_id[stay.terminal_id]
        # The branch has cards; elsewhere the finger, and the password when it fails.
        method = "card" if terminal.site_id == "north" else "fingerprint"
        at = stay.starts_at + terminal.skew_s
        winter = 1.6 if stay.day.month in (12, 1, 2) else 1.0
        failures = 0
        while failures < 3 and rng.random() < operator.habits.dry_finger * winter:
            self._sign(stay, at - 20 + 6 * failures, method, "failure")
            failures += 1
        if failures >= 2 or rng.random() < 0.006:
            method = "password"
        if rng.random() < 0.003:
            return  # lost on the way
        self._sign(stay, at, method, "success")
        if rng.random() < operator.habits.sign_out:
            self._sign(stay, stay.ends_at + terminal.skew_s, method, "sign_out")

    def _sign(self, stay: Stay, at: float, method: str, outcome: str) -> None:
        session = None if outcome == "failure" else stay.session_id
        sign = Sign(at, stay.operator_id, stay.terminal_id, session, method, outcome)
        self.signs.append(sign)

    def walk(self, operator: Operator, stays: list[Stay]) -> None:
        """Pass the doors of a day: in, perhaps out for lunch, and home."""
        rng = self._rng
        zones = [self._building.by_id[stay.terminal_id].zone_id for stay in stays]
        if rng.random() < 0.012:
            return  # the badge lies at home; a colleague opens
        first, last = stays[0], stays[-1]
        self._pass(operator, zones[0], first.starts_at - rng.uniform(60, 900), "in")
        for before, after, zone, next_zone in zip(stays, stays[1:], zones, zones[1:], strict=False):
            pause_s = after.starts_at - before.ends_at
            if zone != next_zone or (pause_s > 1500 and rng.random() < 0.7):
                self._pass(operator, zone, before.ends_at + min(240.0, pause_s / 3), "out")
                self._pass(operator, next_zone, after.starts_at - min(200.0, pause_s / 3), "in")
        self._pass(operator, zones[-1], last.ends_at + rng.uniform(60, 1200), "out")

    def _pass(self, operator: Operator, zone: str, at: float, direction: str) -> None:
        skew_s = self._building.door_skew_s.get(zone)
        if skew_s is None or self._rng.random() < 0.03:
            return  # no reader, or through on a colleague's heels
        passage = Passage(at + skew_s, operator.operator_id, zone, direction)
        self.passages.append(passage)

    def shift(self, operator: Operator, starts_at: float, ends_at: float, kind: str) -> None:
        """Write down an approved span of work."""
        self.shifts.append(Shift(operator.operator_id, starts_at, ends_at, kind))
