"""What the embedded Kafka is told: its properties, its log's layout, its Java options.

All paths are relative to the broker's folder, in which Java is started: so no name of a
folder, Japanese or with a comma, has to survive Java's properties or Kafka's lists.
"""

from __future__ import annotations

import os
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from pathlib import Path

HOST = "127.0.0.1"
STORAGE = "kafka"  # what a data folder keeps
UNFINISHED_STORAGE = "kafka.unfinished"
SCRATCH = "tmp"  # native libraries that Kafka's jars unpack
PROPERTIES = "server.properties"
LOG_LAYOUT = "log4j2.properties"

_PROPERTIES = """\
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=PLAINTEXT://{host}:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.quorum.voters=1@{host}:{controller_port}
log.dirs={storage}

# Topics are created on purpose and say how long they keep what: -1 removes nothing that a
# topic did not ask for, however old its event times are.
auto.create.topics.enable=false
message.max.bytes=8388608
log.retention.ms=-1

# One node, for one machine: small internal topics, and no wait for a group's other members.
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=4
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=33554432
"""

_LOG_LAYOUT = """\
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d %p %m (%c)%n
rootLogger.level=info
rootLogger.appenderRef.out.ref=out
logger.settings.name=org.apache.kafka.common.config.AbstractConfig
logger.settings.level=warn
"""

_JAVA_OPTIONS = (
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",  # it leaves a file in the machine's temporary folder when killed
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
    f"-Djava.io.tmpdir={SCRATCH}",
    f"-Dlog4j2.configurationFile={LOG_LAYOUT}",
)


def write_config(folder: Path, port: int, controller_port: int, storage: str = STORAGE) -> None:
    """Write the broker's two configuration files into its folder; raises OSError."""
    (folder / SCRATCH).mkdir(exist_ok=True)
    (folder / LOG_LAYOUT).write_text(_LOG_LAYOUT, "ascii")
    properties = _PROPERTIES.format(
        host=HOST, port=port, controller_port=controller_port, storage=storage
    )
    (folder / PROPERTIES).write_text(properties, "ascii")


def format_command(java: Path, jars: Sequence[Path]) -> list[str]:
    """Return the command that makes the storage of a new cluster, with an id of its own."""
    cluster_id = urlsafe_b64encode(uuid.uuid4().bytes).decode("ascii").rstrip("=")
    options = ["-Xmx128m", "-XX:TieredStopAtLevel=1"]
    tool = ["kafka.tools.StorageTool", "format", f"--cluster-id={cluster_id}", "-c", PROPERTIES]
    return _java(java, jars, options) + tool


def broker_command(java: Path, jars: Sequence[Path]) -> list[str]:
    """Return the command that runs the broker."""
    return [*_java(java, jars, ["-Xmx512m"]), "kafka.Kafka", PROPERTIES]


def _java(java: Path, jars: Sequence[Path], options: Sequence[str]) -> list[str]:
    class_path = os.pathsep.join(map(str, jars))
    return [str(java), *options, *_JAVA_OPTIONS, "-cp", class_path]
