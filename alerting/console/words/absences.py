"""The words of the page of absences."""

from __future__ import annotations

EN = {
    "absences.title": "Absences",
    "absences.hint": (
        "Alerts of a person who is away go to the deputy; without a deputy, a level up."
    ),
    "absences.now": "Away today",
    "absences.next": "Away later",
    "absences.past": "Past",
    "absences.none": "Nobody is entered as away.",
    "absences.new": "Enter an absence",
    "absences.person": "Who is away",
    "absences.from": "First day",
    "absences.to": "Last day",
    "absences.deputy": "Who stands in",
    "absences.deputy.none": "nobody (goes a level up)",
    "absences.by": "Entered by",
    "absences.add": "Enter",
    "absences.end": "End now",
    "absences.cancel": "Cancel",
    "absences.end.of": "{action}: {person}, {start} – {end}",
    "absences.read_only": "Your role sees absences and does not enter any.",
    "done.absence_added": "The absence was entered.",
    "done.absence_ended": "The absence was ended.",
    "column.actions": "Steps",
}

JA = {
    "absences.title": "不在と代理",
    "absences.hint": (
        "不在の人宛てのアラートは代理者に届きます。代理者がいなければ、上位の担当者に届きます。"
    ),
    "absences.now": "本日不在",
    "absences.next": "今後の不在",
    "absences.past": "過去の不在",
    "absences.none": "登録されている不在はありません。",
    "absences.new": "不在の登録",
    "absences.person": "不在の人",
    "absences.from": "開始日",
    "absences.to": "終了日",
    "absences.deputy": "代理者",
    "absences.deputy.none": "なし(上位の担当者へ)",
    "absences.by": "登録者",
    "absences.add": "登録する",
    "absences.end": "終了する",
    "absences.cancel": "取り消す",
    "absences.end.of": "{action}: {person} {start}から{end}まで",
    "absences.read_only": "あなたの役割では、閲覧のみできます。",
    "done.absence_added": "不在を登録しました。",
    "done.absence_ended": "不在を終了しました。",
    "column.actions": "操作",
}
