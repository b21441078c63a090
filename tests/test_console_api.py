"""The console's interface for machines: what it gives and what it refuses."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import httpx
import uvicorn

from alerting.console.app import console_app
from alerting.store import AlertStore, Arrival
from tests.offices import quiet_console
from tests.sample_alerts import alert

T = TypeVar("T")
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")


@asynccontextmanager
async def answering(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Answer by a console with three alerts, without Kafka."""
    store = await AlertStore.open(str(folder / "alerts.sqlite3"))
    console = quiet_console(store)
    await console.office.intake.take([Arrival(alert(f"a-{number}")) for number in range(3)])
    transport = httpx.ASGITransport(console_app(console, loopback_only=True))
    try:
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost/api/v1"
        ) as web:
            yield web
    finally:
        await store.close()


def asked(folder: Path, work: Callable[[httpx.AsyncClient], Awaitable[T]]) -> T:
    """Do one piece of work with a console's interface."""

    async def run() -> T:
        async with answering(folder) as web:
            return await work(web)

    return asyncio.run(run())


def test_the_list_gives_every_alert_once_over_its_pages(tmp_path: Path) -> None:
    """The next page begins after the last one, and the last one names none."""

    async def pages(web: httpx.AsyncClient) -> list[list[str]]:
        found, older = [], ""
        while True:
            asked_for = {"limit": "2"} | ({"older": older} if older else {})
            page = (await web.get("/alerts", params=asked_for)).json()
            found.append([each["alert"]["alert_id"] for each in page["alerts"]])
            older = page["older"]
            if not older:
                return found

    assert asked(tmp_path, pages) == [["a-2", "a-1"], ["a-0"]]


def test_a_filter_narrows_and_an_unknown_one_is_named(tmp_path: Path) -> None:
    """Status and text narrow the list; a status that there is not is refused by its name."""

    async def answers(web: httpx.AsyncClient) -> tuple[int, int, httpx.Response]:
        state = (await web.get("/alerts/a-1")).json()["state"]
        await web.post("/alerts/a-1/acknowledge", json={"version": state["version"]})
        taken = (await web.get("/alerts", params={"status": "acknowledged"})).json()
        nothing = (await web.get("/alerts", params={"text": "no such words"})).json()
        wrong = await web.get("/alerts", params={"status": "asleep"})
        return len(taken["alerts"]), len(nothing["alerts"]), wrong

    taken, nothing, wrong = asked(tmp_path, answers)
    assert (taken, nothing, wrong.status_code) == (1, 0, 422)
    assert wrong.json()["code"] == "malformed"
    assert wrong.json()["sentence"].startswith("query.status")


def test_a_verdict_stands_in_the_alert_with_its_history(tmp_path: Path) -> None:
    """Acknowledged and resolved by the interface, an alert tells so with who and when."""

    async def resolved(web: httpx.AsyncClient) -> dict[str, object]:
        version = (await web.get("/alerts/a-1")).json()["state"]["version"]
        took = await web.post("/alerts/a-1/acknowledge", json={"version": version})
        verdict = {"verdict": "justified", "note": "a slip", "revision": 1}
        await web.post("/alerts/a-1/resolve", json={"version": took.json()["version"], **verdict})
        whole: dict[str, object] = (await web.get("/alerts/a-1")).json()
        return whole

    whole = asked(tmp_path, resolved)
    assert whole["state"]["verdict"] == "justified"  # type: ignore[index]
    kinds = [change["kind"] for change in whole["history"]]  # type: ignore[attr-defined]
    assert kinds[-2:] == ["acknowledged", "resolved"]
    assert whole["history"][-1]["details"]["note"] == "a slip"  # type: ignore[index]


def test_who_comes_second_is_told_and_changes_nothing(tmp_path: Path) -> None:
    """A step on a version that is gone is refused with 409 and a sentence."""

    async def second(web: httpx.AsyncClient) -> tuple[httpx.Response, str]:
        version = (await web.get("/alerts/a-1")).json()["state"]["version"]
        await web.post("/alerts/a-1/acknowledge", json={"version": version})
        late = await web.post("/alerts/a-1/acknowledge", json={"version": version})
        return late, (await web.get("/alerts/a-1")).json()["state"]["status"]

    late, status = asked(tmp_path, second)
    assert (late.status_code, status) == (409, "acknowledged")
    assert late.json()["code"] in ("changed_meanwhile", "step_not_possible")


def test_an_alert_that_is_not_there_is_refused_in_json(tmp_path: Path) -> None:
    """An unknown alert, an unknown route and a torn body have a code and a sentence each."""

    async def refusals(web: httpx.AsyncClient) -> list[tuple[int, str]]:
        answers = [
            await web.get("/alerts/a-none"),
            await web.get("/nothing"),
            await web.post("/alerts/a-1/comment", content=b'{"text":'),
            await web.post("/alerts/a-1/comment", json={"text": "   "}),
        ]
        return [(each.status_code, each.json()["code"]) for each in answers]

    assert asked(tmp_path, refusals) == [
        (404, "alert_unknown"),
        (404, "unknown"),
        (422, "malformed"),
        (400, "text_missing"),
    ]


def test_the_interface_is_as_it_describes_itself(tmp_path: Path) -> None:
    """Schemathesis finds no answer that the description does not allow, and no fault."""

    async def checked() -> tuple[int, str]:
        store = await AlertStore.open(str(tmp_path / "alerts.sqlite3"))
        console = quiet_console(store)
        await console.office.intake.take([Arrival(alert(f"a-{number}")) for number in range(3)])
        with socket.create_server(("127.0.0.1", 0)) as listener:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}/api/openapi.json"
            app = console_app(console, loopback_only=True)
            config = uvicorn.Config(app, log_config=None, lifespan="off")
            server = uvicorn.Server(config)
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            run = await asyncio.create_subprocess_exec(
                *(str(SCHEMATHESIS), "run", url, "--max-examples", "15", "--seed", "1"),
                cwd=tmp_path,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            told, _ = await run.communicate()
            server.should_exit = True
            await serving
        await store.close()
        return run.returncode or 0, told.decode()

    code, told = asyncio.run(checked())
    assert code == 0, told[-6000:]
