"""The channels over HTTP against a real sink: signed, bounded, and honest about what failed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from alerting.channels.channel import Channel
from alerting.channels.mattermost.channel import MattermostChannel
from alerting.channels.message import Message, alert_message
from alerting.channels.settings import HookSettings
from alerting.channels.slack.channel import SlackChannel
from alerting.channels.teams.channel import TeamsChannel
from alerting.channels.webhook.channel import WebhookChannel
from alerting.channels.webhook.settings import WebhookSettings
from alerting.errors import DeliveryError
from schemas.errors import MonomiError
from tests.receivers import HOST, Reply, Sink, closed_port, deliver, http_sink, silent_port
from tests.sample_alerts import alert
from tests.sample_messages import BYTES, SECTION, audience

SECRET = "0123456789-a-secret-of-the-ward"
HOOK = "/services/T0001/B0001/s3cr3t-part-of-the-address"
NOW = 1_425_430_992.5

Make = Callable[..., Channel]


@pytest.fixture
def sink() -> Iterator[Sink]:
    """Run an HTTP sink for one test."""
    with http_sink() as running:
        yield running


@pytest.fixture(params=["webhook", "slack", "teams", "mattermost"])
def make(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Return what opens a channel of each kind to a base address."""

    def opened(base: str, **changes: Any) -> Channel:
        monkeypatch.setenv("SECRET", SECRET)
        monkeypatch.setenv("HOOK", base + HOOK)
        if request.param == "webhook":
            url = base + HOOK
            settings = WebhookSettings(url=url, secret_env="SECRET", **changes)
            return WebhookChannel(settings, lambda: NOW)
        kind: dict[str, Make] = {
            "slack": SlackChannel,
            "teams": TeamsChannel,
            "mattermost": MattermostChannel,
        }
        return kind[request.param](HookSettings(url_env="HOOK", **changes))

    opened.__name__ = request.param
    return opened


def message() -> Message:
    """Return an alert's message in English."""
    return alert_message("delivery-1", alert(), SECTION, audience("en"))


def failed(channel: Channel) -> DeliveryError:
    """Send, and return the error that this must raise."""
    with pytest.raises(DeliveryError) as raised:
        deliver(channel, message())
    return raised.value


def test_what_arrives_is_the_message(make: Make, sink: Sink) -> None:
    """Once, at the channel's address, as JSON, and byte for byte what is checked elsewhere."""
    deliver(make(sink.url), message())
    (request,) = sink.requests
    assert request.path == HOOK
    assert request.headers["Content-Type"] == "application/json; charset=utf-8"
    assert request.body == BYTES[make.__name__](message())


@pytest.mark.parametrize("status", [201, 202, 204])
def test_any_success_is_a_success(make: Make, sink: Sink, status: int) -> None:
    """Teams says 202, others 200 or 204."""
    sink.replies.append(Reply(status, body=b""))
    deliver(make(sink.url), message())


def test_a_packed_answer_is_not_unpacked(make: Make, sink: Sink) -> None:
    """Nobody asked for one, and nothing in it matters."""
    sink.replies.append(Reply(200, {"Content-Encoding": "gzip"}, b"no gzip at all"))
    deliver(make(sink.url), message())
    assert sink.requests[0].headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 413, 422])
def test_what_will_never_succeed_is_permanent(make: Make, sink: Sink, status: int) -> None:
    """And nothing that the receiver wrote is passed on."""
    sink.replies.append(Reply(status, body=b"internal-name-of-the-receiver"))
    error = failed(make(sink.url))
    assert error.permanent
    assert f"HTTP {status}" in error.sentence
    assert "internal-name" not in str(error)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_may_pass_is_not_permanent(make: Make, sink: Sink, status: int) -> None:
    """With the seconds that the receiver asked for as a hint."""
    sink.replies.extend([Reply(status), Reply(status, {"Retry-After": "37"})])
    channel = make(sink.url)
    unhinted, hinted = failed(channel), failed(channel)
    assert not unhinted.permanent
    assert (unhinted.retry_after_s, hinted.retry_after_s) == (None, 37.0)


def test_retry_after_may_be_a_date_and_may_be_nonsense(make: Make, sink: Sink) -> None:
    """A date is turned into seconds, a day is the most, and nonsense is no hint."""
    soon = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    past = format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True)
    asked = [soon, past, "9" * 30, "-5", "tomorrow", ""]
    sink.replies.extend(Reply(429, {"Retry-After": value}) for value in asked)
    channel = make(sink.url)
    hints = [failed(channel).retry_after_s for _ in asked]
    assert hints[0] is not None
    assert 3000 < hints[0] <= 3600
    assert hints[1:] == [0.0, 86400.0, None, None, None]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(make: Make, sink: Sink, status: int) -> None:
    """The message goes where it is set to go, or nowhere."""
    sink.replies.append(Reply(status, {"Location": f"{sink.url}/elsewhere"}))
    error = failed(make(sink.url))
    assert error.permanent
    assert "redirects elsewhere" in error.sentence
    assert [request.path for request in sink.requests] == [HOOK]


def test_the_environments_proxy_is_not_used(
    make: Make, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a shell exports does not decide where alerts go; `proxy_url` does."""
    with closed_port() as port:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{HOST}:{port}")
        deliver(make(sink.url), message())
        error = failed(make(sink.url, proxy_url=f"http://{HOST}:{port}"))
    assert not error.permanent
    assert len(sink.requests) == 1


def test_a_receiver_that_is_down_is_tried_again(make: Make) -> None:
    """A port that refuses is a passing fault."""
    with closed_port() as port:
        error = failed(make(f"http://{HOST}:{port}"))
    assert not error.permanent
    assert "cannot be reached" in error.sentence


def test_a_receiver_that_is_silent_or_drips_is_given_up_in_time(make: Make, sink: Sink) -> None:
    """Neither no answer nor an endless one holds a delivery for ever."""
    sink.replies.append(Reply(drips=True))
    with silent_port() as port:
        errors = [
            failed(make(f"http://{HOST}:{port}", timeout_s=0.2)),
            failed(make(sink.url, timeout_s=0.5)),
        ]
    assert [error.permanent for error in errors] == [False, False]
    assert all("did not answer within" in error.sentence for error in errors)


def test_no_secret_is_in_an_error_or_a_log(
    make: Make, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    """httpx writes whole addresses into its log; of ours it keeps the host."""
    caplog.set_level(logging.DEBUG)
    sink.replies.extend([Reply(200), Reply(404), Reply(302, {"Location": "x"})])
    channel = make(sink.url)
    deliver(channel, message())
    told = [failed(channel), failed(channel)]
    with closed_port() as port:
        told.append(failed(make(f"http://{HOST}:{port}")))
    assert "HTTP Request: POST http://127.0.0.1/…" in caplog.text
    for text in (caplog.text, *map(str, told), *map(repr, told), repr(vars(channel))):
        assert SECRET not in text
        assert "s3cr3t" not in text


def test_a_webhook_is_signed_over_id_time_and_body(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A receiver with the secret can check who sent it, when, and that it is whole."""
    monkeypatch.setenv("SECRET", SECRET)
    settings = WebhookSettings(url=f"{sink.url}/in", secret_env="SECRET")
    deliver(WebhookChannel(settings, lambda: NOW), message())
    (request,) = sink.requests
    headers = {name.lower(): value for name, value in request.headers.items()}
    assert headers["webhook-timestamp"] == "1425430992"
    assert headers["webhook-id"] == headers["idempotency-key"] == message().opaque_key
    signed = f"{headers['webhook-id']}.1425430992.".encode() + request.body
    digest = hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert request.json["alerts"][0]["look_ups"] == 2
    assert "resident_id" not in request.json["alerts"][0]


@pytest.mark.parametrize("secret", ["short", "whsec_???", "whsec_c2hvcnQ="])
def test_a_weak_secret_is_refused(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And not repeated."""
    monkeypatch.setenv("SECRET", secret)
    settings = WebhookSettings(url="https://siem.example.jp", secret_env="SECRET")
    with pytest.raises(MonomiError) as raised:
        WebhookChannel(settings)
    assert raised.value.code == "secret_unusable"
    assert secret not in str(raised.value)


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.example.com/x",
        "ftp://127.0.0.1/x",
        "https://user:pass@example.com/",
        "https:///path",
        "hooks.example.com/x",
        "https://example.com:99999/",
        "https://exam ple.com/",
    ],
)
def test_an_address_in_the_open_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alerts leave the machine over TLS only; the address is not repeated."""
    monkeypatch.setenv("HOOK", address)
    with pytest.raises(MonomiError) as raised:
        SlackChannel(HookSettings(url_env="HOOK"))
    assert raised.value.code == "secret_unusable"
    assert address not in str(raised.value)
    with pytest.raises(ValueError, match="https"):
        WebhookSettings(url=address, secret_env="SECRET")
