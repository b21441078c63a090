"""Settle the residents of the harbour ward."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.harbour_ward.records import Records
from benchmarks.harbour_ward.state import Row


class Town(Records):
    """Hold who lives there."""

    def residents(self) -> None:
        """Settle the ward: households by block, then who is known, protected and whose client."""
        r = self.r
        count = self.a.residents
        last = max(4, count // 300) + 1
        self.blocks = [f"blk-{c:02d}-{n}" for c in range(1, last) for n in range(1, 4)]
        weights = [r.uniform(0.4, 1.8) for _ in self.blocks]
        ids: set[str] = set()
        while len(self.res) < count:
            self._household(weights, ids)
        self.R = {x["id"]: x for x in self.res}
        adults = [x for x in self.res if 25 <= x["age"] < 75]
        self.figures = r.sample(adults, r.randint(4, 7))
        for x in self.figures:
            x["pub"] = True
        self.protected = [x for x in self.res if x["prot"]]
        self.alpha = self.res[:]
        r.shuffle(self.alpha)  # reading order of the names
        self._pools()
        lo, hi = int(self.days * 0.28), int(self.days * 0.85)
        d = r.randint(lo, max(lo, hi))
        self.news = (r.choice(self.figures), d, d + r.randint(3, 6))

    def _ages(self, u: float) -> list[int]:
        r = self.r
        if u < 0.40:
            middles = [25, 35, 45, 55, 68, 78, 87]
            return [r.choices(middles, [25, 15, 10, 10, 14, 16, 10])[0] + r.randint(-5, 4)]
        if u < 0.62:
            x = r.randint(28, 86)
            return [x, x + r.randint(-5, 5)]
        if u < 0.70:
            x = r.randint(25, 50)
            return [x] + [max(0, x - r.randint(22, 32)) for _ in range(r.choice([1, 1, 2]))]
        if u < 0.94:
            x = r.randint(28, 56)
            return [x, x + r.randint(-4, 4)] + [
                max(0, x - r.randint(24, 33)) for _ in range(r.choice([1, 2, 2, 3]))
            ]
        x = r.randint(38, 60)
        return [x, x + 2, x + 27, max(0, x - 30)]

    def _household(self, weights: list[float], ids: set[str]) -> None:
        r = self.r
        h = f"h-{r.getrandbits(40):010x}"
        b = r.choices(self.blocks, weights)[0]
        u = r.random()
        ages = self._ages(u)
        members = []
        foreign = r.random() < 0.07
        for age in ages:
            rid = f"r-{r.getrandbits(48):012x}"
            if rid in ids:
                continue
            ids.add(rid)
            sex = "f" if r.random() < 0.51 else "m"
            tr = [f"age.{min(90, age // 10 * 10)}s", f"sex.{sex}"]
            if len(ages) == 1:
                tr.append("lives_alone")
            if foreign:
                tr.append("foreign")
            if 0.62 <= u < 0.70:
                tr.append("single_parent")
            x: Row = {"id": rid, "h": h, "b": b, "age": age, "sex": sex, "tr": tr}
            x |= {"prot": False, "pub": False}
            members.append(x)
            self.res.append(x)
            self.byblock[b].append(x)
        self.hh[h] = members
        if r.random() < 0.008:
            for x in members:
                x["prot"] = True

    def _pools(self) -> None:
        r = self.r
        hb = set(r.sample(self.blocks, max(3, len(self.blocks) // 5)))
        poor = r.sample(sorted(self.hh), max(5, len(self.hh) // 22))
        kids = [x for h in self.hh.values() if any(m["age"] < 16 for m in h) for x in h]
        adults = [x for x in self.res if x["age"] > 19]
        self.pool = {
            "jumin": self.res,
            "koseki": self.res,
            "zeimu": adults,
            "kokuho": adults + [x for x in self.res if x["age"] > 58],
            "fukushi": [x for h in poor for x in self.hh[h]],
            "kodomo": kids or self.res,
            "kaigo": [x for x in self.res if x["age"] >= 65],
            "minato": [x for x in self.res if x["b"] in hb],
        }

    def klass(self) -> list[Row]:
        """Return a class of residents that somebody might pay for."""
        r = self.r
        c = r.choice(["elder", "women", "single_parent", "foreign"])
        f: Callable[[Row], bool] = {
            "elder": lambda x: x["age"] >= 70 and "lives_alone" in x["tr"],
            "women": lambda x: 18 <= x["age"] < 40 and x["sex"] == "f" and "lives_alone" in x["tr"],
            "single_parent": lambda x: "single_parent" in x["tr"] and x["age"] >= 20,
            "foreign": lambda x: "foreign" in x["tr"],
        }[c]
        return [x for x in self.res if f(x)]

    def some(self, n: int) -> list[Row]:
        """Return some residents, at times of one household."""
        r = self.r
        u = r.random()
        if u < 0.4:
            x = r.choice(self.res)
            return (self.hh[x["h"]] + r.sample(self.res, n))[:n]
        return r.sample(self.res, n)
