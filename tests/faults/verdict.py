"""What a soak comes to: the stream's alerts and state beside what replay makes of the same file."""

from __future__ import annotations

from typing import NamedTuple

from tests.beside_replay import Expected, Revisions, applied_look_ups, raised_rows, settled


class Verdict(NamedTuple):
    """Name what a stream lost or doubled against replay; both empty where it did neither."""

    lost: list[str]
    doubled: list[str]


def verdict_of(bootstrap: str, prefix: str, expected: Expected) -> Verdict:
    """Compare Kafka's alerts and the state's counts with replay's."""
    lost: list[str] = []
    doubled: list[str] = []
    raised: Revisions = {}
    for key, row in raised_rows(bootstrap, prefix):
        if raised.setdefault(key, row) != row:
            doubled.append(f"revision {key}: two contents in Kafka")
    want, got = settled(expected.revisions, expected.last), settled(raised, expected.last)
    lost += [f"revision {key}: not in Kafka" for key in want.keys() - got.keys()]
    doubled += [f"revision {key}: unknown to replay" for key in got.keys() - want.keys()]
    for key in want.keys() & got.keys():
        if want[key] != got[key]:
            fields = [name for name in want[key] if want[key][name] != got[key].get(name)]
            doubled.append(f"revision {key}: other content than replay's, in {', '.join(fields)}")
    counted = applied_look_ups(bootstrap, prefix)
    for operator_id in sorted(expected.look_ups.keys() | counted.keys()):
        more = counted[operator_id] - expected.look_ups[operator_id]
        if more:
            told = f"{operator_id}: {abs(more)} look-ups too {'many' if more > 0 else 'few'}"
            (doubled if more > 0 else lost).append(told)
    return Verdict(sorted(lost), sorted(doubled))
