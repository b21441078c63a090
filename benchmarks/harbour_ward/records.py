"""Write down what happens: look-ups, sign-ins, doors, shifts and cases."""

from __future__ import annotations

import json
import math

from benchmarks.harbour_ward.sections import DAY, SECTIONS, H
from benchmarks.harbour_ward.state import Arrival, Operator, Row, Seat, State

SEARCH_KINDS = ("name", "birthdate", "resident_id", "address", "my_number")


class Records(State):
    """Write records; a few arrive late or twice."""

    def put(self, out: list[Arrival], t: float, rec: Row) -> None:
        """Keep one record with the time of its arrival."""
        r = self.r
        arrive = t
        u = r.random()
        if u < 0.002:
            arrive = t + (r.uniform(60, 3 * H) if r.random() < 0.93 else r.uniform(0.2, 5) * DAY)
        if (
            self.outage
            and rec.get("terminal_id", "").startswith(self.outage[2])
            and self.outage[0] < t < self.outage[1]
        ):
            arrive = self.outage[1] + (t - self.outage[0]) / 50
        rec["occurred_at"] = self.ts(t)
        line = json.dumps(rec, separators=(",", ":"), ensure_ascii=False)
        self.n += 1
        out.append((arrive, self.n, line))
        if u > 0.9988:
            self.n += 1
            out.append((arrive + r.choice([0.2, 2, 30, 400, 5000]), self.n, line))

    def rec(
        self,
        o: Operator,
        t: float,
        term: str,
        sid: str | None,
        fn: str,
        action: str,
        res: str | None = None,
        search: Row | None = None,
        case: str | None = None,
        purpose: str | None = None,
        copies: int | None = None,
        over: bool = False,
    ) -> str:
        """Write one act at a terminal and return its event id."""
        eid = f"q-{self.r.getrandbits(60):015x}"
        rec: Row = {
            "event_id": eid,
            "occurred_at": "",
            "operator_id": o.id,
            "terminal_id": term,
            "session_id": sid,
            "function": fn,
            "action": action,
            "resident_id": res,
        }
        if search:
            rec["search"] = search
        if case:
            rec["case_id"] = case
        if purpose:
            rec["purpose"] = purpose
        if copies is not None:
            rec["copies"] = copies
        if over:
            rec["warning_overridden"] = True
        t = round(t + self.term_skew[term], 3)
        self.put(self.q, t, rec)
        self.etime[eid] = t
        return eid

    def look(
        self,
        o: Operator,
        t: float,
        s: Seat,
        x: Row,
        fn: str,
        case: str | None = None,
        purpose: str | None = None,
        prints: int = 0,
        update: bool = False,
        search: bool | None = None,
        skind: str | None = None,
        wild: bool = False,
        hits: int | None = None,
        seq: bool = False,
        over: bool | None = None,
    ) -> tuple[list[str], float]:
        """Do one honest-shaped look-up of a resident; return its event ids and its end."""
        r = self.r
        term, sid = s
        ids: list[str] = []
        if search is None:
            search = r.random() < 0.72
        if over is None:
            over = x["prot"] and r.random() < 0.7
        warned = bool(over)

        def note(action: str, copies: int | None = None) -> None:
            ids.append(
                self.rec(o, t, term, sid, fn, action, x["id"], None, case, purpose, copies, warned)
            )

        if search:
            sd = self._terms(o, skind, wild, hits, seq)
            if term.startswith("t-minato") and not wild:
                ids.append(
                    self.rec(
                        o, t, term, sid, fn, "search", x["id"], sd, case, purpose, None, warned
                    )
                )
                t += r.uniform(8, 40)
                if not (prints or update or r.random() < 0.3):
                    return ids, t
            else:
                ids.append(self.rec(o, t, term, sid, fn, "search", None, sd, case, purpose))
                t += r.uniform(3, 22)
                note("view")
        else:
            note("view")
        if prints:
            t += r.uniform(15, 90)
            note("print", prints)
        if update:
            t += r.uniform(40, 240)
            note("update")
        return ids, t + r.uniform(5, 40)

    def _terms(
        self, o: Operator, skind: str | None, wild: bool, hits: int | None, seq: bool
    ) -> Row:
        r = self.r
        k = skind or r.choices(SEARCH_KINDS, [50, 20, 16, 10, 4])[0]
        if "address" in o.odd and r.random() < 0.3:
            k = "address"
        if hits is None and k in ("resident_id", "my_number"):
            hits = 1
        elif hits is None:
            usual = [60, 18, 10, 8, 4]
            hits = r.randint(3, 45) if wild else r.choices([1, 2, 3, 5, 9], usual)[0]
        sd: Row = {"kind": k, "wildcard": bool(wild), "hits": hits}
        if seq:
            sd["sequential"] = True
        return sd

    def signin(
        self,
        o: Operator,
        t: float,
        term: str,
        sid: str | None,
        method: str | None = None,
        outcome: str = "success",
    ) -> None:
        """Write one sign-in, failed try or sign-out; a few are lost."""
        if outcome != "failure" and self.r.random() < 0.004:
            return
        self.put(
            self.si,
            t + self.skew_si + self.r.gauss(0, 0.6) + 12 * math.sin(t / DAY / 20),
            {
                "event_id": f"s-{self.r.getrandbits(60):015x}",
                "occurred_at": "",
                "operator_id": o.id,
                "terminal_id": term,
                "session_id": sid,
                "method": method or o.finger,
                "outcome": outcome,
            },
        )

    def logon(self, o: Operator, t: float, term: str, method: str | None = None) -> tuple[str, str]:
        """Sign in, after failed tries or not; return the session and the method."""
        r = self.r
        sid = f"ses-{r.getrandbits(44):011x}"
        m = method or ("password" if "pw" in o.odd and r.random() < 0.6 else o.finger)
        if m == "fingerprint" and r.random() < 0.05:
            for i in range(r.choice([1, 1, 2, 3])):
                self.signin(o, t - 25 + i * 6, term, None, m, "failure")
            if r.random() < 0.45:
                m = "password"
        self.signin(o, t, term, sid, m)
        return sid, m

    def door(self, o: Operator, t: float, zone: str, way: str) -> None:
        """Write one passage."""
        self.put(
            self.do,
            t + self.skew_door.get(zone, 0),
            {
                "event_id": f"d-{self.r.getrandbits(60):015x}",
                "occurred_at": "",
                "operator_id": o.id,
                "zone_id": zone,
                "direction": way,
            },
        )

    def doors(self, o: Operator, t: float, k: str, way: str, p_drop: float = 0.03) -> None:
        """Pass the entrance and the section's door."""
        r = self.r
        site = SECTIONS[k][2]
        seq = [f"z-{site}-entrance", f"z-{site}-{k}"]
        t0 = t - r.uniform(120, 400) if way == "in" else t + r.uniform(20, 90)
        if way == "out":
            seq.reverse()
        for z in seq:
            if r.random() > p_drop:
                self.door(o, t0, z, way)
            t0 += r.uniform(30, 100)

    def shift(self, o: Operator, a: float, b: float, kind: str) -> None:
        """Write one shift."""
        self.shifts.append(
            {
                "shift_id": f"sh-{len(self.shifts) + 1:06d}",
                "operator_id": o.id,
                "starts_at": self.ts(a),
                "ends_at": self.ts(b),
                "kind": kind,
            }
        )

    def case(
        self,
        k: str,
        fn: str,
        resids: list[str],
        opsids: list[str],
        opened: float,
        dur: float | None,
    ) -> Row:
        """Open a case and return it."""
        self.case_n[k] += 1
        number = self.case_n[k] * 7 % 1000000 + 100000
        c: Row = {
            "case_id": f"{k[:3].upper()}{self.date(0).year % 100}-{number:06d}",
            "section_id": k,
            "functions": [fn],
            "resident_ids": resids,
            "assigned_to": opsids,
            "o": opened,
            "c": opened + dur if dur else None,
        }
        self.cases.append(c)
        self.sec_cases[k].append(c)
        for o in opsids:
            self.op_cases[o].append(c)
        for x in resids:
            self.res_cases[x].append(c)
        return c

    def typo(self, cid: str) -> str:
        """Return a case number typed in wrong."""
        r = self.r
        s = list(cid)
        i = r.randrange(len(s) - 6, len(s))
        if r.random() < 0.5 and i + 1 < len(s):
            s[i], s[i + 1] = s[i + 1], s[i]
        else:
            s[i] = str(r.randrange(10))
        return "".join(s)
