"""The pages of sections and of absences."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from alerting.access.person import Role
from alerting.routing import Absence
from tests.desks_of_pages import before, shown_alerts, words_of
from tests.offices import MORNING, Scene, at_work, operator
from tests.sample_alerts import alert

SEE_OTHER = 303


def store_in(folder: Path) -> str:
    """Return where a new store can be."""
    return str(folder / "alerts.sqlite3")


async def a_month(scene: Scene) -> None:
    """Let alerts come on two days of March and one of February; one is resolved."""
    yesterday = MORNING - timedelta(days=1)
    await scene.come(
        alert("a-1"),
        alert("a-2", operator_id="op-020", opened_at=yesterday, severity="critical"),
        alert("a-3", opened_at=yesterday.replace(hour=0, minute=1)),
        alert("a-4", opened_at=MORNING - timedelta(days=10)),
        alert("a-5", section_id="tax", supervisor_id="op-003"),
    )
    await scene.office.life.resolve("a-3", "op-002", 1, 1, "justified", "")


def test_a_sections_month_says_when_about_whom_and_what_became_of_it(tmp_path: Path) -> None:
    """A bar a day with its link, who, verdicts, and those that are not resolved."""

    async def work(scene: Scene) -> None:
        await a_month(scene)
        async with before(scene, "op-002") as web:
            page = await web.get("/sections/resident-affairs")
            words = words_of(page)
            assert "3 alerts in Mar 2015, most on Tue 3 Mar 2015 (2); 2 not resolved." in words
            assert "Head: op-001" in words
            assert re.findall(r'href="(/sections/resident-affairs\?day=[^"]+)"', page.text) == [
                "/sections/resident-affairs?day=2015-03-03",
                "/sections/resident-affairs?day=2015-03-04",
            ]
            assert "op-017 2 1 High" in words
            assert "op-020 1 1 Critical" in words
            assert "Needed for work Needed for work: 1 1" in words
            assert shown_alerts(page) == ["a-1", "a-2"]
            february = await web.get("/sections/resident-affairs?month=2015-02")
            assert shown_alerts(february) == ["a-4"]

    at_work(store_in(tmp_path), work)


def test_a_sections_day_shows_all_of_its_alerts(tmp_path: Path) -> None:
    """The day begins and ends at midnight where the ward is."""

    async def work(scene: Scene) -> None:
        await a_month(scene)
        async with before(scene, "op-002") as web:
            page = await web.get("/sections/resident-affairs?day=2015-03-03")
            assert shown_alerts(page) == ["a-2", "a-3"]
            assert "The alerts of Tue 3 Mar 2015" in words_of(page)
            for odd in ("day=2015-02-30", "month=x", "day=0001-01-01&month=9999-12", "day=%00"):
                assert (await web.get(f"/sections/resident-affairs?{odd}")).status_code == 200
            assert (await web.get("/sections/none")).status_code == 404
            assert (await web.get("/sections/%00")).status_code == 404

    at_work(store_in(tmp_path), work)


def test_the_sections_page_counts_what_waits_for_its_reader(tmp_path: Path) -> None:
    """A supervisor's counts hold only what reached them; the officer's all."""

    async def work(scene: Scene) -> None:
        await a_month(scene)
        await scene.office.life.acknowledge("a-2", "op-002", 1)
        async with before(scene, "op-002") as web:
            own = words_of(await web.get("/sections"))
        async with before(scene, "officer-1", "privacy_officer") as web:
            everything = words_of(await web.get("/sections"))
        assert "resident-affairs 2 1 Critical 1 High 2 4 op-001" in own
        assert "tax" not in own
        assert "tax 1 0 High 1 1" in everything

    at_work(store_in(tmp_path), work)


ABSENCE = {
    "person_id": "op-002",
    "starts_on": "2015-03-05",
    "ends_on": "2015-03-06",
    "deputy_id": "op-001",
}


async def people_known(scene: Scene) -> None:
    """Let the directory know two operators beside the head."""
    operators = scene.office.desk.directory.operators
    operators["op-017"] = operator("op-017", "op-002")
    operators["op-018"] = operator("op-018", "op-002")


def test_an_absence_is_entered_and_ended_and_alerts_go_to_the_deputy(tmp_path: Path) -> None:
    """From the form to the routing; one that has begun ends yesterday, one that has not goes."""

    async def work(scene: Scene) -> None:
        await people_known(scene)
        absences = scene.office.absences
        async with before(scene, "officer-1", "privacy_officer") as web:
            assert (await web.post("/absences", data=ABSENCE)).status_code == SEE_OTHER
            page = words_of(await web.get("/absences?done=absence_added"))
            assert "The absence was entered." in page
            assert "Away later" in page
            scene.clock.pass_by(days=2)
            await scene.come(alert("a-9", opened_at=scene.clock.now, detected_at=scene.clock.now))
            assert await scene.recipients("a-9") == ["op-001"]
            assert "Away today" in words_of(await web.get("/absences"))
            (kept,) = await absences.all()
            form = {"version": kept.version}
            assert (await web.post(f"/absences/{kept.id}/end", data=form)).status_code == SEE_OTHER
            (kept,) = await absences.all()
            assert kept.absence.ends_on == date(2015, 3, 5)
            assert "Past" in words_of(await web.get("/absences"))
            later = Absence("op-002", date(2015, 4, 1), date(2015, 4, 2))
            planned = await absences.add(later, "officer-1", scene.clock.now)
            await web.post(f"/absences/{planned.id}/end", data={"version": planned.version})
            assert len(await absences.all()) == 1

    at_work(store_in(tmp_path), work)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"ends_on": "2015-03-04"}, "must not end before it begins"),
        ({"deputy_id": "op-002"}, "Nobody stands in for themselves"),
        ({"deputy_id": "op-999"}, "nobody by this number"),
        ({"person_id": "op-999"}, "nobody by this number"),
        ({"person_id": ""}, "Something is missing"),
        ({"ends_on": "soon"}, "Something is missing"),
    ],
)
def test_an_absence_that_cannot_be_says_why_and_keeps_what_was_typed(
    tmp_path: Path, changes: dict[str, str], told: str
) -> None:
    """Nothing is entered, and the form still holds the rest."""

    async def work(scene: Scene) -> None:
        await people_known(scene)
        async with before(scene, "officer-1", "privacy_officer") as web:
            answer = await web.post("/absences", data=ABSENCE | changes)
        assert answer.status_code == 400
        assert told in words_of(answer)
        assert 'value="2015-03-05"' in answer.text
        assert await scene.office.absences.all() == []

    at_work(store_in(tmp_path), work)


@pytest.mark.parametrize(
    ("role", "person_id", "status"),
    [
        ("supervisor", "op-002", SEE_OTHER),
        ("supervisor", "op-001", 403),
        ("analyst", "op-002", 403),
        ("privacy_officer", "op-001", SEE_OTHER),
    ],
)
def test_a_supervisor_enters_and_ends_their_own_absences_only(
    tmp_path: Path, role: Role, person_id: str, status: int
) -> None:
    """Who could send another's alerts elsewhere could keep them from being seen."""

    async def work(scene: Scene) -> None:
        await people_known(scene)
        async with before(scene, person_id, role) as web:
            assert (await web.post("/absences", data=ABSENCE)).status_code == status
            held = await scene.office.absences.add(
                Absence("op-002", date(2015, 3, 1), date(2015, 3, 9)), "officer-1", MORNING
            )
            ended = await web.post(f"/absences/{held.id}/end", data={"version": held.version})
            assert ended.status_code == status
        kept = {each.id: each for each in await scene.office.absences.all()}
        assert (kept[held.id].version > held.version) is (status == SEE_OTHER)

    at_work(store_in(tmp_path), work)


def test_an_absence_that_another_changed_is_not_overwritten(tmp_path: Path) -> None:
    """The form names the version that it shows."""

    async def work(scene: Scene) -> None:
        absence = Absence("op-002", date(2015, 3, 1), date(2015, 3, 9))
        kept = await scene.office.absences.add(absence, "officer-1", MORNING)
        longer = Absence("op-002", date(2015, 3, 1), date(2015, 3, 20))
        await scene.office.absences.change(kept.id, longer, "officer-2", MORNING, kept.version)
        async with before(scene, "officer-1", "privacy_officer") as web:
            answer = await web.post(f"/absences/{kept.id}/end", data={"version": kept.version})
            assert answer.status_code == 409
            assert "Somebody else was quicker" in words_of(answer)
            gone = await web.post("/absences/99/end", data={"version": 1})
            assert gone.status_code == 404

    at_work(store_in(tmp_path), work)
