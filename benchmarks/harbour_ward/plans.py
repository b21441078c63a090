"""Plan what comes upon the harbour ward from outside."""

from __future__ import annotations

import math
from collections.abc import Mapping

from benchmarks.harbour_ward.casting import Casting
from benchmarks.harbour_ward.sections import DAY, SECTIONS, H
from benchmarks.harbour_ward.state import Operator

NEAR: Mapping[str, list[str]] = {
    "jumin": ["minato", "koseki"],
    "minato": ["jumin"],
    "koseki": ["jumin"],
    "zeimu": ["kokuho", "jumin"],
    "kokuho": ["zeimu", "kaigo"],
    "fukushi": ["kaigo", "kodomo"],
    "kodomo": ["jumin", "fukushi"],
    "kaigo": ["kokuho", "fukushi"],
}
"""Where the clerks of a section help out."""


class Plans(Casting):
    """Hold help, mail, callers and news."""

    def plan(self) -> None:
        """Plan the help, the returned mail, the callers and the news before the first day."""
        r = self.r
        self._lend()
        for k in ("zeimu", "kokuho", "kaigo"):
            d = r.randint(8, 40)
            while d < self.days:
                for dd in range(d, d + r.choice([1, 1, 2])):
                    self.mail[k, dd] = r.choice([1, 1, 2])
                d += r.randint(32, 60)
        self._callers()
        for _ in range(r.randint(2, 5)):  # honest work on the figure in the news
            at_desks = ("jumin", "zeimu", "koseki", "kokuho")
            o = r.choice([o for o in self.ops if o.home in at_desks])
            self.newsjobs.append((o.id, self.news[1] + r.randint(-1, 4), r.random() < 0.7))
        ob = r.randint(15, self.days - 5)
        self.outage = (ob * DAY + 10.2 * H, ob * DAY + 12.7 * H, "t-minato")

    def _lend(self) -> None:
        r, length = self.r, self.days
        for o in r.sample(self.ops, max(3, len(self.ops) // 5)):
            s = r.randrange(5, max(6, length - 8))
            ln = r.choice([1, 2, 3, 5, 10])
            p = o.post(s)
            if not p:
                continue
            k2 = r.choice(NEAR[p["sec"]])
            recorded = r.random() < 0.6
            for d in range(s, s + ln):
                self.help[o.id, d] = k2
            if recorded:
                last = min(s + ln - 1, length + 5)
                o.extra.append(self.p(o, k2, p["emp"], s, last, fns=list(SECTIONS[k2][8])))

    def _callers(self) -> None:
        r = self.r
        self.hot = r.choice(["zeimu", "kokuho"])
        for k in SECTIONS:
            sec = [o for o in self.ops if o.home == k]
            rate = 2.1 if self.hot == k else {"koseki": 0.05, "jumin": 0.2}.get(k, 0.3)
            for wk in range(self.days // 7 + 1):
                c = 0
                least = math.exp(-rate)
                x = r.random()
                while x > least:
                    c += 1
                    x *= r.random()
                for _ in range(c):
                    self._caller(k, sec, wk)
        for v in self.calls.values():
            v.sort(key=lambda x: x[0])

    def _caller(self, k: str, sec: list[Operator], wk: int) -> None:
        r = self.r
        res = r.choice(self.pool[k])
        o = r.choice(sec)
        m = r.choices([2, 3, 4, 5, 7, 11], [40, 25, 15, 10, 7, 3])[0]
        d = wk * 7 + r.randrange(7)
        for _ in range(m):
            oo = o if r.random() < 0.88 else r.choice(sec)
            if d < self.days:
                self.calls[oo.id].append((d, res))
            d += r.choice([1, 1, 2, 3, 5, 7, 14, 21])
