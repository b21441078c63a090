"""Single bars: observed against expected on one scale, and a share of a whole."""

from __future__ import annotations

from markupsafe import Markup

from alerting.console.drawing.svg import chart, element, percent

_LEAST = 0.012  # a bar of nothing is still seen


def bars(observed: float, expected: float, text: str) -> Markup:
    """Draw a reason's two figures, the observed one above."""
    most = max(abs(observed), abs(expected)) or 1.0
    return chart(
        "bars",
        18,
        text,
        _bar("observed", observed / most, 1),
        _bar("expected", expected / most, 11),
    )


def share_bar(share: float, text: str) -> Markup:
    """Draw a share of a whole."""
    return chart("bars", 10, text, _bar("expected", 1.0, 2), _bar("observed", share, 2))


def _bar(kind: str, share: float, y: int) -> Markup:
    width = percent(max(_LEAST, min(1.0, abs(share))))
    return element("rect", class_=kind, x=0, y=y, width=width, height=6, rx=1)
