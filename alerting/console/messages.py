"""The console speaks: the catalogue's words with their values, and the choice of a language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from markupsafe import Markup

from alerting.console.words import EN, JA

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, ...] = ("ja", "en")
DEFAULT_LANGUAGE: Language = "ja"

CATALOGUE: Mapping[Language, Mapping[str, str]] = {"en": EN, "ja": JA}


class Messages:
    """Speak one language of the catalogue."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._texts = CATALOGUE[language]

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of a key with its values in place; raises KeyError on none such."""
        return self._texts[key].format(**values)

    def marked(self, key: str, **values: object) -> Markup:
        """Return the text of a key as markup, its values escaped, and as ids where they are."""
        ids = {name: Markup('<span class="id">{}</span>').format(v) for name, v in values.items()}
        return Markup(self._texts[key]).format(**ids)

    def known(self, key: str, otherwise: str) -> str:
        """Return the text of a key that a record's own word makes, else that word itself."""
        return self._texts.get(key, otherwise)

    def count(self, key: str, count: int) -> str:
        """Return the text for one or for another number of things."""
        return self(f"{key}.{'one' if count == 1 else 'other'}", count=f"{count:,}")


def choose_language(asked: str | None, kept: str | None, accepted: str) -> Language:
    """Return the language asked for, else the one kept, else the browser's, else Japanese.

    `accepted` is the header Accept-Language; what it ranks highest of ours holds.

    >>> choose_language(None, None, "fr, en-GB;q=0.8, ja;q=0.5")
    'en'
    """
    for wish in (asked, kept):
        for language in LANGUAGES:
            if wish == language:
                return language
    ranked = sorted(accepted.split(","), key=_quality, reverse=True)
    for item in ranked:
        for language in LANGUAGES:
            if item.strip().lower().partition(";")[0].partition("-")[0] == language:
                return language
    return DEFAULT_LANGUAGE


def _quality(item: str) -> float:
    weight = item.replace(" ", "").partition(";q=")[2]
    try:
        return float(weight or 1)
    except ValueError:
        return 0.0
