"""Every word of the console, in both languages, by key: a file for each page."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from alerting.console.words import (
    absences,
    access,
    advice,
    alert,
    alerts,
    around,
    detectors,
    sections,
    shell,
    steps,
    story,
)

_PAGES = (
    *(shell, access, alerts, alert, around, steps, story),
    *(advice, sections, absences, detectors),
)

EN: Mapping[str, str] = dict(chain.from_iterable(page.EN.items() for page in _PAGES))
JA: Mapping[str, str] = dict(chain.from_iterable(page.JA.items() for page in _PAGES))
