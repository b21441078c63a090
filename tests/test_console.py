"""The console's pages: what they say, in which language, and what they never let through."""

from __future__ import annotations

import asyncio
import html
import re
import string
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args

import httpx
import pytest
from fastapi.routing import APIRoute

from alerting.console.app import ROUTERS, console_app
from alerting.console.gate import ROUTES
from alerting.console.messages import CATALOGUE, choose_language
from alerting.feed import FeedState, FeedStatus
from alerting.store import AlertStore, Arrival
from alerting.store.states import Kind, Office, Status, Verdict
from models.detectors import DETECTORS
from schemas.alerts import Alert, Reason, Severity
from schemas.record import Words
from tests.offices import quiet_console
from tests.sample_alerts import REPEATED, alert, morning

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'"


def ask(
    folder: Path,
    path: str = "/",
    alerts: Sequence[Alert] = (),
    *,
    headers: Mapping[str, str] | None = None,
    loopback_only: bool = True,
    zone: str = "Asia/Tokyo",
) -> httpx.Response:
    """Return a console's answer to one GET, its store holding these alerts."""

    async def answer() -> httpx.Response:
        store = await AlertStore.open(str(folder / "alerts.sqlite3"))
        try:
            await store.add([Arrival(each, 1_425_430_992_123) for each in alerts])
            console = quiet_console(store, FeedStatus("live", 8), zone)
            transport = httpx.ASGITransport(console_app(console, loopback_only=loopback_only))
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as web:
                return await web.get(path, headers=headers)
        finally:
            await store.close()

    return asyncio.run(answer())


def text_of(page: httpx.Response) -> str:
    """Return a page without its tags, spaces made single."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.text)))


def test_the_list_says_each_alert_in_words_the_newest_first(tmp_path: Path) -> None:
    """Every alert shows who, when, how unusual, why, and where it stands."""
    page = ask(tmp_path, "/?lang=en", morning())
    shown = re.findall(r'data-alert="([^"]+)" data-revision="(\d)"', page.text)
    assert shown == [("a-founding", "2"), ("a-evening", "1"), ("a-busy", "1")]
    words = text_of(page)
    for expected in (
        "Critical Wed 4 Mar 2015, 10:03",
        "Operator op-017 Section resident-affairs Resident r-8f2c41d09b7e",
        "Resident no single one",
        "Same resident again Second day with a look-up of this resident",
        "Look-up at 19:00, 1 h 45 min after closing time",
        "Open 3 look-ups · Revision 2 Rarer than 99.9993 % of look-ups",
    ):
        assert expected in words


def test_the_list_speaks_japanese_by_default(tmp_path: Path) -> None:
    """The same page in Japanese, and no English word of the reasons on it."""
    page = ask(tmp_path, alerts=morning())
    words = text_of(page)
    assert '<html lang="ja">' in page.text
    for expected in (
        "緊急 2015年3月4日(水) 10:03",
        "全照会の99.9993%より異例",
        "職員 op-017 部署 resident-affairs 住民 r-8f2c41d09b7e",
        "案件の裏付けがない同じ住民への照会が2日目です",
        "照会62件",
        "時刻はAsia/Tokyo",
    ):
        assert expected in words
    assert "Second day" not in words


@pytest.mark.parametrize(
    ("asked", "kept", "accepted", "spoken"),
    [
        (None, None, "", "ja"),
        ("en", "ja", "ja", "en"),
        (None, "en", "ja", "en"),
        ("xx", None, "en-GB,en;q=0.9", "en"),
        (None, "<script>", "de, ja;q=0.4, en;q=0.3", "ja"),
        (None, None, "en;q=0.2, ja;q=0.8", "ja"),
        (None, None, "en;q=oops, fr", "en"),
    ],
)
def test_the_language_asked_for_goes_before_the_kept_and_the_browsers(
    asked: str | None, kept: str | None, accepted: str, spoken: str
) -> None:
    """Choose from query, cookie and Accept-Language."""
    assert choose_language(asked, kept, accepted) == spoken


def test_a_chosen_language_is_kept_in_a_cookie(tmp_path: Path) -> None:
    """Choosing sets the cookie, coming back with it needs no choice, and nothing else sets it."""
    chosen = ask(tmp_path, "/?lang=en")
    assert "monomi_lang=en; HttpOnly" in chosen.headers["set-cookie"]
    again = ask(tmp_path, headers={"Cookie": "monomi_lang=en"})
    assert '<html lang="en">' in again.text
    assert "set-cookie" not in again.headers
    assert "set-cookie" not in ask(tmp_path, "/?lang=xx").headers


def test_both_languages_have_the_same_words_with_the_same_values() -> None:
    """Every key is in both, with the same placeholders, and says something."""
    english, japanese = CATALOGUE["en"], CATALOGUE["ja"]
    assert set(english) == set(japanese)
    for key in english:
        values = [
            {name for _, name, _, _ in string.Formatter().parse(words[key]) if name}
            for words in (english, japanese)
        ]
        assert values[0] == values[1] or key.endswith(".one"), key
        assert english[key].strip()
        assert japanese[key].strip()


def test_every_severity_and_every_state_of_the_feed_has_a_word() -> None:
    """What a record or the feed can say, the catalogue can."""
    for words in CATALOGUE.values():
        assert {f"severity.{severity}" for severity in get_args(Severity)} <= set(words)
        assert {f"connection.{state}" for state in get_args(FeedState)} <= set(words)


def test_every_step_of_an_alerts_life_has_words() -> None:
    """Statuses, verdicts with their hints, offices and all that a history tells."""
    for words in CATALOGUE.values():
        assert {f"status.{status}" for status in get_args(Status)} <= set(words)
        for verdict in get_args(Verdict):
            assert {f"verdict.{verdict}", f"hint.{verdict}"} <= set(words)
        assert {f"recipient.{office}" for office in get_args(Office)} <= set(words)
        assert {f"story.{kind}" for kind in get_args(Kind)} <= set(words)


def test_every_detector_and_its_unit_has_a_name_for_readers() -> None:
    """No reason that the monitor gives shows a bare identifier or an untranslated unit."""
    for words in CATALOGUE.values():
        for detector in DETECTORS:
            assert f"detector.{detector.name}" in words
            assert f"unit.{detector.unit}" in words
            assert f"advice.{detector.name}" in words


@pytest.mark.parametrize("path", ["/", "/alerts/a-1"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_markup_in_an_alert_is_shown_and_not_run(tmp_path: Path, path: str, language: str) -> None:
    """An alert from Kafka carries scripts in all its free texts; the page shows their text."""
    attack = '<script>alert(1)</script><img src=x onerror="alert(2)">{{ 7 * 7 }}'
    reason = Reason(
        detector="unheard-of",
        score=0.5,
        observed=1.0,
        expected=0.0,
        unit=attack,
        summary=Words(en=attack, ja=attack),
    )
    hostile = alert(reasons=(reason,), model_version=attack)
    page = ask(tmp_path, f"{path}?lang={language}", [hostile]).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7 * 7 }}" in page
    assert "unheard-of" in page


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/alerts/a-founding", "/alerts/none", "/sections", "/sections/tax", "/absences"),
        *("/alerts.json", "/static/console.js", "/x"),
    ],
)
def test_every_answer_carries_the_policy_and_no_page_breaks_it(tmp_path: Path, path: str) -> None:
    """The policy allows nothing inline and nothing from elsewhere; pages have no such thing."""
    answer = ask(tmp_path, path, morning())
    policy = answer.headers["content-security-policy"]
    assert policy.startswith(POLICY)
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == ("no-cache" if "static" in path else "no-store")
    if answer.headers["content-type"].startswith("text/html"):
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|https?://", answer.text)
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", answer.text))


def test_an_empty_list_says_what_will_appear_in_it(tmp_path: Path) -> None:
    """Before the first alert, the page explains itself; after it, it does not."""
    empty = ask(tmp_path, "/?lang=en")
    assert "No alerts yet. When a look-up of a resident is out of the ordinary" in text_of(empty)
    assert re.search(r'id="empty"\s*>', empty.text)
    assert re.search(r'id="empty" hidden>', ask(tmp_path, "/?lang=en", morning()).text)


def test_the_page_of_an_alert_shows_its_reasons_look_ups_and_revisions(tmp_path: Path) -> None:
    """Open an alert with two revisions; the newest speaks and the older is in its history."""
    first = alert("a-founding")
    page = ask(tmp_path, "/alerts/a-founding?lang=en", [*morning(), first])
    words = text_of(page)
    for expected in (
        "op-017 looked up resident r-8f2c41d09b7e 3 times",
        "Supervisor op-002",
        REPEATED.summary.en,
        "Observed 2 / expected 0 days without a case",
        "Did this resident come to the counter again?",
        "q-00012093 q-00090412 q-00090733",
        "cam-3 Wed 4 Mar 2015, 09:58 Wed 4 Mar 2015, 10:08",
        "2 Thu 5 Mar 2015, 10:03 Critical 99.9993 % 3",
        "1 Wed 4 Mar 2015, 10:03 High 99.98 % 2",
    ):
        assert expected in words


def test_of_many_look_ups_the_page_says_how_many_it_does_not_show(tmp_path: Path) -> None:
    """An alert names 200 look-ups at most, and counts them all."""
    many = alert(event_ids=tuple(f"q-{n}" for n in range(200)), event_count=1234)
    words = text_of(ask(tmp_path, "/alerts/a-1?lang=en", [many]))
    assert "The 200 of highest risk, of 1234." in words
    assert "1,234 look-ups" in words


@pytest.mark.parametrize("alert_id", ["none", "%3Cscript%3E", "%00", "a" * 5000])
def test_an_unknown_alert_is_a_page_that_says_so(tmp_path: Path, alert_id: str) -> None:
    """Ask for alerts that are not there."""
    page = ask(tmp_path, f"/alerts/{alert_id}?lang=en", morning())
    assert page.status_code == 404
    assert "No such page" in page.text
    assert "<script>" not in page.text


def test_an_alert_that_knows_little_is_shown_all_the_same(tmp_path: Path) -> None:
    """No reason, no resident, no section: the page says so instead of failing."""
    bare = alert(
        reasons=(), resident_id=None, section_id=None, supervisor_id=None, footage=(), risk=1e-9
    )
    words = text_of(ask(tmp_path, "/alerts/a-1?lang=en", [bare]))
    assert "Section unknown" in words
    assert "unknown (the privacy officer's)" in words
    assert "The monitor gave no reason in words." in words
    assert "Rarer than 0 % of look-ups" in words


def test_times_are_the_deployments(tmp_path: Path) -> None:
    """The same alert where days begin elsewhere."""
    words = text_of(ask(tmp_path, "/?lang=en", [alert()], zone="UTC"))
    assert "Wed 4 Mar 2015, 01:03" in words
    assert "Times in UTC" in words


def test_machines_get_the_list_as_json(tmp_path: Path) -> None:
    """The newest first, as many as asked for, each as the stream would bring it."""
    answer = ask(tmp_path, "/alerts.json?limit=2", morning()).json()
    assert answer["row"] == 3
    assert [listed["alert"]["alert_id"] for listed in answer["alerts"]] == [
        "a-founding",
        "a-evening",
    ]
    assert answer["alerts"][0]["row"] == 3
    assert answer["alerts"][0]["appended_at_ms"] == 1_425_430_992_123
    assert answer["alerts"][0]["alert"]["footage"][0].keys() == {"camera_id", "from", "to"}
    assert ask(tmp_path, "/alerts.json?limit=0").status_code == 422


def test_health_says_how_the_feed_stands(tmp_path: Path) -> None:
    """A console that reads Kafka is ok, and names what it has read."""
    assert ask(tmp_path, "/healthz", morning()).json() == {
        "status": "ok",
        "row": 3,
        "feed": {"state": "live", "partitions": 8, "stored": 0, "repeated": 0, "malformed": 0},
    }


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8600", 200),
        ("127.0.0.1", 200),
        ("[::1]:8600", 200),
        ("attacker.example", 421),
        ("localhost.attacker.example:8600", 421),
        ("", 421),
    ],
)
def test_a_loopback_console_answers_to_no_other_name(
    tmp_path: Path, host: str, status: int
) -> None:
    """A web site that lets its own name point to this machine gets no alert."""
    assert ask(tmp_path, "/alerts.json", headers={"Host": host}).status_code == status
    elsewhere = ask(tmp_path, "/alerts.json", headers={"Host": host}, loopback_only=False)
    assert elsewhere.status_code == 200


def test_every_route_is_in_the_table_of_who_may_ask_for_it() -> None:
    """A route that is added without saying for whom is found here, and answers nobody."""

    asked = {
        (method, route.path)
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    assert asked == set(ROUTES)
