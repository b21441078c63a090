"""SVG elements as escaped markup."""

from __future__ import annotations

from markupsafe import Markup, escape


def element(name: str, *children: Markup | str, **attributes: object) -> Markup:
    """Return an element; `class_` is its class, and `_` in names of attributes stands for `-`.

    >>> element("text", "<", class_="tick", x="5%")
    Markup('<text class="tick" x="5%">&lt;</text>')
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
    )
    inside = Markup("").join(children)
    return Markup(f"<{name}{written}>{inside}</{name}>")


def chart(
    kind: str, height: int, text: str, *children: Markup, interactive: bool = False
) -> Markup:
    """Return a chart of a height in pixels, as wide as its place, with its text alternative.

    An interactive one has links in it, and is a group instead of an image.
    """
    return element(
        "svg",
        element("title", text),
        *children,
        class_=f"chart {kind}",
        width="100%",
        height=height,
        role="group" if interactive else "img",
        aria_label=text,
    )


def percent(share: float) -> str:
    """Return a share from 0 to 1 as a place in percent.

    >>> percent(0.12345)
    '12.35%'
    """
    return f"{100 * share:.2f}%"


def block(kind: str, left: float, width: float, y: float, height: float) -> Markup:
    """Return a rectangle, in shares from left to right and pixels from above."""
    return element(
        "rect",
        class_=kind,
        x=percent(left),
        y=round(y, 1),
        width=percent(width),
        height=round(height, 1),
    )


def anchor(share: float) -> str:
    """Return how a label at this place is anchored, so that it stays inside the chart."""
    if share < 0.04:
        return "start"
    return "end" if share > 0.96 else "middle"


def label(share: float, y: float, text: str, kind: str = "tick") -> Markup:
    """Return a label at a place from left to right."""
    return element("text", text, class_=kind, x=percent(share), y=y, text_anchor=anchor(share))
