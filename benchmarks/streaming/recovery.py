"""The benchmark `recovery`: how long a worker with years of state takes to be at work again."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from schemas.errors import MonomiError

if TYPE_CHECKING:
    from benchmarks.streaming.contenders import Contender
    from benchmarks.streaming.ground import Ground
    from benchmarks.streaming.load import Load

_RATE = 200.0
_LOOK_UPS = 100_000
"""So many at that rate last for eight minutes: longer than all recoveries."""
_WORKS_S = 5.0


def recovery(
    operators: Annotated[int, typer.Option(min=1, max=1_000_000)] = 10_000,
    pairs: Annotated[int, typer.Option(min=1, max=100_000_000)] = 5_000_000,
    at_most_s: Annotated[float, typer.Option(min=10.0, help="Nobody is waited for longer")] = 150.0,
    peers: Annotated[bool, typer.Option(help="Also by-the-book Faust")] = True,
    cache: Annotated[Path, typer.Option(help="Where simulated wards are kept")] = Path(
        "out/benchmarks"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON object")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="The table as Markdown")] = False,
) -> None:
    """Say how long it takes until a worker judges again: from the changelog, from its own disk.

    A changelog is filled with the state of years, and look-ups come at 200 a second throughout.
    A worker with an empty folder starts; then it is killed with SIGKILL amid its work and
    started again on its folder. Time runs from the start of the process to its first look-up.
    By-the-book Faust restores the same records into its table; quixstreams is left out, for its
    changelog can be filled through itself alone.
    """
    from benchmarks.sheet import print_sheets
    from benchmarks.streaming.ground import PARTITIONS, fresh_ground
    from benchmarks.streaming.load import loads_of
    from benchmarks.streaming.sheets import recovery_sheet
    from benchmarks.streaming.state_filling import fill_changelog

    (load,) = loads_of(cache, _LOOK_UPS)
    with fresh_ground() as ground:
        ground.make_topics()
        ground.send(load, context=True, pace=None)
        topics = _changelogs(ground, peers=peers)
        for topic in topics:
            typer.echo(f"{operators:,} operators and {pairs:,} pairs into {topic} ...", err=True)
            fill_changelog(
                ground.bootstrap, topic, PARTITIONS, load, operators=operators, pairs=pairs
            )
        with _sending(ground, load):
            figures = _recoveries(ground, at_most_s)
            if peers:
                figures["faust_by_the_book_s"] = _of_faust(ground, load, at_most_s)
    figures |= {"operators": operators, "pairs": pairs}
    print_sheets([recovery_sheet(figures)], markdown)
    if as_json:
        typer.echo(json.dumps(figures))


_FAUST = "faust-recovery"


def _changelogs(ground: Ground, *, peers: bool) -> list[str]:
    """Make the changelogs as their owners would; return their names."""
    from kafka.admin import KafkaAdminClient, NewTopic

    from benchmarks.streaming.ground import PARTITIONS

    ours = ground.make_changelog()
    if not peers:
        return [ours]
    topic = f"{_FAUST}-state-changelog"
    admin = KafkaAdminClient(bootstrap_servers=ground.bootstrap)
    compacted = NewTopic(topic, PARTITIONS, 1, topic_configs={"cleanup.policy": "compact"})
    admin.create_topics([compacted])
    admin.close()
    return [ours, topic]


@contextmanager
def _sending(ground: Ground, load: Load) -> Iterator[None]:
    """Send look-ups at an even rate meanwhile; what is left at the end is not sent."""
    sender = threading.Thread(
        target=lambda: ground.send(load, context=False, pace=load.at_rate(_RATE)), daemon=True
    )
    sender.start()
    yield


def _recoveries(ground: Ground, at_most_s: float) -> dict[str, Any]:
    from benchmarks.streaming.contenders import Worker

    folder, log = ground.folder / "state", ground.folder / "monomi.log"
    figures: dict[str, Any] = {}
    for name in ("from_changelog_s", "from_local_store_s"):
        worker = Worker(ground.bootstrap, "", folder, log)
        try:
            figures[name] = _seconds_to_work(worker, at_most_s)
            time.sleep(_WORKS_S)
            figures["peak_rss_mib"] = round(_peak_mib(worker.process.pid))
        finally:
            worker.end()
        typer.echo(f"monomi, {name}: {figures[name]} s", err=True)
    return figures


def _of_faust(ground: Ground, load: Load, at_most_s: float) -> float | None:
    from benchmarks.streaming.contenders import Peer
    from benchmarks.streaming.peers.task import Task

    topics = "access.queries", "alerts.of.faust"
    given = Task(_FAUST, ground.bootstrap, *topics, load.context, None, ground.folder / _FAUST)
    peer = Peer("faust_by_the_book", given, ground.folder / "faust.log")
    try:
        return _seconds_to_work(peer, at_most_s)
    finally:
        peer.end()


def _seconds_to_work(contender: Contender, at_most_s: float) -> float | None:
    """Return how long it takes to its first look-up from now; None where that is too long."""
    from benchmarks.streaming.contenders import wait_until

    began_s = time.monotonic()
    try:
        wait_until(contender, 1, at_most_s)
    except MonomiError as error:
        if error.code == "contender_stuck":
            return None
        raise
    return round(time.monotonic() - began_s, 1)


def _peak_mib(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return float(line.split()[1]) / 1024
    return 0.0
