"""Whether one text holds another, in the words of either database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class Holds(FunctionElement[bool]):
    """Say that a column's text holds another text, letter for letter.

    LIKE says so too, but looks for a pattern: PostgreSQL takes three times as long.
    """

    name = "holds"
    type = Boolean()
    inherit_cache = True

    def __init__(self, column: Column[Any], text: str) -> None:
        super().__init__(column, text)


@compiles(Holds)
def _instr(element: Holds, compiler: SQLCompiler, **kw: Any) -> str:
    return f"instr({compiler.process(element.clauses, **kw)}) > 0"


@compiles(Holds, "postgresql")
def _strpos(element: Holds, compiler: SQLCompiler, **kw: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **kw)}) > 0"
