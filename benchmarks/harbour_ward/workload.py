"""Measure out the work of a day in the harbour ward."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.harbour_ward.episodes import Episodes
from benchmarks.harbour_ward.sections import DAY, HOURW, SECTIONS, H
from benchmarks.harbour_ward.state import Operator, Row, Session


@dataclass
class Shift:
    """Hold who works on a day: the posting, the section served, the hours and their kind."""

    o: Operator
    d: int
    p: Row
    k: str
    a: float
    b: float
    kind: str
    mail: bool


class Workload(Episodes):
    """Hold how much work a day brings, and do it."""

    def season(self, k: str, d: int) -> float:
        """Return how busy a section is on a day."""
        x = self.date(d)
        md = (x.month, x.day)
        f = 1.0
        if (3, 14) <= md <= (4, 14):
            f *= {"jumin": 1.7, "minato": 1.7, "kokuho": 1.4, "kodomo": 1.4, "koseki": 1.15}.get(
                k, 1.05
            )
        if (2, 8) <= md <= (3, 17) and k == "zeimu":
            f *= 1.4
        if (6, 5) <= md <= (7, 5) and k == "zeimu":
            f *= 1.5
        if (7, 8) <= md <= (8, 5) and k == "kokuho":
            f *= 1.4
        if (11, 1) <= md <= (12, 10) and k == "kodomo":
            f *= 1.3
        if md >= (12, 18):
            f *= 1.12
        if x.weekday() == 0:
            f *= 1.13
        if self.is_closed(d - 1) and self.is_closed(d - 2) and self.is_closed(d - 3):
            f *= 1.2
        return f

    def _is_new(self, w: Shift) -> bool:
        age = w.d - max(x["a"] for x in w.o.posts if x["a"] <= w.d)
        moved = len(w.o.posts) > 1 and w.o.posts[0]["sec"] != w.p["sec"]
        return 0 <= age < 25 and (w.o.newbie_from is not None or moved)

    def _moments(
        self, w: Shift, start: float, end: float, ot: float, lunch: tuple[float, float] | None
    ) -> list[float]:
        """Return when pieces of work begin."""
        r, zero = self.r, w.d * DAY
        hours = (w.b - w.a + ot * 0.5) / 8.75
        mean = SECTIONS[w.k][4] * hours * self.season(w.k, w.d) * w.o.speed
        mean = mean * (0.75 if self._is_new(w) else 1) * (0.35 if w.o.id in self.chiefs else 1)
        if w.k != w.p["sec"]:
            mean *= 0.8
        if w.mail:
            mean *= 0.55
        if w.kind == "overtime":
            mean *= 0.5
        n = max(1, int(r.gauss(mean, mean**0.5)))
        pts: list[float] = []
        for _ in range(n * 3):
            if len(pts) >= n:
                break
            t = r.uniform(start + 140, end - 60)
            if lunch and lunch[0] - 30 < t < lunch[1] + 15:
                continue
            if w.mail and zero + 13 * H < t < zero + 16.7 * H:
                continue
            if r.random() < HOURW.get(int(t % DAY // H), 0.35) / 1.2:
                pts.append(t)
        return pts

    def _work(self, w: Shift, sess: list[Session], times: list[float], pts: list[float]) -> None:
        r, o, d = self.r, w.o, w.d
        end = sess[-1][1]
        jobs: list[tuple[float, str | None, Row | None]] = [(t, None, None) for t in pts]
        calls = self.calls.get(o.id)
        while calls and calls[0][0] <= d:
            _, caller = calls.pop(0)
            jobs.append((self.anytime(sess), "call", caller))
        for oid, dd, cased in self.newsjobs:
            if oid == o.id and dd <= d <= dd + 1 and d not in o.news_done:
                o.news_done = {d, d + 1}
                jobs.append((self.anytime(sess), "ticket" if cased else "call", self.news[0]))
        jobs.sort(key=lambda job: job[0])
        last = 0.0
        newbie = self._is_new(w)
        for planned, j, x in jobs:
            t = max(planned, last + r.uniform(5, 40))
            if not (sess[0][0] <= t <= end):
                continue
            s = self.at(sess, t)
            last = self.episode(o, t, s, w.k, j, x, newbie, t > d * DAY + w.b * H)
            times.append(t)
            times.append(last)

    def _lists(self, w: Shift, sess: list[Session]) -> None:
        """Print or export the list of the day, by those whose job it is."""
        r, fn = self.r, SECTIONS[w.k][9]
        if not w.o.lists or w.k != w.p["sec"] or not fn or self.is_closed(w.d):
            return
        if r.random() < (0.5 if self.date(w.d).day in (1, 2, 10, 20) else 0.07):
            t = self.anytime(sess)
            s = self.at(sess, t)
            action = r.choice(["export", "print", "print"])
            copies = int(r.lognormvariate(5.2, 0.9)) + 5
            why = "periodic_list"
            self.rec(w.o, t, s[0], s[1], fn, action, None, None, None, why, copies)

    def _handover(self, w: Shift, sess: list[Session]) -> None:
        """Look into files of the section that was left, mostly in the first weeks."""
        r, o, p = self.r, w.o, w.p
        prev = [q for q in o.posts if q["b"] is not None and q["b"] < p["a"]][-1]
        if prev["sec"] == p["sec"] or o.kind == "founding":
            return
        age = w.d - p["a"]
        if r.random() < (0.5 if age < 10 else 0.12 if age < 30 else 0.008):
            for _ in range(r.choice([1, 1, 2, 3])):
                cs = [c for c in self.op_cases[o.id][-400:] if c["section_id"] == prev["sec"]]
                if not cs:
                    break
                c = r.choice(cs)
                t = self.anytime(sess)
                s, x = self.at(sess, t), self.R[c["resident_ids"][0]]
                fn = r.choice(prev["fns"][:2])
                self.look(o, t, s, x, fn, c["case_id"] if r.random() < 0.7 else None)
