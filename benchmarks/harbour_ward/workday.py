"""Let the operators of the harbour ward come to work."""

from __future__ import annotations

from collections import defaultdict

from benchmarks.harbour_ward.sections import DAY, SECTIONS, H
from benchmarks.harbour_ward.state import Operator, Row, Session
from benchmarks.harbour_ward.workload import Shift, Workload


class Workday(Workload):
    """Hold who comes when, and sits where."""

    def run(self) -> None:
        """Let everybody work honestly, day by day."""
        r = self.r
        for d in range(self.days):
            order = self.ops[:]
            r.shuffle(order)
            mailers: dict[str, int] = defaultdict(int)
            self.today = []
            for o in order:
                p = o.post(d)
                if not p or d in o.leave:
                    continue
                if o.away and o.away[0] <= d <= o.away[1]:
                    continue
                own: str = p["sec"]
                k = self.help.get((o.id, d), own)
                hours = self._hours(o, d, p, k)
                if hours is None:
                    continue
                mail = False
                due = self.mail.get((k, d), 0) > mailers[k]
                if due and not self.is_closed(d) and not o.pattern:
                    mailers[k] += 1
                    mail = True
                self.day(Shift(o, d, p, k, *hours, mail))

    def _hours(self, o: Operator, d: int, p: Row, k: str) -> tuple[float, float, str] | None:
        """Return the approved hours and their kind; None for who does not come."""
        r = self.r
        if self.is_closed(d):
            if d in self.openings[k] and r.random() < 0.5:
                return *self.openings[k][d], "regular"
            likely = 0.03 if self.season(k, d) > 1.3 else 0.004
            if p["emp"] == "permanent" and r.random() < likely:
                return 10, 10 + r.choice([3, 4, 6]), "overtime"
            return None
        thursday = self.date(d).weekday() == 3
        if o.pattern:
            return (*o.pattern[1], "regular") if self.date(d).weekday() in o.pattern[0] else None
        if k in self.thu_late and thursday and r.random() < 0.35:
            return 10.5, 19.25, "regular"
        return 8.5, 17.25, "regular"

    def day(self, w: Shift) -> None:
        """Let one operator come, work and leave."""
        r, o, d, k, zero = self.r, w.o, w.d, w.k, w.d * DAY
        self.shift(o, zero + w.a * H, zero + w.b * H, w.kind)
        early = "early" in o.odd
        start = zero + w.a * H - r.uniform(2, 14) * 60 - (r.uniform(10, 40) * 60 if early else 0)
        end, ot = self._leaving(w)
        lunch = self._lunch(w)
        t1, t2 = self._seats(w)
        badge = r.random() > (0.07 if "no_badge" in o.odd else 0.012)
        if badge:
            self.doors(o, start, k, "in")
        sess, outs = self._sessions(w, start, end, lunch, (t1, t2), badge)
        if badge:
            self.doors(o, end, k, "out")
        times: list[float] = []
        o.log[d] = {
            "sess": sess,
            "times": times,
            "sec": k,
            "fns": w.p["fns"] if k == w.p["sec"] else list(SECTIONS[k][8]),
            "outs": outs,
            "badge": badge,
            "post": w.p,
            "span": (start, end),
        }
        self._work(w, sess, times, self._moments(w, start, end, ot, lunch))
        if w.mail:
            self.mailing(o, d, k, sess, times)
        self._lists(w, sess)
        if len(o.posts) > 1 and w.p is not o.posts[0]:
            self._handover(w, sess)
        times.sort()

    def _leaving(self, w: Shift) -> tuple[float, float]:
        """Return when the operator leaves, and the hours of approved overtime."""
        r, o, zero, b = self.r, w.o, w.d * DAY, w.b
        end = zero + b * H + r.uniform(0, 9) * 60
        ot: float = 0
        sea = self.season(w.k, w.d)
        if w.kind != "regular" or o.pattern:
            return end, ot
        night = "night_ot" in o.odd
        if r.random() < (0.07 + 0.35 * (sea - 1) + (0.12 if night else 0)):
            ot = r.choice([1, 1.5, 2, 2.5, 3]) + (r.choice([0, 1.5]) if night else 0)
            self.shift(o, zero + b * H, zero + (b + ot) * H, "overtime")
            end = zero + (b + ot) * H + r.uniform(-20, 6) * 60
        elif r.random() < (0.16 if "late" in o.odd else 0.025):
            end += r.uniform(15, 70) * 60
        return end, ot

    def _lunch(self, w: Shift) -> tuple[float, float] | None:
        r = self.r
        l0 = w.d * DAY + r.choice([11.5, 12, 12, 12.25, 13]) * H + r.uniform(-3, 5) * 60
        l1 = l0 + H + r.uniform(-4, 3) * 60
        return (l0, l1) if w.b - w.a > 5.5 else None

    def _seats(self, w: Shift) -> tuple[str, str]:
        """Return the terminals before and after lunch."""
        r, used = self.r, self.used[w.d]
        free = [t for t in self.terms[w.k] if t not in used]
        if w.o.term is not None and w.o.term in free and r.random() < 0.82:
            t1 = w.o.term
        else:
            t1 = r.choice(free) if free else self.terms[w.k][-1]
        used.add(t1)
        t2 = t1
        if w.b - w.a > 5.5 and r.random() < 0.2 and len(free) > 2:
            t2 = r.choice([t for t in free if t != t1])
            used.add(t2)
        return t1, t2

    def _sessions(
        self,
        w: Shift,
        start: float,
        end: float,
        lunch: tuple[float, float] | None,
        seats: tuple[str, str],
        badge: bool,
    ) -> tuple[list[Session], list[tuple[float, float]]]:
        """Sign in and out; return the sessions and the times out of the house."""
        r, o, k, (t1, t2) = self.r, w.o, w.k, seats
        outs = []
        s1, m = self.logon(o, start + r.uniform(0, 120), t1)
        s2 = s1
        sess = [(start + 130, end, t1, s1)]
        if lunch:
            l0, l1 = lunch
            if r.random() < 0.55 and badge:
                self.doors(o, l0, k, "out")
                self.doors(o, l1, k, "in")
                outs.append((l0 + 200, l1 - 500))
            if t2 != t1 or r.random() < 0.5:
                self.signin(o, l0, t1, s1, m, "sign_out")
                s2, m = self.logon(o, l1, t2)
            sess = [(start + 130, l0, t1, s1), (l1 + 5, end, t2, s2)]
        if r.random() < 0.9:
            self.signin(o, end, sess[-1][2], s2, m, "sign_out")
        return sess, outs
