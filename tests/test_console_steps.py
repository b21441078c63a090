"""What people do with an alert on its page: every step by a form, nothing lost, nothing leaked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from alerting.access.person import Role
from alerting.life import MAX_TEXT_CHARS
from schemas.alerts import Evidence
from tests.desks_of_pages import before, words_of
from tests.offices import CONVERGED, Scene, at_work, operator
from tests.sample_alerts import REPEATED, UNEXPLAINED, alert

SEE_OTHER = 303


def store_in(folder: Path) -> str:
    """Return where a new store can be."""
    return str(folder / "alerts.sqlite3")


def test_an_alert_is_acknowledged_commented_resolved_and_reopened_by_forms(tmp_path: Path) -> None:
    """Each step goes back to the page, which says what was done and tells it in its history."""

    async def work(scene: Scene) -> None:
        await scene.come(alert())
        async with before(scene, "op-002") as web:
            page = words_of(await web.get("/alerts/a-1"))
            assert "To be acknowledged by Wed 4 Mar, 12:00, else it goes a level up." in page
            assert "Raised, and told to op-002" in page
            for step, form, done in (
                ("acknowledge", {"version": 1}, "Noted: you are looking into it."),
                ("comment", {"text": "Asked at\r\nthe counter."}, "The comment was added."),
                (
                    "resolve",
                    {"version": 3, "revision": 1, "verdict": "justified", "note": "A slip."},
                    "The verdict was recorded.",
                ),
                ("reopen", {"version": 4, "note": "A mistake."}, "The alert is open again."),
            ):
                answer = await web.post(f"/alerts/a-1/{step}", data=form)
                assert answer.status_code == SEE_OTHER, answer.text
                assert done in words_of(await web.get(answer.headers["location"]))
            page = words_of(await web.get("/alerts/a-1"))
        for told in (
            "op-002 opened it again A mistake.",
            "op-002 recorded: Needed for work A slip.",
            "op-002 commented Asked at the counter.",
            "op-002 began to look into it",
        ):
            assert told in page
        assert await scene.kinds() == [
            "opened",
            "acknowledged",
            "commented",
            "resolved",
            "reopened",
        ]

    at_work(store_in(tmp_path), work)


def test_who_comes_second_sees_what_the_first_did_and_keeps_what_they_typed(
    tmp_path: Path,
) -> None:
    """One resolves while another writes: the other's verdict and note stay in the form."""

    async def work(scene: Scene) -> None:
        await scene.come(alert())
        await scene.office.life.acknowledge("a-1", "op-001", 1)
        form = {
            "version": 1,
            "revision": 1,
            "verdict": "misuse",
            "note": "<b>No</b> slip & no call",
        }
        async with before(scene, "op-002") as web:
            answer = await web.post("/alerts/a-1/resolve", data=form)
            page = words_of(answer)
            assert answer.status_code == 409
            assert "Somebody was quicker" in page
            assert "op-001 began to look into it" in page
            assert "<b>No</b> slip & no call" in page
            assert 'value="misuse" required aria-describedby="hint-misuse" checked' in answer.text
            assert 'name="version" value="2"' in answer.text
            again = await web.post("/alerts/a-1/resolve", data=form | {"version": 2})
            assert again.status_code == SEE_OTHER
        state = await scene.office.store.state("a-1")
        assert state is not None
        assert state.verdict == "misuse"

    at_work(store_in(tmp_path), work)


def test_a_verdict_on_evidence_that_has_grown_is_refused_with_a_word_of_it(tmp_path: Path) -> None:
    """A second revision came while one decided on the first."""

    async def work(scene: Scene) -> None:
        await scene.come(alert())
        await scene.come(alert(revision=2, reasons=(REPEATED, UNEXPLAINED)))
        form = {"version": 1, "revision": 1, "verdict": "justified", "note": ""}
        async with before(scene, "op-002") as web:
            answer = await web.post("/alerts/a-1/resolve", data=form)
        assert answer.status_code == 409
        assert "New look-ups were added to the alert (now revision 2)." in words_of(answer)
        assert await scene.kinds() == ["opened"]

    at_work(store_in(tmp_path), work)


@pytest.mark.parametrize(
    ("step", "form", "told"),
    [
        ("comment", {"text": " \n"}, "Write something first."),
        ("comment", {"text": "x" * (MAX_TEXT_CHARS + 1)}, "at most 4,000 characters"),
        ("resolve", {"version": 1, "revision": 1, "note": "n"}, "Something is missing"),
        ("resolve", {"version": 1, "revision": 1, "verdict": "guilty"}, "Something is missing"),
        ("assign", {"version": 1}, "Something is missing"),
        ("assign", {"version": 1, "to": "op-999"}, "nobody by this number"),
        ("assign", {"version": 1, "to": "op-017"}, "a party to this alert"),
        ("reopen", {"version": 1}, "not possible as the alert stands now"),
    ],
)
def test_a_step_that_cannot_be_taken_says_why(
    tmp_path: Path, step: str, form: dict[str, Any], told: str
) -> None:
    """The page comes back with a sentence, and nothing has changed."""

    async def work(scene: Scene) -> None:
        operators = scene.office.desk.directory.operators
        operators["op-017"] = operator("op-017", "op-002")
        await scene.come(alert())
        async with before(scene, "op-002") as web:
            answer = await web.post(f"/alerts/a-1/{step}", data=form)
        assert answer.status_code in (400, 409)
        assert told in words_of(answer)
        assert await scene.kinds() == ["opened"]

    at_work(store_in(tmp_path), work)


def test_a_text_of_many_lines_is_measured_as_people_count(tmp_path: Path) -> None:
    """Browsers send two characters for a line end; a text at the limit is taken all the same."""

    async def work(scene: Scene) -> None:
        await scene.come(alert())
        text = "\r\n".join("x" * 79 for _ in range(MAX_TEXT_CHARS // 80))
        async with before(scene, "op-002") as web:
            answer = await web.post("/alerts/a-1/comment", data={"text": text})
        assert answer.status_code == SEE_OTHER

    at_work(store_in(tmp_path), work)


def test_an_alert_is_given_to_a_supervisor_of_the_section_who_then_has_it(tmp_path: Path) -> None:
    """The form offers supervisors and heads, never whom the alert is about."""

    async def work(scene: Scene) -> None:
        operators = scene.office.desk.directory.operators
        operators["op-017"] = operator("op-017", "op-002")
        operators["op-018"] = operator("op-018", "op-017")
        await scene.come(alert())
        async with before(scene, "op-002") as web:
            offered = (await web.get("/alerts/a-1")).text
            assert "<option>op-001</option>" in offered
            assert "<option>op-017</option>" not in offered
            form = {"version": 1, "to": "op-001"}
            assert (await web.post("/alerts/a-1/assign", data=form)).status_code == SEE_OTHER
        async with before(scene, "op-001") as web:
            assert "op-002 gave it to op-001" in words_of(await web.get("/alerts/a-1"))

    at_work(store_in(tmp_path), work)


@pytest.mark.parametrize(
    ("person_id", "role"),
    [
        ("op-017", "supervisor"),
        ("op-017", "privacy_officer"),
        ("op-044", "supervisor"),
        ("op-055", "supervisor"),
        ("op-055", "privacy_officer"),
    ],
    ids=["subject", "subject as officer", "another's", "sharer", "sharer as officer"],
)
def test_whom_it_does_not_reach_gets_the_same_page_as_for_no_alert(
    tmp_path: Path, person_id: str, role: Role
) -> None:
    """Its page, its steps, the list and its section tell the subject and others nothing."""

    async def work(scene: Scene) -> None:
        shared = alert("a-2", operator_id="op-055", reasons=(CONVERGED,))
        await scene.come(alert(reasons=(CONVERGED,)), shared)
        async with before(scene, person_id, role) as web:
            there, nowhere = await web.get("/alerts/a-1"), await web.get("/alerts/a-9")
            assert (there.status_code, nowhere.status_code) == (404, 404)
            assert there.text.replace("a-1", "") == nowhere.text.replace("a-9", "")
            for step in ("acknowledge", "resolve", "assign", "comment", "reopen"):
                form = {
                    "version": 1,
                    "revision": 1,
                    "verdict": "justified",
                    "text": "x",
                    "to": "op-001",
                }
                assert (await web.post(f"/alerts/a-1/{step}", data=form)).status_code == 404
            for path in ("/?status=all", "/alerts.json", "/sections/resident-affairs"):
                assert "a-1" not in (await web.get(path)).text
        assert await scene.kinds() == ["opened"]

    at_work(store_in(tmp_path), work)


def test_an_analyst_reads_and_takes_no_step(tmp_path: Path) -> None:
    """The page has no form for a role that only reads, and its routes refuse it."""

    async def work(scene: Scene) -> None:
        await scene.come(alert())
        async with before(scene, "an-1", "analyst") as web:
            page = await web.get("/alerts/a-1")
            assert "Your role reads this alert" in words_of(page)
            assert 'action="/alerts/' not in page.text
            answer = await web.post("/alerts/a-1/comment", data={"text": "x"})
            assert answer.status_code == 403

    at_work(store_in(tmp_path), work)


def _look_up(event_id: str, time: str, **more: Any) -> dict[str, Any]:
    return {"event_id": event_id, "occurred_at": f"2015-03-04T{time}+09:00"} | more


EVIDENCE = Evidence(
    alert_id="a-1",
    revision=1,
    look_ups=(_look_up("q-00090412", "10:03:12", action="view", resident_id="r-8f2c41d09b7e"),),
    day=(
        _look_up("q-00090412", "10:03:12", action="view", resident_id="r-8f2c41d09b7e"),
        _look_up("q-1", "09:15:00", action="print", resident_id="r-1", case_id="c-77"),
        {"event_id": "q-2"},
    ),
    habit=(0.0,) * 9 + (0.5, 0.3) + (0.0,) * 12 + (0.2,),
    cohort=(0.0,) * 9 + (0.25, 0.75) + (0.0,) * 13,
    history=({"day": "2013-10-07", "what": "first"}, {"day": "2014-10-21", "count": 2}, {"x": 1}),
)


def test_the_page_shows_the_day_the_habit_and_the_years_around_an_alert(tmp_path: Path) -> None:
    """Every chart says in words what it shows, and its figures are in a table."""

    async def work(scene: Scene) -> None:
        await scene.come(alert())
        await scene.office.store.add([], evidence=[EVIDENCE])
        async with before(scene, "op-002") as web:
            page = await web.get("/alerts/a-1")
        words = words_of(page)
        for expected in (
            "2 look-ups from 09:15 to 10:03, of which 1 are this alert's: 10:03.",
            "09:15 Print r-1 c-77",
            "This person looks up most at 9 o'clock, people at such desks at 10 o'clock.",
            "30 % of this person's look-ups, 75 % of those at such desks",
            "on 3 days known, from Mon 7 Oct 2013 to Wed 4 Mar 2015",
            "Mon 7 Oct 2013 first time",
            "Tue 21 Oct 2014 2 look-ups",
            "Wed 4 Mar 2015 this alert",
        ):
            assert expected in words
        for kind in ("day", "hours", "years", "bars"):
            assert f'class="chart {kind}"' in page.text

    at_work(store_in(tmp_path), work)


@pytest.mark.parametrize(
    "changes",
    [
        {"look_ups": (), "day": (), "habit": (), "cohort": (), "history": ()},
        {"day": ()},
        {"habit": (0.1, 0.2), "cohort": (-1.0,) * 24},
        {"look_ups": ({},), "day": ({"occurred_at": "2015-03-04T10:00:00"},)},
        {"history": ({"day": None}, {"day": "2015-03-04"})},
    ],
    ids=["nothing", "no day", "odd curves", "no times", "no history"],
)
def test_odd_evidence_is_shown_as_far_as_it_goes(tmp_path: Path, changes: dict[str, Any]) -> None:
    """Whatever is missing or malformed in what the monitor sent, the page is there."""

    async def work(scene: Scene) -> None:
        await scene.come(alert())
        await scene.office.store.add([], evidence=[EVIDENCE.model_copy(update=changes)])
        async with before(scene, "op-002") as web:
            page = await web.get("/alerts/a-1")
        assert page.status_code == 200
        assert "nan" not in page.text.lower().split("<main")[1]
        assert "What this person did around it" in page.text

    at_work(store_in(tmp_path), work)


def test_the_deputy_and_escalation_are_told_in_words(tmp_path: Path) -> None:
    """Nobody answers in time: the page says who has it now, and why."""

    async def work(scene: Scene) -> None:
        await scene.come(alert())
        scene.clock.pass_by(hours=5)
        await scene.office.escalation.act_on_due()
        async with before(scene, "op-001") as web:
            page = words_of(await web.get("/alerts/a-1"))
        assert "Nobody acknowledged it in time: told to op-001 too" in page
        assert "op-002 supervisor" in page
        assert "op-001 head of section" in page

    at_work(store_in(tmp_path), work)
