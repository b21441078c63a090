"""Commit the kinds of misuse in the harbour ward that are about who is where."""

from __future__ import annotations

from typing import Any

from benchmarks.harbour_ward.bulk_kinds import BulkKinds
from benchmarks.harbour_ward.misuse import Found
from benchmarks.harbour_ward.sections import DAY, SECTIONS, H
from benchmarks.harbour_ward.state import Operator, Row


class SessionKinds(BulkKinds):
    """Hold misuse of sessions, accounts and nights."""

    def foreign_session(
        self,
        o: Operator,
        d: int,
        t: float,
        k: str,
        n: int,
        xs: list[Row],
        fn: str,
        method: str = "password",
        doors: bool = False,
        sid: str | None = None,
        term: str | None = None,
        **kw: Any,
    ) -> list[str]:
        """Hold a session outside the operator's own day."""
        r = self.r
        if term is None:
            free = [x for x in self.terms[k] if x not in self.used[d]] or self.terms[k][-1:]
            term = r.choice(free)
            self.used[d].add(term)
        if doors:
            self.doors(o, t - 60, k, "in", 0.1)
        own = sid is None
        if own:
            sid, method = self.logon(o, t, term, method)
        ids: list[str] = []
        t += r.uniform(20, 120)
        for x in xs[:n]:
            if self.covered(o, x, t):
                continue
            got, t2 = self.look(o, t, (term, sid), x, fn, **kw)
            for i in got:
                self.when[i] = t
            ids += got
            t = t2 + r.uniform(10, 150)
        if own and r.random() < 0.7:
            self.signin(o, t + 30, term, sid, method, "sign_out")
        if doors:
            self.doors(o, t + 60, k, "out", 0.1)
        return ids

    def k_shared_id(self, o: Operator) -> Found:
        """Let another use the session or password: elsewhere, on leave, or at lunch."""
        r = self.r
        ids: list[str] = []
        mode = r.choice(["elsewhere", "leave", "left", "elsewhere"])
        for _ in range(r.choice([1, 1, 2, 3, 5])):
            n = r.choice([1, 2, 3, 5, 10])
            xs = self.some(n)
            got = self._on_leave(o, n, xs) if mode == "leave" else None
            if mode == "leave" and got is None:
                mode = "elsewhere"
            if got is None:
                ds = self.wdays(o)
                if not ds:
                    return None, []
                got = self._at_lunch(o, ds, n, xs) if mode == "left" else None
                if got is None:
                    got = self._elsewhere_than(o, r.choice(ds), n, xs)
            ids += got
        return None, ids

    def _on_leave(self, o: Operator, n: int, xs: list[Row]) -> list[str] | None:
        r = self.r
        ds = [d for d in range(40, self.days) if d in o.leave and not self.is_closed(d)]
        ds = [d for d in ds if o.post(d) and d not in o.log]
        if not ds:
            return None
        d = r.choice(ds)
        p = o.post(d) or {}
        t = d * DAY + r.uniform(9, 16.5) * H
        return self.foreign_session(o, d, t, p["sec"], n, xs, p["fns"][0])

    def _at_lunch(self, o: Operator, ds: list[int], n: int, xs: list[Row]) -> list[str] | None:
        r = self.r
        outs = {d: o.log[d]["outs"][0] for d in ds if o.log[d]["outs"]}
        dd = [d for d, (a, b) in outs.items() if b - a > 1200]
        if not dd:
            return None
        d = r.choice(dd)
        (a, b), log = outs[d], o.log[d]
        s = log["sess"][0]
        t = r.uniform(a + 120, b - 700)
        fn = log["fns"][0]
        return self.foreign_session(o, d, t, log["sec"], min(n, 4), xs, fn, sid=s[3], term=s[2])

    def _elsewhere_than(self, o: Operator, d: int, n: int, xs: list[Row]) -> list[str]:
        r = self.r
        log = o.log[d]
        site = SECTIONS[log["sec"]][2]
        here = r.random() < 0.35
        k = log["sec"] if here else r.choice([k for k in SECTIONS if SECTIONS[k][2] != site])
        same = r.random() < 0.3
        t = self.slot(o, d)
        sid = self.at(log["sess"], t)[1] if same else None
        return self.foreign_session(o, d, t, k, n, xs, log["fns"][0], sid=sid)

    def k_expired(self, o: Operator) -> Found:
        """Use the account after the contract, or out of a long leave."""
        r = self.r
        lo = max(40, o.ended + r.randint(3, 25))
        hi = min(self.days, o.away[1]) if o.away else self.days
        ds = [d for d in range(lo, hi) if not self.is_closed(d) and d not in o.log]
        if not ds:
            return None, []
        ids = []
        p = o.posts[0]
        for d in sorted(r.sample(ds, min(len(ds), r.choice([1, 2, 3, 4])))):
            n = r.choice([1, 2, 4, 9])
            ids += self.foreign_session(
                o,
                d,
                d * DAY + r.uniform(8.7, 18) * H,
                p["sec"],
                n,
                self.some(n),
                p["fns"][0],
                method=r.choice(["password", "card", "fingerprint"]),
                doors=r.random() < 0.5,
            )
        return None, ids

    def k_night(self, o: Operator) -> Found:
        """Come back after hours without a shift."""
        r = self.r
        ids = []
        ds = self.wdays(o)
        for d in sorted(r.sample(ds, min(len(ds), r.choice([1, 2, 3, 5])))):
            log = o.log[d]
            t = d * DAY + r.uniform(20.5, 23.2) * H
            if t < log["span"][1] + 3000:
                continue
            n = r.choice([2, 4, 8, 14])
            ids += self.foreign_session(
                o,
                d,
                t,
                log["sec"],
                n,
                self.some(n),
                log["fns"][0],
                method=o.finger,
                doors=r.random() < 0.7,
                term=log["sess"][-1][2],
            )
        return None, ids

    def misuse(self) -> None:
        """Commit all cases; one that does not come off is undone and tried again."""
        for kind, o in self.insiders:
            for i in range(8):
                marks = len(self.q), len(self.si), len(self.do)
                x, ids = getattr(self, "k_" + kind)(o)
                few = len(ids) < 2 and kind not in ("bulk_export", "shared_id", "expired")
                if (i == 7 or not few) and self.label(kind, o, x, ids):
                    break
                # Nothing half done stays.
                del self.q[marks[0] :], self.si[marks[1] :], self.do[marks[2] :]
