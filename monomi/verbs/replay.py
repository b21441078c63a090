"""`monomi replay`: the same detection over files, without Kafka."""

from __future__ import annotations

import contextlib
import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from schemas.errors import MonomiError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from models.recordings import Fault
    from models.replay import Tallied, TopicEvent

_FAULTS_SHOWN = 10

EventFilesGiven = Annotated[
    list[Path], typer.Argument(help="Files of look-ups, sign-ins and doors (.jsonl[.gz|.zst])")
]
ContextFolder = Annotated[Path, typer.Option(help="Folder with directory.* and work.* files")]
PolicyFile = Annotated[Path | None, typer.Option(help="Policy file (TOML); else the default")]
AsRecorded = Annotated[
    bool, typer.Option("--as-recorded", help="Keep each file's order, also of late records")
]
Timezone = Annotated[str, typer.Option(envvar="MONOMI_TIMEZONE", help="Where days begin and end")]


def replay(
    events: EventFilesGiven,
    context: ContextFolder,
    alerts: Annotated[Path, typer.Option(help="Where to write every revision of every alert")],
    scores: Annotated[Path | None, typer.Option(help="Where to write a line a look-up")] = None,
    policy: PolicyFile = None,
    as_recorded: AsRecorded = False,
    timezone: Timezone = "Asia/Tokyo",
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON object")] = False,
) -> None:
    """Run the detection over files: the same input gives byte-identical output."""
    from models.calendar import Calendar
    from models.detectors import DETECTORS
    from models.lasting import loading_for_good
    from models.policy_file import load_policy
    from models.recordings import EventFiles, load_context
    from models.replay import Replay

    _refuse_to_overwrite([p for p in (alerts, scores) if p], events)
    faults: list[Fault] = []
    began_s = time.perf_counter()
    zone = zone_named(timezone)
    the_policy = load_policy(policy)
    calendar = Calendar(zone, the_policy.closures)
    with loading_for_good():
        known = load_context(context, faults.append)
    with contextlib.ExitStack() as stack:
        alert_file = stack.enter_context(_output(alerts))
        score_file = stack.enter_context(_output(scores)) if scores else None
        run = Replay(
            known,
            the_policy,
            calendar,
            lambda alert: _write(alert_file, alert.to_json(exclude={"detected_at"})),
            None if score_file is None else lambda line: _write(score_file, line.to_json()),
        )
        files = EventFiles(events, faults.append, as_recorded)
        counted = run.run(with_progress(iter(files)))
    name_faults(faults)
    if faults and not counted.events:
        raise MonomiError("nothing_readable", "no line of these files is a record of an event")
    off = sorted(d.name for d in DETECTORS if not d.needs <= known.fed)
    if off:
        print(f"switched off, as their context is not fed: {', '.join(off)}", file=sys.stderr)
    _report(counted, faults, time.perf_counter() - began_s, as_json)


def zone_named(timezone: str) -> ZoneInfo:
    """Return a time zone by its name; raises what names the option where there is none."""
    from schemas.settings import checked_zone

    try:
        return checked_zone(timezone)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--timezone") from None


@contextlib.contextmanager
def _output(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing; a name that ends in .gz or .zst is packed."""
    import gzip
    import io

    import zstandard

    try:
        with path.open("wb") as plain:
            if path.suffix == ".gz":
                # Unbuffered, each line costs more in Python than in zlib.
                with io.BufferedWriter(
                    gzip.GzipFile("", "wb", 6, plain, mtime=0), 1 << 16
                ) as lines:
                    yield lines
            elif path.suffix == ".zst":
                with zstandard.ZstdCompressor().stream_writer(plain) as packed:
                    yield packed
            else:
                yield plain
    except OSError as error:
        reason = error.strerror or str(error)
        raise MonomiError("file_not_writable", f"{path}: cannot be written: {reason}") from None


def _write(file: BinaryIO, line: bytes) -> None:
    file.write(line + b"\n")


def with_progress(events: Iterator[TopicEvent]) -> Iterator[TopicEvent]:
    """Show how many records have been read, where somebody looks."""
    if not sys.stderr.isatty():
        yield from events
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), "replay", MofNCompleteColumn(), "records", TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("replay", total=None)
        for number, event in enumerate(events, 1):
            if number % 2000 == 0:
                progress.update(task, completed=number)
            yield event


def _refuse_to_overwrite(outputs: list[Path], inputs: list[Path]) -> None:
    """Raise MonomiError `file_twice` where a file would be written that is read or written too."""
    places = [path.resolve() for path in (*outputs, *inputs)]
    for output in outputs:
        if places.count(output.resolve()) > 1:
            raise MonomiError(
                "file_twice", f"{output} is named twice: it would be overwritten; name another"
            )


def name_faults(faults: list[Fault]) -> None:
    """Name the first malformed lines on standard error, and how many more there are."""
    for fault in faults[:_FAULTS_SHOWN]:
        print(
            f"{fault.path}, line {fault.number}: {fault.sentence} [{fault.code}]", file=sys.stderr
        )
    if len(faults) > _FAULTS_SHOWN:
        print(f"… and {len(faults) - _FAULTS_SHOWN} more malformed lines", file=sys.stderr)


def _report(counted: Tallied, faults: list[Fault], seconds: float, as_json: bool) -> None:
    # Linux counts in KiB, macOS in bytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak_mib = peak / 1024 if sys.platform != "darwin" else peak / 2**20
    result = {
        "events": counted.events,
        "look_ups": counted.look_ups,
        "dead_letters": len(faults),
        "alerts": counted.alerts,
        "revisions": counted.revisions,
        "seconds": round(seconds, 3),
        "look_ups_per_s": round(counted.look_ups / seconds) if seconds else 0,
        "peak_rss_mib": round(peak_mib, 1),
    }
    print(
        f"{counted.look_ups:,} look-ups among {counted.events:,} records, "
        f"{counted.alerts:,} alerts ({counted.revisions:,} revisions), "
        f"{len(faults):,} dead letters, {counted.duplicates:,} doubled, {counted.late:,} late, "
        f"{counted.stale:,} over a week late\n"
        f"{seconds:.1f} s, {result['look_ups_per_s']:,} look-ups/s, peak memory {peak_mib:.0f} MiB"
    )
    if as_json:
        print(json.dumps(result))
