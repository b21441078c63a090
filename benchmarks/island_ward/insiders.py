"""The insiders of one run: two or three of each sort, one of each in a small office."""

from __future__ import annotations

import random
from collections.abc import Callable

from benchmarks.island_ward import account_plots, personal_plots, trade_plots
from benchmarks.island_ward.casting import Cast
from benchmarks.island_ward.days import Calendar
from benchmarks.island_ward.errands import Errands
from benchmarks.island_ward.site import Site
from benchmarks.island_ward.staff import Operator
from benchmarks.island_ward.town import Town

_SMALL_OFFICE = 40

# Those that fit few people choose first.
_PLOTS: tuple[Callable[[Cast], None], ...] = (
    account_plots.expired,
    account_plots.after_transfer,
    personal_plots.founding,
    personal_plots.family,
    personal_plots.neighbour,
    trade_plots.seller,
    trade_plots.slow_bulk,
    trade_plots.target_skew,
    trade_plots.enumeration,
    trade_plots.bulk_export,
    personal_plots.colleague,
    personal_plots.public_figure,
    personal_plots.protected,
    account_plots.borrowed_case,
    account_plots.night,
    account_plots.shared_id,
)


def plan(seed: int, calendar: Calendar, town: Town, staff: list[Operator], site: Site) -> Errands:
    """Return all that the insiders of a run mean to do."""
    errands = Errands(random.Random(f"{seed}:errands"))
    cast = Cast(random.Random(f"{seed}:cast"), calendar, town, staff, site, errands)
    for plot in _PLOTS:
        cases = 1 if len(staff) < _SMALL_OFFICE else cast.rng.choice([2, 3])
        for _ in range(cases):
            plot(cast)
    return errands
