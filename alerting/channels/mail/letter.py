"""A message as a mail: text and HTML, known again by its Message-ID."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from alerting.channels.mail.settings import MailSettings
from alerting.channels.message import Message
from alerting.channels.wording import Wording

_MAX_ROWS = 50


def letter_of(
    message: Message, settings: MailSettings, receivers: Sequence[str], sent_at: datetime
) -> EmailMessage:
    """Return the mail; every attempt at the same message has the same Message-ID."""
    wording = Wording(message)
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = wording.title
    mail["From"] = Address(settings.sender_name, addr_spec=settings.sender)
    mail["To"] = ", ".join(receivers)
    mail["Date"] = format_datetime(sent_at)
    mail["Message-ID"] = f"<{message.opaque_key}@{settings.sender.rpartition('@')[2]}>"
    # So that no answering machine answers, and what is urgent looks so.
    mail["Auto-Submitted"] = "auto-generated"
    if message.critical:
        mail["Importance"] = "high"
    mail.set_content(wording.text(_MAX_ROWS) + "\n")
    mail.add_alternative(
        _template().render(message=message, wording=wording, most_rows=_MAX_ROWS), subtype="html"
    )
    return mail


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("letter.html")
