"""What an analyst can find out: that the same person comes again, and never who it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from alerting.access.veil import VeiledStore
from alerting.pseudonyms import Pseudonyms
from alerting.store import AlertQuery
from schemas.alerts import Evidence
from schemas.record import Words
from tests.desks_of_pages import before, shown_alerts, words_of
from tests.offices import Scene, at_work
from tests.sample_alerts import REPEATED, alert

NAMED = Pseudonyms(b"k" * 32)
SUBJECT, SUPERVISOR, RESIDENT = "op-017", "op-002", "r-8f2c41d09b7e"


def store_in(folder: Path) -> str:
    """Return where a new store can be."""
    return str(folder / "alerts.sqlite3")


@pytest.mark.parametrize(
    ("address", "found"),
    [
        (f"/?operator={SUBJECT}", []),
        (f"/?operator={NAMED(SUBJECT)}", ["a-1"]),
        ("/?q=second+day", ["a-1"]),
        (f"/?q={RESIDENT}", []),
        ("/?q=41d09", []),
    ],
)
def test_an_analyst_searches_by_pseudonyms_and_finds_nothing_by_an_id(
    tmp_path: Path, address: str, found: list[str]
) -> None:
    """A list that an id narrows would tell whose the pseudonym is."""
    telling = Words(en=f"Second day with {RESIDENT}.", ja=f"{RESIDENT}への照会が2日目です。")
    reasons = (REPEATED.model_copy(update={"summary": telling}),)

    async def work(scene: Scene) -> None:
        await scene.come(alert(reasons=reasons), alert("a-2", operator_id="op-018", reasons=()))
        async with before(scene, "an-1", "analyst") as web:
            page = await web.get(address)
        assert shown_alerts(page) == found
        async with before(scene, "officer", "privacy_officer") as web:
            assert "a-1" in shown_alerts(await web.get(f"/?q={RESIDENT}"))

    at_work(store_in(tmp_path), work)


def test_an_analysts_section_names_nobody(tmp_path: Path) -> None:
    """Neither its head nor those whom its alerts are about; links lead on all the same."""

    async def work(scene: Scene) -> None:
        await scene.come(alert())
        async with before(scene, "an-1", "analyst") as web:
            listed = await web.get("/sections")
            page = await web.get("/sections/resident-affairs?month=2015-03")
            for each in (listed, page):
                assert not [id_ for id_ in (SUBJECT, SUPERVISOR, "op-001") if id_ in each.text]
            assert NAMED(SUBJECT) in words_of(page)
            about = await web.get(f"/?operator={NAMED(SUBJECT)}")
        assert shown_alerts(about) == ["a-1"]

    at_work(store_in(tmp_path), work)


def test_evidence_keeps_no_desk_no_case_and_no_picture(tmp_path: Path) -> None:
    """A terminal, a sign-in, a case and a camera's picture are somebody's, too."""
    look_up = {
        "event_id": "q-00012093",
        "operator_id": SUBJECT,
        "resident_id": RESIDENT,
        "terminal_id": "t-0042",
        "session_id": "s-991",
        "case_id": "c-2015-17",
        "function": "juminhyo.inquiry",
    }

    async def work(scene: Scene) -> None:
        await scene.come(alert())
        store = VeiledStore(scene.office.store, NAMED)
        evidence = Evidence(alert_id="a-1", revision=1, look_ups=(look_up,))
        await scene.office.intake.take([], evidence=[evidence])
        veiled = await store.evidence("a-1")
        assert veiled is not None
        told = [
            v for k, v in look_up.items() if k not in ("event_id", "function") and v in veiled.body
        ]
        assert told == []
        assert "juminhyo.inquiry" in veiled.body
        (listed,) = await store.listed(AlertQuery())
        assert listed.stored.alert.footage == ()
        assert listed.stored.alert.operator_id == NAMED(SUBJECT)

    at_work(store_in(tmp_path), work)
