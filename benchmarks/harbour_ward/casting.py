"""Cast the insiders of the harbour ward, and give all operators their postings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from benchmarks.harbour_ward.office import Office
from benchmarks.harbour_ward.sections import KINDS, SECTIONS
from benchmarks.harbour_ward.state import Operator

MORE: Mapping[str, int] = {
    "founding": 1,
    "family": 4,
    "neighbour": 3,
    "colleague": 3,
    "public_figure": 3,
    "protected": 2,
    "slow_bulk": 2,
    "seller": 2,
    "target_skew": 2,
    "shared_id": 3,
    "after_transfer": 2,
    "expired": 2,
    "night": 2,
    "enumeration": 2,
    "borrowed_case": 2,
    "bulk_export": 2,
}
"""How likely each kind is once every kind has a case."""


class Casting(Office):
    """Hold who is an insider, and whose contract runs when."""

    def cast(self) -> None:
        """Choose the insiders, and give everybody postings, a pattern and leave."""
        r = self.r
        n = round(len(self.ops) * 0.5)
        kinds = KINDS[:] if n >= len(KINDS) else r.sample(KINDS, n)
        kinds += r.choices(list(MORE), list(MORE.values()), k=n - len(kinds))
        cand = [o for o in self.ops if o.id not in self.chiefs or r.random() < 0.4]
        r.shuffle(cand)
        for kind in kinds:
            o = self._able(kind, cand)
            cand.remove(o)
            o.kind = kind
            self.insiders.append((kind, o))
        days = range(1, self.days)
        turns = ((4, 1), (10, 1))
        self.tr_days = [d for d in days if (self.date(d).month, self.date(d).day) in turns]
        for o in self.ops:
            self._career(o)
            self._leave(o)

    def _able(self, kind: str, cand: list[Operator]) -> Operator:
        for c in cand:
            if kind == "neighbour" and not c.block:
                continue
            if kind == "bulk_export" and not SECTIONS[c.home][9] and self.r.random() < 0.7:
                continue
            return c
        return cand[0]

    def _career(self, o: Operator) -> None:
        r = self.r
        u = r.random()
        emp = "temporary" if u < 0.9 else "contractor"
        if u < 0.62 or o.id in self.chiefs:
            emp = "permanent"
        since = -r.randint(90, 900)
        if o.kind == "founding":
            self._founding_posts(o, since)
        elif o.kind == "after_transfer":
            self._moving_posts(o, since)
        elif o.kind == "expired":
            self._ending_posts(o, since)
        elif emp == "permanent":
            self._permanent_posts(o, since)
        else:
            self._renewed_posts(o, emp, since)

    def _elsewhere(self, o: Operator) -> str:
        return self.r.choice([k for k in SECTIONS if k != o.home])

    def _founding_posts(self, o: Operator, since: int) -> None:
        r = self.r
        c1 = int(self.days * r.uniform(0.58, 0.65))
        c2 = c1 + max(1, int(self.days * r.uniform(0.03, 0.09)))
        k2 = r.choice([k for k in SECTIONS if k not in (o.home, "koseki")])
        emp = r.choice(["temporary", "contractor"])
        first = self.p(o, o.home, emp, since, c1)
        o.posts = [first, self.p(o, k2, emp, c2, None, rb=c2 + 180)]
        o.found = (c1, c2)

    def _moving_posts(self, o: Operator, since: int) -> None:
        r = self.r
        ok = [d for d in self.tr_days if d < self.days * 0.7]
        use = bool(ok) and r.random() < 0.8
        x = r.choice(ok) if use else int(self.days * r.uniform(0.2, 0.5))
        k2 = self._elsewhere(o)
        o.moved = x
        first = self.p(o, o.home, "permanent", since, x - 1)
        o.posts = [first, self.p(o, k2, "permanent", x, None)]

    def _ending_posts(self, o: Operator, since: int) -> None:
        r = self.r
        if r.random() < 0.6:
            o.ended = int(self.days * r.uniform(0.22, 0.7))
            emp = r.choice(["temporary", "contractor"])
            o.posts = [self.p(o, o.home, emp, since, o.ended)]
            return
        a = int(self.days * r.uniform(0.05, 0.3))
        b = self.days + 60 if r.random() < 0.6 else a + int(self.days * r.uniform(0.4, 0.55))
        o.away = (a, b)
        o.ended = a + int(self.days * r.uniform(0.2, 0.3))
        o.posts = [self.p(o, o.home, "permanent", since, None)]

    def _permanent_posts(self, o: Operator, since: int) -> None:
        r, turns, emp = self.r, self.tr_days, "permanent"
        plain = bool(turns) and o.kind is None
        if plain and r.random() < 0.2 and o.id not in self.chiefs:
            d = r.choice(turns)
            k2 = self._elsewhere(o)
            o.posts = [self.p(o, o.home, emp, since, d - 1), self.p(o, k2, emp, d, None)]
        elif plain and r.random() < 0.12 and o.id not in self.chiefs:
            o.posts = [self.p(o, o.home, emp, turns[0], None)]
            o.newbie_from = turns[0]
        elif plain and r.random() < 0.05:
            o.posts = [self.p(o, o.home, emp, since, turns[-1] - 1)]
        else:
            o.posts = [self.p(o, o.home, emp, since, None)]

    def _quarters(self) -> list[int]:
        firsts = [(d, self.date(0) + timedelta(d + 1)) for d in range(self.days + 90)]
        return [d for d, x in firsts if x.day == 1 and x.month in (1, 4, 7, 10)]

    def _renewed_posts(self, o: Operator, emp: str, since: int) -> None:
        r = self.r
        turns = [d - 1 for d in self.tr_days] if emp == "temporary" else self._quarters()
        ends = sorted(set(turns))
        a = ra = since
        for e in ends:
            o.posts.append(self.p(o, o.home, emp, a, e, ra=ra))
            u = r.random()
            if u < 0.10 and o.kind is None and e < self.days * 0.8:
                a = ra = e + 1 + r.randint(14, 50)  # a true break
            elif u < 0.30:
                a = e + 1
                ra = a + r.randint(1, 6)  # renewed, recorded late
            else:
                a = ra = e + 1
        rb = ends[-1] + 183 if ends else 273
        o.posts.append(self.p(o, o.home, emp, a, None, ra=ra, rb=rb))
        if o.kind is None and self.tr_days and r.random() < 0.1:
            x = int(self.days * r.uniform(0.1, 0.5))
            o.posts = [self.p(o, o.home, emp, x, None, rb=x + 365)]
            o.newbie_from = x
        if r.random() < 0.55:
            days = sorted(r.sample(range(5), r.choice([3, 4, 4])))
            o.pattern = (days, r.choice([(9, 15.5), (9, 16), (8.5, 14.5), (10, 16.5)]))

    def _leave(self, o: Operator) -> None:
        r, length = self.r, self.days
        steady = o.kind is None and o.away is None and o.newbie_from is None
        if steady and o.id not in self.chiefs and r.random() < 0.05:
            a = r.randint(0, int(length * 0.4))
            o.away = (a, a + int(length * r.uniform(0.25, 0.45)))  # long leave, honest return
        for _ in range(int(length / 365 * r.randint(8, 22))):
            o.leave.add(r.randrange(length))
        s = r.randrange(length)
        o.leave.update(range(s, s + r.randint(3, 8)))
        if r.random() < 0.4:
            s = r.randrange(length)
            o.leave.update(range(s, s + r.randint(2, 4)))
