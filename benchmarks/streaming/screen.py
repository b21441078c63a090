"""The benchmark `screen`: from the append of a look-up in Kafka to its alert on a screen."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from benchmarks.streaming.ground import Ground
    from benchmarks.streaming.load import Load
    from benchmarks.streaming.readers import Latencies

_WARM = 110_000
_WORKED_OFF_WITHIN_S = 600.0
_UNTOLD = 2_000
_SETTLE_S = 5.0
_NOTE_WHEN_SHOWN = """
window.shown = {};
const note = (card) => {
  const name = card.dataset.alert + "/" + card.dataset.revision;
  window.shown[name] ??= performance.timeOrigin + performance.now();
};
new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) {
      if (node.dataset?.alert) note(node);
    }
  }
}).observe(document, { childList: true, subtree: true });
"""
"""Runs before the page's own script, and notes the moment at which each card is in the page."""


def screen(
    rate: Annotated[int, typer.Option(min=1, max=20_000, help="Look-ups a second")] = 200,
    seconds: Annotated[int, typer.Option(min=5, max=3600)] = 60,
    cache: Annotated[Path, typer.Option(help="Where simulated wards are kept")] = Path(
        "out/benchmarks"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON object")] = False,
) -> None:
    """Say how long an alert takes from its look-up's append in Kafka to a supervisor's screen.

    A real worker, a real console with somebody signed in, and the list open in headless
    Chromium. The ward, the pace and the policy are those of `latency`.
    """
    from benchmarks.streaming.ground import fresh_ground
    from benchmarks.streaming.load import loads_of

    warm, load = loads_of(cache, _WARM, rate * seconds)
    with fresh_ground() as ground:
        figures = _measured(ground, warm, load, rate)
    typer.echo(
        f"Alerts in the page: {figures.alerts:,}, median {figures.p50_ms:.0f} ms, "
        f"99 % within {figures.p99_ms:.0f} ms, at most {figures.max_ms:.0f} ms"
    )
    if as_json:
        told = figures.as_json()
        typer.echo(json.dumps({name: told[name] for name in ("p50_ms", "p99_ms", "alerts")}))


def _measured(ground: Ground, warm: Load, load: Load, rate: int) -> Latencies:
    from benchmarks.streaming.browsing import signed_in_page
    from benchmarks.streaming.contenders import running, started, wait_until
    from benchmarks.streaming.latency import EAGER
    from benchmarks.streaming.readers import appended_ms_of, latencies_of

    policy = ground.folder / "policy.toml"
    policy.write_text(EAGER)
    ground.fill(warm)
    done = len(warm.times_s)
    with running(started("monomi", ground, warm.context, policy=policy)) as worker:
        wait_until(worker, done - _UNTOLD, _WORKED_OFF_WITHIN_S)
        with signed_in_page(ground, _NOTE_WHEN_SHOWN) as page:
            page.wait_for_selector('[data-state="live"]')
            before: dict[str, Any] = page.evaluate("window.shown")
            ground.send(load, context=False, pace=load.at_rate(rate))
            wait_until(worker, done + len(load.times_s) - _UNTOLD, _WORKED_OFF_WITHIN_S)
            time.sleep(_SETTLE_S)
            shown: dict[str, float] = page.evaluate("window.shown")
    appended_ms = appended_ms_of(ground.bootstrap, "alerts")
    return latencies_of(
        at_ms - appended_ms[name] for name, at_ms in shown.items() if name not in before
    )
