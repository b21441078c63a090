"""Hold the harbour ward while it is made: its days, people, papers and records."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import holidays

from benchmarks.harbour_ward.sections import DAY

Row = dict[str, Any]
Seat = tuple[str, str | None]
"""A terminal and a session."""
Session = tuple[float, float, str, str]
"""From, to, terminal and session."""
Arrival = tuple[float, int, str]
"""When a line arrives, its place among equals, and the line."""


@dataclass
class Request:
    """Hold what the command line asked for."""

    out: Path
    seed: int
    days: int
    operators: int
    residents: int


class Operator:
    """Hold one operator: postings by day numbers, habits, and a log of the days worked."""

    def __init__(self, i: int) -> None:
        self.i = i
        self.id = f"op-{i:04d}"
        self.home = ""
        self.token: str | None = None
        self.house: str | None = None
        self.block: str | None = None
        self.posts: list[Row] = []  # sec, role, emp, fns, true days a-b, recorded days ra-rb
        self.extra: list[Row] = []  # recorded helping assignments
        self.leave: set[int] = set()
        self.met: set[str] = set()
        self.log: dict[int, Row] = {}  # by day: sess, times, sec, fns, outs, badge, post, span
        self.odd: set[str] = set()
        self.kind: str | None = None
        self.away: tuple[int, int] | None = None
        self.speed = 1.0
        self.expert = 0.0
        self.trained: Date | None = None
        self.term: str | None = None
        self.finger = "fingerprint"
        self.pattern: tuple[list[int], tuple[float, float]] | None = None
        self.lists = False
        self.newbie_from: int | None = None
        self.news_done: set[int] = set()
        self.found = (0, 0)
        self.moved = 0
        self.ended = 0

    def post(self, d: int) -> Row | None:
        """Return the posting under which the operator truly works on a day."""
        for p in self.posts:
            if p["a"] <= d and (p["b"] is None or d <= p["b"]):
                return p
        return None


class State:
    """Hold everything of one ward; times are seconds, days are numbers, from its first midnight."""

    def __init__(self, a: Request) -> None:
        self.a = a
        self.r = Random(f"harbour-{a.seed}")
        r = self.r
        self.days = a.days
        if r.random() < 0.7:
            self.start = Date(r.choice([2022, 2023, 2024]), 9, r.randint(5, 22))
        else:
            self.start = Date(r.choice([2023, 2024, 2025]), 2, 18) + timedelta(r.randint(0, 14))
        self.dates = [self.start + timedelta(i) for i in range(-5, a.days + 10)]
        self.ds = [x.isoformat() for x in self.dates]
        hol = holidays.country_holidays("JP", years=range(self.start.year, self.start.year + 3))
        self.closed = [
            x.weekday() >= 5
            or x in hol
            or (x.month, x.day) in {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}
            for x in self.dates
        ]
        self.q: list[Arrival] = []
        self.si: list[Arrival] = []
        self.do: list[Arrival] = []
        self.n = 0
        self.etime: dict[str, float] = {}
        self.cases: list[Row] = []
        self.case_n: dict[str, int] = defaultdict(int)
        self.sec_cases: dict[str, list[Row]] = defaultdict(list)
        self.op_cases: dict[str, list[Row]] = defaultdict(list)
        self.res_cases: dict[str, list[Row]] = defaultdict(list)
        self.shifts: list[Row] = []
        self.labels: list[Row] = []
        self.used: dict[int, set[str]] = defaultdict(set)
        self.skew_si = r.uniform(-25, 55)
        self.skew_door: dict[str, float] = {}
        self.outage: tuple[float, float, str] | None = None
        self._empty()

    def _empty(self) -> None:
        self.blocks: list[str] = []
        self.res: list[Row] = []
        self.hh: dict[str, list[Row]] = {}
        self.byblock: dict[str, list[Row]] = defaultdict(list)
        self.R: dict[str, Row] = {}
        self.figures: list[Row] = []
        self.protected: list[Row] = []
        self.alpha: list[Row] = []
        self.pool: dict[str, list[Row]] = {}
        self.news: tuple[Row, int, int] = ({}, 0, 0)
        self.ops: list[Operator] = []
        self.heads: dict[str, str] = {}
        self.sup: dict[str, str] = {}
        self.chiefs: dict[str, str] = {}
        self.terms: dict[str, list[str]] = {}
        self.term_info: dict[str, Row] = {}
        self.term_skew: dict[str, float] = {}
        self.openings: dict[str, dict[int, tuple[float, float]]] = defaultdict(dict)
        self.thu_late: set[str] = set()
        self.insiders: list[tuple[str, Operator]] = []
        self.tr_days: list[int] = []
        self.help: dict[tuple[str, int], str] = {}
        self.mail: dict[tuple[str, int], int] = {}
        self.calls: dict[str, list[tuple[int, Row]]] = defaultdict(list)
        self.hot = ""
        self.newsjobs: list[tuple[str, int, bool]] = []
        self.today: list[Row] = []
        self.when: dict[str, float] = {}

    def date(self, d: int) -> Date:
        """Return the date of a day number."""
        return self.dates[d + 5]

    def is_closed(self, d: int) -> bool:
        """Return whether the office is closed on a day."""
        return self.closed[d + 5]

    def ts(self, t: float) -> str:
        """Return a time of the ward as RFC 3339."""
        ms = round(t * 1000)
        d, ms = divmod(ms, DAY * 1000)
        h, ms = divmod(ms, 3600000)
        m, ms = divmod(ms, 60000)
        s, ms = divmod(ms, 1000)
        if -5 <= d < len(self.ds) - 5:
            day = self.ds[d + 5]
        else:
            day = (self.start + timedelta(d)).isoformat()
        return f"{day}T{h:02d}:{m:02d}:{s:02d}.{ms:03d}+09:00"
