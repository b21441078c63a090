"""What an operator sets out to do: cases, acts, and jobs of several acts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]
"""One record of a topic, its keys in the contract's order."""


@dataclass(slots=True, eq=False)
class Case:
    """Hold one case; its times, in local ms, are known once its first look-up has happened."""

    section_id: str
    code: str
    functions: tuple[str, ...]
    resident_ids: list[str]
    assigned_to: list[str]
    lasts_s: float
    """From opening to closing."""
    opened_ms: int = -1
    closed_ms: int = -1
    case_id: str = ""


@dataclass(frozen=True, slots=True)
class Mistyped:
    """Stand for the number of a case with a slip of the finger, that may exist or not."""

    case: Case


Reference = Case | Mistyped | None
"""What an operator types into the field of the case number."""


@dataclass(slots=True)
class Act:
    """Hold one act at the terminal; `gap_s` is the time since the act before."""

    function: str
    action: str
    resident_id: str | None
    gap_s: float
    search: Record | None = None
    copies: int | None = None
    warning_overridden: bool = False


@dataclass(slots=True, eq=False)
class Job:
    """Hold acts that follow one another, wanted from `at_s` of the day on."""

    at_s: float
    acts: list[Act]
    reference: Reference = None
    purpose: str | None = None
    opens: Case | None = None
    """The case that this job opens, `opens_after_s` after its first act (before: negative)."""
    opens_after_s: float = 0.0
    borrows: str | None = None
    """`unrelated` or `mistyped`: gives the number of another case of the day; `open_file`:
    that of a case on which somebody else of the section works."""
    sink: list[Record] | None = field(default=None, repr=False)
    """Where the records of a labelled job are noted."""


def search_record(
    kind: str, hits: int, *, wildcard: bool = False, sequential: bool = False
) -> Record:
    """Return the `search` object of a look-up."""
    return {"kind": kind, "wildcard": wildcard, "hits": hits, "sequential": sequential}
