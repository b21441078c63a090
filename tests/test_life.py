"""The life of an alert: each step once, by whom it may, written down and sent on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, get_args

import pytest

from alerting.life import MAX_TEXT_CHARS
from alerting.store import AlertState
from alerting.store.states import Verdict
from schemas.alerts import Disposition
from schemas.errors import MonomiError
from tests.databases import NewStore
from tests.offices import CONVERGED, Scene, at_work
from tests.sample_alerts import alert


async def refused(step: Awaitable[Any]) -> MonomiError:
    """Return the error with which a step is refused."""
    with pytest.raises(MonomiError) as raised:
        await step
    return raised.value


def test_an_alert_lives_from_open_to_resolved(new_store: NewStore) -> None:
    """Each step is a row of the history, and what others must hear is sent in order."""

    async def work(scene: Scene) -> None:
        life = scene.office.life
        await scene.come(alert())
        seen = await life.acknowledge("a-1", "op-002", await scene.version())
        scene.clock.pass_by(minutes=5)
        await life.comment("a-1", "op-001", " The resident moved house. ")
        seen = await life.assign("a-1", "op-002", seen.version + 1, "op-005")
        seen = await life.resolve("a-1", "op-005", seen.version, 1, "misuse", "本人が認めた。")
        assert (seen.status, seen.verdict, seen.due_at) == ("resolved", "misuse", None)
        assert seen == await scene.office.store.state("a-1")
        history = await scene.office.store.history("a-1")
        assert [(row.kind, row.by, row.status) for row in history] == [
            ("opened", "monomi", "open"),
            ("acknowledged", "op-002", "acknowledged"),
            ("commented", "op-001", "acknowledged"),
            ("assigned", "op-002", "acknowledged"),
            ("resolved", "op-005", "resolved"),
        ]
        assert [row.version for row in history] == [1, 2, 3, 4, 5]
        assert history[2].details == {"text": "The resident moved house."}
        assert history[4].details == {"verdict": "misuse", "note": "本人が認めた。", "revision": 1}
        assert await scene.recipients() == ["op-002", "op-005"]
        statuses = [json.loads(p) for p in await scene.sent("kafka:alerts.status")]
        assert [each["status"] for each in statuses] == ["open", "acknowledged", "resolved"]
        assert statuses[2]["changed_by"] == "op-005"
        (disposition,) = await scene.sent("kafka:alerts.dispositions")
        assert json.loads(disposition) | {"decided_at": ""} == {
            "alert_id": "a-1",
            "decided_at": "",
            "decided_by": "op-005",
            "verdict": "misuse",
            "note": "本人が認めた。",
        }

    at_work(new_store(), work)


def test_the_second_of_two_is_told_who_was_first(new_store: NewStore) -> None:
    """Both saw the same version; nothing of the first is overwritten."""

    async def work(scene: Scene) -> None:
        await scene.come(alert())
        life, version = scene.office.life, await scene.version()
        done = await asyncio.gather(
            life.resolve("a-1", "op-002", version, 1, "justified", "A case was found."),
            life.resolve("a-1", "op-001", version, 1, "misuse", "None was."),
            return_exceptions=True,
        )
        (state,) = [each for each in done if isinstance(each, AlertState)]
        (error,) = [each for each in done if isinstance(each, MonomiError)]
        assert error.code == "changed_meanwhile"
        assert f"{state.changed_by} changed this alert meanwhile (resolved)" in error.sentence
        assert await scene.office.store.state("a-1") == state
        assert len(await scene.sent("kafka:alerts.dispositions")) == 1

    at_work(new_store(), work)


def test_a_comment_never_fails_but_tells_whoever_decides_meanwhile(new_store: NewStore) -> None:
    """A verdict that did not know a comment is refused once."""

    async def work(scene: Scene) -> None:
        await scene.come(alert())
        life, version = scene.office.life, await scene.version()
        await life.comment("a-1", "op-001", "Ask her first.")
        await life.comment("a-1", "op-003", "She is on leave.")
        error = await refused(life.resolve("a-1", "op-002", version, 1, "misuse", ""))
        assert "op-003 changed this alert meanwhile (commented)" in error.sentence

    at_work(new_store(), work)


def test_a_verdict_on_an_older_revision_is_refused(new_store: NewStore) -> None:
    """New evidence came while the supervisor read."""

    async def work(scene: Scene) -> None:
        await scene.come(alert())
        await scene.come(alert(revision=2))
        version = await scene.version()
        error = await refused(
            scene.office.life.resolve("a-1", "op-002", version, 1, "justified", "")
        )
        assert error.code == "changed_meanwhile"
        assert "revision 2" in error.sentence

    at_work(new_store(), work)


def test_new_evidence_on_a_resolved_alert_reopens_it(new_store: NewStore) -> None:
    """Visibly: in the history, the status and the list; the old verdict stays in the history."""

    async def work(scene: Scene) -> None:
        await scene.come(alert())
        life = scene.office.life
        seen = await life.resolve("a-1", "op-002", await scene.version(), 1, "justified", "")
        await scene.come(alert(revision=1))
        assert (await scene.kinds())[-1] == "resolved"
        await scene.come(alert(revision=2))
        state = await scene.office.store.state("a-1")
        assert state is not None
        assert (state.status, state.verdict, state.changed_by) == ("open", None, "monomi")
        assert state.version == seen.version + 1
        assert state.due_at is not None
        last = (await scene.office.store.history("a-1"))[-1]
        assert (last.kind, last.details["revision"]) == ("reopened", 2)
        assert scene.told.of[-1] == ("a-1", "reopened", "op-002")
        statuses = await scene.sent("kafka:alerts.status")
        assert [json.loads(each)["status"] for each in statuses] == ["open", "resolved", "open"]

    at_work(new_store(), work)


def test_people_reopen_too_and_those_who_had_it_hear(new_store: NewStore) -> None:
    """A resolved alert can be reopened, and resolved again with another verdict."""

    async def work(scene: Scene) -> None:
        await scene.come(alert())
        life = scene.office.life
        seen = await life.resolve("a-1", "op-002", await scene.version(), 1, "justified", "")
        seen = await life.reopen("a-1", "op-001", seen.version, "No such case.")
        assert (seen.status, seen.verdict) == ("open", None)
        assert scene.told.of[-1] == ("a-1", "reopened", "op-002")
        await life.resolve("a-1", "op-001", seen.version, 1, "misuse", "")
        verdicts = [json.loads(p)["verdict"] for p in await scene.sent("kafka:alerts.dispositions")]
        assert verdicts == ["justified", "misuse"]

    at_work(new_store(), work)


@pytest.mark.parametrize("who", ["op-017", "op-040"])
def test_whoever_is_a_party_takes_no_step(tmp_path: Path, who: str) -> None:
    """The subject, and one with an alert of the same convergence."""

    async def work(scene: Scene) -> None:
        mine = alert(reasons=(CONVERGED,))
        await scene.come(mine, alert("b", operator_id="op-040", reasons=(CONVERGED,)))
        life, version = scene.office.life, await scene.version()
        steps: list[Callable[[], Awaitable[AlertState]]] = [
            lambda: life.acknowledge("a-1", who, version),
            lambda: life.assign("a-1", who, version, "op-002"),
            lambda: life.assign("a-1", "op-002", version, who),
            lambda: life.comment("a-1", who, "It was not me."),
            lambda: life.resolve("a-1", who, version, 1, "justified", ""),
            lambda: life.reopen("a-1", who, version, ""),
        ]
        for step in steps:
            assert (await refused(step())).code == "not_yours"
        assert await life.barred("a-1") == {"op-017", "op-040"}
        assert await scene.kinds() == ["opened"]

    at_work(str(tmp_path / "alerts.sqlite3"), work)


def test_steps_that_do_not_fit_are_refused_and_change_nothing(tmp_path: Path) -> None:
    """Unknown alerts, wrong statuses, empty and endless texts."""

    async def work(scene: Scene) -> None:
        await scene.come(alert())
        life = scene.office.life
        assert (await refused(life.acknowledge("b", "op-002", 1))).code == "alert_unknown"
        assert (await refused(life.reopen("a-1", "op-002", 1, ""))).code == "step_not_possible"
        assert (await refused(life.comment("a-1", "op-002", " \n"))).code == "text_missing"
        endless = "x" * (MAX_TEXT_CHARS + 1)
        assert (await refused(life.comment("a-1", "op-002", endless))).code == "text_too_long"
        await life.acknowledge("a-1", "op-002", 1)
        error = await refused(life.acknowledge("a-1", "op-001", 2))
        assert error.code == "step_not_possible"
        assert "acknowledged (by op-002)" in error.sentence
        assert await scene.kinds() == ["opened", "acknowledged"]

    at_work(str(tmp_path / "alerts.sqlite3"), work)


def test_the_verdicts_are_the_contracts() -> None:
    """What the store takes and what travels are the same four."""
    assert get_args(Verdict) == get_args(Disposition.model_fields["verdict"].annotation)


def test_changes_are_caught_up_with_by_their_rows(new_store: NewStore) -> None:
    """As pages do with alerts: after a row, in order, with a limit."""

    async def work(scene: Scene) -> None:
        store = scene.office.store
        assert await store.newest_history_row() == 0
        await scene.come(*(alert(f"a-{n}") for n in range(3)))
        await scene.office.life.acknowledge("a-1", "op-002", 1)
        first = await store.history_after(0, 2)
        rest = await store.history_after(first[-1].row, 10)
        assert [row.kind for row in first + rest] == ["opened"] * 3 + ["acknowledged"]
        assert await store.newest_history_row() == rest[-1].row

    at_work(new_store(), work)
