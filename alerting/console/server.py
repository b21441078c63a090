"""The console as one running server: socket, store, feed and pages, up and down together."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import signal
import socket
from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import Any

import uvicorn
from fastapi import FastAPI

from alerting.access.accounts import AccountAddressBook
from alerting.access.settings import AccessSettings
from alerting.audit.checkpoints import Checkpointer
from alerting.audit.policy_watch import note_start
from alerting.audit.settings import AuditSettings
from alerting.bell import Bell
from alerting.channels.file import Channels
from alerting.console.app import console_app
from alerting.console.doorkeeping import Door
from alerting.console.rendering import Pages
from alerting.console.security import is_loopback
from alerting.console.stream import Console
from alerting.delivery import FileAddressBook
from alerting.office import Office
from alerting.pseudonyms import Pseudonyms
from alerting.retention import Retention
from alerting.settings import ConsoleSettings
from alerting.store import AlertStore
from models.policy import Policy
from schemas.errors import MonomiError

_GRACE_S = 1

_log = logging.getLogger(__name__)


async def serve(
    settings: ConsoleSettings,
    ready: Callable[[str], None],
    stop: asyncio.Event,
    policy: Policy | None = None,
    channels: Channels | None = None,
) -> None:
    """Run the console until `stop` is set; call `ready` with its address once it answers.

    Raises MonomiError `port_taken`, `host_unknown`, `port_not_allowed`, `folder_not_writable`,
    `store_not_usable`, `store_newer`, `bad_store_url` or `broker_unreachable`; with channels
    `secret_missing`, `secret_unusable` or `ca_unusable`; with an audit key `key_unusable`;
    with an identity provider `identity_unusable`; `pseudonym_key_unusable`,
    `checkpoints_not_written`.
    """
    with listen(settings.console_host, settings.console_port) as listener:
        store = await AlertStore.open(settings.store_location)
        bell = Bell()
        try:
            office = _office(store, settings, bell, policy, channels)
        except MonomiError:  # a channel cannot be opened
            await store.close()
            raise
        try:
            await office.feed.connect()
            access = AccessSettings(**settings.model_dump())
            audit = AuditSettings(**settings.model_dump())
            console = _console(office, bell, access)
            await note_start(store.database, _in_force(settings, policy))
            alone = is_loopback(settings.console_host) and not access.console_proxy
            app = console_app(console, loopback_only=alone)
            server = _Server(app, console, access.console_proxy, lambda: ready(_address(listener)))
            checkpointer = _checkpointer(store, audit)
            running = (*_parts(office, settings, audit, checkpointer),)
            await _until(stop, server, listener, running)
            if checkpointer is not None:
                await checkpointer.write()  # after the last that anybody did
        finally:
            await office.close()
            await store.close()


def _office(
    store: AlertStore,
    settings: ConsoleSettings,
    bell: Bell,
    policy: Policy | None,
    channels: Channels | None,
) -> Office:
    """Return the office; people get mail by their accounts, else by the channels' file."""
    book = None
    if channels is not None:
        book = AccountAddressBook(store.database, FileAddressBook(channels.people))
    return Office.over(store, settings, bell, policy=policy, channels=channels, addresses=book)


def _console(office: Office, bell: Bell, access: AccessSettings) -> Console:
    door = Door.over(office.store.database, access)
    pages = Pages(access.zone, office.desk.directory)
    named = Pseudonyms.load(access.pseudonym_key_path)
    return Console(office, bell, office.feed.status, pages, door, door, named)


def _in_force(settings: ConsoleSettings, policy: Policy | None) -> dict[str, Any]:
    """Return the policies in force as JSON, for the audit log."""
    return {
        "detection": (policy or Policy()).model_dump(mode="json"),
        "response": settings.response.model_dump(mode="json"),
        "retention": settings.retention.model_dump(mode="json"),
    }


def _checkpointer(store: AlertStore, audit: AuditSettings) -> Checkpointer | None:
    """Return what writes checkpoints, None where there is no key to sign them."""
    signer = audit.signer()
    if signer is None:
        _log.warning("the audit log gets no checkpoints: make keys with `monomi audit keys`")
        return None
    return Checkpointer(store.database.write, signer, audit.checkpoints_path)


def _parts(
    office: Office,
    settings: ConsoleSettings,
    audit: AuditSettings,
    checkpointer: Checkpointer | None,
) -> Iterator[Coroutine[Any, Any, None]]:
    """Yield what runs beside the pages."""
    yield from (office.feed.run(), office.escalation.run(), office.dispatcher.run())
    yield Retention(office.store.database, settings.retention, audit.signer()).run()
    if checkpointer is not None:
        yield checkpointer.run(audit.audit_checkpoint_interval_s)


def run(
    settings: ConsoleSettings,
    ready: Callable[[str], None],
    policy: Policy | None = None,
    channels: Channels | None = None,
) -> None:
    """Run the console until SIGINT or SIGTERM; raises as `serve` does."""

    async def until_signal() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await serve(settings, ready, stop, policy, channels)

    asyncio.run(until_signal())


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there.

    Raises MonomiError `port_taken`, `port_not_allowed` or `host_unknown`.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror:
        raise _host_unknown(host) from None
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        # Not before the server starts: until a socket listens, another may bind the same.
        listener.listen()
    except OSError as error:
        listener.close()
        raise _cannot_listen(host, port, error) from None
    return listener


def _cannot_listen(host: str, port: int, error: OSError) -> MonomiError:
    if error.errno == errno.EADDRINUSE:
        return MonomiError(
            "port_taken", f"port {port} on {host} is taken: choose another with --port"
        )
    if error.errno == errno.EACCES:
        return MonomiError(
            "port_not_allowed", f"port {port} needs more rights: choose one above 1023 with --port"
        )
    return _host_unknown(host)


def _host_unknown(host: str) -> MonomiError:
    return MonomiError("host_unknown", f"{host} is no address of this machine: see --host")


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


async def _until(
    stop: asyncio.Event,
    server: _Server,
    listener: socket.socket,
    running: Sequence[Coroutine[Any, Any, None]],
) -> None:
    """Serve until told to stop, or until the server or another part ends by a fault; raise that."""
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    parts = [asyncio.create_task(part) for part in running]
    stopping = asyncio.create_task(stop.wait())
    everything = {serving, stopping, *parts}
    await asyncio.wait(everything, return_when=asyncio.FIRST_COMPLETED)
    faults = [task for task in (*parts, serving) if task.done()]
    server.should_exit = True
    for task in (*parts, stopping):
        task.cancel()
    await asyncio.wait(everything)
    for task in faults:
        await task


class _Server(uvicorn.Server):
    """Run uvicorn inside our own loop: signals stay ours, and open streams end at once."""

    def __init__(
        self, app: FastAPI, console: Console, proxy: str, ready: Callable[[], None]
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                # Without a proxy nobody is believed: the audit log has the address itself.
                proxy_headers=bool(proxy),
                forwarded_allow_ips=proxy or None,
                lifespan="off",
                timeout_graceful_shutdown=_GRACE_S,
            )
        )
        self._console = console
        self._ready = ready

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `run`: uvicorn would end the process before the store is closed."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the open streams first, for which uvicorn would wait for ever."""
        self._console.closing = True
        self._console.bell.ring()
        await super().shutdown(sockets)
