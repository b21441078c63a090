"""What the list filters by, taken out of an alert once, when it is stored."""

from __future__ import annotations

import unicodedata
from typing import Any

from schemas.alerts import Alert

CONVERGENCE = "convergence"
"""The detector whose alerts are about many operators on one resident, one alert each."""


def summary_of(alert: Alert) -> dict[str, Any]:
    """Return the columns of the table of alerts that follow from a revision."""
    sentences = [words for reason in alert.reasons for words in _words(reason.summary)]
    many = any(reason.detector == CONVERGENCE for reason in alert.reasons)
    return {
        "severity": alert.severity,
        "operator_id": alert.operator_id,
        "section_id": alert.section_id,
        "supervisor_id": alert.supervisor_id,
        "resident_id": alert.resident_id,
        "convergence_on": alert.resident_id if many else None,
        "reasons_text": folded("\n".join(sentences)),
    }


def folded(text: str) -> str:
    """Return a text as it is searched: wide and narrow, capital and small letters alike.

    >>> folded("Ｌｏｏｋ-ＵＰ ｶﾀｶﾅ")
    'look-up カタカナ'
    """
    return unicodedata.normalize("NFKC", text).casefold()


def _words(summary: Any) -> tuple[str, str]:
    return summary.en, summary.ja
