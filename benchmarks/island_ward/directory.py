"""The context of a ward: who, where, which rights, which cases, which shifts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.island_ward.days import stamp
from benchmarks.island_ward.opening import extra_openings, hours_of
from benchmarks.island_ward.personnel import DEPUTY_MAYOR
from benchmarks.island_ward.staff import Stint
from benchmarks.island_ward.ward import Ward

_Row = dict[str, Any]


def topics(ward: Ward) -> list[tuple[str, list[_Row]]]:
    """Return the rows of every context topic."""
    return [
        ("directory.operators", list(_operators(ward))),
        ("directory.sections", list(_sections(ward))),
        ("directory.terminals", list(_terminals(ward))),
        ("directory.residents", list(_residents(ward))),
        ("work.cases", list(_cases(ward))),
        ("work.shifts", list(_shifts(ward))),
    ]


def _assignment(stint: Stint) -> _Row:
    return {
        "section_id": stint.desk.section_id,
        "role": stint.role,
        "employment": stint.employment,
        "functions": stint.desk.functions,
        "supervisor_id": stint.supervisor,
        "starts_on": (stint.paper_starts or stint.starts).isoformat(),
        "ends_on": stint.ends.isoformat() if stint.ends else None,
    }


def _operators(ward: Ward) -> Iterator[_Row]:
    for operator in ward.staff:
        home, trained = operator.resident, operator.trained_until
        yield {
            "operator_id": operator.operator_id,
            "resident_token": home.token if home else None,
            "household_id": home.household if home else None,
            "block_id": home.block if home else None,
            "trained_until": trained.isoformat() if trained else None,
            "assignments": [_assignment(stint) for stint in operator.stints],
        }


def _sections(ward: Ward) -> Iterator[_Row]:
    for desk in ward.desks:
        openings = extra_openings(desk, ward.calendar)
        yield {
            "section_id": desk.section_id,
            "name": {"en": desk.en, "ja": desk.ja},
            "head_id": ward.chiefs.get(desk.section_id, DEPUTY_MAYOR),
            "hours": hours_of(desk),
            "openings": [
                {"date": ward.calendar.dates[day].isoformat(), "from": opens, "to": closes}
                for day, (opens, closes) in sorted(openings.items())
            ],
        }


def _terminals(ward: Ward) -> Iterator[_Row]:
    for places in ward.site.by_desk.values():
        for terminal in places:
            yield {
                "terminal_id": terminal.terminal_id,
                "site_id": terminal.desk.site,
                "zone_id": terminal.desk.zone,
                "section_id": terminal.desk.section_id,
                "camera_ids": list(terminal.cameras),
            }


def _residents(ward: Ward) -> Iterator[_Row]:
    for person in ward.town.people:
        if person.listed:
            yield {
                "resident_id": person.token,
                "household_id": person.household,
                "block_id": person.block,
                "protected": person.protected,
                "public_figure": person.public_figure,
                "traits": person.traits(),
            }


def _cases(ward: Ward) -> Iterator[_Row]:
    """Yield the cases; one that is still open when the run ends has no end."""
    over = ward.calendar.days * 24 * 3600 * 1000
    for case in ward.ledger.cases:
        closed = case.closed
        if closed is not None:
            closed = None if closed > over else max(closed, case.opened + 1000)
        yield {
            "case_id": case.case_id,
            "section_id": case.section_id,
            "functions": case.functions,
            "resident_ids": case.residents,
            "assigned_to": case.assigned,
            "opened_at": stamp(case.opened),
            "closed_at": None if closed is None else stamp(closed),
        }


def _shifts(ward: Ward) -> Iterator[_Row]:
    shifts = sorted(ward.log.shifts, key=lambda shift: (shift.starts, shift.operator_id))
    for number, shift in enumerate(shifts):
        yield {
            "shift_id": f"w{number:06d}",
            "operator_id": shift.operator_id,
            "starts_at": stamp(shift.starts),
            "ends_at": stamp(shift.ends),
            "kind": shift.kind,
        }
