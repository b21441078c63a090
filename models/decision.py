"""What became of a judgement, and what a risk must reach."""

from __future__ import annotations

from typing import Literal, NamedTuple

from models.tally import RISK_BINS_A_DECADE, risk_bin

Code = Literal[
    "stale",
    "signed_in",
    "explained",
    "not_ready",
    "below_lowest",
    "warming_up",
    "below_threshold",
    "opened",
    "revised",
    "joined",
]


class Decision(NamedTuple):
    """Say what was decided about a judgement; the numbers are those of its code.

    `opened` and `revised` make a revision of an alert, `joined` adds to one without. `needs` is
    the risk that would have been enough, `until_s` when a warm-up ends.
    """

    code: Code
    alert_id: str = ""
    revision: int = 0
    needs: float | None = None
    until_s: float | None = None

    @property
    def alerts(self) -> bool:
        """Return whether people see a new revision."""
        return self.code in ("opened", "revised")


# Most look-ups end in one of these: made once, so that they cost nothing.
STALE = Decision("stale")
SIGNED_IN = Decision("signed_in")
EXPLAINED = Decision("explained")
NOT_READY = Decision("not_ready")
BELOW_LOWEST = Decision("below_lowest")


class Bar(NamedTuple):
    """Hold what a risk must reach to alert at one desk on one day.

    `bound` is the risk bin that keeps the supervisor near the budget; None until that can be
    learned, and then `first_risk` holds.

    >>> round(Bar("s-1", 2.0, 0.98, 0.9995, 50).needs, 6)
    0.996838
    >>> Bar("s-1", 2.0, 0.98, 0.9995, None).needs
    0.9995
    """

    supervisor_id: str | None
    budget_per_day: float
    lowest_risk: float
    first_risk: float
    bound: int | None

    def passes(self, risk: float) -> bool:
        """Return whether a risk is enough to alert."""
        if self.bound is None:
            return risk >= self.first_risk
        return risk >= self.lowest_risk and risk_bin(risk) >= self.bound

    @property
    def needs(self) -> float:
        """Return the lowest risk that is enough."""
        if self.bound is None:
            return max(self.lowest_risk, self.first_risk)
        return max(self.lowest_risk, 1.0 - float(10.0 ** (-self.bound / RISK_BINS_A_DECADE)))
