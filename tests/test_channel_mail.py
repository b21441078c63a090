"""The channel `mail` against a real mail server: whole, safe, and honest about what failed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from alerting.channels.mail.channel import MailChannel
from alerting.channels.mail.settings import MailSettings
from alerting.channels.message import Message, alert_message
from alerting.errors import DeliveryError
from tests.receivers import (
    HOST,
    Certificates,
    MailServer,
    certificates,
    closed_port,
    deliver,
    mail_server,
    silent_port,
)
from tests.sample_alerts import alert
from tests.sample_messages import SECTION, audience

ACCOUNT = ("monomi", "correct-horse-battery")
BOSS, DEPUTY = "boss@city.example.jp", "deputy@city.example.jp"


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Return a certificate for this machine and its authority."""
    return certificates(tmp_path_factory.mktemp("certificates"))


def to_boss(key: str = "delivery-1", receiver: str | None = BOSS) -> Message:
    """Return a critical alert's message."""
    return alert_message(
        key, alert(severity="critical"), SECTION, audience("ja"), receiver=receiver
    )


def channel(port: int, **changes: Any) -> MailChannel:
    """Return a channel to a mail server on this machine."""
    fields = {"host": HOST, "port": port, "security": "plain", "sender": "monomi@city.example.jp"}
    return MailChannel(MailSettings(**(fields | {"timeout_s": 20.0} | changes)))


def failed(sender: MailChannel, message: Message | None = None) -> DeliveryError:
    """Send, and return the error that this must raise."""
    with pytest.raises(DeliveryError) as raised:
        deliver(sender, message or to_boss())
    return raised.value


def test_a_mail_arrives_as_text_and_as_html() -> None:
    """With its subject, what a ward needs in both parts, and marked as urgent and automatic."""
    with mail_server() as server:
        deliver(channel(server.port), to_boss())
    (mail,) = server.mails
    assert server.receivers == [[BOSS]]
    assert mail["Subject"] == "【物見・至急】住民情報照会アラート(重要度:緊急) 区民課"
    assert mail["To"] == BOSS
    assert mail["From"] == "物見 Monomi <monomi@city.example.jp>"
    assert mail["Importance"] == "high"
    assert mail["Auto-Submitted"] == "auto-generated"
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        said = part.get_content()
        assert "https://monomi.example.jp/alerts/a-1" in said
        assert "案件の裏付けがない同じ住民への照会が2日目です" in said
        assert "対象の職員本人には声をかけず" in said


def test_a_repeated_mail_is_known_by_its_message_id() -> None:
    """The same key gives the same Message-ID on every attempt, another key another."""
    with mail_server() as server:
        for key in ("delivery-1", "delivery-1", "delivery-2"):
            deliver(channel(server.port), to_boss(key))
    first, again, other = (mail["Message-ID"] for mail in server.mails)
    assert first == again == f"<{to_boss().opaque_key}@city.example.jp>"
    assert other != first


@contextmanager
def secure_server(security: str, trusted: Certificates) -> Iterator[MailServer]:
    """Run a mail server that wants TLS and a sign-in."""
    way = {"starttls": trusted.server} if security == "starttls" else {"tls": trusted.server}
    with mail_server(account=ACCOUNT, **way) as server:
        yield server


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_sign_in_goes_over_tls(
    security: str, trusted: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both ways, with a certificate that the ward's own authority vouches for."""
    monkeypatch.setenv("MAIL_PASSWORD", ACCOUNT[1])
    with secure_server(security, trusted) as server:
        sender = channel(
            server.port,
            security=security,
            ca_file=trusted.ca_file,
            username=ACCOUNT[0],
            password_env="MAIL_PASSWORD",
        )
        deliver(sender, to_boss())
    assert server.signed_in == [ACCOUNT[0]]
    assert server.receivers == [[BOSS]]
    if security == "starttls":
        assert server.encrypted == [True]


def test_a_wrong_password_is_permanent_and_stays_secret(
    trusted: Certificates, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the error nor any log holds it."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("MAIL_PASSWORD", "s3cr3t-and-wrong")
    with secure_server("starttls", trusted) as server:
        error = failed(
            channel(
                server.port,
                security="starttls",
                ca_file=trusted.ca_file,
                username=ACCOUNT[0],
                password_env="MAIL_PASSWORD",
            )
        )
    assert error.permanent
    assert "does not accept the sign-in" in error.sentence
    assert "s3cr3t" not in str(error) + repr(error) + caplog.text
    assert server.mails == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_an_untrusted_certificate_gets_no_mail(security: str, trusted: Certificates) -> None:
    """Who is not vouched for is told neither password nor alert."""
    with secure_server(security, trusted) as server:
        error = failed(channel(server.port, security=security))
    assert "certificate is not trusted" in error.sentence
    assert not error.permanent
    assert (server.mails, server.signed_in) == ([], [])


def test_a_server_without_starttls_is_never_spoken_to_in_the_open(trusted: Certificates) -> None:
    """It is a permanent fault of the settings, not a reason to go on without."""
    with mail_server() as server:
        error = failed(channel(server.port, security="starttls", ca_file=trusted.ca_file))
    assert error.permanent
    assert server.mails == []


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [("550 no such user", True), ("451 come back later", False), ("452 full", False)],
)
def test_a_refused_receiver_is_permanent_by_the_servers_word(answer: str, permanent: bool) -> None:
    """5xx is for good, 4xx for now; the server's own words are not passed on."""
    with mail_server() as server:
        server.refusals[BOSS] = answer
        error = failed(channel(server.port))
    assert error.permanent is permanent
    assert answer[:3] in error.sentence
    assert answer[4:] not in error.sentence


def test_a_mail_that_only_some_get_says_so() -> None:
    """The others have it; the error tells how many have not."""
    with mail_server() as server:
        server.refusals[DEPUTY] = "451 come back later"
        error = failed(channel(server.port, receivers=(BOSS, DEPUTY)), to_boss(receiver=None))
    assert server.receivers == [[BOSS]]
    assert "1 of 2 receivers" in error.sentence
    assert not error.permanent


@pytest.mark.parametrize("receiver", [None, "boss", "a@b\r\nBcc: c@d", "a@b, c@d", "<a@b>"])
def test_a_message_for_nobody_is_a_permanent_fault(receiver: str | None) -> None:
    """Neither the message nor the channel names one, or what it names is more than that."""
    with mail_server() as server:
        error = failed(channel(server.port), to_boss(receiver=receiver))
    assert error.permanent
    assert server.mails == []


def test_a_server_that_is_down_is_tried_again() -> None:
    """A port that refuses is a passing fault."""
    with closed_port() as port:
        error = failed(channel(port))
    assert not error.permanent
    assert "cannot be reached" in error.sentence


def test_a_server_that_is_silent_is_given_up_in_time() -> None:
    """A port that takes the connection and says nothing is a passing fault."""
    with silent_port() as port:
        error = failed(channel(port, timeout_s=0.2))
    assert not error.permanent
    assert "within 0.2 s" in error.sentence


def test_a_secret_that_is_not_there_is_named(tmp_path: Path) -> None:
    """By its file, before anything is sent."""
    path = tmp_path / "none"
    with pytest.raises(Exception, match=f"the file {path}") as raised:
        channel(1, security="tls", username="monomi", password_file=path)
    assert getattr(raised.value, "code", None) == "secret_missing"
