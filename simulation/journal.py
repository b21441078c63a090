"""The clock of the day: puts an operator's jobs one after another and writes what they leave."""

from __future__ import annotations

import random
from datetime import date

from simulation.casebook import CaseBook
from simulation.jobs import Case, Job, Mistyped, Record
from simulation.organisation import Section, Terminal
from simulation.presence import Presence, Session
from simulation.roster import Duty
from simulation.staff import Operator
from simulation.times import wall_ms


class Journal:
    """Write the records of all days; all jobs, honest or not, go through the same code.

    `occurred_at` stays local milliseconds and `case_id` a Case or a Mistyped until the ward
    is complete.
    """

    def __init__(self, rng: random.Random, sections: list[Section], casebook: CaseBook) -> None:
        self._rng, self._casebook = rng, casebook
        self.presence = Presence(rng, sections)
        self.look_ups: list[Record] = []

    def write_day(self, duty: Duty, jobs: list[Job]) -> None:
        """Write an operator's day: jobs in order of their times, none overlapping."""
        jobs.sort(key=lambda job: job.at_s)
        self._borrow(duty, jobs)
        times = self._times(jobs)
        sessions = self.presence.sessions(duty, [at_s for at in times for at_s in at])
        for job, at in zip(jobs, times, strict=True):
            self._write_job(duty.operator, duty.day, job, at, sessions)
        self.presence.write_day(duty, sessions)

    def write_away(self, operator: Operator, day: date, job: Job, terminal: Terminal) -> None:
        """Write a job done under an operator's id at a terminal that is not theirs, unseen."""
        times = self._times([job])[0]
        gap_s = self._rng.uniform(15, 60)
        session = self.presence.new_session(terminal, times[0] - gap_s, times[-1] + gap_s)
        self._write_job(operator, day, job, times, [session])
        self.presence.sign_in(operator, day, session, finger=False)

    def _times(self, jobs: list[Job]) -> list[list[float]]:
        """Return the second of the day of each act of each job."""
        free_s, times = 0.0, []
        for job in jobs:
            at_s = max(job.at_s, free_s)
            at = []
            for act in job.acts:
                at_s += act.gap_s
                at.append(at_s)
            times.append(at)
            free_s = at_s + self._rng.uniform(6, 40)
        return times

    def _borrow(self, duty: Duty, jobs: list[Job]) -> None:
        """Give jobs that use another's number that of a case from earlier, or of a colleague."""
        earlier: list[Case] = []
        section_id, operator_id = duty.assignment.section.section_id, duty.operator.operator_id
        for job in jobs:
            if job.borrows == "open_file":
                at_ms = wall_ms(duty.day, job.at_s)
                job.reference = self._casebook.of_another(self._rng, section_id, operator_id, at_ms)
            elif job.borrows and earlier:
                case = self._rng.choice(earlier)
                job.reference = Mistyped(case) if job.borrows == "mistyped" else case
            elif isinstance(job.reference, Case):
                earlier.append(job.reference)

    def _write_job(
        self, operator: Operator, day: date, job: Job, times: list[float], sessions: list[Session]
    ) -> None:
        if job.opens is not None:
            self._casebook.open(job.opens, wall_ms(day, times[0]), job.opens_after_s)
        for act, at_s in zip(job.acts, times, strict=True):
            session = sessions[-1] if at_s >= sessions[-1].starts_s else sessions[0]
            record = {
                "event_id": "",
                "occurred_at": wall_ms(day, at_s),
                "operator_id": operator.operator_id,
                "terminal_id": session.terminal.terminal_id,
                "session_id": session.session_id,
                "function": act.function,
                "action": act.action,
                "resident_id": act.resident_id,
                "search": act.search,
                "case_id": job.reference,
                "purpose": job.purpose,
                "copies": act.copies,
                "warning_overridden": act.warning_overridden,
            }
            self.look_ups.append(record)
            if job.sink is not None:
                job.sink.append(record)
