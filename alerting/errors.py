"""The one error of everything that is sent out of the house: to people and to Kafka."""

from __future__ import annotations

from schemas.errors import MonomiError


class DeliveryError(MonomiError):
    """Say in one sentence why a receiver did not take what was sent.

    `permanent`: trying again as things are set will never succeed. `retry_after_s`: how long
    the receiver asked to be left alone, or None. The sentence holds no secret and nothing that
    the receiver wrote.
    """

    def __init__(
        self, sentence: str, *, permanent: bool = False, retry_after_s: float | None = None
    ) -> None:
        super().__init__("not_delivered", sentence)
        self.permanent = permanent
        self.retry_after_s = retry_after_s
