"""Every word that a channel sends, in both languages, by key."""

from __future__ import annotations

from collections.abc import Mapping

from alerting.console.messages import Language

_EN = {
    "alert.title": "[Monomi] {severity} alert: {section}",
    "alert.title.critical": "[Monomi] URGENT: critical alert, {section}",
    "alert.lead": "Look-ups of residents' data were out of the ordinary and need a check.",
    "alert.lead.raised": "There is more evidence: this alert has become graver.",
    "alert.lead.escalated": "Nobody acknowledged this alert in time. It goes to the next level.",
    "alert.lead.came_back": "Nobody resolved this alert in time. It is open again.",
    "alert.lead.reopened": "This alert was opened again and needs another check.",
    "alert.lead.assigned": "This alert was assigned to you.",
    "digest.title.one": "[Monomi] {count} alert of low urgency",
    "digest.title.other": "[Monomi] {count} alerts of low urgency",
    "digest.lead": "These alerts are less urgent. Please look at them within the day.",
    "digest.row": "{time} · {section} · {severity} · {look_ups}: {reason}",
    "digest.more": "And {count} more in the console.",
    "test.title": "[Monomi] Test message",
    "test.lead": "This channel of Monomi works. There is nothing to do.",
    "severity.low": "Low",
    "severity.medium": "Medium",
    "severity.high": "High",
    "severity.critical": "Critical",
    "label.severity": "Severity",
    "label.section": "Section",
    "label.time": "Raised",
    "label.look_ups": "Look-ups",
    "label.operator": "Operator",
    "none.section": "unknown section",
    "none.reasons": "The monitor gave no reason in words.",
    "heading.reasons": "Why it is unusual",
    "more_reasons": "Further reasons ({count}) are in the console.",
    "link.alert": "Open the alert",
    "link.digest": "Open the list of alerts",
    "link.test": "Open the console",
    "next.critical": (
        "Open the alert now and follow its steps. Do not speak to the person it is about, "
        "nor to others about it."
    ),
    "next.alert": (
        "Open the alert and check the reasons. Please do not speak to the person it is about "
        "before that."
    ),
    "next.digest": "Open the list, check each alert, and record what you found.",
    "next.test": "",
    "closing": (
        "This message names no resident. The details are only in the console. "
        "Please do not forward it."
    ),
    "fact.look_ups": "{count}",
    "look_ups.one": "{count} look-up",
    "look_ups.other": "{count} look-ups",
}

_JA = {
    "alert.title": "【物見】住民情報照会アラート(重要度:{severity}) {section}",
    "alert.title.critical": "【物見・至急】住民情報照会アラート(重要度:緊急) {section}",
    "alert.lead": "通常と異なる住民情報の照会がありました。内容の確認をお願いします。",
    "alert.lead.raised": "新たな照会が確認され、このアラートの重要度が上がりました。",
    "alert.lead.escalated": (
        "期限内に確認されなかったため、このアラートを上位の担当者にお知らせします。"
    ),
    "alert.lead.came_back": "期限内に対応が完了しなかったため、このアラートは未対応に戻りました。",
    "alert.lead.reopened": "このアラートの対応が再開されました。改めて確認をお願いします。",
    "alert.lead.assigned": "このアラートの担当に指定されました。内容の確認をお願いします。",
    "digest.title.one": "【物見】緊急性の低いアラート {count}件",
    "digest.title.other": "【物見】緊急性の低いアラート {count}件",
    "digest.lead": "緊急性の低いアラートをまとめてお知らせします。本日中に確認をお願いします。",
    "digest.row": "{time} {section}(重要度:{severity}、{look_ups}):{reason}",
    "digest.more": "ほか{count}件は、物見の画面で確認できます。",
    "test.title": "【物見】テスト送信",
    "test.lead": "物見からの通知が届くことを確認するためのテスト送信です。対応は不要です。",
    "severity.low": "低",
    "severity.medium": "中",
    "severity.high": "高",
    "severity.critical": "緊急",
    "label.severity": "重要度",
    "label.section": "部署",
    "label.time": "発生日時",
    "label.look_ups": "照会件数",
    "label.operator": "職員",
    "none.section": "部署不明",
    "none.reasons": "理由の説明は届いていません。",
    "heading.reasons": "通常と異なる点",
    "more_reasons": "ほか{count}件の理由は、物見の画面で確認できます。",
    "link.alert": "アラートを開く",
    "link.digest": "アラート一覧を開く",
    "link.test": "物見を開く",
    "next.critical": (
        "直ちにアラートを開き、画面の手順に沿って確認してください。"
        "対象の職員本人には声をかけず、ほかの職員にも話さないでください。"
    ),
    "next.alert": (
        "アラートを開き、内容を確認してください。確認が済むまで、対象の職員本人には声をかけないでください。"
    ),
    "next.digest": "一覧を開き、1件ずつ内容を確認して結果を記録してください。",
    "next.test": "",
    "closing": (
        "この通知に住民を特定する情報は含まれていません。詳細は物見の画面でのみ確認できます。"
        "転送はご遠慮ください。"
    ),
    "fact.look_ups": "{count}件",
    "look_ups.one": "照会{count}件",
    "look_ups.other": "照会{count}件",
}

PHRASES: Mapping[Language, Mapping[str, str]] = {"en": _EN, "ja": _JA}
