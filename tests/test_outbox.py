"""The outbox: every letter at least once, in order where order counts, and no fault is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from alerting.errors import DeliveryError
from alerting.outbox import Dispatcher, Letter, Outbox
from alerting.outbox.dispatcher import backoff
from alerting.store import Database
from alerting.store.tables import OUTBOX
from tests.databases import NewStore
from tests.offices import HandClock


@dataclass
class Receiver:
    """Takes letters, or does to each payload what the test says."""

    faults: dict[str, list[Exception]] = field(default_factory=dict)
    got: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    async def take(self, letter: Letter) -> None:
        if faults := self.faults.get(letter.payload):
            raise faults.pop(0)
        self.got.append(letter.payload)
        self.keys.append(letter.key)


@dataclass
class Post:
    """An outbox, one receiver for everything to "mail", and a clock."""

    database: Database
    outbox: Outbox
    clock: HandClock
    receiver: Receiver

    async def put(self, letters: Iterable[Letter]) -> None:
        written = list(letters)
        await self.database.write(lambda c: self.outbox.put(c, written, self.clock()))

    def dispatcher(self, **options: Any) -> Dispatcher:
        return Dispatcher(self.outbox, {"mail": self.receiver.take}, self.clock, **options)

    async def rows(self) -> list[dict[str, Any]]:
        query = select(OUTBOX).order_by(OUTBOX.c.id)
        return [dict(row._mapping) for row in await self.database.read(query)]


def with_post(location: str, work: Callable[[Post], Awaitable[None]]) -> None:
    """Do work with an outbox in a database."""

    async def run() -> None:
        database = await Database.open(location)
        try:
            await work(Post(database, Outbox(database), HandClock(), Receiver()))
        finally:
            await database.close()

    asyncio.run(run())


def letter(text: str, lane: str | None = None, **more: Any) -> Letter:
    """Return a letter to "mail" whose key is its text."""
    return Letter("mail", f"key-{text}", text, lane, **more)


def test_a_letter_is_sent_once_and_marked(new_store: NewStore) -> None:
    """Written twice it is one letter; sent, it is not sent again."""

    async def work(post: Post) -> None:
        await post.put([letter("a"), letter("b")])
        await post.put([letter("a")])
        assert await post.dispatcher().send_due() == 2
        assert await post.dispatcher().send_due() == 0
        assert post.receiver.got == ["a", "b"]
        assert [(r["sent_at"], r["attempts"], r["lease_until"]) for r in await post.rows()] == [
            (post.clock(), 1, None)
        ] * 2

    with_post(new_store(), work)


def test_a_letter_rolled_back_with_its_cause_is_never_sent(new_store: NewStore) -> None:
    """The transaction that wrote it fails."""

    async def work(post: Post) -> None:
        async def fails(connection: Any) -> None:
            await post.outbox.put(connection, [letter("a")], post.clock())
            raise ValueError("the cause")

        with pytest.raises(ValueError, match="the cause"):
            await post.database.write(fails)
        assert await post.dispatcher().send_due() == 0

    with_post(new_store(), work)


def test_a_dispatcher_that_died_leaves_its_letters_to_the_next(new_store: NewStore) -> None:
    """Leased and perhaps sent, never marked: sent again with the same key after the lease."""

    async def work(post: Post) -> None:
        await post.put([letter("a")])
        (leased,) = await post.outbox.lease(["mail"], post.clock(), timedelta(seconds=60), 10)
        assert leased.attempts == 1
        assert await post.dispatcher().send_due() == 0
        post.clock.pass_by(seconds=60)
        assert await post.dispatcher().send_due() == 1
        assert post.receiver.keys == [leased.letter.key]

    with_post(new_store(), work)


def test_two_dispatchers_at_once_do_not_send_the_same(new_store: NewStore) -> None:
    """Both look at the same moment."""

    async def work(post: Post) -> None:
        await post.put(letter(str(n)) for n in range(60))
        await asyncio.gather(*(post.dispatcher().send_due() for _ in range(4)))
        assert sorted(post.receiver.got) == sorted(str(n) for n in range(60))

    with_post(new_store(), work)


def test_what_fails_is_tried_again_ever_more_seldom(new_store: NewStore) -> None:
    """The reason stays visible meanwhile; the receiver comes back after ten minutes."""

    async def work(post: Post) -> None:
        post.receiver.faults["a"] = [DeliveryError("refused")] * 8
        await post.put([letter("a"), letter("b")])
        dispatcher, waits = post.dispatcher(), []
        while "a" not in post.receiver.got:
            await dispatcher.send_due()
            row = (await post.rows())[0]
            if row["sent_at"] is None:
                assert row["last_error"] == "refused"
                waits.append((row["due_at"] - post.clock()).total_seconds())
                post.clock.now = row["due_at"] - timedelta(milliseconds=1)
                assert await dispatcher.send_due() == 0
                post.clock.now = row["due_at"]
        assert post.receiver.got == ["b", "a"]
        assert all(2**n / 2 <= wait <= 2**n for n, wait in enumerate(waits))
        assert (await post.rows())[0]["attempts"] == 9

    with_post(new_store(), work)


def test_what_can_never_be_sent_is_given_up_and_stays_visible(new_store: NewStore) -> None:
    """It does not hold up its lane, and an officer may try it again."""

    async def work(post: Post) -> None:
        post.receiver.faults["a"] = [DeliveryError("no such mailbox", permanent=True)]
        await post.put([letter("a", "lane"), letter("b", "lane")])
        await post.dispatcher().send_due()
        assert post.receiver.got == ["b"]
        post.clock.pass_by(days=1)
        assert await post.dispatcher().send_due() == 0
        (failed,) = await post.outbox.failed(10)
        assert failed["last_error"] == "no such mailbox"
        await post.outbox.try_again(failed["id"], post.clock())
        await post.dispatcher().send_due()
        assert post.receiver.got == ["b", "a"]
        assert await post.outbox.failed(10) == []

    with_post(new_store(), work)


def test_a_senders_own_fault_is_retried_and_said(
    new_store: NewStore, caplog: pytest.LogCaptureFixture
) -> None:
    """Not a DeliveryError but a bug; other letters go out."""

    async def work(post: Post) -> None:
        post.receiver.faults["a"] = [KeyError("host")]
        await post.put([letter("a"), letter("b")])
        await post.dispatcher().send_due()
        assert post.receiver.got == ["b"]
        assert (await post.rows())[0]["last_error"] == "KeyError: 'host'"

    with_post(new_store(), work)
    assert "the sender of mail failed" in caplog.text


def test_a_receiver_that_hangs_is_given_its_time_and_no_more(new_store: NewStore) -> None:
    """The letter is due again later."""

    async def work(post: Post) -> None:
        async def hangs(_: Letter) -> None:
            await asyncio.Event().wait()

        await post.put([letter("a")])
        await Dispatcher(post.outbox, {"mail": hangs}, post.clock, send_s=0.01).send_due()
        assert (await post.rows())[0]["last_error"] == "not delivered within 0.01 s"

    with_post(new_store(), work)


def test_a_lane_keeps_its_order_over_failures(new_store: NewStore) -> None:
    """The second waits for the first, also while the first is leased; other lanes do not."""

    async def work(post: Post) -> None:
        post.receiver.faults["1"] = [DeliveryError("down"), DeliveryError("down")]
        await post.put([letter("1", "x"), letter("2", "x"), letter("other", "y")])
        dispatcher = post.dispatcher()
        await dispatcher.send_due()
        assert post.receiver.got == ["other"]
        assert (await post.rows())[1]["attempts"] == 0
        assert await dispatcher.send_due() == 0
        post.clock.pass_by(seconds=10)
        await post.put([letter("3", "x")])
        await dispatcher.send_due()
        post.clock.pass_by(minutes=1)
        await post.outbox.lease(["mail"], post.clock(), timedelta(seconds=30), 1)
        assert await dispatcher.send_due() == 0
        post.clock.pass_by(seconds=30)
        await dispatcher.send_due()
        assert post.receiver.got == ["other", "1", "2", "3"]

    with_post(new_store(), work)


def test_a_letter_to_nobody_waits_for_one_who_can_send_it(new_store: NewStore) -> None:
    """A channel that is switched off keeps its letters; one for later waits for its time."""

    async def work(post: Post) -> None:
        later = post.clock() + timedelta(hours=1)
        await post.put([Letter("chat", "k", "text"), letter("later", due_at=later)])
        assert await post.dispatcher().send_due() == 0
        post.clock.pass_by(hours=1)
        await post.dispatcher().send_due()
        assert post.receiver.got == ["later"]
        chat = Dispatcher(post.outbox, {"chat": post.receiver.take}, post.clock)
        await chat.send_due()
        assert post.receiver.got == ["later", "text"]

    with_post(new_store(), work)


def test_a_slow_destination_holds_up_no_other(new_store: NewStore) -> None:
    """While mail hangs, chat gets what is written after."""

    async def work(post: Post) -> None:
        arrived, hanging = asyncio.Event(), asyncio.Event()

        async def hangs(_: Letter) -> None:
            hanging.set()
            await asyncio.Event().wait()

        async def takes(_: Letter) -> None:
            arrived.set()

        running = asyncio.create_task(
            Dispatcher(post.outbox, {"mail": hangs, "chat": takes}, post.clock).run()
        )
        await post.put([letter("a")])
        post.outbox.bell.ring()
        await asyncio.wait_for(hanging.wait(), 60)
        await post.put([Letter("chat", "k", "text")])
        post.outbox.bell.ring()
        await asyncio.wait_for(arrived.wait(), 60)
        running.cancel()
        await asyncio.wait([running])
        assert running.cancelled()

    with_post(new_store(), work)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from("xyz"), st.integers(0, 3), st.booleans()), max_size=12),
    st.integers(1, 5),
)
def test_whatever_fails_everything_arrives_each_lane_in_order(
    tmp_path_factory: pytest.TempPathFactory, plan: list[tuple[str, int, bool]], at_once: int
) -> None:
    """Letters fail some times each, and after some a dispatcher dies."""

    async def work(post: Post) -> None:
        letters = [letter(str(n), lane) for n, (lane, _, _) in enumerate(plan)]
        for n, (_, failures, _) in enumerate(plan):
            post.receiver.faults[str(n)] = [DeliveryError("down")] * failures
        await post.put(letters)
        dispatcher = post.dispatcher(at_once=at_once)
        for _, _, dies in plan:
            if dies:
                await post.outbox.lease(["mail"], post.clock(), timedelta(seconds=60), at_once)
            await dispatcher.send_due()
            post.clock.pass_by(seconds=20)
        while len(post.receiver.got) < len(plan):
            await dispatcher.send_due()
            post.clock.pass_by(seconds=20)
        for lane in "xyz":
            sent = [int(text) for text in post.receiver.got if plan[int(text)][0] == lane]
            assert sent == [n for n, (of, _, _) in enumerate(plan) if of == lane]

    with_post(str(tmp_path_factory.mktemp("outbox") / "alerts.sqlite3"), work)


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_waits_grow_to_five_minutes_and_spread(attempts: int, chance: float) -> None:
    """Never below half a second, never above five minutes."""
    wait_s = backoff(attempts, chance).total_seconds()
    assert 0.5 <= wait_s <= 300
    assert backoff(attempts + 1, chance) >= backoff(attempts, chance)
