"""The embedded Kafka: a real single-node broker for the demo, the tests and `monomi broker`.

Apache Kafka in KRaft mode on the loopback interface alone, from jars that are verified before
each start, under a guard that ends it with the process that started it.
"""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, Self

from schemas.errors import MonomiError
from streams import broker_config as config
from streams.broker_folder import BrokerFolder, open_folder, writing
from streams.broker_jars import kafka_jars
from streams.broker_java import find_java
from streams.broker_process import Guarded, died
from streams.broker_settings import BrokerSettings

READY_LINE = b"Kafka Server started"  # printed after the controller has let the broker in
START_TIMEOUT_S = 90.0
LOOK_EVERY_S = 0.05
START_ATTEMPTS = 3


class Broker:
    """A running Kafka, made by `start_broker`; as a context manager it stops it at the end.

    `bootstrap` is its `host:port`, `port` the port, `pid` Java's process id and `log_path`
    Kafka's log.
    """

    def __init__(self, java: Guarded, folder: BrokerFolder, port: int) -> None:
        self._java = java
        self._folder = folder
        self.port = port
        self.bootstrap = f"{config.HOST}:{port}"
        self.pid = java.pid
        self.log_path = folder.log_path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def wait(self) -> NoReturn:
        """Wait until Kafka ends by itself; then raise MonomiError `broker_died`."""
        self._java.wait()
        raise died(self.log_path, "ended")

    def stop(self) -> None:
        """Stop Kafka, within about five seconds, and remove its folder if it is temporary.

        Called again, it does nothing. Of a Kafka that ended by itself the log stays.
        """
        had_ended = self._java.poll() is not None
        self._java.stop()
        self._folder.close(keep_log=had_ended)


def start_broker(data_dir: Path | None = None, port: int | None = None) -> Broker:
    """Start a Kafka and return when it answers.

    Without a data folder its data lie in a temporary one, which goes with it. A given folder is
    formatted once; each further start finds the same cluster in it. Without a port it takes a
    free one. Raises MonomiError `port_taken`, `folder_not_writable`, `folder_in_use`,
    `java_missing`, `download_failed`, `jar_checksum`, `broker_died`, `broker_slow`.
    """
    pick_ports(port)  # a port that is taken shows before anything is fetched or formatted
    folder = open_folder(data_dir)
    try:
        settings = BrokerSettings()
        java = find_java(settings.java)
        jars = kafka_jars(settings)
        if not folder.is_formatted:
            _format(folder, config.format_command(java, jars))
        return _start(folder, config.broker_command(java, jars), port)
    except BaseException as error:
        told_of_log = isinstance(error, MonomiError) and str(folder.log_path) in error.sentence
        folder.close(keep_log=told_of_log)
        raise


def pick_ports(port: int | None) -> tuple[int, int]:
    """Return two free ports, the broker's and its controller's; the first may be given.

    Raises MonomiError `port_taken` where the given one cannot be had.
    """
    with socket.socket() as broker, socket.socket() as controller:
        # As Java binds: a closed connection's last minute does not count as taken.
        broker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            broker.bind((config.HOST, port or 0))
        except OSError as error:
            raise _port_taken(port) from error
        controller.bind((config.HOST, 0))
        return broker.getsockname()[1], controller.getsockname()[1]


def _port_taken(port: int | None) -> MonomiError:
    return MonomiError(
        "port_taken",
        f"Port {port} of {config.HOST} is taken or not allowed: end the program that has it, "
        "or choose another port.",
    )


def _format(folder: BrokerFolder, command: list[str]) -> None:
    """Make a cluster's storage beside its place, so that it appears there only whole."""
    unfinished = folder.path / config.UNFINISHED_STORAGE
    with writing(folder.path):
        shutil.rmtree(unfinished, ignore_errors=True)
        config.write_config(folder.path, *pick_ports(None), storage=unfinished.name)
    tool = Guarded(command, folder)
    try:
        if not _comes_true(lambda: tool.poll() == 0, tool, folder):
            raise died(folder.log_path, "could not format its storage")
    finally:
        tool.stop()
    unfinished.rename(folder.path / config.STORAGE)


def _start(folder: BrokerFolder, command: list[str], port: int | None) -> Broker:
    """Run the broker until it is ready; try again where a port was taken meanwhile."""
    for _ in range(START_ATTEMPTS):
        broker_port, controller_port = pick_ports(port)
        with writing(folder.path):
            config.write_config(folder.path, broker_port, controller_port)
        java = Guarded(command, folder)
        try:
            if _comes_true(lambda: READY_LINE in folder.log_path.read_bytes(), java, folder):
                return Broker(java, folder, broker_port)
        except BaseException:
            java.stop()
            raise
        java.stop()
        if b"failed to bind to" not in folder.log_path.read_bytes():
            break
    raise died(folder.log_path, "ended while it started")


def _comes_true(condition: Callable[[], bool], java: Guarded, folder: BrokerFolder) -> bool:
    """Wait until the condition holds; False where the process ends first."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if condition():
            return True
        if java.poll() is not None:
            return condition()
        time.sleep(LOOK_EVERY_S)
    raise MonomiError(
        "broker_slow",
        f"Kafka was not ready within {START_TIMEOUT_S:.0f} s; see its log, {folder.log_path}.",
    )
