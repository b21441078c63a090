"""The list as a page: what its filters leave, page by page, and how many wait."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from alerting.console.routes import alerts as route
from alerting.store import Arrival
from schemas.alerts import Alert
from tests.databases import NewStore
from tests.desks_of_pages import before, shown_alerts
from tests.offices import MORNING, Scene, at_work
from tests.sample_alerts import alert, morning

OFFICER = ("officer-1", "privacy_officer")


def counted(page: Any) -> dict[str, str]:
    """Return the counts that a page shows."""
    return dict(re.findall(r'data-count="(\w+)">([^<]+)<', page.text))


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("", ["a-founding", "a-evening"]),
        ("?status=all", ["a-founding", "a-evening", "a-busy"]),
        ("?status=open", ["a-founding"]),
        ("?status=acknowledged", ["a-evening"]),
        ("?status=resolved", ["a-busy"]),
        ("?status=all&severity=low&severity=critical", ["a-founding", "a-busy"]),
        ("?status=all&section=tax", ["a-busy"]),
        ("?status=all&operator=op-014", ["a-evening"]),
        ("?status=all&from=2015-03-04&to=2015-03-04", ["a-founding", "a-evening", "a-busy"]),
        ("?status=all&to=2015-03-03", []),
        ("?status=all&from=2015-03-05", []),
        ("?status=all&mine=1", ["a-evening", "a-busy"]),
        ("?status=all&q=closing+TIME", ["a-evening"]),
        ("?status=all&historic=only", ["a-old"]),
        ("?status=all&historic=with", ["a-founding", "a-evening", "a-busy", "a-old"]),
        (
            "?status=xx&severity=xx&from=x&to=9999-12-31&historic=x&older=x",
            ["a-founding", "a-evening"],
        ),
        ("?q=%00&section=%00&operator=%00&older=1-%00", []),
    ],
)
def test_an_address_says_what_the_list_shows(
    new_store: NewStore, query: str, listed: Sequence[str]
) -> None:
    """Every filter by itself; what an address says wrong is left out; on both databases."""

    async def work(scene: Scene) -> None:
        await scene.come(*morning())
        old = alert("a-old", opened_at=MORNING - timedelta(days=400))
        await scene.office.intake.take([Arrival(old, historic=True)])
        life = scene.office.life
        await life.acknowledge("a-evening", OFFICER[0], 1)
        await life.resolve("a-busy", OFFICER[0], 1, 1, "false_alarm", "")
        async with before(scene, *OFFICER) as web:  # type: ignore[arg-type]
            page = await web.get("/" + query)
            assert page.status_code == 200
            assert shown_alerts(page) == list(listed)

    at_work(new_store(), work)


def test_pages_follow_one_another_without_gap_or_double(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seven alerts, some of one moment, three a page; each is on one page, in order."""
    monkeypatch.setattr(route, "PAGE_ALERTS", 3)

    async def work(scene: Scene) -> None:
        alerts: list[Alert] = [
            alert(f"a-{n}", opened_at=MORNING - timedelta(minutes=n // 3)) for n in range(7)
        ]
        await scene.come(*alerts)
        async with before(scene, "op-002") as web:
            found: list[str] = []
            path: str | None = "/?severity=high"
            pages = 0
            while path is not None:
                page = await web.get(path)
                found += shown_alerts(page)
                link = re.search(r'id="older" href="([^"]+)"(?! hidden)>', page.text)
                path = link.group(1).replace("&amp;", "&") if link else None
                pages += 1
            assert pages == 3
            assert found == ["a-2", "a-1", "a-0", "a-5", "a-4", "a-3", "a-6"]

    at_work(str(tmp_path / "s.sqlite3"), work)


def test_the_counts_say_how_many_wait_whatever_is_chosen(tmp_path: Path) -> None:
    """By status and severity, of what the other filters leave; what is resolved does not wait."""

    async def work(scene: Scene) -> None:
        await scene.come(*morning())
        await scene.office.life.acknowledge("a-evening", OFFICER[0], 1)
        await scene.office.life.resolve("a-busy", OFFICER[0], 1, 1, "false_alarm", "")
        async with before(scene, *OFFICER) as web:  # type: ignore[arg-type]
            all_of_them = counted(await web.get("/?status=resolved&severity=low"))
            of_one = counted(await web.get("/?section=welfare"))
        zeros = {"low": "0", "high": "0"}
        assert all_of_them == zeros | {
            "todo": "2",
            "open": "1",
            "acknowledged": "1",
            "critical": "1",
            "medium": "1",
        }
        assert of_one["todo"] == "1"
        assert of_one["critical"] == "0"

    at_work(str(tmp_path / "s.sqlite3"), work)
