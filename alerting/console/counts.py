"""How many alerts wait, by status and by severity, as the list's filters show it."""

from __future__ import annotations

from dataclasses import replace

from alerting.store import AlertQuery, AlertStore

MOST_COUNTED = 2000
"""Beyond it the counts say "2,000 or more": counting on would make the page slow."""


async def counts_of(store: AlertStore, query: AlertQuery) -> dict[str, str]:
    """Return the counts of a query's alerts that are not resolved, by what they are counts of."""
    query = replace(query, limit=MOST_COUNTED + 1)
    by_both = await store.counts(query, "status", "severity")
    counts: dict[str, int] = {"todo": 0}
    for (status, severity), count in by_both.items():
        for name in ("todo", status, severity):
            counts[name] = counts.get(name, 0) + count
    capped = counts["todo"] > MOST_COUNTED
    # Which status or severity the cap left out of is not known: all of them say "or more".
    return {name: f"{count:,}{'+' if capped else ''}" for name, count in counts.items()}
