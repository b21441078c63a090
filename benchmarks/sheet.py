"""A table of figures, for a terminal or as Markdown for a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import typer
from rich.console import Console
from rich.table import Table


class Sheet(NamedTuple):
    """Hold one table as text; the first column is a name, the others are figures."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def as_rich(self) -> Table:
        """Return the table for a terminal."""
        table = Table(title=self.title, title_justify="left")
        for place, name in enumerate(self.head):
            table.add_column(name, justify="right" if place else "left", no_wrap=not place)
        for row in self.rows:
            table.add_row(*row)
        return table

    def as_markdown(self) -> str:
        """Return the table for a README."""
        lines = ["| " + " | ".join(row) + " |" for row in (self.head, *self.rows)]
        lines.insert(1, "|---|" + "---:|" * (len(self.head) - 1))
        return "\n".join([f"**{self.title}**", "", *lines, ""])


def print_sheets(sheets: Iterable[Sheet], markdown: bool) -> None:
    """Print tables one after another."""
    console = Console()
    for sheet in sheets:
        if markdown:
            typer.echo(sheet.as_markdown())
        else:
            console.print(sheet.as_rich())
