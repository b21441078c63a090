"""Every word of the console, in both languages, by key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, ...] = ("ja", "en")
DEFAULT_LANGUAGE: Language = "ja"

_EN = {
    "product": "Monomi",
    "title": "Alerts",
    "list.hint": "Newest first. New alerts appear by themselves.",
    "empty.title": "No alerts yet.",
    "empty.text": (
        "When a look-up of a resident is out of the ordinary, an alert appears here within a "
        "second, with its reasons. There is no need to reload this page."
    ),
    "noscript": "Without JavaScript, reload the page to see new alerts.",
    "language": "Language",
    "language.other": "日本語",
    "times_in": "Times in {zone}",
    "back": "All alerts",
    "connection.live": "Live",
    "connection.starting": "Starting",
    "connection.waiting": "Waiting for the monitor's first start",
    "connection.reconnecting": "Lost Kafka, trying again",
    "connection.offline": "Lost the console, reconnecting",
    "severity.low": "Low",
    "severity.medium": "Medium",
    "severity.high": "High",
    "severity.critical": "Critical",
    "announcement": "{severity} alert about {operator}",
    "label.operator": "Operator",
    "label.section": "Section",
    "label.resident": "Resident",
    "label.supervisor": "Supervisor",
    "label.updated": "Updated",
    "label.first_event": "Earliest look-up",
    "label.look_ups": "Look-ups",
    "label.alert": "Alert",
    "label.model": "Model",
    "none.resident": "no single one",
    "none.section": "unknown",
    "none.supervisor": "unknown (the privacy officer's)",
    "none.reasons": "The monitor gave no reason in words.",
    "risk": "More unusual than {percent} % of look-ups",
    "look_ups.one": "{count} look-up",
    "look_ups.other": "{count} look-ups",
    "observed": "Observed {value}",
    "expected": "expected {value}",
    "revision": "Revision {revision}",
    "details": "Details",
    "heading.reasons": "Why it is unusual",
    "heading.look_ups": "The look-ups it rests on",
    "heading.footage": "Camera footage",
    "heading.revisions": "How this alert grew",
    "column.revision": "Revision",
    "column.updated": "Updated",
    "column.severity": "Severity",
    "column.risk": "Look-ups less unusual",
    "column.look_ups": "Look-ups",
    "column.arrived": "Reached the console",
    "look_ups.shown": "The {shown} of highest risk, of {count}.",
    "not_found.title": "No such alert",
    "not_found.text": "There is no alert by this id here. It may have been removed.",
    "detector.lookup_frequency": "Many look-ups",
    "detector.repeat_access": "Same resident again",
    "detector.unexplained": "No case behind it",
    "detector.off_hours": "Outside hours",
    "detector.out_of_role": "Outside the role",
    "detector.relation": "Personal tie",
    "detector.protected_resident": "Protected resident",
    "detector.convergence": "Many eyes on one resident",
    "detector.target_skew": "One kind of resident",
    "detector.enumeration": "Trawling",
    "detector.extraction": "Much printed or exported",
    "detector.identity_presence": "Person and terminal disagree",
    "detector.contract": "Outside any assignment",
    "detector.behaviour": "Unlike this section's work",
    "unit.look-ups": "look-ups",
    "unit.look-ups without a case": "look-ups without a case",
    "unit.look-ups of one class": "look-ups of one kind of resident",
    "unit.such look-ups lately": "such look-ups lately",
    "unit.searches or look-ups": "searches or look-ups",
    "unit.operators within a week": "operators within a week",
    "unit.records": "records",
    "unit.signs": "signs",
    "unit.days": "days",
    "unit.days without a case": "days without a case",
    "unit.look-ups without a case that day": "look-ups without a case that day",
    "unit.minutes outside opening hours": "minutes outside opening hours",
    "unit.share of own look-ups": "share of own look-ups",
    "unit.anomaly score": "anomaly score",
}

_JA = {
    "product": "物見",
    "title": "アラート一覧",
    "list.hint": "新しい順に表示します。新着は自動で現れます。",
    "empty.title": "アラートはまだありません。",
    "empty.text": (
        "通常と異なる住民情報の照会があると、1秒以内に理由とともにここに表示されます。"
        "画面を再読み込みする必要はありません。"
    ),
    "noscript": "JavaScriptが無効のため、新着を見るには再読み込みしてください。",
    "language": "言語",
    "language.other": "English",
    "times_in": "時刻は{zone}",
    "back": "アラート一覧へ",
    "connection.live": "受信中",
    "connection.starting": "起動中",
    "connection.waiting": "監視の初回起動を待っています",
    "connection.reconnecting": "Kafkaとの接続が切れました。再接続中",
    "connection.offline": "画面との接続が切れました。再接続中",
    "severity.low": "低",
    "severity.medium": "中",
    "severity.high": "高",
    "severity.critical": "緊急",
    "announcement": "新しいアラート({severity}): {operator}",
    "label.operator": "職員",
    "label.section": "部署",
    "label.resident": "住民",
    "label.supervisor": "監督者",
    "label.updated": "更新",
    "label.first_event": "最初の照会",
    "label.look_ups": "照会",
    "label.alert": "アラート",
    "label.model": "モデル",
    "none.resident": "特定の一人ではない",
    "none.section": "不明",
    "none.supervisor": "不明(個人情報保護責任者が担当)",
    "none.reasons": "理由の説明は届いていません。",
    "risk": "全照会の{percent}%より異例",
    "look_ups.one": "照会{count}件",
    "look_ups.other": "照会{count}件",
    "observed": "実際 {value}",
    "expected": "通常 {value}",
    "revision": "第{revision}版",
    "details": "詳細",
    "heading.reasons": "通常と異なる点",
    "heading.look_ups": "根拠となった照会",
    "heading.footage": "防犯カメラの映像",
    "heading.revisions": "このアラートの経過",
    "column.revision": "版",
    "column.updated": "更新",
    "column.severity": "重要度",
    "column.risk": "より普通の照会の割合",
    "column.look_ups": "照会",
    "column.arrived": "画面への到着",
    "look_ups.shown": "全{count}件のうち、リスクの高い{shown}件です。",
    "not_found.title": "アラートが見つかりません",
    "not_found.text": "この番号のアラートはありません。削除された可能性があります。",
    "detector.lookup_frequency": "照会の多さ",
    "detector.repeat_access": "同じ住民への再照会",
    "detector.unexplained": "案件の裏付けなし",
    "detector.off_hours": "時間外",
    "detector.out_of_role": "担当外の業務",
    "detector.relation": "個人的な関係",
    "detector.protected_resident": "支援措置対象者",
    "detector.convergence": "特定の住民への集中",
    "detector.target_skew": "対象の偏り",
    "detector.enumeration": "総当たりの検索",
    "detector.extraction": "大量の印刷・出力",
    "detector.identity_presence": "本人と端末の不一致",
    "detector.contract": "任用期間外・担当外",
    "detector.behaviour": "部署の業務と異なる傾向",
    "unit.look-ups": "照会の件数",
    "unit.look-ups without a case": "案件の裏付けがない照会の件数",
    "unit.look-ups of one class": "同じ属性の住民の照会件数",
    "unit.such look-ups lately": "最近の同様の照会の件数",
    "unit.searches or look-ups": "検索または照会の件数",
    "unit.operators within a week": "1週間以内に照会した職員の数",
    "unit.records": "印刷・出力の件数",
    "unit.signs": "不一致の兆候の数",
    "unit.days": "日数",
    "unit.days without a case": "案件の裏付けがない日数",
    "unit.look-ups without a case that day": "当日の案件なし照会の件数",
    "unit.minutes outside opening hours": "開庁時間外の分数",
    "unit.share of own look-ups": "本人の照会に占める割合",
    "unit.anomaly score": "異常度",
}

CATALOGUE: Mapping[Language, Mapping[str, str]] = {"en": _EN, "ja": _JA}


class Messages:
    """Speak one language of the catalogue."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._texts = CATALOGUE[language]

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of a key with its values in place; raises KeyError on none such."""
        return self._texts[key].format(**values)

    def known(self, key: str, otherwise: str) -> str:
        """Return the text of a key that a record's own word makes, else that word itself."""
        return self._texts.get(key, otherwise)

    def count(self, key: str, count: int) -> str:
        """Return the text for one or for another number of things."""
        return self(f"{key}.{'one' if count == 1 else 'other'}", count=f"{count:,}")


def choose_language(asked: str | None, kept: str | None, accepted: str) -> Language:
    """Return the language asked for, else the one kept, else the browser's, else Japanese.

    `accepted` is the header Accept-Language; what it ranks highest of ours holds.

    >>> choose_language(None, None, "fr, en-GB;q=0.8, ja;q=0.5")
    'en'
    """
    for wish in (asked, kept):
        for language in LANGUAGES:
            if wish == language:
                return language
    ranked = sorted(accepted.split(","), key=_quality, reverse=True)
    for item in ranked:
        for language in LANGUAGES:
            if item.strip().lower().partition(";")[0].partition("-")[0] == language:
                return language
    return DEFAULT_LANGUAGE


def _quality(item: str) -> float:
    weight = item.replace(" ", "").partition(";q=")[2]
    try:
        return float(weight or 1)
    except ValueError:
        return 0.0
