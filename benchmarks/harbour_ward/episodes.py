"""Do the pieces of honest work of which the days of the harbour ward consist."""

from __future__ import annotations

from benchmarks.harbour_ward.sections import DAY, SECTIONS, H
from benchmarks.harbour_ward.state import Operator, Row, Seat, Session
from benchmarks.harbour_ward.visitors import Visitors


class Episodes(Visitors):
    """Hold tickets, calls, files and returned mail."""

    def episode(
        self,
        o: Operator,
        t: float,
        s: Seat,
        k: str,
        j: str | None,
        x: Row | None,
        newbie: bool,
        after: bool,
    ) -> float:
        """Do one piece of honest work: a ticket, a call or a file; return when it ends."""
        r = self.r
        sec = SECTIONS[k]
        inq = [f for f in sec[8] if f.endswith((".inquiry", ".case", ".income"))]
        often = 0.05 + (0.06 if newbie else 0) + (0.05 if k == "minato" else 0)
        wild = r.random() < (0.25 if "wild" in o.odd else often)
        if not j:
            w = [sec[5], sec[6], sec[7]]
            if after:
                w = [w[0] * 0.08, w[1] * 0.05, w[2] + 0.4]
            j = r.choices(["ticket", "phone", "back"], w)[0]
        t = self._misses(o, t, s, inq, wild, newbie)
        if j == "back":
            ended = self._file(o, t, s, k, inq)
            if ended is not None:
                return ended
            j = "ticket"
        if x is None:
            x = self.visitor(o, k)
            for _ in range(12 if j == "phone" else 4):
                if x["id"] not in o.met or r.random() < 0.02:
                    break
                x = self.visitor(o, k)
        if j in ("phone", "call"):
            return self._phone(o, t, s, k, j, x, inq, wild)
        return self._ticket(o, t, s, k, x, wild, newbie)

    def _misses(
        self, o: Operator, t: float, s: Seat, inq: list[str], wild: bool, newbie: bool
    ) -> float:
        """Search and find nobody, or open the wrong namesake, at times."""
        r = self.r
        if r.random() < (0.22 if newbie else 0.07):
            fn = r.choice(inq)
            kind = r.choice(["name", "name", "birthdate", "address"])
            wide = wild or r.random() < 0.1
            sd: Row = {"kind": kind, "wildcard": wide, "hits": r.choice([0, 0, 0, 12, 55, 140])}
            self.rec(o, t, s[0], s[1], fn, "search", None, sd)
            t += r.uniform(8, 40)
        if r.random() < (0.035 if newbie else 0.009):
            wrong, fn, hits = r.choice(self.res), r.choice(inq), r.randint(2, 9)
            _, t = self.look(o, t, s, wrong, fn, hits=hits, skind="name", search=True)
        return t

    def _file(self, o: Operator, t: float, s: Seat, k: str, inq: list[str]) -> float | None:
        """Take up a file again; None where there is none."""
        r = self.r
        own = self.op_cases[o.id]
        cs = own if own and r.random() < 0.75 else self.sec_cases[k]
        if not cs:
            return None
        c = self._taken_up(k, cs)
        if c["c"] is not None and c["c"] + 30 * DAY < t:  # long after it closed
            if c["resident_ids"][0] in o.met and r.random() < 0.85:
                c = cs[-1]
            o.met.update(c["resident_ids"])
        given = r.random() < (0.5 if "lazy_case" in o.odd else 0.86) and c["o"] < t
        cid = c["case_id"] if given else None
        if cid and r.random() < 0.015:
            cid = self.typo(cid)
        fn = r.choice(SECTIONS[k][8])
        for rid in c["resident_ids"][: r.choice([1, 1, 2, 5])]:
            search = r.random() < 0.35
            update = fn.endswith("entry") and r.random() < 0.5
            prints = 1 if r.random() < 0.08 else 0
            _, t = self.look(
                o, t, s, self.R[rid], fn, cid, search=search, update=update, prints=prints
            )
        if r.random() < 0.06 and c["resident_ids"][0] not in o.met:
            house = self.hh[self.R[c["resident_ids"][0]]["h"]]
            o.met.update(m["id"] for m in house)
            for m in house[:4]:
                _, t = self.look(o, t, s, m, r.choice(inq), cid, search=False)
        return t

    def _taken_up(self, k: str, cs: list[Row]) -> Row:
        r = self.r
        u = r.random()
        if u < (0.9 if k == "koseki" else 0.68):
            return cs[-1 - min(len(cs) - 1, int(r.expovariate(1 / 25)))]
        if u < 0.96:
            return cs[-1 - min(len(cs) - 1, int(r.expovariate(1 / 150)))]
        return r.choice(cs)

    def _phone(
        self, o: Operator, t: float, s: Seat, k: str, j: str, x: Row, inq: list[str], wild: bool
    ) -> float:
        r = self.r
        o.met.update(m["id"] for m in self.hh[x["h"]])
        fn = r.choice(inq)
        pr = 1 if r.random() < (0.15 if "prints" in o.odd else 0.03) else 0
        t0 = t
        purpose = "phone" if r.random() < 0.5 else None
        _, t = self.look(o, t, s, x, fn, purpose=purpose, wild=wild and j == "phone", prints=pr)
        wide = 0.25 if "household" in o.odd else 0.10
        if r.random() < (0.02 if j == "call" else wide):
            for m in self.hh[x["h"]]:
                if m is not x and r.random() < 0.7:
                    _, t = self.look(o, t, s, m, fn, search=False)
        if j == "phone" and r.random() < 0.12:  # becomes a case
            about, opened = r.choice(SECTIONS[k][8]), t0 + r.uniform(120, 5 * H)
            dur = r.choice([None, r.expovariate(1 / (6 * DAY)) + 600])
            self.case(k, about, [x["id"]], [o.id], opened, dur)
        return t

    def mailing(self, o: Operator, d: int, k: str, sess: list[Session], times: list[float]) -> None:
        """Go through returned mail in an afternoon, without cases."""
        r = self.r
        t = d * DAY + 13.2 * H
        end = d * DAY + 16.6 * H
        n = r.randint(110, 360)
        pool = [x for x in self.pool[k] if x["id"] not in o.met or r.random() < 0.03]
        xs = (
            sorted(r.sample(pool, min(n, len(pool))), key=lambda x: x["b"])
            if r.random() < 0.6
            else r.sample(pool, min(n, len(pool)))
        )
        gap = (end - t) / n
        style = r.random()
        for x in xs:
            o.met.add(x["id"])
            s = self.at(sess, t)
            _, t2 = self.look(
                o,
                t,
                s,
                x,
                "juminhyo.inquiry",
                None,
                "returned_mail" if style < 0.6 else None,
                search=r.random() < 0.5,
                skind=r.choice(["name", "resident_id", "address"]),
            )
            if r.random() < 0.12:
                for m in self.hh[x["h"]][:2]:
                    if m is not x:
                        _, t2 = self.look(o, t2, s, m, "juminhyo.inquiry", search=False)
            t = max(t2, t + r.expovariate(1 / gap) * 0.6 + 4)
            times.append(t)
            if t > d * DAY + 17 * H:
                break
