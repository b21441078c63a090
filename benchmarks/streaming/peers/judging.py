"""The product's own detectors for a peer: one lookout over whatever store the peer has.

It goes to the peers' good: one lookout over all partitions waits for nobody at a cut, an
operator is read from the store once and held, and the peers begin with an empty store, in which
there is nothing to scan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from models.calendar import Calendar
from models.ledger import Ledger
from models.lookout import Lookout
from models.memory import Memory
from models.policy_file import load_policy
from models.recordings import Fault, load_context
from models.replay import advance_alone
from schemas.alerts import Alert, Evidence
from schemas.errors import MonomiError
from schemas.events import EVENT_DECODERS

_ZONE = ZoneInfo("Asia/Tokyo")


Reads = Callable[[bytes], bytes | None]
"""Return a key's value, None where there is none."""


class _Store:
    def __init__(self, read: Reads) -> None:
        self.get = read

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:  # noqa: ARG002
        """Yield nothing: the store was empty when the peer began."""
        return iter(())


class Judging:
    """Judge look-ups; what changed is the peer's to keep, what was raised the peer's to send."""

    def __init__(self, context: Path, policy_file: Path | None, read: Reads) -> None:
        policy = load_policy(policy_file)
        calendar = Calendar(_ZONE, policy.closures)
        self._memory = Memory(_Store(read))
        self._lookout = Lookout(self._memory, load_context(context, _refuse), policy, calendar)
        self._ledger = Ledger(partitions=1)
        self._decode = EVENT_DECODERS["access.queries"].decode

    def judge(self, value: bytes) -> Mapping[bytes, bytes | None]:
        """Judge one look-up; return what is to be kept of it."""
        event = self._decode(value)
        advance_alone(self._lookout, self._ledger, event.at_s)
        self._lookout.apply(event)
        return self._memory.changes()

    def take_raised(self) -> list[tuple[Alert, Evidence]]:
        """Return the alerts raised since the last call."""
        raised = list(self._lookout.raised)
        self._lookout.raised.clear()
        return raised


def _refuse(fault: Fault) -> None:
    raise MonomiError("context_malformed", str(fault))
