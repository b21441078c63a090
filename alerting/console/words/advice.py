"""What to check first, by the detector that gave the reason."""

from __future__ import annotations

EN = {
    "advice.lookup_frequency": "Was there a rush, a campaign or a list to work through that day?",
    "advice.repeat_access": (
        "Did this resident come to the counter again? Ask for the slips of both days."
    ),
    "advice.unexplained": "Look for a slip, a call or a request that never became a case.",
    "advice.off_hours": "Compare with the attendance record and approved overtime.",
    "advice.out_of_role": "Did they cover for a colleague of that section?",
    "advice.relation": "Is there a tie between the two? Another person should have handled it.",
    "advice.protected_resident": (
        "The resident is under protection: tell the privacy officer today, whatever the reason was."
    ),
    "advice.convergence": "Was the resident in the news or in talk at the office?",
    "advice.target_skew": (
        "Do these residents belong to one errand, or have they only traits in common?"
    ),
    "advice.enumeration": "Was there an order to go through a list? Who gave it?",
    "advice.extraction": "Where are the prints or files now, and who asked for them?",
    "advice.identity_presence": "See in the footage who sat at the terminal.",
    "advice.contract": (
        "Check the assignment and its dates; have the rights withdrawn if they ended."
    ),
    "advice.behaviour": "Ask what work that day was; compare with colleagues at the same counter.",
}

JA = {
    "advice.lookup_frequency": (
        "その日に窓口の混雑や一斉処理など、まとめて照会する業務があったか確認してください。"
    ),
    "advice.repeat_access": "この住民の来庁や申請が両日にあったか、受付票で確認してください。",
    "advice.unexplained": (
        "受付票、電話、他部署からの依頼など、案件に登録されていない用件を探してください。"
    ),
    "advice.off_hours": "出勤簿と時間外勤務命令簿を確認してください。",
    "advice.out_of_role": "ほかの部署の応援に入っていたか確認してください。",
    "advice.relation": "職員と住民の間柄を確認してください。本来は別の職員が担当すべき照会です。",
    "advice.protected_resident": (
        "支援措置の対象者です。理由にかかわらず、本日中に個人情報保護責任者へ報告してください。"
    ),
    "advice.convergence": "この住民が報道や庁内で話題になっていないか確認してください。",
    "advice.target_skew": (
        "照会した住民が同じ業務の対象者か、属性が似ているだけかを確認してください。"
    ),
    "advice.enumeration": "一覧を順に確認する業務の指示があったか、誰の指示かを確認してください。",
    "advice.extraction": "印刷物やファイルが今どこにあるか、誰の依頼かを確認してください。",
    "advice.identity_presence": "端末の前に誰がいたか、映像で確認してください。",
    "advice.contract": "任用と担当の期間を確認し、終了していれば権限の停止を依頼してください。",
    "advice.behaviour": "その日の業務内容を確認し、同じ窓口の職員と比べてください。",
}
