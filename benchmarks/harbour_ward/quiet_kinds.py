"""Commit the kinds of misuse in the harbour ward that are about certain people."""

from __future__ import annotations

from benchmarks.harbour_ward.misuse import Found, Misuse
from benchmarks.harbour_ward.sections import DAY
from benchmarks.harbour_ward.state import Operator


class QuietKinds(Misuse):
    """Hold misuse of a few look-ups."""

    def k_founding(self, o: Operator) -> Found:
        """Look at one resident twice, and again under a later contract."""
        r = self.r
        c1, c2 = o.found
        secs = {p["sec"] for p in o.posts + o.extra}
        xs = [x for x in self.res if 20 <= x["age"] < 60]
        free = [x for x in xs if not any(c["section_id"] in secs for c in self.res_cases[x["id"]])]
        x = r.choice(free or xs)
        length = self.days
        a = list(self.wdays(o, 40, int(length * 0.28) + 1)) or self.wdays(o, 40, c1)
        b = list(self.wdays(o, int(length * 0.5), c1 + 1))
        c = list(self.wdays(o, min(length - 15, max(c2 + 15, int(length * 0.8)))))
        ids = []
        plan = []
        for ds in (a, b, c):
            if not ds:
                continue
            ds = [d for d in ds if o.log[d]["sec"] == o.log[d]["post"]["sec"]] or ds
            for _ in range(5):
                got = self.pend(o, r.choice(ds), x)
                if got:
                    plan.append(got)
                    break
        if len(plan) < 3:
            return x, []
        for d, t in plan:
            ids += self.do1(o, d, x, 0.8, fn="juminhyo.inquiry", wild=False, t=t)
        return x, ids

    def k_family(self, o: Operator) -> Found:
        """Look at the own household or a former partner."""
        r = self.r
        care = r.random()
        own = [m for m in self.hh.get(o.house or "", []) if m["id"] != o.token]
        if own and r.random() < 0.45:
            ids = []
            x = r.choice(own)
            for m in own:
                if m is x or r.random() < 0.5:
                    ids += self.repeat(o, m, r.randint(1, 4) + 1, care)
            return x, ids
        x = r.choice([x for x in self.res if 22 <= x["age"] < 60])
        ids = self.repeat(
            o, x, r.choice([2, 3, 3, 5, 8, 12]), care, span=r.choice([None, 60, 110]), prints=0
        )
        if care < 0.3:
            for m in self.hh[x["h"]]:
                if m is not x:
                    ids += self.repeat(o, m, 1, care)
        return x, ids

    def k_neighbour(self, o: Operator) -> Found:
        """Look at people of the own block."""
        r = self.r
        care = r.random()
        near = [x for x in self.byblock[o.block or ""] if x["h"] != o.house]
        if not near:
            return None, []
        if r.random() < 0.5:
            x = r.choice(near)
            return x, self.repeat(o, x, r.choice([2, 3, 4, 6]), care)
        ids = []
        for x in r.sample(near, min(len(near), r.choice([3, 5, 8, 12]))):
            ids += self.repeat(o, x, r.choice([1, 1, 2]), care)
        return None, ids

    def k_colleague(self, o: Operator) -> Found:
        """Look at colleagues as residents."""
        r = self.r
        care = r.random()
        m = [self.R[c.token] for c in self.ops if c.token and c is not o]
        if r.random() < 0.5:
            x = r.choice(m)
            return x, self.repeat(o, x, r.choice([2, 2, 3, 5]), care)
        ids = []
        for x in r.sample(m, r.choice([2, 3, 5, 8])):
            ids += self.repeat(o, x, r.choice([1, 1, 2]), care, span=r.choice([3, 40, 90]))
        return None, ids

    def k_public_figure(self, o: Operator) -> Found:
        """Look at who is known, in the news or not."""
        r = self.r
        care = r.random()
        fig, a, b = self.news
        ds = [d for d in self.wdays(o) if a <= d <= b + 1]
        if ds and r.random() < 0.65:
            ids = []
            for d in r.sample(ds, min(len(ds), r.choice([1, 1, 2, 3]))):
                ids += self.do1(o, d, fig, care)
                if r.random() < 0.3:
                    ids += self.do1(o, d, r.choice(self.hh[fig["h"]]), care, search=False)
            if ids:
                return fig, ids
        ids = []
        for x in r.sample(self.figures, r.randint(1, min(4, len(self.figures)))):
            ids += self.repeat(o, x, r.choice([1, 2, 3]), care)
        return None, ids

    def k_protected(self, o: Operator) -> Found:
        """Look for a protected resident."""
        r = self.r
        care = r.random()
        x = r.choice(self.protected)
        ids = self.repeat(
            o, x, r.choice([2, 2, 3, 5]), care, span=r.choice([20, 60, 150]), over=r.random() < 0.6
        )
        return x, ids

    def k_borrowed_case(self, o: Operator) -> Found:
        """Look at residents under the numbers of other people's cases."""
        r = self.r
        ids = []
        care = r.random()
        ds = self.wdays(o)
        one = r.choice(self.res) if r.random() < 0.4 else None
        for d in sorted(r.sample(ds, min(len(ds), r.choice([2, 3, 5, 8])))):
            t = self.slot(o, d)
            x = one or r.choice(self.res)
            cs = [
                c
                for c in self.sec_cases[o.log[d]["sec"]]
                if t - 6 * DAY < c["o"] < t
                and o.id not in c["assigned_to"]
                and x["id"] not in c["resident_ids"]
            ]
            if not cs or self.covered(o, x, t):
                continue
            for _ in range(r.choice([1, 1, 2])):
                ids += self.do1(o, d, x, care, case=r.choice(cs)["case_id"], t=t)
                t += 90
                if not one:
                    x = r.choice(self.res)
        return one, ids

    def k_after_transfer(self, o: Operator) -> Found:
        """Use functions of the former section."""
        r = self.r
        care = r.random()
        ds = self.wdays(o, max(40, o.moved + 20))
        if not ds:
            return None, []
        old, new = o.posts[0]["fns"], set(o.posts[1]["fns"])
        fn = [f for f in old if f not in new] or old
        inq = [f for f in fn if f.endswith(("inquiry", "case", "income"))] or fn
        ids = []
        xs = self.some(12)
        for d in sorted(r.sample(ds, min(len(ds), r.choice([2, 3, 5, 8])))):
            for _ in range(r.choice([1, 1, 2, 4])):
                ids += self.do1(o, d, r.choice(xs), care, fn=r.choice(inq[:2]))
        return None, ids
