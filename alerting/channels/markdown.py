"""Markdown that shows a text as it is: no link, no emphasis, no call to all."""

from __future__ import annotations

import re

# No more than needed: some clients show a backslash that they need not have seen.
_SPECIAL = re.compile(r"([\\`*_\[\]<~])")
_MENTION = re.compile("@(?=[A-Za-z])")


def escaped(text: str) -> str:
    r"""Return a text on one line with all that Markdown would take for its own made harmless.

    >>> escaped("[here](http://x) *now*")
    '\\[here\\](http://x) \\*now\\*'
    """
    # A character of no width keeps @all from calling all.
    return _MENTION.sub("@\u200b", _SPECIAL.sub(r"\\\1", " ".join(text.split())))


def bullets(lines: list[str]) -> str:
    """Return lines as a list."""
    return "\n".join(f"- {escaped(line)}" for line in lines)
