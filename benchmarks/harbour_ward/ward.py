"""Make the harbour ward and write its files."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from datetime import timedelta

from benchmarks.harbour_ward.sections import SECTIONS, WD
from benchmarks.harbour_ward.session_kinds import SessionKinds
from benchmarks.harbour_ward.state import Operator, Row


class Ward(SessionKinds):
    """Hold the whole ward, from its residents to its files."""

    def make(self) -> None:
        """Make everything, in the order on which the chance of the seed depends."""
        self.residents()
        self.office()
        self.cast()
        self.plan()
        self.run()
        self.misuse()
        self.write()

    def write(self) -> None:
        """Write the events in the order of arrival, the context and the labels."""
        out = self.a.out
        (out / "context").mkdir(parents=True, exist_ok=True)
        for name, rows in (
            ("access.queries", self.q),
            ("presence.signins", self.si),
            ("presence.doors", self.do),
        ):
            rows.sort()
            with (
                (out / f"{name}.jsonl.gz").open("wb") as raw,
                gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=5, mtime=0, filename="") as f,
            ):
                f.write(("\n".join(x[2] for x in rows) + "\n").encode())
        self._dump("context/directory.operators.jsonl", map(self._operator_line, self.ops))
        self._dump("context/directory.sections.jsonl", map(self._section_line, SECTIONS))
        self._dump("context/directory.terminals.jsonl", self.term_info.values())
        self._dump("context/directory.residents.jsonl", map(_resident_line, self.res))
        cases = sorted(self.cases, key=lambda c: c["o"])
        self._dump("context/work.cases.jsonl", map(self._case_line, cases))
        self._dump("context/work.shifts.jsonl", self.shifts)
        self._dump("labels.jsonl", sorted(self.labels, key=lambda x: x["starts_at"]))

    def _dump(self, name: str, rows: Iterable[Row]) -> None:
        with (self.a.out / name).open("w", encoding="utf-8") as f:
            for x in rows:
                f.write(json.dumps(x, separators=(",", ":"), ensure_ascii=False) + "\n")

    def _day_text(self, d: int | None) -> str | None:
        return None if d is None else (self.start + timedelta(d)).isoformat()

    def _operator_line(self, o: Operator) -> Row:
        postings = []
        for p in sorted(o.posts + o.extra, key=lambda p: p["ra"]):
            ra, rb = p["ra"], p["rb"]
            if rb is not None and rb < ra:
                rb = ra
            sup = self.sup[p["sec"]]
            if sup == o.id:
                sup = self.heads[SECTIONS[p["sec"]][2]]
            postings.append(
                {
                    "section_id": p["sec"],
                    "role": p["role"],
                    "employment": p["emp"],
                    "functions": p["fns"],
                    "supervisor_id": sup,
                    "starts_on": self._day_text(ra),
                    "ends_on": self._day_text(rb),
                }
            )
        return {
            "operator_id": o.id,
            "resident_token": o.token,
            "household_id": o.house,
            "block_id": o.block,
            "trained_until": o.trained and o.trained.isoformat(),
            "assignments": postings,
        }

    def _section_line(self, k: str) -> Row:
        s = SECTIONS[k]
        hours = {w: ["08:30", "17:15"] for w in WD[:5]}
        if k in self.thu_late:
            hours["thu"] = ["08:30", "19:00"]
        return {
            "section_id": k,
            "name": {"en": s[0], "ja": s[1]},
            "head_id": self.heads[s[2]],
            "hours": hours,
            "openings": [
                {"date": self._day_text(d), "from": _clock(a), "to": _clock(b)}
                for d, (a, b) in sorted(self.openings[k].items())
            ],
        }

    def _case_line(self, c: Row) -> Row:
        return {
            **{k: v for k, v in c.items() if k not in "oc"},
            "opened_at": self.ts(c["o"]),
            "closed_at": self.ts(c["c"]) if c["c"] else None,
        }


def _clock(hours: float) -> str:
    return f"{int(hours):02d}:{round(hours % 1 * 60):02d}"


def _resident_line(x: Row) -> Row:
    return {
        "resident_id": x["id"],
        "household_id": x["h"],
        "block_id": x["b"],
        "protected": x["prot"],
        "public_figure": x["pub"],
        "traits": x["tr"],
    }
