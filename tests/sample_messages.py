"""Messages as channels get them, and what each kind of channel makes of one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from alerting.channels.http import as_json
from alerting.channels.line_works.channel import body_of as line_works_body
from alerting.channels.mail.letter import letter_of
from alerting.channels.mail.settings import MailSettings
from alerting.channels.mattermost.channel import body_of as mattermost_body
from alerting.channels.message import Audience, Message
from alerting.channels.slack.channel import body_of as slack_body
from alerting.channels.teams.channel import body_of as teams_body
from alerting.channels.webhook.channel import body_of as webhook_body
from alerting.console.messages import Language
from schemas.record import Words

TOKYO = ZoneInfo("Asia/Tokyo")
SECTION = Words(en="Resident Affairs", ja="区民課")
AT = datetime(2015, 3, 4, 1, 3, tzinfo=UTC)
MAIL = MailSettings(host="localhost", sender="monomi@city.example.jp")


def audience(language: Language = "ja", *, show_operator: bool = False) -> Audience:
    """Return who reads the messages of these tests."""
    return Audience(language, TOKYO, "https://monomi.example.jp", show_operator)


def mail_bytes(message: Message) -> bytes:
    """Return a mail as it is sent, and what its encoded headers and parts say."""
    mail = letter_of(message, MAIL, ["boss@city.example.jp"], AT)
    parts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
    said = [*(str(value) for value in mail.values()), *parts]
    return mail.as_bytes() + "\n".join(said).encode()


BYTES: dict[str, Callable[[Message], bytes]] = {
    "mail": mail_bytes,
    "webhook": lambda message: as_json(webhook_body(message)),
    "slack": lambda message: as_json(slack_body(message)),
    "teams": lambda message: as_json(teams_body(message)),
    "mattermost": lambda message: as_json(mattermost_body(message)),
    "line_works": lambda message: as_json(line_works_body(message)),
}
