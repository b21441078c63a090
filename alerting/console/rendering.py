"""Templates and the catalogue together: views in, HTML out, everything escaped."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from alerting.console.messages import LANGUAGES, Language, Messages
from alerting.console.views import Viewer
from alerting.store import Stored

_TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """Render the console's pages in either language."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._viewers = {language: Viewer(Messages(language), zone) for language in LANGUAGES}
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            # Ids and sentences come from Kafka, and whoever can write there is not trusted.
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def alerts(self, language: Language, current: list[Stored], row: int, state: str) -> str:
        """Return the list; `row` is the newest row that it includes, `state` the feed's."""
        viewer = self._viewers[language]
        return self._render(
            "alerts.html", language, alerts=[viewer.alert(s) for s in current], row=row, state=state
        )

    def card(self, language: Language, stored: Stored) -> str:
        """Return one alert as the list shows it."""
        return self._render("card.html", language, alert=self._viewers[language].alert(stored))

    def alert(self, language: Language, revisions: list[Stored]) -> str:
        """Return the page of one alert, from all its revisions, the newest first."""
        viewer = self._viewers[language]
        return self._render(
            "alert.html",
            language,
            alert=viewer.alert(revisions[0]),
            revisions=[viewer.revision(stored) for stored in revisions],
        )

    def not_found(self, language: Language) -> str:
        """Return the page that says that there is no such alert."""
        return self._render("not_found.html", language)

    def _render(self, template: str, language: Language, **values: object) -> str:
        return self._environment.get_template(template).render(
            say=self._viewers[language].say,
            language=language,
            other_language="en" if language == "ja" else "ja",
            zone=self._zone.key,
            **values,
        )
