"""The channel `mail`: SMTP, with TLS as set, and what its answers mean."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage

import aiosmtplib

from alerting.channels.channel import distrust
from alerting.channels.mail.letter import letter_of
from alerting.channels.mail.settings import MailSettings
from alerting.channels.message import Message
from alerting.channels.settings import is_mail_address
from alerting.errors import DeliveryError

_MEANINGS: Mapping[int, str] = {
    530: "wants a sign-in: set username and password",
    535: "does not accept the sign-in: check username and password",
    550: "does not accept the receiver or the sender: check the addresses",
    552: "says that the mail box is full",
}


class MailChannel:
    """Send each message as one mail.

    Raises MonomiError `secret_missing` or `ca_unusable`.
    """

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._trust = settings.trust()
        self._password = None if settings.username is None else settings.secret("password")

    async def send(self, message: Message) -> None:
        """Return once the server has taken the mail for all; raises DeliveryError."""
        settings = self._settings
        receivers = self._receivers(message)
        mail = letter_of(message, settings, receivers, datetime.now(UTC))
        try:
            async with asyncio.timeout(settings.timeout_s):
                refused = await self._submit(mail, receivers)
        except TimeoutError:  # the server's slowness, by aiosmtplib's clock or by ours
            raise DeliveryError(
                f"the mail server did not answer within {settings.timeout_s:g} s", permanent=False
            ) from None
        except aiosmtplib.SMTPRecipientsRefused as error:
            refused = {each.recipient: each.code for each in error.recipients}
        except aiosmtplib.SMTPException as error:
            raise _explained(error) from None
        except OSError as error:
            raise _unreachable(error) from None
        if refused:
            raise _partly_refused(refused, len(receivers))

    def _receivers(self, message: Message) -> tuple[str, ...]:
        receivers = (message.receiver,) if message.receiver else self._settings.receivers
        if not receivers:
            why = "the message has no receiver, and the channel no receivers of its own"
            raise DeliveryError(why, permanent=True)
        if not all(map(is_mail_address, receivers)):
            raise DeliveryError("the message's receiver is no mail address", permanent=True)
        allowed = tuple(each for each in receivers if each.casefold() not in message.not_to)
        if not allowed:
            why = "every receiver is a party to the alert: give the channel another receiver"
            raise DeliveryError(why, permanent=True)
        return allowed

    async def _submit(self, mail: EmailMessage, receivers: Sequence[str]) -> dict[str, int]:
        """Return whom the server refused, and with what code."""
        settings = self._settings
        server = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            # aiosmtplib would ask the name service for it, and wait.
            local_hostname=socket.gethostname(),
            use_tls=settings.security == "tls",
            start_tls=settings.security == "starttls",
            tls_context=None if settings.security == "plain" else self._trust,
            username=settings.username,
            password=self._password.get_secret_value() if self._password else None,
            timeout=settings.timeout_s,
        )
        async with server:
            answers, _ = await server.send_message(
                mail, sender=settings.sender, recipients=list(receivers)
            )
        return {receiver: answer.code for receiver, answer in answers.items()}


def _explained(error: aiosmtplib.SMTPException) -> DeliveryError:
    if isinstance(error, aiosmtplib.SMTPResponseException) and error.code >= 400:
        permanent = error.code >= 500
        otherwise = "refuses the mail" if permanent else "cannot take the mail now"
        meaning = _MEANINGS.get(error.code, otherwise)
        return DeliveryError(f"the mail server {meaning} (SMTP {error.code})", permanent=permanent)
    if isinstance(error, ConnectionError | aiosmtplib.SMTPResponseException):
        return _unreachable(error)
    # What is left is what the server cannot do: STARTTLS, or signing in.
    return DeliveryError(
        "the mail server does not offer the security or the sign-in that is set", permanent=True
    )


def _unreachable(error: BaseException) -> DeliveryError:
    why = distrust(error) or "the mail server cannot be reached, or broke off"
    return DeliveryError(why, permanent=False)


def _partly_refused(refused: Mapping[str, int], of: int) -> DeliveryError:
    """Return the error where not all get it; who did knows a second mail by its Message-ID."""
    codes = ", ".join(str(code) for code in sorted(set(refused.values())))
    return DeliveryError(
        f"the mail server refuses {len(refused)} of {of} receivers (SMTP {codes})",
        permanent=all(code >= 500 for code in refused.values()),
    )
