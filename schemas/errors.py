"""The few errors that Monomi raises on purpose, each with a code and a sentence for its reader."""

from __future__ import annotations


class MonomiError(Exception):
    """Stop a command with a stable code and one sentence that says what to do.

    The command line prints the sentence on standard error and exits with 1.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence

    def __str__(self) -> str:
        return f"{self.sentence} [{self.code}]"


class MalformedError(MonomiError):
    """Refuse one record: it goes whole to the dead letters, and the stream goes on."""
