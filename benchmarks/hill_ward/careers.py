"""Let contracts end and renew, people move between sections, help out and stay away."""

from __future__ import annotations

import random
from collections.abc import Callable

from benchmarks.hill_ward.offices import OFFICES
from benchmarks.hill_ward.seasons import Calendar
from benchmarks.hill_ward.staff import Clerk, posting

_Career = Callable[[random.Random, Calendar, Clerk, int], None]


def shape_careers(rng: random.Random, calendar: Calendar, clerks: list[Clerk]) -> None:
    """Give each clerk what happens to them in the run; most only work."""
    free = [c for c in clerks if not c.chief]
    rng.shuffle(free)
    scale = len(clerks) / 70
    careers: tuple[tuple[float, Callable[[Clerk], bool], _Career], ...] = (
        (5, _on_contract, _rehire),
        (3, _not_permanent, _let_go),
        (2.4, _is_permanent, _send_on_leave),
        (8, _is_permanent, _transfer),
        (4, lambda _: True, _start_later),
        (len(clerks), _not_permanent, _renew),
        (12, _is_permanent, _lend),
    )
    for count, fits, career in careers:
        chosen = [c for c in free if fits(c)][: max(1, round(count * scale))]
        for number, clerk in enumerate(chosen):
            free.remove(clerk)
            career(rng, calendar, clerk, number)


def _on_contract(clerk: Clerk) -> bool:
    return clerk.postings[0].employment == "temporary"


def _is_permanent(clerk: Clerk) -> bool:
    return clerk.postings[0].employment == "permanent"


def _not_permanent(clerk: Clerk) -> bool:
    return not _is_permanent(clerk)


def _other(rng: random.Random, code: str) -> str:
    return rng.choice([c for c in OFFICES if c != code])


def _month_end(calendar: Calendar, low: int, high: int) -> int:
    """Return the last day of a month between two days, or the middle where there is none."""
    ends = [d for d in range(low, high) if calendar.date_of(d + 1).day == 1]
    return ends[len(ends) // 2] if ends else (low + high) // 2


def _rehire(rng: random.Random, calendar: Calendar, clerk: Clerk, _: int) -> None:
    """End a contract in the middle and take the same person on for other work."""
    job = clerk.postings[0]
    job.last_day = int(calendar.days * rng.uniform(0.54, 0.64))
    starts = job.last_day + 1 + rng.choice((0, 0, 3, 10, int(calendar.days * 0.1)))
    clerk.postings.append(posting(_other(rng, job.code), "temporary", starts, calendar.days + 90))
    clerk.story = "rehired"


def _let_go(rng: random.Random, calendar: Calendar, clerk: Clerk, _: int) -> None:
    low = int(calendar.days * rng.uniform(0.25, 0.5))
    clerk.postings[0].last_day = _month_end(calendar, low, low + int(calendar.days * 0.25))
    clerk.story = "left"


def _send_on_leave(rng: random.Random, calendar: Calendar, clerk: Clerk, number: int) -> None:
    """Send somebody on parental or sick leave; the account stays open."""
    returns = number > 0
    from_day = rng.randint(5, max(6, int(calendar.days * 0.1)))
    until = int(calendar.days * rng.uniform(0.55, 0.75)) if returns else calendar.days
    clerk.away.append((from_day, until))
    clerk.story = "returned" if returns else "dormant"


def _transfer(rng: random.Random, calendar: Calendar, clerk: Clerk, number: int) -> None:
    """Move a clerk on 1 April or October; the old rights sometimes stay for the handover."""
    days = calendar.transfer_days()
    if not days:
        return
    day = days[number % len(days)]
    old = clerk.postings[0]
    old.last_day = day - 1
    new = posting(_other(rng, old.code), "permanent", day, None, clerk.keeps_lists)
    clerk.postings.append(new)
    if rng.random() < 0.5:
        old.last_day = day + rng.randint(6, 14)
    # Some sections ask for help with old files for weeks; the directory knows nothing of it.
    for _ in range(rng.choice((0, 1, 2))):
        first = day + rng.randint(3, 20)
        back = posting(old.code, "permanent", first, first)
        back.recorded, back.helping = False, True
        clerk.postings.append(back)
    clerk.story = "transferred"


def _start_later(rng: random.Random, calendar: Calendar, clerk: Clerk, _: int) -> None:
    job = clerk.postings[0]
    firsts = [d for d in range(15, calendar.days - 15) if calendar.date_of(d).day in (1, 16)]
    transfers = calendar.transfer_days()
    if job.employment == "permanent" and transfers:
        firsts = transfers
    job.first_day = rng.choice(firsts) if firsts else 10
    # Paper follows: some start days before the directory has them.
    job.recorded_first = job.first_day + rng.choice((0, 0, 0, 1, 2))
    clerk.story = "new"


def _renew(rng: random.Random, calendar: Calendar, clerk: Clerk, _: int) -> None:
    """End a yearly or half-yearly contract and renew it, now and then recorded days late."""
    job = clerk.postings[0]
    ends = [d - 1 for d in calendar.transfer_days()]
    if rng.random() < 0.3:
        ends = [_month_end(calendar, int(calendar.days * 0.2), int(calendar.days * 0.9))]
    if not ends:
        return
    job.last_day = rng.choice(ends)
    again = posting(job.code, job.employment, job.last_day + 1, None, clerk.keeps_lists)
    if rng.random() < 0.35:
        again.recorded_first += rng.randint(1, 9)
    clerk.postings.append(again)
    clerk.story = "renewed"


def _lend(rng: random.Random, calendar: Calendar, clerk: Clerk, _: int) -> None:
    """Lend a clerk to another section for days, once to three times."""
    home = clerk.postings[0].code
    for _time in range(rng.choice((1, 1, 2, 3))):
        first = rng.randint(10, max(11, calendar.days - 16))
        help_out = posting(_other(rng, home), "permanent", first, first + rng.randint(1, 12))
        help_out.helping = True
        help_out.recorded = rng.random() < 0.6
        clerk.postings.append(help_out)
    clerk.story = "lent"
