"""The words of what an operator did around an alert."""

from __future__ import annotations

EN = {
    "heading.around": "What this person did around it",
    "heading.day": "Their look-ups on {day}",
    "heading.look_ups": "The look-ups it rests on",
    "heading.hours": "When they usually work",
    "heading.pair": "This person and this resident",
    "none.evidence": "The monitor sent no details around this alert.",
    "none.pair": "No earlier look-up of this resident by this person is known.",
    "look_ups.shown": "The {shown} of highest risk, of {count}.",
    "day.own": "This alert's",
    "day.other": "Others of that day",
    "day.open": "Opening hours",
    "day.text": (
        "{count} look-ups from {first} to {last}, of which {own} are this alert's: {times}."
    ),
    "day.table": "All {count} look-ups in a table",
    "hours.habit": "This person",
    "hours.cohort": "Same kind of desk",
    "hours.now": "This alert's hours",
    "hours.text": (
        "This person looks up most at {habit} o'clock, people at such desks at {cohort} o'clock. "
        "At this alert's hours ({now}): {habit_now}\u00a0% of this person's look-ups, "
        "{cohort_now}\u00a0% of those at such desks."
    ),
    "hours.table": "The figures by hour",
    "pair.text": (
        "Looked up on {count} days known, from {first} to {last}: {days} days lie between these."
    ),
    "pair.first": "first time",
    "pair.last": "time before",
    "pair.now": "this alert",
    "pair.count.one": "{count} look-up",
    "pair.count.other": "{count} look-ups",
    "column.time": "Time",
    "column.action": "Action",
    "column.function": "Screen",
    "column.terminal": "Terminal",
    "column.resident": "Resident",
    "column.case": "Case",
    "column.hour": "Hour",
    "column.day": "Day",
    "none.case": "none",
    "action.search": "Search",
    "action.view": "View",
    "action.print": "Print",
    "action.export": "Export",
    "action.update": "Update",
    "scroll": "Table, can be scrolled: {name}",
}

JA = {
    "heading.around": "前後の行動",
    "heading.day": "{day}の照会",
    "heading.look_ups": "根拠となった照会",
    "heading.hours": "ふだん照会する時間帯",
    "heading.pair": "この職員とこの住民",
    "none.evidence": "このアラートの前後の記録は届いていません。",
    "none.pair": "この職員がこの住民を以前に照会した記録はありません。",
    "look_ups.shown": "全{count}件のうち、リスクの高い{shown}件です。",
    "day.own": "このアラートの照会",
    "day.other": "同じ日のほかの照会",
    "day.open": "開庁時間",
    "day.text": (
        "{first}から{last}までに照会{count}件。うち{own}件がこのアラートの照会です({times})。"
    ),
    "day.table": "全{count}件の照会を表で見る",
    "hours.habit": "この職員",
    "hours.cohort": "同じ業務の職員",
    "hours.now": "このアラートの時間帯",
    "hours.text": (
        "照会が最も多い時間帯は、この職員が{habit}時台、同じ業務の職員が{cohort}時台です。"
        "このアラートの時間帯({now}時台)の割合は、この職員が{habit_now}%、"
        "同じ業務の職員が{cohort_now}%です。"
    ),
    "hours.table": "時間帯ごとの割合を表で見る",
    "pair.text": ("照会した日は、{first}から{last}までの{days}日間に、判明分で{count}日あります。"),
    "pair.first": "初回",
    "pair.last": "前回",
    "pair.now": "このアラート",
    "pair.count.one": "{count}件",
    "pair.count.other": "{count}件",
    "column.time": "時刻",
    "column.action": "操作",
    "column.function": "業務画面",
    "column.terminal": "端末",
    "column.resident": "住民",
    "column.case": "案件",
    "column.hour": "時間帯",
    "column.day": "日付",
    "none.case": "なし",
    "action.search": "検索",
    "action.view": "閲覧",
    "action.print": "印刷",
    "action.export": "出力",
    "action.update": "更新",
    "scroll": "横に動かせる表: {name}",
}
