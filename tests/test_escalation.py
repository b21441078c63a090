"""Escalation: in working time, level by level; and what was only acknowledged comes back."""

from __future__ import annotations

import json
from datetime import timedelta

from alerting.policy import ResponsePolicy
from alerting.routing import OFFICER
from tests.databases import NewStore
from tests.offices import MORNING, Scene, at_work
from tests.sample_alerts import alert


async def due_in(scene: Scene, alert_id: str = "a-1") -> timedelta | None:
    """Return how long an alert's people still have."""
    state = await scene.office.store.state(alert_id)
    assert state is not None
    return None if state.due_at is None else state.due_at - scene.clock()


def test_an_alert_that_nobody_acknowledges_goes_up_level_by_level(new_store: NewStore) -> None:
    """High: two working hours each; the officer is the last, and is told once."""

    async def work(scene: Scene) -> None:
        await scene.come(alert())
        escalation = scene.office.escalation
        scene.clock.pass_by(minutes=119)
        assert await escalation.act_on_due() == 0
        for hours in (1, 2, 24, 24, 24):
            scene.clock.pass_by(hours=hours)
            await escalation.act_on_due()
        assert await scene.recipients() == ["op-002", "op-001", OFFICER]
        assert await scene.kinds() == ["opened", "escalated", "escalated"]
        assert await due_in(scene) is None
        statuses = [json.loads(p) for p in await scene.sent("kafka:alerts.status")]
        assert [(s["status"], s["escalation"]) for s in statuses] == [
            ("open", 0),
            ("open", 1),
            ("open", 2),
        ]
        assert [who for _, _, who in scene.told.of] == ["op-002", "op-001", OFFICER]

    at_work(new_store(), work)


def test_nights_count_for_the_critical_alone(new_store: NewStore) -> None:
    """At 17:00 on a Friday: the high waits for Monday, the critical for half an hour."""

    async def work(scene: Scene) -> None:
        scene.clock.now = MORNING + timedelta(days=2, hours=7)
        await scene.come(alert("high"), alert("critical", severity="critical"))
        assert await due_in(scene, "critical") == timedelta(minutes=30)
        assert await due_in(scene, "high") == timedelta(days=2, hours=17, minutes=15)
        scene.clock.pass_by(hours=12)
        await scene.office.escalation.act_on_due()
        assert await scene.kinds("critical") == ["opened", "escalated"]
        assert await scene.kinds("high") == ["opened"]

    at_work(new_store(), work)


def test_an_acknowledged_alert_does_not_escalate_but_comes_back(new_store: NewStore) -> None:
    """After two working days it is open again, before all who had it; resolved, never more."""

    async def work(scene: Scene) -> None:
        life, escalation = scene.office.life, scene.office.escalation
        await scene.come(alert())
        await life.acknowledge("a-1", "op-002", await scene.version())
        scene.clock.pass_by(days=1)
        assert await escalation.act_on_due() == 0
        scene.clock.pass_by(days=1)
        assert await escalation.act_on_due() == 1
        assert (await scene.kinds())[-1] == "came_back"
        assert scene.told.of[-1] == ("a-1", "came_back", "op-002")
        assert await due_in(scene) == timedelta(hours=2)
        await life.resolve("a-1", "op-002", await scene.version(), 1, "undetermined", "")
        scene.clock.pass_by(days=100)
        assert await escalation.act_on_due() == 0

    at_work(new_store(), work)


def test_a_reopened_alert_climbs_from_the_first_level_again(new_store: NewStore) -> None:
    """It had gone to the head before it was resolved."""

    async def work(scene: Scene) -> None:
        await scene.come(alert())
        scene.clock.pass_by(hours=2)
        await scene.office.escalation.act_on_due()
        life = scene.office.life
        await life.resolve("a-1", "op-001", await scene.version(), 1, "justified", "")
        await scene.come(alert(revision=2))
        scene.clock.pass_by(hours=2)
        await scene.office.escalation.act_on_due()
        assert scene.told.of[-2:] == [("a-1", "reopened", "op-002"), ("a-1", "escalated", "op-001")]
        state = await scene.office.store.state("a-1")
        assert state is not None
        assert state.escalation == 1

    at_work(new_store(), work)


def test_the_graver_the_less_time() -> None:
    """The policy's defaults, by severity."""
    policy = ResponsePolicy()
    times = [policy.of(s) for s in ("low", "medium", "high", "critical")]
    assert [t.acknowledge for t in times] == sorted((t.acknowledge for t in times), reverse=True)
    assert all(t.acknowledge < t.resolve for t in times)
