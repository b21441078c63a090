"""Templates and the catalogue together: views in, HTML out, everything escaped."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from alerting.console.messages import LANGUAGES, Language, Messages
from alerting.console.views import Viewer
from alerting.directory import Directory
from alerting.store import Listed

_TEMPLATES = Path(__file__).parent / "templates"
_BARE = {"nav": (), "person": None, "language_href": "", "done": None}
"""What the frame of a page shows where no route says otherwise."""


class Pages:
    """Render the console's pages in either language; `directory` names the sections."""

    def __init__(self, zone: ZoneInfo, directory: Directory | None = None) -> None:
        self.zone = zone
        self._viewers = {
            language: Viewer(Messages(language), zone, directory or Directory())
            for language in LANGUAGES
        }
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            # Ids and sentences come from Kafka, and whoever can write there is not trusted.
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def viewer(self, language: Language) -> Viewer:
        """Return what puts alerts in words in a language."""
        return self._viewers[language]

    def card(self, language: Language, listed: Listed, *, matches: bool = True) -> str:
        """Return one alert as the list shows it; `matches`: its filters still let it through."""
        alert = self._viewers[language].alert(listed)
        return self.render("card.html", language, alert=alert, matches=matches)

    def not_found(self, language: Language) -> str:
        """Return the page that says that there is no such thing."""
        return self.render("not_found.html", language)

    def render(self, template: str, language: Language, **values: object) -> str:
        """Return a template with these values and the frame's."""
        return self._environment.get_template(template).render(
            _BARE
            | {
                "say": self._viewers[language].say,
                "language": language,
                "other_language": "en" if language == "ja" else "ja",
                "zone": self.zone.key,
            }
            | values
        )
