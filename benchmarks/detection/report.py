"""What a nightly query reports, as alerts of the contract: so that all are measured alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from hashlib import blake2b
from typing import NamedTuple

from benchmarks.detection.facts import Fact
from schemas.alerts import MAX_EVENT_IDS, Alert, Reason
from schemas.record import Words

WARM_UP_DAYS = 30
"""Baselines keep silent as long as Monomi does: all are measured on the same days."""


class Finding(NamedTuple):
    """Hold one row of a report: what was counted of whom, on which look-ups.

    `subject` is the day or the resident that the row is about: rows of equal method, rule,
    operator and subject are revisions of one alert. `night_s` is when the row can be known.
    """

    method: str
    rule: str
    subject: str
    night_s: float
    risk: float
    observed: float
    expected: float
    evidence: Sequence[Fact]
    resident_id: str | None = None
    revision: int = 1


def alert_of(finding: Finding, zone: tzinfo) -> Alert:
    """Return a row as a revision of an alert, in its newest look-up's supervisor's budget."""
    last = finding.evidence[-1]
    operator_id = last.event.operator_id
    # A digest, so that ties, which go to the lower id, fall as by lot.
    name = f"{finding.method}\0{finding.rule}\0{operator_id}\0{finding.subject}".encode()
    night = datetime.fromtimestamp(finding.night_s, zone)
    words = f"{finding.rule}: {finding.observed:g}, usual at most {finding.expected:g}"
    return Alert(
        alert_id="bl-" + blake2b(name, digest_size=12).hexdigest(),
        revision=finding.revision,
        operator_id=operator_id,
        section_id=last.section_id,
        supervisor_id=last.supervisor_id,
        resident_id=finding.resident_id,
        opened_at=night,
        updated_at=night,
        first_event_at=datetime.fromtimestamp(min(f.event.at_s for f in finding.evidence), zone),
        severity="medium",
        risk=finding.risk,
        reasons=(
            Reason(
                detector=finding.rule,
                score=finding.risk,
                observed=finding.observed,
                expected=finding.expected,
                unit="",
                summary=Words(en=words, ja=words),
            ),
        ),
        event_ids=tuple(f.event.event_id for f in finding.evidence[-MAX_EVENT_IDS:]),
        event_count=len(finding.evidence),
        model_version=finding.method,
    )
