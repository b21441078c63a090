"""Real receivers for the tests of the channels: an HTTP sink, a mail server, and silent ports."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from alerting.channels.channel import Channel
from alerting.channels.message import Message

HOST = "127.0.0.1"
DEADLINE_S = 30.0


def deliver(channel: Channel, message: Message) -> None:
    """Send a message, and let the loop close its connections as a console's would.

    aiosmtplib does not wait for TLS to say goodbye, which takes a few turns.
    """

    async def to_its_end() -> None:
        sockets = asyncio.get_running_loop()._selector.get_map()  # type: ignore[attr-defined]
        try:
            await channel.send(message)
        finally:
            async with asyncio.timeout(DEADLINE_S):
                while len(sockets) > 1:  # the loop's own
                    await asyncio.sleep(0.005)

    asyncio.run(to_its_end())


@dataclass(frozen=True)
class Reply:
    """What the sink answers; `drips`: byte by byte, for as long as the sink runs."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"ok"
    drips: bool = False


@dataclass(frozen=True)
class Request:
    """What reached the sink."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Sink:
    """An HTTP server that keeps what it gets and answers in turn; after that with 200."""

    url: str
    requests: list[Request] = field(default_factory=list)
    replies: deque[Reply] = field(default_factory=deque)
    closing: threading.Event = field(default_factory=threading.Event)

    def keep(self, request: Request) -> Reply:
        self.requests.append(request)
        return self.replies.popleft() if self.replies else Reply()


@contextmanager
def http_sink() -> Iterator[Sink]:
    """Run an HTTP sink in a thread until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            reply = sink.keep(Request(self.path, dict(self.headers), body))
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(10_000 if reply.drips else len(reply.body)))
            self.end_headers()
            while reply.drips and not sink.closing.wait(0.02):
                try:
                    self.wfile.write(b".")
                except OSError:
                    return
            self.wfile.write(reply.body)

        def log_message(self, *_arguments: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer((HOST, 0), Handler) as server:
        sink = Sink(f"http://{HOST}:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield sink
        finally:
            sink.closing.set()
            server.shutdown()
            thread.join()


@contextmanager
def silent_port() -> Iterator[int]:
    """Hold a port that takes connections and never says a word."""
    with socket.create_server((HOST, 0)) as listener:
        yield listener.getsockname()[1]


@contextmanager
def closed_port() -> Iterator[int]:
    """Hold a port that refuses connections."""
    with socket.socket() as holder:
        holder.bind((HOST, 0))
        yield holder.getsockname()[1]


@dataclass
class MailServer:
    """A mail server that keeps what it gets; `refusals`: its answer to single receivers."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    receivers: list[list[str]] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.SMTP)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.receivers.append(list(envelope.rcpt_tos))
        transport = server.transport
        assert transport is not None
        self.encrypted.append(transport.get_extra_info("sslcontext") is not None)
        return "250 OK"


@dataclass(frozen=True)
class Certificates:
    """A certificate for this machine, and the authority that vouches for it."""

    server: ssl.SSLContext
    ca_file: Path


def certificates(folder: Path) -> Certificates:
    """Make an authority and a certificate of its own."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST, "localhost").configure_cert(context)
    ca_file = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    return Certificates(context, ca_file)


@contextmanager
def mail_server(
    *,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    account: tuple[str, str] | None = None,
) -> Iterator[MailServer]:
    """Run a mail server in a thread until the block ends; with an account it wants a sign-in."""
    kept = MailServer()

    def authenticate(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        given = (data.login.decode(), data.password.decode())
        kept.signed_in.append(given[0])
        # Not handled: then aiosmtpd itself answers 535.
        return AuthResult(success=given == account, handled=False)

    options: dict[str, Any] = {}
    if account is not None:
        options = {"authenticator": authenticate}
        # aiosmtpd takes only what STARTTLS began for TLS.
        options["auth_required"] = options["auth_require_tls"] = tls is None
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    sessions: list[SMTP] = []

    class Keeping(Controller):
        def factory(self) -> SMTP:
            sessions.append(super().factory())  # type: ignore[no-untyped-call]
            return sessions[-1]

    def hang_up() -> None:
        # aiosmtpd leaves the socket of a STARTTLS that failed.
        for session in sessions:
            if session._original_transport is not None:
                session._original_transport.close()

    controller = Keeping(
        kept, hostname=HOST, port=port, ssl_context=tls, tls_context=starttls, **options
    )
    controller.start()
    kept.port = port
    try:
        yield kept
    finally:
        controller.loop.call_soon_threadsafe(hang_up)
        controller.stop()
