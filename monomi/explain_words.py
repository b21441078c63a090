"""Why a look-up did or did not alert, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

from models.account import Account
from models.decision import Bar
from schemas.record import Words

_SEVERITY_JA = {"low": "低", "medium": "中", "high": "高", "critical": "緊急"}
_LEAST_TOLD = 0.005
_TRIPWIRES = {
    "u.protected": ("a protected resident, without a case", "支援措置対象の住民(案件なし)"),
    "u.own": ("the operator's own record, without a case", "職員本人の情報(案件なし)"),
    "u.home": ("the operator's own household, without a case", "職員本人の世帯(案件なし)"),
    "u.colleague": ("a colleague, without a case", "同僚の職員(案件なし)"),
    "two_sites": ("at work in two buildings at once", "二つの庁舎で同時に操作"),
    "outside": ("outside any assignment", "所属・任期の外"),
}


def because(account: Account, risk: str, needs: str, until: str, case_opened: str) -> Words:
    """Return why a judgement alerted, or why not; the texts are the account's numbers."""
    decision, bar, tripwire = account.decision, account.bar, _by_tripwire(account)
    if decision.code == "opened":
        enough = tripwire or Words(en=f", needed {needs}", ja=f"、必要値{needs}")
        return Words(
            en=f"Opened alert {decision.alert_id}: risk {risk}{enough.en}.",
            ja=f"アラート{decision.alert_id}を作成しました。リスク{risk}{enough.ja}。",
        )
    if decision.code in ("revised", "joined"):
        return _extended(account, risk, tripwire)
    if decision.code == "below_threshold":
        why_en, why_ja = "the threshold of this supervisor", "この監督者のしきい値"
        if bar.bound is None:
            why_en = "the threshold that holds until one is learned for this supervisor"
            why_ja = "監督者ごとのしきい値が学習されるまでの基準"
        return Words(
            en=f"Below {why_en}: risk {risk}, needs {needs}.",
            ja=f"{why_ja}を下回っています。リスク{risk}、必要値{needs}。",
        )
    if decision.code == "below_lowest":
        lowest = f"{bar.lowest_risk:g}"
        return Words(
            en=f"Below the lowest risk at which this section gets an alert: risk {risk}, "
            f"needs {lowest}.",
            ja=f"この部署の最低リスクを下回っています。リスク{risk}、必要値{lowest}。",
        )
    if decision.code == "warming_up":
        return Words(
            en=f"Warming up until {until}: risk {risk}, but only tripwires alert before then.",
            ja=f"{until}まで学習期間です。リスク{risk}ですが、"
            "この間は重大な兆候だけが通知されます。",
        )
    return _unjudged(account, case_opened)


def _by_tripwire(account: Account) -> Words | None:
    judgement = account.judgement
    if judgement is None or not judgement.tripwire:
        return None
    what_en, what_ja = _TRIPWIRES.get(judgement.tripwire, (judgement.tripwire,) * 2)
    return Words(
        en=f", and a tripwire passes every threshold ({what_en})",
        ja=f"。しきい値によらず通知する重大な兆候です({what_ja})",
    )


def _extended(account: Account, risk: str, tripwire: Words | None) -> Words:
    alert_id, revision = account.decision.alert_id, account.decision.revision
    if account.decision.code == "revised":
        why_en, why_ja = (tripwire.en, tripwire.ja) if tripwire else ("", "")
        return Words(
            en=f"Extended alert {alert_id} as revision {revision}: risk {risk}{why_en}.",
            ja=f"アラート{alert_id}を第{revision}版に更新しました。リスク{risk}{why_ja}。",
        )
    return Words(
        en=f"Added to alert {alert_id} without a new revision (it stays at {revision}): "
        "neither its risk, its reasons nor its day have changed enough.",
        ja=f"アラート{alert_id}に追加しましたが、リスク・理由・日付に大きな変化がないため、"
        f"第{revision}版のままです。",
    )


def _unjudged(account: Account, case_opened: str) -> Words:
    code, case = account.decision.code, account.case
    if code == "explained" and case is not None:
        return Words(
            en=f"Explained by case {case.case_id}, opened {case_opened}, before its clock ended.",
            ja=f"期限までに受け付けられた案件{case.case_id}({case_opened}受付)により、"
            "照会の理由が確認されました。",
        )
    if code == "explained":
        return Words(
            en="Explained by a case before its clock ended.",
            ja="期限までに案件により照会の理由が確認されました。",
        )
    if code == "signed_in":
        return Words(
            en="Its sign-in record has come: nothing was judged again.",
            ja="サインイン記録が届いたため、再判定はありません。",
        )
    if code == "stale":
        return Words(
            en="It came over a week late: judged and counted, but it never alerts.",
            ja="1週間を超えて遅れて届いたため、判定のみで通知の対象になりません。",
        )
    return Words(
        en="No detector that learns habits has seen enough of this office yet.",
        ja="習慣を学習する検知器が、まだ十分な記録を見ていません。",
    )


def of_state(state: str, missing: list[str]) -> Words:
    """Return why a detector says nothing."""
    topics = ", ".join(missing)
    return {
        "switched_off": Words(
            en="Switched off by the policy.", ja="ポリシーにより停止しています。"
        ),
        "not_fed": Words(
            en=f"Switched off: {topics} not fed.", ja=f"停止中: {topics}が供給されていません。"
        ),
        "warming_up": Words(
            en="Warming up: it has not seen enough yet.",
            ja="学習中: まだ十分な記録を見ていません。",
        ),
    }.get(state, Words(en="Nothing unusual.", ja="特に変わった点はありません。"))


def of_evidence(evidence: Mapping[str, float], risk: str, severity: str) -> Words:
    """Return what was found, what speaks for the operator, and the risk that it comes to."""
    found, relief, together = evidence["for"], evidence["relief"], evidence["together"]
    after_en = after_ja = ""
    if abs(relief) >= _LEAST_TOLD:
        kind = ("relief", "酌量") if relief > 0 else ("aggravation", "加重")
        after_en = f", {abs(relief):.2f} of {kind[0]}"
        after_ja = f"、{kind[1]}{abs(relief):.2f}"
    if abs(together) >= _LEAST_TOLD:
        after_en += f", {together:+.2f} for what the signs say together"
        after_ja += f"、兆候の組み合わせ{together:+.2f}"
    begins, joint = evidence["begins"], evidence["joint"]
    return Words(
        en=f"Evidence in nats: {begins:.2f} to begin with, {found:.2f} found{after_en}; "
        f"{joint:.2f} in all. Risk {risk}, severity {severity}.",
        ja=f"証拠(ナット): 基準{begins:.2f}、検知{found:.2f}{after_ja}、総合{joint:.2f}。"
        f"リスク{risk}、重要度「{_SEVERITY_JA[severity]}」。",
    )


def of_threshold(bar: Bar, needs: str) -> Words:
    """Return what an alert needs, and where that comes from."""
    whom_en = f"supervisor {bar.supervisor_id}" if bar.supervisor_id else "the privacy officer"
    whom_ja = f"監督者{bar.supervisor_id}" if bar.supervisor_id else "個人情報保護責任者"
    how_en = f"from a budget of {bar.budget_per_day:g} alerts a working day"
    how_ja = f"1開庁日あたり{bar.budget_per_day:g}件の目安から"
    if bar.bound is None:
        how_en = f"until a budget of {bar.budget_per_day:g} a working day can be learned"
        how_ja = f"1開庁日あたり{bar.budget_per_day:g}件の目安が学習されるまで"
    return Words(
        en=f"Threshold of {whom_en} that day: {needs}, {how_en}; never below {bar.lowest_risk:g}.",
        ja=f"{whom_ja}の当日のしきい値: {needs}({how_ja}、最低{bar.lowest_risk:g})。",
    )


def of_tripwire(mark: str) -> Words:
    """Return which tripwire the look-up touched."""
    if not mark:
        return Words(en="No tripwire.", ja="重大な兆候はありません。")
    what_en, what_ja = _TRIPWIRES.get(mark, (mark, mark))
    return Words(en=f"Tripwire {mark}: {what_en}.", ja=f"重大な兆候 {mark}: {what_ja}。")
