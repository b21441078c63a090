"""The insiders of one run: two or three of each sort, one of each in a small office."""

from __future__ import annotations

import random

from benchmarks.island_ward import account_plots, personal_plots, trade_plots
from benchmarks.island_ward.casting import Cast, Plot, lasting
from benchmarks.island_ward.days import Calendar
from benchmarks.island_ward.errands import Errands
from benchmarks.island_ward.site import Site
from benchmarks.island_ward.staff import Operator
from benchmarks.island_ward.town import Town

_SMALL_OFFICE = 40

# Those that fit few people choose first.
_PLOTS = (
    Plot(account_plots.gone, account_plots.expired),
    Plot(account_plots.transferred, account_plots.after_transfer),
    Plot(lasting(55, 125, lambda _, op: op.temporary), personal_plots.founding),
    Plot(lasting(12, 50, personal_plots.has_family), personal_plots.family),
    Plot(lasting(12, 45, personal_plots.has_neighbours), personal_plots.neighbour),
    Plot(lasting(35, 85), trade_plots.seller),
    Plot(lasting(21, 45), trade_plots.slow_bulk),
    Plot(lasting(20, 45), trade_plots.target_skew),
    Plot(lasting(6, 28), trade_plots.enumeration),
    Plot(
        lasting(4, 20, lambda _, op: op.stints[0].desk.section_id != "joho"),
        trade_plots.bulk_export,
    ),
    Plot(lasting(10, 55), personal_plots.colleague),
    Plot(lasting(4, 24), personal_plots.public_figure),
    Plot(lasting(3, 20), personal_plots.protected),
    Plot(lasting(12, 40), account_plots.borrowed_case),
    Plot(lasting(14, 45), account_plots.night),
    Plot(lasting(8, 32), account_plots.shared_id),
)


def plan(seed: int, calendar: Calendar, town: Town, staff: list[Operator], site: Site) -> Errands:
    """Return all that the insiders of a run mean to do."""
    errands = Errands(random.Random(f"{seed}:errands"))
    cast = Cast(random.Random(f"{seed}:cast"), calendar, town, staff, site, errands)
    for plot in _PLOTS:
        cases = 1 if len(staff) < _SMALL_OFFICE else cast.rng.choice([2, 3])
        for _ in range(cases):
            insider = plot.insider(cast)
            if insider is not None:
                plot.play(cast, *insider)
    return errands
