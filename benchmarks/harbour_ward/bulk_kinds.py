"""Commit the kinds of misuse in the harbour ward that take many residents."""

from __future__ import annotations

from benchmarks.harbour_ward.misuse import Found
from benchmarks.harbour_ward.quiet_kinds import QuietKinds
from benchmarks.harbour_ward.sections import SECTIONS
from benchmarks.harbour_ward.state import Operator, Row


class BulkKinds(QuietKinds):
    """Hold misuse in portions."""

    def k_slow_bulk(self, o: Operator) -> Found:
        """Go through blocks or the alphabet, a few a day."""
        r = self.r
        care = r.random()
        if r.random() < 0.6:
            bs = self.blocks[:]
            i = r.randrange(len(bs))
            xs = [x for b in bs[i:] + bs[:i] for x in self.byblock[b]]
            kind = "address"
        else:
            i = r.randrange(len(self.alpha))
            xs = self.alpha[i:] + self.alpha[:i]
            kind = "name"
        per = r.choice([2, 3, 4, 6, 8])
        pd = r.uniform(0.45, 0.95)
        ids = []
        it = iter(xs)
        srch = r.random() < 0.6
        for d in self.period(o, 55, 140):
            if r.random() > pd:
                continue
            t = None
            for _ in range(max(1, int(r.gauss(per, 1)))):
                x = next(it)
                if t is None or r.random() < 0.4:
                    t = self.slot(o, d)
                kw = {"t": t} if not self.covered(o, x, t) else {}
                got = self.do1(
                    o, d, x, care, search=srch and r.random() < 0.7, skind=kind, wild=False, **kw
                )
                ids += got
                t += r.uniform(25, 70)
                if not self.inside(o.log[d]["sess"], t, t):
                    t = None
        return None, ids

    def k_seller(self, o: Operator) -> Found:
        """Print a class of residents in small portions."""
        r = self.r
        care = r.random()
        xs = self.klass()
        r.shuffle(xs)
        it = iter(xs)
        ids = []
        pd = r.uniform(0.15, 0.5)
        per = r.choice([2, 3, 5])
        for d in self.period(o, 35, 110):
            if r.random() > pd:
                continue
            for _ in range(max(1, int(r.gauss(per, 1)))):
                x = next(it, None)
                if x:
                    ids += self.do1(
                        o, d, x, care, prints=r.choice([1, 1, 2]) if r.random() < 0.8 else 0
                    )
        return None, ids

    def k_target_skew(self, o: Operator) -> Found:
        """Only look, at one class of residents."""
        r = self.r
        care = r.random()
        xs = (
            [x for x in self.res if 18 <= x["age"] < 35 and x["sex"] == "f"]
            if r.random() < 0.7
            else self.klass()
        )
        ids = []
        pd = r.uniform(0.3, 0.8)
        per = r.choice([1, 2, 3])
        for d in self.period(o, 40, 130):
            if r.random() > pd:
                continue
            for _ in range(max(1, int(r.gauss(per, 0.8)))):
                ids += self.do1(o, d, r.choice(xs), care, search=r.random() < 0.4)
        return None, ids

    def k_enumeration(self, o: Operator) -> Found:
        """Search by wildcard or number, and open the hits one by one."""
        r = self.r
        ids: list[str] = []
        care = r.random()
        ds = self.wdays(o)
        for d in r.sample(ds, min(len(ds), r.choice([1, 2, 3, 6]))):
            t = self.slot(o, d)
            i = r.randrange(len(self.alpha))
            kind = r.choice(["name", "address", "resident_id"])
            for _ in range(r.choice([1, 2, 4, 7])):
                t, i = self._hits(o, d, t, i, kind, care, ids)
                t += r.uniform(20, 90)
                if t > o.log[d]["span"][1] - 60:
                    break
        return None, ids

    def _hits(
        self, o: Operator, d: int, t: float, i: int, kind: str, care: float, ids: list[str]
    ) -> tuple[float, int]:
        """Search once and open hits from the `i`-th name on; return when and where it ends."""
        r = self.r
        log = o.log[d]
        fn = log["fns"][0]
        term, sid = self.at(log["sess"], t)
        sd: Row = {
            "kind": kind,
            "wildcard": kind != "resident_id",
            "hits": 1 if kind == "resident_id" else r.randint(15, 180),
            "sequential": r.random() < (0.2 if care > 0.5 else 0.6),
        }
        ids.append(self.rec(o, t, term, sid, fn, "search", None, sd))
        for _ in range(r.randint(3, 6) if care > 0.6 else r.randint(5, 16)):
            t += r.uniform(6, 30)
            x = self.alpha[i % len(self.alpha)]
            i += 1
            if t > log["span"][1] or self.covered(o, x, t):
                continue
            ids.append(self.rec(o, t, term, sid, fn, "view", x["id"]))
        return t, i

    def k_bulk_export(self, o: Operator) -> Found:
        """Print or export lists beyond the habit."""
        r = self.r
        ids: list[str] = []
        ds = self.wdays(o)
        for d in r.sample(ds, min(len(ds), r.choice([1, 2, 3, 5]))):
            log = o.log[d]
            t = self.slot(o, d, edge=r.random() < 0.4)
            term, sid = self.at(log["sess"], t)
            lf = SECTIONS[log["post"]["sec"]][9]
            fn = lf if lf and r.random() < 0.8 else log["fns"][0]
            if r.random() < 0.5:
                kind = r.choice(["address", "birthdate"])
                sd: Row = {"kind": kind, "wildcard": True, "hits": r.randint(200, 4000)}
                ids.append(self.rec(o, t - 40, term, sid, fn, "search", None, sd))
            for _ in range(r.choice([1, 1, 3])):
                action = r.choice(["export", "print"])
                why = r.choice([None, "periodic_list"])
                copies = int(r.lognormvariate(6.4, 0.8)) + 60
                ids.append(self.rec(o, t, term, sid, fn, action, None, None, None, why, copies))
                t += r.uniform(30, 90)
        return None, ids
