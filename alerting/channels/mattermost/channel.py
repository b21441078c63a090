"""The channel `mattermost`: an incoming webhook, with one attachment."""

from __future__ import annotations

from typing import Any

from alerting.channels.hook import HookChannel
from alerting.channels.markdown import bullets, escaped
from alerting.channels.message import Message
from alerting.channels.settings import HookSettings
from alerting.channels.wording import Wording

_MAX_ROWS = 20
_COLOURS = {"low": "#7b8794", "medium": "#b7791f", "high": "#c05621", "critical": "#b42318"}


class MattermostChannel(HookChannel):
    """Post each message to the channel that the hook belongs to.

    Raises MonomiError `secret_missing`, `secret_unusable` or `ca_unusable`.
    """

    def __init__(self, settings: HookSettings) -> None:
        super().__init__(settings, body_of)


def body_of(message: Message) -> dict[str, Any]:
    """Return what is posted."""
    wording = Wording(message)
    parts = []
    attachment: dict[str, Any] = {
        "fallback": wording.title,
        "title": wording.link,
        "title_link": message.link,
    }
    if message.kind == "alert":
        (notice,) = message.notices
        attachment["color"] = _COLOURS[notice.severity]
        attachment["fields"] = [
            {"title": label, "value": escaped(value), "short": True}
            for label, value in wording.facts(notice)
        ]
        parts.append(f"**{wording.say('heading.reasons')}**\n{bullets(wording.reasons(notice))}")
    elif message.kind == "digest":
        parts.append(bullets(wording.rows(_MAX_ROWS)))
    if wording.next_step:
        parts.append(f"**{wording.next_step}**")
    attachment["text"] = "\n\n".join(parts)
    attachment["footer"] = wording.closing
    title = f"**{escaped(wording.title)}**\n{wording.lead}"
    return {"text": title, "attachments": [attachment]}
