"""The stored audit log, on SQLite and PostgreSQL: appended with its cause, witnessed, purged."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from alerting.audit.checkpoints import append_line, read_checkpoints
from alerting.audit.log import append, purge
from alerting.audit.tables import CHECKPOINTS, ENTRIES, HEAD, PURGES
from alerting.audit.verifying import Verdict, verify_store
from schemas.errors import MonomiError
from tests.audit_logs import AT, PURGER, SIGNER, act, changed, checkpointer, filled, opened
from tests.databases import NewStore


def verdict(location: str, witness: Path | None = None) -> Verdict:
    """Return the verdict on a store's log, with the checkpoints of a file."""
    return asyncio.run(verify_store(location, witness, SIGNER.public()))


def where_broken(location: str, witness: Path | None = None) -> int:
    """Return the entry at which a store's log does not hold."""
    broken = verdict(location, witness).broken
    assert broken is not None
    return broken.number


def test_what_is_appended_holds(new_store: NewStore, tmp_path: Path) -> None:
    """With its checkpoint, on a store that is read as another process does."""
    witness = tmp_path / "elsewhere" / "checkpoints.jsonl"
    location = filled(new_store(), 5, witness)
    found = verdict(location, witness)
    assert found.broken is None
    assert found.span is not None
    assert (found.span.entries, found.span.head.number, found.span.checkpoints) == (5, 5, 1)
    assert found.unproven == ()


def test_an_entry_comes_and_goes_with_its_cause(new_store: NewStore) -> None:
    """What is rolled back was not logged, and leaves no gap."""
    location = filled(new_store(), 2)

    async def failing(connection: AsyncConnection) -> None:
        await append(connection, act())
        raise LookupError

    with pytest.raises(LookupError):
        changed(location, failing)
    changed(location, lambda connection: append(connection, act(9)))
    found = verdict(location).span
    assert found is not None
    assert found.head.number == 3


def test_writers_at_once_queue_up(new_store: NewStore) -> None:
    """From several connections, each with other work before and after in its transaction."""
    location = new_store()

    async def write(engine: AsyncEngine, number: int) -> None:
        async with engine.begin() as connection:
            await connection.execute(select(HEAD))
            await append(connection, act(number))
            await asyncio.sleep(0)
            await append(connection, act(number))

    async def run() -> None:
        async with opened(location) as engine:
            await asyncio.gather(*(write(engine, number) for number in range(20)))

    asyncio.run(run())
    found = verdict(location).span
    assert found is not None
    assert found.entries == 40


TAMPERING: dict[str, tuple[Callable[[AsyncConnection], Awaitable[Any]], int]] = {
    "an edit": (
        lambda c: c.execute(update(ENTRIES).where(ENTRIES.c.number == 4).values(who="nobody")),
        4,
    ),
    "a later time": (
        lambda c: c.execute(
            update(ENTRIES)
            .where(ENTRIES.c.number == 4)
            .values(at=AT + timedelta(days=3, microseconds=1))
        ),
        4,
    ),
    "a deletion": (lambda c: c.execute(delete(ENTRIES).where(ENTRIES.c.number == 4)), 4),
    "a cut end": (lambda c: c.execute(delete(ENTRIES).where(ENTRIES.c.number > 4)), 5),
    "an entry at the end": (
        lambda c: c.execute(
            insert(ENTRIES).values(
                number=7, at=AT, who="", role="", address="", verb="view", target="",
                details="{}", hash="0" * 64,
            )
        ),
        7,
    ),
    "no head": (lambda c: c.execute(delete(HEAD)), 6),
    "another head": (lambda c: c.execute(update(HEAD).values(hash="0" * 64)), 6),
    "another checkpoint": (
        lambda c: c.execute(update(CHECKPOINTS).values(number=2)),
        2,
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", TAMPERING)
def test_tampering_is_found_and_named(new_store: NewStore, tmp_path: Path, kind: str) -> None:
    """By somebody who may write the whole store, but has no key."""
    work, number = TAMPERING[kind]
    location = filled(new_store(), 6, tmp_path / "witness")
    changed(location, work)
    assert where_broken(location) == number
    assert where_broken(location, tmp_path / "witness") == number


def test_a_log_cut_to_a_good_end_is_found_by_what_is_kept_elsewhere(
    new_store: NewStore, tmp_path: Path
) -> None:
    """Entries, head and stored checkpoints all set back: only the file still knows."""
    witness = tmp_path / "witness"
    location = filled(new_store(), 6, witness)

    async def cut(connection: AsyncConnection) -> None:
        fourth = await connection.scalar(select(ENTRIES.c.hash).where(ENTRIES.c.number == 4))
        await connection.execute(delete(ENTRIES).where(ENTRIES.c.number > 4))
        await connection.execute(update(HEAD).values(number=4, hash=fourth))
        await connection.execute(delete(CHECKPOINTS))

    changed(location, cut)
    assert verdict(location).broken is None
    assert "would not be seen" in verdict(location).unproven[0]
    assert where_broken(location, witness) == 5


def test_a_checkpoints_file_that_was_cut_is_found(new_store: NewStore, tmp_path: Path) -> None:
    """By the store, which holds them too."""
    witness = tmp_path / "witness"
    location = filled(filled(new_store(), 3, witness), 2, witness)
    lines = witness.read_text().splitlines(keepends=True)
    assert len(lines) == 2
    witness.write_text(lines[0])
    assert where_broken(location, witness) == 5


def test_purged_entries_leave_a_signed_record(new_store: NewStore, tmp_path: Path) -> None:
    """Twice; the log holds, says what was purged, and checkpoints within it do no harm."""
    witness = tmp_path / "witness"
    location = filled(new_store(), 3, witness)
    filled(location, 5, witness)

    async def work(connection: AsyncConnection) -> None:
        for days in (2, 2, 4):
            await purge(connection, AT + timedelta(days=days), SIGNER, PURGER)

    changed(location, work)
    found = verdict(location, witness)
    assert found.broken is None
    assert found.span is not None
    # Entry 3 of the first day-count is the first that is not older than two days.
    assert (found.span.purged, found.span.head.number) == (7, 10)
    assert found.span.entries == 3

    async def logged(connection: AsyncConnection) -> None:
        rows = (await connection.execute(select(ENTRIES).where(ENTRIES.c.verb == "purge"))).all()
        spans = [
            (json.loads(row.details)["first"], json.loads(row.details)["last"]) for row in rows
        ]
        assert spans == [(1, 2), (3, 7)]

    changed(location, logged)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda c: c.execute(delete(PURGES)),
        lambda c: c.execute(update(PURGES).values(last=3)),
        lambda c: c.execute(delete(ENTRIES).where(ENTRIES.c.number == 3)),
    ],
)
def test_a_forged_purge_is_found(
    new_store: NewStore, wrong: Callable[[AsyncConnection], Awaitable[Any]]
) -> None:
    """Nobody without the key can pass a deletion off as one."""
    location = filled(new_store(), 5)
    changed(location, lambda c: purge(c, AT + timedelta(days=2), SIGNER, PURGER))
    assert verdict(location).broken is None
    changed(location, wrong)
    assert where_broken(location) in (1, 3)


def test_a_purge_does_not_hide_what_was_changed_before(new_store: NewStore) -> None:
    """It refuses, and leaves all as it is."""
    location = filled(new_store(), 5)
    changed(location, TAMPERING["an edit"][0])
    with pytest.raises(MonomiError) as raised:
        changed(location, lambda c: purge(c, AT + timedelta(days=4), SIGNER, PURGER))
    assert raised.value.code == "audit_damaged"
    assert where_broken(location) == 4


def test_nothing_is_appended_to_a_log_without_its_head(new_store: NewStore) -> None:
    """It would begin a second chain."""
    location = filled(new_store(), 2)
    changed(location, lambda c: c.execute(delete(HEAD)))
    with pytest.raises(MonomiError) as raised:
        changed(location, lambda c: append(c, act()))
    assert raised.value.code == "audit_damaged"


def test_verifying_sees_one_state_while_others_write(new_store: NewStore, tmp_path: Path) -> None:
    """Entries, checkpoints and purges that come meanwhile are no faults."""
    location, witness = filled(new_store(), 50), tmp_path / "witness"

    async def write(engine: AsyncEngine, done: asyncio.Event) -> None:
        number = 0
        while not done.is_set():
            number += 1
            async with engine.begin() as connection:
                await append(connection, act(), AT + timedelta(days=50 + number))
            if number % 10 == 0:
                async with engine.begin() as connection:
                    await purge(connection, AT + timedelta(days=number), SIGNER, PURGER)
            await checkpointer(engine, witness).write()

    async def run() -> list[Verdict]:
        done = asyncio.Event()
        async with opened(location) as engine:
            await checkpointer(engine, witness).write()
            writing = asyncio.create_task(write(engine, done))
            # In a thread, as an auditor's process would be: SQLite's lock is waited for.
            verdicts = [await asyncio.to_thread(verdict, location, witness) for _ in range(15)]
            done.set()
            await writing
        return verdicts

    assert [found.broken for found in asyncio.run(run())] == [None] * 15


def test_checkpoints_go_on_while_their_file_is_away(
    new_store: NewStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """At the start a file that cannot be written is refused; later it is an error in the log."""
    location, witness = filled(new_store(), 1), tmp_path / "mount" / "witness"

    async def until(holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not holds():
                await asyncio.sleep(0.01)

    async def run() -> None:
        async with opened(location) as engine:
            running = asyncio.create_task(checkpointer(engine, witness).run(0.02))
            await until(witness.exists)
            witness.rename(tmp_path / "kept")
            witness.mkdir()
            async with engine.begin() as connection:
                await append(connection, act())
            await until(lambda: "cannot be written" in caplog.text)
            witness.rmdir()
            (tmp_path / "kept").rename(witness)
            await until(lambda: len(read_checkpoints(witness)) == 2)
            running.cancel()
            await asyncio.wait({running})

    asyncio.run(run())
    assert verdict(location, witness).broken is None
    with pytest.raises(MonomiError) as raised:
        filled(location, 0, Path("/dev/null/witness"))
    assert raised.value.code == "checkpoints_not_written"


def test_a_line_that_a_crash_cut_off_does_not_spoil_the_next(tmp_path: Path) -> None:
    """The next stands on a line of its own; the damage itself stays to be seen."""
    path = tmp_path / "witness"
    path.write_text('{"number": 1')
    append_line(path, "{}")
    assert path.read_text() == '{"number": 1\n{}\n'
    with pytest.raises(MonomiError, match="line 1 is no checkpoint"):
        read_checkpoints(path)
