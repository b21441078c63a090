"""Serve visitors at the counters of the harbour ward."""

from __future__ import annotations

from benchmarks.harbour_ward.plans import Plans
from benchmarks.harbour_ward.sections import DAY, SECTIONS, H
from benchmarks.harbour_ward.state import Operator, Row, Seat, Session


class Visitors(Plans):
    """Hold who comes, and what a ticket makes."""

    def visitor(self, o: Operator, k: str) -> Row:
        """Return who comes next."""
        r = self.r
        u = r.random()
        if u < 0.12 and self.today:
            x = r.choice(self.today)
        elif u < 0.126 and o.block:
            x = r.choice(self.byblock[o.block])
        elif u < 0.129:
            c = r.choice(self.ops)
            x = self.R[c.token] if c.token else r.choice(self.pool[k])
        elif u < 0.130:
            x = r.choice(self.figures)
        elif u < (0.135 if "protects" not in o.odd else 0.17) and self.protected:
            x = r.choice(self.protected)
        else:
            x = r.choice(self.pool[k])
        if len(self.today) < 300:
            self.today.append(x)
        return x

    def anytime(self, sess: list[Session]) -> float:
        """Return any moment at the terminal."""
        r = self.r
        s = r.choices(sess, [max(1, x[1] - x[0] - 60) for x in sess])[0]
        return r.uniform(s[0] + 20, max(s[0] + 21, s[1] - 60))

    def at(self, sess: list[Session], t: float) -> Seat:
        """Return the terminal and session of a moment."""
        for s in sess:
            if s[0] - 1 <= t <= s[1]:
                return s[2], s[3]
        return (sess[0] if t < sess[-1][0] else sess[-1])[2:4]

    def _ticket(
        self, o: Operator, t: float, s: Seat, k: str, x: Row, wild: bool, newbie: bool
    ) -> float:
        r = self.r
        fn = r.choice(SECTIONS[k][8])
        hh = self.hh[x["h"]]
        listed = [x]
        often = fn == "idou.entry" or k in ("kodomo", "fukushi")
        if len(hh) > 1 and r.random() < (0.45 if often else 0.2):
            all_of_them = r.random() < 0.6
            listed = hh[:] if all_of_them else [x, r.choice([m for m in hh if m is not x])]
        lag = self._lag()
        cid = self._reception(o, t, k, fn, listed, lag, newbie)
        issue = fn.endswith("issue") or fn == "tax.certificate"
        seen = listed[:] if r.random() < 0.8 else [x]
        wide = 0.6 if "household" in o.odd else 0.07 if k == "koseki" else 0.22
        if len(hh) > 1 and r.random() < wide and (x["id"] not in o.met or r.random() < 0.1):
            seen = hh[:]
        if lag is None or len(seen) > len(listed):
            o.met.update(m["id"] for m in hh)
        for i, m in enumerate(seen):
            prints = r.choice([1, 1, 1, 2, 3]) if issue and i == 0 else 0
            update = fn.endswith(("entry", "levy", "card")) and r.random() < 0.6
            search = None if i == 0 else False
            _, t = self.look(
                o, t, s, m, fn, cid, None, prints, update, search, wild=wild and i == 0
            )
        return t

    def _lag(self) -> float | None:
        """Return how long after the look-up the case is opened; None where none is."""
        r = self.r
        u = r.random()
        if u < 0.56:
            return -r.uniform(30, 900)
        if u < 0.85:
            return r.uniform(60, 2400)
        if u < 0.945:
            return r.uniform(1, 6) * H
        if u < 0.985:
            return r.uniform(0.6, 2.2) * DAY
        return None

    def _duration(self, k: str) -> float | None:
        r = self.r
        if k in ("jumin", "koseki", "minato") and r.random() < 0.75:
            return r.uniform(300, 5400)
        if r.random() < 0.04:
            return None
        return r.expovariate(1 / ((40 if k == "fukushi" else 9) * DAY)) + 900

    def _reception(
        self,
        o: Operator,
        t: float,
        k: str,
        fn: str,
        listed: list[Row],
        lag: float | None,
        newbie: bool,
    ) -> str | None:
        """Open the case of a ticket; return the number that the clerk gives, if any."""
        r = self.r
        dur = self._duration(k)
        cid: str | None = None
        who = [o.id]
        if r.random() < 0.15:
            m = [q for q in self.ops if q.home == k]
            if m:
                who.append(r.choice(m).id)
        if lag is None:
            return None
        ids, whose = [m["id"] for m in listed], list(dict.fromkeys(who))
        c = self.case(k, fn, ids, whose, max(t + lag, -4 * DAY), dur)
        if lag < 0 or r.random() < 0.25:
            if r.random() < (0.55 if "lazy_case" in o.odd else 0.9):
                cid = c["case_id"]
            if cid and r.random() < (0.05 if newbie else 0.015):
                cid = self.typo(cid)
            if "bundle" in o.odd and r.random() < 0.15 and len(self.op_cases[o.id]) > 2:
                cid = self.op_cases[o.id][-2]["case_id"]
        return cid
