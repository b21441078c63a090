"""Set up the office of the harbour ward."""

from __future__ import annotations

import math
from datetime import timedelta

from benchmarks.harbour_ward.sections import SECTIONS
from benchmarks.harbour_ward.state import Operator, Row
from benchmarks.harbour_ward.town import Town

ODDITIES = (
    "early",
    "late",
    "no_badge",
    "lazy_case",
    "wild",
    "household",
    "pw",
    "bundle",
    "address",
    "prints",
    "night_ot",
    "protects",
)


class Office(Town):
    """Hold who works where."""

    def office(self) -> None:
        """Set up sections, supervisors, terminals, openings and the people at the desks."""
        r = self.r
        keys = list(SECTIONS)
        shares = [SECTIONS[k][3] for k in keys]
        n = self.a.operators
        size = [max(2, round(n * s / sum(shares))) for s in shares]
        while sum(size) > n:
            size[size.index(max(size))] -= 1
        while sum(size) < n:
            size[0] += 1
        self.heads = {"main": "hd-main", "annex": "hd-annex", "harbour": "hd-main"}
        others = ("jumin", "minato") if r.random() < 0.6 else ("zeimu", "kokuho")
        for k, c in zip(keys, size, strict=True):
            for _ in range(c):
                o = Operator(len(self.ops) + 101)
                o.home = k
                self.ops.append(o)
        self._supervisors(keys, [others, ("kodomo", "kaigo")])
        self._terminals(keys, size)
        self._openings()
        self._people(keys)

    def _supervisors(self, keys: list[str], shared: list[tuple[str, str]]) -> None:
        for k in keys:
            self.sup[k] = f"sv-{k}"
        for x, y in shared:
            self.sup[y] = self.sup[x]
        for k in ("jumin", "fukushi"):  # chiefs that look up too
            o = next(o for o in self.ops if o.home == k)
            old = self.sup[k]
            for s in keys:
                if self.sup[s] == old:
                    self.sup[s] = o.id
            self.chiefs[o.id] = k

    def _terminals(self, keys: list[str], size: list[int]) -> None:
        r = self.r
        for k, c in zip(keys, size, strict=True):
            site = SECTIONS[k][2]
            self.terms[k] = []
            for i in range(c + 8):
                t = f"t-{k}-{i + 1:02d}"
                self.terms[k].append(t)
                self.term_info[t] = {
                    "terminal_id": t,
                    "site_id": f"site-{site}",
                    "zone_id": f"z-{site}-{k}",
                    "section_id": k,
                    "camera_ids": [f"cam-{k}-{i // 4 + 1}"]
                    + ([f"cam-{site}-hall"] if i % 5 == 0 else []),
                }
        self.term_skew = {t: r.gauss(0, 1.2) for t in self.term_info}
        for k in keys:
            self.skew_door[f"z-{SECTIONS[k][2]}-{k}"] = r.uniform(-60, 100)
        for site in ("main", "annex", "harbour"):
            self.skew_door[f"z-{site}-entrance"] = r.uniform(-45, 80)

    def _openings(self) -> None:
        for d in range(self.days):
            x = self.date(d)
            sunday = x.weekday() == 6
            if sunday and ((x.month == 3 and x.day >= 18) or (x.month == 4 and x.day <= 12)):
                for k in ("jumin", "kokuho", "minato", "kodomo"):
                    self.openings[k][d] = (9, 16) if k != "kodomo" else (9, 12.5)
            elif sunday and 8 <= x.day <= 14:
                self.openings["jumin"][d] = (9, 12.5)
        self.thu_late = {"jumin", "minato"} if self.r.random() < 0.6 else {"jumin"}

    def _people(self, keys: list[str]) -> None:
        r = self.r
        homes = [x for x in self.res if 22 <= x["age"] < 65 and not x["pub"]]
        for o, x in zip(self.ops, r.sample(homes, len(self.ops)), strict=True):
            if r.random() < 0.68:
                o.token, o.house, o.block = x["id"], x["h"], x["b"]
            o.speed = math.exp(r.gauss(0, 0.2))
            o.expert = r.random()
            never = r.random() < 0.12
            o.trained = None if never else self.date(0) + timedelta(r.randint(-60, 500))
            types_it = r.random() < 0.06
            o.finger = "password" if types_it else "card" if r.random() < 0.1 else "fingerprint"
        self._desks(keys)

    def _desks(self, keys: list[str]) -> None:
        r = self.r
        for k in keys:
            sec = [o for o in self.ops if o.home == k]
            for o, t in zip(sec, self.terms[k], strict=False):
                o.term = t
            if SECTIONS[k][9]:
                for o in sec[1:3]:
                    o.lists = True
        for o in self.ops:
            if r.random() < 0.62:
                o.odd.add(r.choice(ODDITIES))
            if r.random() < 0.10:
                o.odd.add(r.choice(ODDITIES))

    def fns(self, k: str, o: Operator | None = None) -> list[str]:
        """Return the functions of a section for an operator."""
        f = list(SECTIONS[k][8])
        if o is not None and o.lists and SECTIONS[k][9]:
            f.append(SECTIONS[k][9])
        return f

    def p(
        self,
        o: Operator,
        k: str,
        emp: str,
        a: int,
        b: int | None,
        ra: int | None = None,
        rb: int | str | None = "same",
        fns: list[str] | None = None,
    ) -> Row:
        """Return a posting: true days `a` to `b`, recorded as `ra` to `rb`."""
        return {
            "sec": k,
            "emp": emp,
            "a": a,
            "b": b,
            "ra": a if ra is None else ra,
            "rb": b if rb == "same" else rb,
            "fns": fns or self.fns(k, o),
            "role": "chief"
            if o.id in self.chiefs
            else {"permanent": "clerk", "temporary": "assistant", "contractor": "contract_clerk"}[
                emp
            ],
        }
