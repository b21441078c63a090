"""The tables of docs/performance.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.sheet import Sheet
from benchmarks.streaming.contenders import PEERS, Pace
from benchmarks.streaming.readers import Latencies

_NAMES = {"monomi": "Monomi's worker", **PEERS}


def throughput_sheet(paces: Mapping[str, Pace]) -> Sheet:
    """Return look-ups a second of each contender, Monomi's beside them."""
    monomi = paces["monomi"].per_s
    rows = tuple(
        (
            _NAMES[name],
            f"{pace.per_s:,.0f}",
            f"{1e6 / pace.per_s:,.0f}",
            f"{monomi / pace.per_s:.2f}",
            f"{pace.look_ups:,}",
        )
        for name, pace in paces.items()
    )
    head = ("", "look-ups/s", "µs a look-up", "Monomi is so many times as fast", "timed")
    return Sheet("Look-ups a second, one process each, the broker beside it on 2 cores", head, rows)


def latency_sheet(measured: Mapping[str, Mapping[int, Latencies]]) -> Sheet:
    """Return how long alerts were on their way, by rate and contender."""
    rows = tuple(
        (
            f"{_NAMES[name]}, {rate:,}/s",
            f"{took.p50_ms:,.0f}",
            f"{took.p99_ms:,.0f}",
            f"{took.max_ms:,.0f}",
            f"{took.alerts:,}",
        )
        for name, by_rate in measured.items()
        for rate, took in by_rate.items()
    )
    head = ("", "median, ms", "99 %, ms", "most, ms", "alerts")
    return Sheet("From a look-up's append in Kafka to its alert at a reader", head, rows)


def recovery_sheet(figures: Mapping[str, Any]) -> Sheet:
    """Return how long recoveries took."""
    names = {
        "from_local_store_s": "Monomi, killed, from its own disk",
        "from_changelog_s": "Monomi, from the changelog alone",
        "faust_by_the_book_s": "by-the-book Faust, from the changelog alone",
    }
    rows = tuple(
        (name, "not in the time given" if figures[key] is None else f"{figures[key]:,.1f}")
        for key, name in names.items()
        if key in figures
    )
    sizes = f"{figures['operators']:,} operators, {figures['pairs']:,} pairs"
    title = f"Until it judges again, {sizes}; Monomi's peak {figures['peak_rss_mib']:,} MiB"
    return Sheet(title, ("", "s"), rows)


def scaling_sheet(name: str, curve: Mapping[int, Pace]) -> Sheet:
    """Return look-ups a second over what grows, the first one beside them."""
    first = next(iter(curve.values())).per_s
    rows = tuple(
        (
            f"{number:,}",
            f"{pace.per_s:,.0f}",
            f"{1e6 / pace.per_s:,.0f}",
            f"{pace.per_s / first:.2f}",
        )
        for number, pace in curve.items()
    )
    return Sheet(f"As {name} grow", (name, "look-ups/s", "µs a look-up", "first = 1"), rows)
