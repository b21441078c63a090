"""Slip misuse into the days of the harbour ward."""

from __future__ import annotations

import itertools
from typing import Any

from benchmarks.harbour_ward.sections import DAY, H
from benchmarks.harbour_ward.state import Operator, Row, Session
from benchmarks.harbour_ward.workday import Workday

Found = tuple[Row | None, list[str]]
"""The one resident of a case, or None, and its look-ups."""


class Misuse(Workday):
    """Hold what all kinds of misuse share."""

    def covered(self, o: Operator, x: Row, t: float) -> bool:
        """Return whether a case covers a look-up, or soon would."""
        secs = {p["sec"] for p in o.posts + o.extra}
        for c in self.res_cases[x["id"]]:
            if (
                c["section_id"] in secs
                and c["o"] < t + 3 * DAY
                and (c["c"] is None or t < c["c"] + 30 * DAY)
            ):
                return True
        return False

    def slot(self, o: Operator, d: int, edge: bool = False) -> float:
        """Return a moment between pieces of honest work."""
        r = self.r
        log = o.log[d]
        ts = log["times"]
        sess: list[Session] = log["sess"]
        gaps: list[tuple[float, float]] = [
            (a, b) for a, b in itertools.pairwise(ts) if b - a > 150 and self.inside(sess, a, b)
        ]
        if gaps and not edge:
            a, b = r.choices(gaps, [min(900, b - a) for a, b in gaps])[0]
            return a + 10 + r.random() * (b - a - 140)
        if edge:
            s = r.choice(sess)
            return max(s[0], s[1] - r.uniform(60, 700))
        return self.anytime(sess)

    def inside(self, sess: list[Session], a: float, b: float) -> bool:
        """Return whether a span lies within one session."""
        return any(s[0] <= a and b <= s[1] for s in sess)

    def wdays(self, o: Operator, lo: int = 40, hi: int | None = None) -> list[int]:
        """Return the days worked from `lo` up to, not with, `hi`."""
        hi = self.days if hi is None else hi
        return [d for d in sorted(o.log) if lo <= d < hi]

    def do1(self, o: Operator, d: int, x: Row, care: float, **kw: Any) -> list[str]:
        """Do one misuse look-up on a working day; none where a case covers it."""
        r = self.r
        for _ in range(4):
            t = kw.pop("t", None) or self.slot(o, d, edge=r.random() < 0.15)
            if not self.covered(o, x, t):
                break
        else:
            return []
        log = o.log[d]
        fn = kw.pop("fn", None)
        if fn is None:
            g = [f for f in log["fns"] if f.endswith((".inquiry", ".case"))]
            fn = g[0] if r.random() < 0.6 else r.choice(g)
        kw.setdefault(
            "skind",
            r.choice(["resident_id", "birthdate", "name"])
            if care > 0.5
            else r.choice(["name", "name", "address"]),
        )
        kw.setdefault("wild", care < 0.3 and r.random() < 0.3)
        s = self.at(log["sess"], t)
        ids, _ = self.look(o, t, s, x, fn, **kw)
        for i in ids:
            self.when[i] = t
        return ids

    def label(self, kind: str, o: Operator, x: Row | None, ids: list[str]) -> bool:
        """Label a case; False where nothing was done."""
        if not ids:
            return False
        ts = [self.etime[i] for i in ids]
        ids = [i for _, i in sorted(zip(ts, ids, strict=True))]
        self.labels.append(
            {
                "label_id": f"case-{len(self.labels) + 1:03d}-{kind}",
                "kind": kind,
                "operator_id": o.id,
                "resident_id": x["id"] if x else None,
                "event_ids": ids,
                "starts_at": self.ts(min(ts)),
                "ends_at": self.ts(max(ts)),
            }
        )
        return True

    def repeat(
        self,
        o: Operator,
        x: Row,
        k: int,
        care: float,
        lo: int = 40,
        span: int | None = None,
        **kw: Any,
    ) -> list[str]:
        """Look at a resident on several days."""
        r = self.r
        ds = self.wdays(o, lo)
        if not ds:
            return []
        if span:
            a = r.choice([d for d in ds if d <= max(ds[0], ds[-1] - span)])
            ds = [d for d in ds if a <= d <= a + span]
        ids: list[str] = []
        ds = [
            d
            for d in ds
            if not self.covered(o, x, d * DAY + 9 * H) and not self.covered(o, x, d * DAY + 17 * H)
        ]
        for d in sorted(r.sample(ds, min(k, len(ds)))):
            ids += self.do1(o, d, x, care, **kw)
            if care < 0.3 and r.random() < 0.4:
                ids += self.do1(o, d, x, care, **kw)
        return ids

    def pend(self, o: Operator, d: int, x: Row) -> tuple[int, float] | None:
        """Return a day and moment that no case covers."""
        t = self.slot(o, d)
        return None if self.covered(o, x, t) else (d, t)

    def period(self, o: Operator, lo: int, hi: int) -> list[int]:
        """Return the days worked in a period of `lo` to `hi` days."""
        r = self.r
        ds = self.wdays(o)
        if not ds:
            return []
        ln = r.randint(lo, hi)
        a = r.choice([d for d in ds if d <= max(ds[0], ds[-1] - ln)])
        return [d for d in ds if a <= d <= a + ln]
