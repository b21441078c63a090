"""How one look-up was judged, in full: gathered for who asks, else not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from models.context import CaseSpan, Context
from models.decision import Bar, Decision
from models.features import Features, LookUp
from models.grouping import Grouper
from models.policy import Policy
from models.scorer import Judgement, Scorer

Moment = Literal["arrival", "sign_in", "clock"]
Awaited = tuple[tuple[Moment, float], ...]
"""The moments at which a look-up will be judged again, each with its time."""


class Account(NamedTuple):
    """Tell how one look-up was judged at one moment, and what came of it.

    `judgement` is None where nothing was judged again, since the sign-in record had come.
    `warming` names the detectors that are on and not ready; `case` explains the look-up, as far
    as known at the moment; `awaits` are the moments at which it will be judged again.
    """

    look_up: LookUp
    moment: Moment
    at_s: float
    decision: Decision
    bar: Bar
    warm_until_s: float
    judgement: Judgement | None
    warming: tuple[str, ...]
    case: CaseSpan | None
    awaits: Awaited


Watch = Callable[[Account], None]


class Witness:
    """Give the accounts of one look-up to whoever asked for them."""

    def __init__(self, scorer: Scorer, grouper: Grouper, context: Context, policy: Policy) -> None:
        self._scorer = scorer
        self._grouper = grouper
        self._context = context
        self._policy = policy
        self._watch: Watch | None = None
        self._warming: tuple[str, ...] = ()
        self.event_id = ""
        """The look-up that is asked for: who has judged another need not call."""

    def ask(self, event_id: str, watch: Watch) -> None:
        """Ask for a look-up's accounts, from now on."""
        self.event_id, self._watch = event_id, watch

    def tell(
        self,
        moment: Moment,
        at_s: float,
        features: Features,
        judgement: Judgement | None,
        decision: Decision,
        warm_until_s: float,
        awaits: Awaited = (),
    ) -> None:
        """Give the account of one judgement."""
        if self._watch is None:
            return
        if judgement is not None:
            self._note_warming(moment, features, judgement)
        account = Account(
            look_up=features.look_up,
            moment=moment,
            at_s=at_s,
            decision=decision,
            bar=self._grouper.bar(features),
            warm_until_s=warm_until_s,
            judgement=judgement,
            warming=self._warming,
            case=self._case(features),
            awaits=awaits,
        )
        self._watch(account)

    def _note_warming(self, moment: Moment, features: Features, judgement: Judgement) -> None:
        """Note which detectors are not ready: a clock asks only those again that wait for it."""
        if moment == "arrival":
            self._warming = tuple(name for name, score in judgement.scores.items() if score is None)
        elif moment == "clock":
            found = {finding.detector for finding in judgement.findings}
            self._warming = tuple(
                d.name
                for d in self._scorer.switched_on
                if d.name not in found
                and (d.find(features) is None if d.waits else d.name in self._warming)
            )

    def _case(self, features: Features) -> CaseSpan | None:
        look_up, days = features.look_up, self._policy.case_after_close_days
        if not features.explained or look_up.resident_id is None:
            return None
        sections, residents = features.desk.sections, (look_up.resident_id,)
        return self._context.covering_case(
            sections, residents, look_up.at_s, days, features.known_until_s
        )
