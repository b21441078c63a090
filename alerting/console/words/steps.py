"""The words of what a person can do with an alert."""

from __future__ import annotations

EN = {
    "heading.steps": "What you can do now",
    "steps.quiet": "Do not speak to the person it is about before you have checked.",
    "heading.check": "Check first",
    "heading.recipients": "Who has it",
    "recipient.supervisor": "supervisor",
    "recipient.head": "head of section",
    "recipient.privacy_officer": "by office",
    "recipient.assignee": "assigned",
    "recipient.stands_in": "stands in for {person}",
    "none.recipients": "Nobody was told of it yet.",
    "due.none": "No time limit runs.",
    "due.acknowledge.long": "To be acknowledged by {time}, else it goes a level up.",
    "due.resolve.long": "To be resolved by {time}, else it comes back.",
    "step.acknowledge": "I am looking into it",
    "step.acknowledge.hint": "Stops the clock of escalation; others see that you have it.",
    "step.resolve": "Record the verdict",
    "step.resolve.title": "Verdict",
    "step.assign": "Assign",
    "step.assign.title": "Give it to somebody else",
    "step.assign.to": "To",
    "step.assign.choose": "Choose a person",
    "step.assign.here": "This section",
    "step.assign.others": "Other sections",
    "step.comment": "Add the comment",
    "step.comment.title": "Comment",
    "step.comment.text": "Comment",
    "step.reopen": "Open it again",
    "step.reopen.title": "Open it again",
    "step.note": "Note",
    "step.note.hint": "What you checked, and what the verdict rests on.",
    "optional": "optional",
    "step.none": "Your role reads this alert and does not decide on it.",
    "step.party": "You are a party to this alert: others decide on it.",
    "hint.justified": "The look-up was needed for work, though no case says so. Name the proof.",
    "hint.misuse": (
        "There was no need for it. The privacy officer takes it from here; keep the footage."
    ),
    "hint.false_alarm": "It was ordinary work, and should not have raised an alert.",
    "hint.undetermined": "You checked, and it cannot be told. Say what you looked at.",
    "done.acknowledged": "Noted: you are looking into it.",
    "done.assigned": "The alert was assigned, and the person is told.",
    "done.commented": "The comment was added.",
    "done.resolved": "The verdict was recorded.",
    "done.reopened": "The alert is open again.",
    "meanwhile.title": "Somebody was quicker",
    "meanwhile.text": (
        "Since you opened this page, the following happened. Nothing of yours was recorded; "
        "what you typed is still below."
    ),
    "meanwhile.evidence": (
        "New look-ups were added to the alert (now revision {revision}). Look at the reasons again."
    ),
    "live.changed": "This alert has changed since you opened the page.",
    "live.reload": "Show the change",
}

JA = {
    "heading.steps": "次にすること",
    "steps.quiet": "確認が済むまで、対象の職員本人には声をかけないでください。",
    "heading.check": "まず確認すること",
    "heading.recipients": "通知先",
    "recipient.supervisor": "監督者",
    "recipient.head": "部署の長",
    "recipient.privacy_officer": "役職宛て",
    "recipient.assignee": "担当に指定",
    "recipient.stands_in": "{person}の代理",
    "none.recipients": "まだ誰にも通知していません。",
    "due.none": "期限はありません。",
    "due.acknowledge.long": "{time}までに確認を始めないと、上位の担当者に送られます。",
    "due.resolve.long": "{time}までに対応が終わらないと、未対応に戻ります。",
    "step.acknowledge": "確認を始める",
    "step.acknowledge.hint": "上位への送付を止め、担当していることをほかの人に示します。",
    "step.resolve": "判断を記録する",
    "step.resolve.title": "判断",
    "step.assign": "担当を変更する",
    "step.assign.title": "ほかの人に任せる",
    "step.assign.to": "任せる相手",
    "step.assign.choose": "選んでください",
    "step.assign.here": "この部署",
    "step.assign.others": "ほかの部署",
    "step.comment": "コメントを追加する",
    "step.comment.title": "コメント",
    "step.comment.text": "コメント",
    "step.reopen": "対応を再開する",
    "step.reopen.title": "対応を再開する",
    "step.note": "メモ",
    "step.note.hint": "確認したことと、判断の根拠を書いてください。",
    "optional": "任意",
    "step.none": "あなたの役割では、閲覧のみできます。",
    "step.party": "あなたはこのアラートの当事者です。ほかの担当者が判断します。",
    "hint.justified": (
        "案件の記録はないが、業務に必要な照会でした。根拠となる書類などを書いてください。"
    ),
    "hint.misuse": (
        "業務上の必要がない照会でした。以後は個人情報保護責任者が引き継ぎます。"
        "映像を保存してください。"
    ),
    "hint.false_alarm": "通常の業務であり、アラートの対象とすべきものではありませんでした。",
    "hint.undetermined": (
        "確認しましたが、必要な照会だったか判断できません。確認した内容を書いてください。"
    ),
    "done.acknowledged": "確認を始めたことを記録しました。",
    "done.assigned": "担当を変更し、本人に通知しました。",
    "done.commented": "コメントを追加しました。",
    "done.resolved": "判断を記録しました。",
    "done.reopened": "対応を再開しました。",
    "meanwhile.title": "ほかの人が先に変更しました",
    "meanwhile.text": (
        "この画面を開いた後に、次の変更がありました。あなたの入力はまだ登録されていませんが、"
        "下の欄に残っています。"
    ),
    "meanwhile.evidence": (
        "新しい照会が加わりました(現在は第{revision}版)。理由をもう一度確認してください。"
    ),
    "live.changed": "この画面を開いた後に、アラートが変わりました。",
    "live.reload": "変更を表示する",
}
