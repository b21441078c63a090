"""The channel `slack`: an incoming webhook, with Block Kit."""

from __future__ import annotations

from typing import Any

from alerting.channels.hook import HookChannel
from alerting.channels.message import Message
from alerting.channels.settings import HookSettings
from alerting.channels.wording import Wording

_MAX_HEADER = 150
_MAX_SECTION = 3000
_MAX_ROWS = 10


class SlackChannel(HookChannel):
    """Post each message to the channel that the hook belongs to.

    Raises MonomiError `secret_missing`, `secret_unusable` or `ca_unusable`.
    """

    def __init__(self, settings: HookSettings) -> None:
        super().__init__(settings, body_of)


def body_of(message: Message) -> dict[str, Any]:
    """Return what is posted: `text` for notifications, `blocks` for the page."""
    wording = Wording(message)
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": wording.title[:_MAX_HEADER]}},
        _section(_escaped(wording.lead)),
    ]
    if message.kind == "alert":
        (notice,) = message.notices
        facts = [f"*{_escaped(label)}*\n{_escaped(fact)}" for label, fact in wording.facts(notice)]
        blocks.append(
            {"type": "section", "fields": [{"type": "mrkdwn", "text": fact} for fact in facts]}
        )
        heading = f"*{_escaped(wording.say('heading.reasons'))}*"
        blocks.append(_section("\n".join([heading, *_bullets(wording.reasons(notice))])))
    elif message.kind == "digest":
        blocks.append(_section("\n".join(_bullets(wording.rows(_MAX_ROWS)))))
    blocks.append(_section(f"*<{_escaped(message.link)}|{_escaped(wording.link)}>*"))
    if wording.next_step:
        blocks.append(_section(_escaped(wording.next_step)))
    foot = [{"type": "mrkdwn", "text": _escaped(wording.closing)}]
    blocks.append({"type": "context", "elements": foot})
    return {"text": _escaped(wording.title), "blocks": blocks}


def _section(text: str) -> dict[str, Any]:
    shown = text if len(text) <= _MAX_SECTION else text[: _MAX_SECTION - 1] + "…"
    return {"type": "section", "text": {"type": "mrkdwn", "text": shown}}


def _bullets(lines: list[str]) -> list[str]:
    return [f"• {_escaped(line)}" for line in lines]


def _escaped(text: str) -> str:
    """Return a text without Slack's control characters: no link, no call to all."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
