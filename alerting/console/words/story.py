"""The words of an alert's history: who did what."""

from __future__ import annotations

EN = {
    "heading.story": "What was done about it",
    "story.opened": "Raised, and told to {to}",
    "story.opened.quiet": "Raised from past records; nobody is told of it",
    "story.raised": "Became graver ({severity}) by new look-ups",
    "story.acknowledged": "{by} began to look into it",
    "story.assigned": "{by} gave it to {to}",
    "story.commented": "{by} commented",
    "story.resolved": "{by} recorded: {verdict}",
    "story.reopened": "{by} opened it again",
    "story.reopened.evidence": "Opened again by new look-ups, and told to {to}",
    "story.escalated": "Nobody acknowledged it in time: told to {to} too",
    "story.came_back": "{by} did not resolve it in time: open again",
    "story.withdrawn": "Taken from {from_whom}, who is a party to it",
    "story.withdrawn.to": "Taken from {from_whom}, who is a party to it, and told to {to}",
    "story.stands_in": "{person} (for {absent})",
    "and": ", ",
}

JA = {
    "heading.story": "対応の経過",
    "story.opened": "アラートが発生し、{to}に通知しました",
    "story.opened.quiet": "過去の記録から発生しました(通知はしていません)",
    "story.raised": "新しい照会により、重要度が上がりました({severity})",
    "story.acknowledged": "{by}が確認を始めました",
    "story.assigned": "{by}が担当を{to}に変更しました",
    "story.commented": "{by}がコメントしました",
    "story.resolved": "{by}が判断を記録しました: {verdict}",
    "story.reopened": "{by}が対応を再開しました",
    "story.reopened.evidence": "新しい照会により未対応に戻り、{to}に通知しました",
    "story.escalated": "期限内に確認されなかったため、{to}にも通知しました",
    "story.came_back": "{by}の対応が期限内に終わらず、未対応に戻りました",
    "story.withdrawn": "当事者である{from_whom}を通知先から外しました",
    "story.withdrawn.to": "当事者である{from_whom}を通知先から外し、{to}に通知しました",
    "story.stands_in": "{person}({absent}の代理)",
    "and": "、",
}
