"""A message in words: title, facts, reasons and next step, and all of it as plain text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from alerting.channels.message import Message, Notice
from alerting.channels.phrases import PHRASES
from alerting.console.wording import moment


@dataclass(frozen=True)
class Wording:
    """Say a message in its receiver's language; every channel puts these parts in its form."""

    message: Message

    def say(self, key: str, **values: object) -> str:
        """Return a phrase with its values in place; raises KeyError on none such."""
        return PHRASES[self.message.language][key].format(**values)

    @cached_property
    def title(self) -> str:
        """Return the subject line."""
        if self.message.kind == "test":
            return self.say("test.title")
        if self.message.kind == "digest":
            return self._count("digest.title", len(self.message.notices))
        (notice,) = self.message.notices
        key = "alert.title.critical" if self.message.critical else "alert.title"
        return self.say(key, severity=self.severity(notice), section=self.section(notice))

    @property
    def lead(self) -> str:
        """Return the sentence that says what this is."""
        if self.message.occasion != "opened":
            return self.say(f"alert.lead.{self.message.occasion}")
        return self.say(f"{self.message.kind}.lead")

    @property
    def link(self) -> str:
        """Return the words of the link."""
        return self.say(f"link.{self.message.kind}")

    @property
    def next_step(self) -> str:
        """Return what the receiver shall do now; empty where nothing."""
        return self.say("next.critical" if self.message.critical else f"next.{self.message.kind}")

    @property
    def closing(self) -> str:
        """Return the sentence at the foot."""
        return self.say("closing")

    def severity(self, notice: Notice) -> str:
        """Return a severity in words."""
        return self.say(f"severity.{notice.severity}")

    def section(self, notice: Notice) -> str:
        """Return the section's name, or that it is unknown."""
        return notice.section or self.say("none.section")

    def facts(self, notice: Notice) -> list[tuple[str, str]]:
        """Return what is known of an alert, each with its label."""
        facts = [
            ("severity", self.severity(notice)),
            ("section", self.section(notice)),
            ("time", self._time(notice)),
            ("look_ups", self.say("fact.look_ups", count=f"{notice.look_ups:,}")),
        ]
        if notice.operator_id is not None:
            facts.append(("operator", notice.operator_id))
        return [(self.say(f"label.{name}"), value) for name, value in facts]

    def reasons(self, notice: Notice) -> list[str]:
        """Return the reasons, and how many more there are."""
        reasons = list(notice.reasons) or [self.say("none.reasons")]
        if notice.more_reasons:
            reasons.append(self.say("more_reasons", count=notice.more_reasons))
        return reasons

    def rows(self, most: int) -> list[str]:
        """Return a digest's alerts, one a line, at most so many, and how many more there are."""
        notices = self.message.notices
        rows = [self._row(notice) for notice in notices[:most]]
        if len(notices) > most:
            rows.append(self.say("digest.more", count=len(notices) - most))
        return rows

    def text(self, most_rows: int = 20) -> str:
        """Return the whole as plain text, the link at its end."""
        parts = [self.lead]
        if self.message.kind == "alert":
            (notice,) = self.message.notices
            parts.append("\n".join(f"{label}: {value}" for label, value in self.facts(notice)))
            parts.append(self.say("heading.reasons") + "\n" + _listed(self.reasons(notice)))
        elif self.message.kind == "digest":
            parts.append(_listed(self.rows(most_rows)))
        parts.append(f"{self.link}: {self.message.link}")
        parts.extend(filter(None, (self.next_step, self.closing)))
        return "\n\n".join(parts)

    def text_within(self, characters: int) -> str:
        """Return title and text in so many characters: fewer rows, then a cut before the link."""
        for most_rows in range(20, -1, -1):
            text = f"{self.title}\n\n{self.text(most_rows)}"
            if len(text) <= characters or self.message.kind != "digest":
                break
        if len(text) <= characters:
            return text
        end = f"…\n\n{self.link}: {self.message.link}\n\n{self.next_step}"
        return text[: characters - len(end)] + end

    def _row(self, notice: Notice) -> str:
        return self.say(
            "digest.row",
            time=self._time(notice),
            section=self.section(notice),
            severity=self.severity(notice),
            look_ups=self._count("look_ups", notice.look_ups),
            reason=self.reasons(notice)[0],
        )

    def _time(self, notice: Notice) -> str:
        return moment(notice.opened_at, self.message.zone, self.message.language)

    def _count(self, key: str, count: int) -> str:
        return self.say(f"{key}.{'one' if count == 1 else 'other'}", count=f"{count:,}")


def _listed(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
