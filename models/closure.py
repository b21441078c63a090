"""Days on which every section is closed: each year's own, and single ones."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from schemas.record import Day

_A_LEAP_YEAR = 2000


def _real_month_day(text: str) -> str:
    try:
        if re.fullmatch(r"\d\d-\d\d", text, re.ASCII):
            datetime.date.fromisoformat(f"{_A_LEAP_YEAR}-{text}")
            return text
    except ValueError:
        pass
    raise PydanticCustomError("allowed", "a month and day from 01-01 to 12-31")


MonthDay = Annotated[str, AfterValidator(_real_month_day)]
"""A day of every year, `MM-DD`; such texts compare as the days do."""


class Closure(BaseModel):
    """Hold a span of every year, both ends included, or one dated day.

    >>> NEW_YEAR.covers(datetime.date(2015, 1, 3)), NEW_YEAR.covers(datetime.date(2015, 1, 4))
    (True, False)
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    from_: MonthDay | None = Field(
        None, alias="from", description="First day of a yearly closure, month and day"
    )
    to: MonthDay | None = Field(
        None, description="Its last day, included; before the first, it is in the next year"
    )
    date: Day | None = Field(None, description="A closure of this one day")

    @model_validator(mode="after")
    def _is_a_span_or_a_day(self) -> Self:
        given = (self.from_ is not None, self.to is not None, self.date is not None)
        if given not in ((True, True, False), (False, False, True)):
            raise PydanticCustomError(
                "allowed", 'a span of every year {from="MM-DD", to="MM-DD"} or a day {date=…}'
            )
        return self

    def covers(self, day: datetime.date) -> bool:
        """Return whether a day belongs to the closure."""
        if self.from_ is None or self.to is None:
            return day == self.date
        month_day = f"{day:%m-%d}"
        if self.from_ <= self.to:
            return self.from_ <= month_day <= self.to
        return month_day >= self.from_ or month_day <= self.to


NEW_YEAR = Closure.model_validate({"from": "12-29", "to": "01-03"})
"""Japanese offices close from 29 December to 3 January by ordinance."""
