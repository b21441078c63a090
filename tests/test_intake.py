"""The intake: an alert is stored and sent to its people in one, and never to a party to it."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerting.routing import Absence
from alerting.store import AlertQuery, AlertStore, Arrival, Progress
from alerting.store.states import Verdict
from schemas.alerts import Alert, Evidence
from tests.databases import NewStore
from tests.offices import CONVERGED, MORNING, HandClock, Scene, Told, at_work, office_at
from tests.sample_alerts import alert


def shared(alert_id: str, operator_id: str, supervisor_id: str = "op-002") -> Alert:
    """Return one of many alerts on the same resident."""
    return alert(
        alert_id, operator_id=operator_id, supervisor_id=supervisor_id, reasons=(CONVERGED,)
    )


def test_an_alert_is_opened_and_told_in_the_transaction_it_comes_in(new_store: NewStore) -> None:
    """State, recipient, history and letter are there together; coming again adds nothing."""

    async def work(scene: Scene) -> None:
        await scene.come(alert())
        await scene.come(alert())
        (row,) = await scene.office.store.history("a-1")
        assert (row.kind, row.by, row.version) == ("opened", "monomi", 1)
        assert row.details == {"to": "op-002", "office": "supervisor", "revision": 1}
        assert await scene.recipients() == ["op-002"]
        assert scene.told.of == [("a-1", "opened", "op-002")]
        assert await scene.sent("mail") == ["opened a-1"]

    at_work(new_store(), work)


def test_what_cannot_be_stored_is_not_told_either(new_store: NewStore) -> None:
    """A position that the database refuses takes routing and letters back with it."""

    async def work(scene: Scene) -> None:
        intake = scene.office.intake
        with pytest.raises(Exception, match=r"(?i)int.*(large|range)"):
            await intake.take([Arrival(alert())], [Progress("log", {0: 2**80})])
        assert await scene.kinds() == []
        assert await scene.sent("mail") == []

    at_work(new_store(), work)


def test_absences_in_the_table_route(new_store: NewStore) -> None:
    """The supervisor is away on the clock's day; the deputy gets it, and is named as such."""

    async def work(scene: Scene) -> None:
        day = date(2015, 3, 4)
        absence = Absence("op-002", day, day, "op-005")
        await scene.office.absences.add(absence, "op-090", MORNING)
        await scene.come(alert())
        (recipient,) = await scene.office.store.recipients("a-1")
        assert (recipient.person_id, recipient.stands_in_for) == ("op-005", "op-002")

    at_work(new_store(), work)


def test_alerts_that_come_together_never_go_to_one_another(new_store: NewStore) -> None:
    """The supervisor of one is the subject of the other, in one batch."""

    async def work(scene: Scene) -> None:
        await scene.come(shared("a", "op-017"), shared("b", "op-002", "op-003"))
        assert await scene.recipients("a") == ["op-001"]
        assert await scene.recipients("b") == ["op-003"]

    at_work(new_store(), work)


def test_an_alert_is_taken_from_one_who_turns_out_to_share_it(new_store: NewStore) -> None:
    """The supervisor, and assignee, gets an alert on the same resident an hour later."""

    async def work(scene: Scene) -> None:
        await scene.come(shared("a", "op-017"))
        await scene.office.life.assign("a", "op-001", 1, "op-002")
        scene.clock.pass_by(hours=1)
        await scene.come(shared("b", "op-002", "op-003"))
        assert await scene.recipients("a") == ["op-001"]
        assert (await scene.kinds("a"))[-1] == "withdrawn"
        last = (await scene.office.store.history("a"))[-1]
        assert last.details == {"from": ["op-002"], "to": "op-001", "office": "head"}
        state = await scene.office.store.state("a")
        assert state is not None
        assert state.assignee_id is None
        assert ("a", "withdrawn", "op-001") in scene.told.of

    at_work(new_store(), work)


def test_a_verdict_that_clears_ends_the_sharing(new_store: NewStore) -> None:
    """Justified, the supervisor may have the next one; as misuse, not."""

    async def work(scene: Scene) -> None:
        life = scene.office.life
        await scene.come(shared("theirs", "op-002", "op-003"))
        await scene.come(shared("a", "op-017"))
        seen = await life.resolve("theirs", "op-003", 1, 1, "misuse", "")
        await scene.come(shared("b", "op-018"))
        seen = await life.reopen("theirs", "op-003", seen.version, "")
        await life.resolve("theirs", "op-003", seen.version, 1, "justified", "")
        await scene.come(shared("c", "op-019"))
        assert [(await scene.recipients(name))[0] for name in "abc"] == [
            "op-001",
            "op-001",
            "op-002",
        ]

    at_work(new_store(), work)


def test_a_graver_revision_tells_those_who_have_it_and_shortens_their_time(
    new_store: NewStore,
) -> None:
    """From low to critical while open; a revision of the same severity tells nobody."""

    async def work(scene: Scene) -> None:
        await scene.come(alert(severity="low"))
        before = await scene.office.store.state("a-1")
        await scene.come(alert(revision=2, severity="low"))
        await scene.come(alert(revision=3, severity="critical"))
        after = await scene.office.store.state("a-1")
        assert before is not None
        assert after is not None
        assert before.due_at is not None
        assert after.due_at is not None
        assert after.due_at < before.due_at
        assert await scene.kinds() == ["opened", "raised"]
        assert scene.told.of[-1] == ("a-1", "raised", "op-002")

    at_work(new_store(), work)


def test_alerts_of_an_older_console_are_routed_when_a_newer_starts(new_store: NewStore) -> None:
    """They were only stored; they are opened once, and open alerts are left alone."""
    location = new_store()

    async def run() -> None:
        store = await AlertStore.open(location)
        await store.add([Arrival(alert(f"old-{n:04}")) for n in range(1100)])
        await store.close()
        noted = Told()
        async with office_at(location, HandClock(), noted) as office:
            assert await office.intake.route_waiting() == 1100
            assert await office.intake.route_waiting() == 0
            told = AlertQuery(told=("op-002",), limit=2000)
            assert len(await office.store.listed(told)) == 1100
            # They were seen on the older page.
            assert noted.of == []
            assert await office.escalation.act_on_due() == 0

    asyncio.run(run())


def test_an_old_alert_is_listed_but_no_news(new_store: NewStore) -> None:
    """A new store reads years out of Kafka: nobody is told, and no time runs, until evidence."""

    async def work(scene: Scene) -> None:
        made = MORNING - timedelta(days=31)
        await scene.come(alert(detected_at=made))
        assert await scene.recipients() == ["op-002"]
        assert scene.told.of == []
        scene.clock.pass_by(days=100)
        assert await scene.office.escalation.act_on_due() == 0
        await scene.come(alert(revision=2, detected_at=scene.clock.now))
        assert scene.told.of == [("a-1", "opened", "op-002")]
        state = await scene.office.store.state("a-1")
        assert state is not None
        assert state.due_at is not None

    at_work(new_store(), work)


def test_what_a_backfill_raised_is_listed_and_nobody_is_told(new_store: NewStore) -> None:
    """Nobody's time runs, even where somebody takes it on; a live look-up makes it news."""

    async def work(scene: Scene) -> None:
        office = scene.office
        await office.intake.take([Arrival(alert(), historic=True)])
        (listed,) = await office.store.listed(AlertQuery())
        assert (listed.stored.historic, listed.state.historic, listed.state.due_at) == (
            True,
            True,
            None,
        )
        assert await office.store.listed(AlertQuery(historic=False)) == []
        assert await office.store.listed(AlertQuery(historic=True)) == [listed]
        taken = await office.life.acknowledge("a-1", "op-002", listed.state.version)
        assert taken.due_at is None
        scene.clock.pass_by(days=90)
        assert await office.escalation.act_on_due() == 0
        assert scene.told.of == []
        await office.intake.take([Arrival(alert("a-2"), historic=True)])
        await scene.come(alert("a-2", 2, detected_at=scene.clock.now))
        assert scene.told.of == [("a-2", "opened", "op-002")]
        await office.intake.take([Arrival(alert("a-2", 3), historic=True)])
        state = await office.store.state("a-2")
        assert state is not None
        assert (state.revision, state.historic, state.due_at is not None) == (3, False, True)

    at_work(new_store(), work)


def test_evidence_is_kept_beside_its_revision_whichever_comes_first(new_store: NewStore) -> None:
    """The newest revision's is shown; a double changes nothing."""

    async def work(scene: Scene) -> None:
        store = scene.office.store
        second = Evidence(alert_id="a-1", revision=2, habit=(0.25, 0.75))
        first = Evidence(alert_id="a-1", revision=1, look_ups=({"event_id": "q-1"},))
        await scene.office.intake.take([], [Progress("c/alerts.evidence", {0: 1})], [second])
        await scene.office.intake.take([Arrival(alert())], (), [first, second])
        kept = await store.evidence("a-1")
        assert kept is not None
        assert kept.evidence == second
        assert await store.evidence("unknown") is None
        assert (await store.progress("c/alerts.evidence")).next_offsets == {0: 1}

    at_work(new_store(), work)


@pytest.mark.parametrize("by_evidence", [False, True])
def test_an_alert_that_is_reopened_is_shared_again(new_store: NewStore, by_evidence: bool) -> None:
    """Cleared, the supervisor was given a colleague's; then the own one comes back."""

    async def work(scene: Scene) -> None:
        life = scene.office.life
        await scene.come(shared("theirs", "op-002", "op-003"))
        seen = await life.resolve("theirs", "op-003", 1, 1, "justified", "")
        await scene.come(shared("a", "op-017"))
        assert await scene.recipients("a") == ["op-002"]
        if by_evidence:
            await scene.come(
                alert("theirs", 2, operator_id="op-002", reasons=(CONVERGED,)),
                alert("a", 2, severity="critical", reasons=(CONVERGED,)),
            )
        else:
            seen = await life.reopen("theirs", "op-003", seen.version, "")
            assert seen == await scene.office.store.state("theirs")
        assert await scene.recipients("a") == ["op-001"]
        assert (await scene.kinds("a"))[-1] == "withdrawn"

    at_work(new_store(), work)


OPERATORS = ("op-001", "op-002", "op-003", "op-017")

STEPS = st.one_of(
    st.tuples(
        st.just("come"),
        st.lists(
            st.tuples(st.sampled_from(OPERATORS), st.sampled_from(OPERATORS)),
            min_size=1,
            max_size=3,
        ),
    ),
    st.tuples(st.sampled_from(("clear", "misuse", "reopen", "more", "wait")), st.integers(0, 9)),
)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=10))
def test_no_party_is_ever_a_recipient(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, Any]]
) -> None:
    """Whatever alerts of one convergence come, are judged, reopened, escalated, in any order."""
    folder: Path = tmp_path_factory.mktemp("intake")

    async def work(scene: Scene) -> None:
        made: list[Alert] = []
        for step, value in steps:
            if step == "come":
                new = [
                    shared(f"a-{len(made) + n}", who, boss) for n, (who, boss) in enumerate(value)
                ]
                made += new
                await scene.come(*new)
            elif step == "wait":
                scene.clock.pass_by(days=value)
                await scene.office.escalation.act_on_due()
            elif made:
                await judge(scene, step, made[value % len(made)])
            await no_party_was_told(scene, made)

    at_work(str(folder / "alerts.sqlite3"), work)


async def judge(scene: Scene, step: str, about: Alert) -> None:
    """Do to an alert what the step says, where it can be done."""
    state = await scene.office.store.state(about.alert_id)
    assert state is not None
    life, seen = scene.office.life, (about.alert_id, "op-090", state.version)
    if step == "more":
        await scene.come(about.model_copy(update={"revision": state.revision + 1}))
    elif step == "reopen" and state.status == "resolved":
        await life.reopen(*seen, "")
    elif step != "reopen" and state.status != "resolved":
        verdict: Verdict = "justified" if step == "clear" else "misuse"
        await life.resolve(*seen, state.revision, verdict, "")


async def no_party_was_told(scene: Scene, alerts: list[Alert]) -> None:
    """Hold each alert's recipients against the operators of all that stand."""
    states = [await scene.office.store.state(each.alert_id) for each in alerts]
    stand = {s.operator_id for s in states if s is not None and s.verdict != "justified"}
    for each in alerts:
        told = set(await scene.recipients(each.alert_id))
        assert told
        assert not told & (stand | {each.operator_id})
