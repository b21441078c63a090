"""The channel `line_works` against a real sink: its sign-in, its places, and its limits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from alerting.channels.line_works.channel import LineWorksChannel
from alerting.channels.line_works.settings import LineWorksSettings
from alerting.channels.message import Message, alert_message
from alerting.errors import DeliveryError
from schemas.errors import MonomiError
from tests.receivers import Reply, Sink, deliver, http_sink
from tests.sample_alerts import alert
from tests.sample_messages import SECTION, audience

TOKEN = Reply(200, body=b'{"access_token":"t0ken-1","token_type":"Bearer","expires_in":"86400"}')
SECOND = Reply(200, body=b'{"access_token":"t0ken-2","token_type":"Bearer","expires_in":"86400"}')
SAID = Reply(201, body=b"")
NOW = 1_425_430_992.0
ROOM = "/v1.0/bots/2000001/channels/room-1/messages"
NO_KEY = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"

Make = Callable[..., LineWorksChannel]


@pytest.fixture(scope="module")
def key() -> RSAKey:
    """Return the app's key pair."""
    return RSAKey.generate_key(2048)


@pytest.fixture
def sink() -> Iterator[Sink]:
    """Run an HTTP sink for one test."""
    with http_sink() as running:
        yield running


@pytest.fixture
def make(sink: Sink, key: RSAKey, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Return what opens a channel whose LINE WORKS is the sink."""
    monkeypatch.setenv("CLIENT_SECRET", "cl1ent-secret")
    monkeypatch.setenv("PRIVATE_KEY", key.as_pem(private=True).decode())

    def opened(now: Callable[[], float] = lambda: NOW, **changes: Any) -> LineWorksChannel:
        fields: dict[str, Any] = {
            "bot_id": "2000001",
            "client_id": "client-1",
            "service_account": "x.serviceaccount@city",
            "client_secret_env": "CLIENT_SECRET",
            "private_key_env": "PRIVATE_KEY",
            "channel_id": "room-1",
            "auth_url": f"{sink.url}/token",
            "api_url": f"{sink.url}/v1.0",
        }
        return LineWorksChannel(LineWorksSettings(**(fields | changes)), now)

    return opened


def message(receiver: str | None = None) -> Message:
    """Return an alert's message in Japanese."""
    return alert_message("k", alert(), SECTION, audience("ja"), receiver=receiver)


def failed(channel: LineWorksChannel, about: Message | None = None) -> DeliveryError:
    """Send, and return the error that this must raise."""
    with pytest.raises(DeliveryError) as raised:
        deliver(channel, about or message())
    return raised.value


def test_the_bot_signs_in_once_and_speaks_in_its_room(make: Make, sink: Sink, key: RSAKey) -> None:
    """With a claim that its key signed, for an app and a service account, of ten minutes."""
    sink.replies.extend([TOKEN, SAID, SAID])
    channel = make()
    for _ in range(2):
        deliver(channel, message())
    signing_in, *said = sink.requests
    assert signing_in.path == "/token"
    form = {name: values[0] for name, values in parse_qs(signing_in.body.decode()).items()}
    claims = jwt.decode(form.pop("assertion"), key, algorithms=["RS256"]).claims
    assert claims == {
        "iss": "client-1",
        "sub": "x.serviceaccount@city",
        "iat": int(NOW),
        "exp": int(NOW) + 600,
    }
    assert form == {
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "client_id": "client-1",
        "client_secret": "cl1ent-secret",
        "scope": "bot.message",
    }
    assert [request.path for request in said] == [ROOM] * 2
    assert {request.headers["Authorization"] for request in said} == {"Bearer t0ken-1"}
    content = said[0].json["content"]
    assert content["type"] == "text"
    assert "案件の裏付けがない同じ住民への照会が2日目です" in content["text"]


def test_a_message_to_a_person_goes_to_that_person(make: Make, sink: Sink) -> None:
    """A user's name is one step of the path, whatever it holds."""
    sink.replies.extend([TOKEN, SAID])
    deliver(make(), message("boss/../x@city"))
    assert sink.requests[1].path == "/v1.0/bots/2000001/users/boss%2F..%2Fx@city/messages"
    assert failed(make(channel_id=None)).permanent


def test_a_token_is_renewed_before_it_ends_and_when_it_is_withdrawn(make: Make, sink: Sink) -> None:
    """The message goes out all the same, once."""
    clock = [NOW]
    channel = make(lambda: clock[0])
    sink.replies.extend([TOKEN, SAID, SECOND, SAID, Reply(401), TOKEN, SAID])
    deliver(channel, message())
    clock[0] += 86400 - 30
    deliver(channel, message())
    deliver(channel, message())
    paths = [request.path for request in sink.requests]
    assert paths == ["/token", ROOM, "/token", ROOM, ROOM, "/token", ROOM]
    assert sink.requests[-1].headers["Authorization"] == "Bearer t0ken-1"


def test_a_token_that_is_refused_twice_is_a_permanent_fault(make: Make, sink: Sink) -> None:
    """It does not go round for ever."""
    sink.replies.extend([TOKEN, Reply(401), SECOND, Reply(401)])
    assert failed(make()).permanent
    assert len(sink.requests) == 4


@pytest.mark.parametrize(
    ("reply", "permanent", "retry_after_s"),
    [
        (Reply(400), True, None),
        (Reply(401), True, None),
        (Reply(429, {"Retry-After": "9"}), False, 9.0),
        (Reply(503), False, None),
        (Reply(200, body=b"<html>"), False, None),
        (Reply(200, body=b'{"access_token": "x"}'), False, None),
        (Reply(200, body=b"[]"), False, None),
    ],
)
def test_a_sign_in_that_fails_says_whether_it_may_pass(
    make: Make, sink: Sink, reply: Reply, permanent: bool, retry_after_s: float | None
) -> None:
    """Refused secrets are for good; a server in trouble, or a page in between, is not."""
    sink.replies.append(reply)
    error = failed(make())
    assert (error.permanent, error.retry_after_s) == (permanent, retry_after_s)


def test_no_secret_is_in_an_error_or_a_log(
    make: Make, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the client's secret, the token nor the key."""
    caplog.set_level(logging.DEBUG)
    sink.replies.extend([TOKEN, Reply(404)])
    error = failed(make())
    for secret in ("cl1ent-secret", "t0ken", "PRIVATE KEY"):
        assert secret not in caplog.text + str(error)


@pytest.mark.parametrize("pem", ["no key", NO_KEY])
def test_a_key_that_is_none_is_refused_at_once(
    make: Make, monkeypatch: pytest.MonkeyPatch, pem: str
) -> None:
    """Before anything is sent, and without repeating it."""
    monkeypatch.setenv("PRIVATE_KEY", pem)
    with pytest.raises(MonomiError) as raised:
        make()
    assert raised.value.code == "secret_unusable"
    assert pem not in str(raised.value)
