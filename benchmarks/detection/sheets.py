"""The tables of the README, from the runs: every method, every kind, also what was not found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from statistics import mean

from benchmarks.detection.runs import METHODS, MONOMI, AtBudget, Measured
from benchmarks.sheet import Sheet

SHOWN_BUDGETS = (0.2, 1)
"""The budgets of the tables by kind and by detector: an alert a week, an alert a day."""

_NAMES = {MONOMI: "Monomi", "fixed": "fixed", "half_space_trees": "half-space"}


def sheets_of(results: Sequence[Measured]) -> list[Sheet]:
    """Return the tables of each making that was run: methods, kinds, and detectors left out."""
    sheets = []
    for making in dict.fromkeys(result.run.ward.making for result in results):
        rows = [result for result in results if result.run.ward.making == making]
        whole = [result for result in rows if result.run.without is None]
        name = f"{making} wards ({_wards_of(whole)})"
        sheets += [_method_sheet(name, whole), _kind_sheet(name, whole)]
        if len(whole) < len(rows):
            sheets.append(_left_out_sheet(name, rows))
    return sheets


def _wards_of(results: Iterable[Measured]) -> str:
    seeds = sorted({result.run.ward.seed for result in results})
    return f"seed {seeds[0]}" if len(seeds) == 1 else f"seeds {seeds[0]} to {seeds[-1]}"


def _method_sheet(name: str, results: Sequence[Measured]) -> Sheet:
    rows = []
    for method in METHODS:
        mine = [result for result in results if result.run.method == method]
        for budget in mine[0].budgets if mine else ():
            at = [result.budgets[budget] for result in mine]
            rows.append(
                (
                    _NAMES[method],
                    _budget_name(budget),
                    _spread([a.recall for a in at], _percent),
                    _spread([a.precision for a in at], _percent),
                    _spread([a.found_before_last for a in at], _percent),
                    _spread([a.median_days_to_find for a in at], _one_place),
                    _spread([result.emitted for result in mine], _one_place),
                )
            )
    head = (
        "method",
        "looked at",
        "recall",
        "precision",
        "found before the last look-up",
        "median days to find",
        "emitted",
    )
    return Sheet(f"What is found on {name}: mean (least..most)", head, tuple(rows))


def _kind_sheet(name: str, results: Sequence[Measured]) -> Sheet:
    columns = [
        [result.budgets[budget] for result in results if result.run.method == method]
        for method in METHODS
        for budget in SHOWN_BUDGETS
    ]
    kinds = sorted({kind for column in columns for at in column for kind in at.kinds})
    head = tuple(f"{_NAMES[m]}, {_budget_name(b)}" for m in METHODS for b in SHOWN_BUDGETS)
    rows = tuple((kind, *(_found(kind, column) for column in columns)) for kind in kinds)
    every = ("all", *(_found(None, column) for column in columns))
    return Sheet(f"Cases found on {name}, by kind", ("kind", *head), (*rows, every))


def _left_out_sheet(name: str, results: Sequence[Measured]) -> Sheet:
    monomi = [result for result in results if result.run.method == MONOMI]
    whole = {result.run.ward: result for result in monomi if result.run.without is None}
    rows = []
    for detector in dict.fromkeys(r.run.without for r in monomi if r.run.without):
        lame = [result for result in monomi if result.run.without == detector]
        changes = (
            [_change(whole[r.run.ward].budgets[b], r.budgets[b]) for r in lame]
            for b in SHOWN_BUDGETS
        )
        rows.append((detector, *(_spread(column, _points) for column in changes)))
    head = ("without", *(f"recall, {_budget_name(b)}" for b in SHOWN_BUDGETS))
    title = f"Change of Monomi's recall on {name} with a detector off, in points"
    return Sheet(title, head, tuple(rows))


def _change(whole: AtBudget, lame: AtBudget) -> float | None:
    if whole.recall is None or lame.recall is None:
        return None
    return lame.recall - whole.recall


def _found(kind: str | None, column: Iterable[AtBudget]) -> str:
    counts = [
        count for at in column for name, count in at.kinds.items() if kind is None or name == kind
    ]
    return f"{sum(found for found, _ in counts)}/{sum(of for _, of in counts)}"


def _spread(values: Iterable[float | None], shown: Callable[[float], str]) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return "–"
    if len(known) == 1:
        return shown(known[0])
    return f"{shown(mean(known))} ({shown(min(known))}..{shown(max(known))})"


def _budget_name(budget: float) -> str:
    return "1 a week" if budget < 1 else f"{budget:g} a day"


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _one_place(number: float) -> str:
    return f"{number:.1f}"


def _points(change: float) -> str:
    return "0" if round(100 * change, 1) == 0 else f"{100 * change:+.1f}"
