"""The channel `teams`: an Adaptive Card to a workflow's webhook.

The workflow "Post to a channel when a webhook request is received" answers 202; its messages
may have 28 KB, which the bounds of a notice keep well below. The older connectors are gone.
"""

from __future__ import annotations

from typing import Any

from alerting.channels.hook import HookChannel
from alerting.channels.markdown import bullets, escaped
from alerting.channels.message import Message
from alerting.channels.settings import HookSettings
from alerting.channels.wording import Wording

_MAX_ROWS = 10
_COLOURS = {"low": "Default", "medium": "Warning", "high": "Warning", "critical": "Attention"}


class TeamsChannel(HookChannel):
    """Post each message to the channel that the workflow belongs to.

    Raises MonomiError `secret_missing`, `secret_unusable` or `ca_unusable`.
    """

    def __init__(self, settings: HookSettings) -> None:
        super().__init__(settings, body_of)


def body_of(message: Message) -> dict[str, Any]:
    """Return what is posted: one message with one card."""
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": _body(message),
        "actions": [
            {"type": "Action.OpenUrl", "title": Wording(message).link, "url": message.link}
        ],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None}
    return {"type": "message", "attachments": [attachment | {"content": card}]}


def _body(message: Message) -> list[dict[str, Any]]:
    wording = Wording(message)
    title = _text(escaped(wording.title), size="Large", weight="Bolder")
    body = [title, _text(escaped(wording.lead))]
    if message.kind == "alert":
        (notice,) = message.notices
        title["color"] = _COLOURS[notice.severity]
        facts = [
            {"title": label, "value": escaped(value)} for label, value in wording.facts(notice)
        ]
        body.append({"type": "FactSet", "facts": facts})
        body.append(_text(escaped(wording.say("heading.reasons")), weight="Bolder"))
        body.append(_text(bullets(wording.reasons(notice))))
    elif message.kind == "digest":
        body.append(_text(bullets(wording.rows(_MAX_ROWS))))
    if wording.next_step:
        body.append(_text(escaped(wording.next_step), weight="Bolder"))
    body.append(_text(escaped(wording.closing), size="Small", isSubtle=True))
    return body


def _text(text: str, **looks: Any) -> dict[str, Any]:
    return {"type": "TextBlock", "text": text, "wrap": True} | looks
