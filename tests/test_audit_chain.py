"""The chain: any edit, deletion, insertion, swap or cut is found, and nothing else is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import assume, given
from hypothesis import strategies as st

from alerting.audit.chain import BrokenError, Span, Walk
from alerting.audit.entry import GENESIS, Act, Entry, Verb
from alerting.audit.signing import Signer
from alerting.audit.statements import Checkpoint, Head, Purge

AT = datetime(2015, 3, 4, 1, 3, tzinfo=UTC)
SIGNER = Signer(Ed25519PrivateKey.generate())
STRANGER = Signer(Ed25519PrivateKey.generate())

_TEXTS = st.text(max_size=20)
_DETAILS = st.dictionaries(_TEXTS, st.none() | st.integers() | _TEXTS, max_size=3)
ACTS = st.builds(Act, _TEXTS, _TEXTS, _TEXTS, st.sampled_from(Verb), _TEXTS, _DETAILS)


@dataclass(frozen=True)
class Log:
    """A log as it lies in its tables, with the checkpoints that lie elsewhere."""

    entries: Sequence[Entry]
    head: Head
    purges: Sequence[Purge] = ()
    checkpoints: Sequence[Checkpoint] = ()

    def verified(self) -> Span:
        """Return what holds of it; raises BrokenError."""
        walk = Walk(self.purges, self.checkpoints, SIGNER.public())
        for entry in sorted(self.entries, key=lambda entry: entry.number):
            walk.step(entry)
        return walk.end(self.head)

    def broken(self) -> BrokenError:
        """Return where it does not hold; fails where it does."""
        with pytest.raises(BrokenError) as raised:
            self.verified()
        return raised.value


def log_of(acts: Sequence[Act], witnessed: Sequence[int] = ()) -> Log:
    """Return the log of these acts, with a checkpoint at its end and at other numbers."""
    head = Head(0, GENESIS)
    heads, entries = [head], []
    for act in acts:
        entries.append(Entry.following(head.number + 1, head.hash, act, AT))
        head = Head(head.number + 1, entries[-1].hash)
        heads.append(head)
    seen = {number % len(heads) for number in witnessed} | {len(acts)}
    checkpoints = [Checkpoint.signed(heads[number], AT, SIGNER) for number in sorted(seen)]
    return Log(entries, head, (), checkpoints)


LOGS = st.builds(
    log_of,
    st.lists(ACTS, min_size=1, max_size=8),
    st.lists(st.integers(0, 8), max_size=3),
)
PLACES = st.integers(0, 100)


def rechained(entries: Sequence[Entry]) -> Log:
    """Return the log that somebody makes of entries who reckons all hashes and the head anew."""
    head = Head(0, GENESIS)
    chained = []
    for number, entry in enumerate(entries, 1):
        moved = replace(entry, number=number)
        chained.append(replace(moved, hash=moved.hash_after(head.hash)))
        head = Head(number, chained[-1].hash)
    return Log(chained, head)


@given(LOGS)
def test_a_log_that_nobody_touched_holds(log: Log) -> None:
    """With all its checkpoints."""
    count = len(log.entries)
    assert log.verified() == Span(count, 0, len(log.checkpoints), log.head)


@given(
    LOGS,
    PLACES,
    st.sampled_from([field.name for field in fields(Entry)]),
    st.data(),
)
def test_any_edit_is_found_at_its_entry(
    log: Log, place: int, name: str, data: st.DataObject
) -> None:
    """Whichever field of whichever entry, whatever is put there."""
    at = place % len(log.entries)
    entry = log.entries[at]
    values = {"number": st.integers(1, 99), "at": st.datetimes(timezones=st.just(UTC))}
    value = data.draw(values.get(name, _TEXTS))
    assume(value != getattr(entry, name))
    edited = Entry(**{**vars(entry), name: value})
    assume(name != "number" or value not in {other.number for other in log.entries})
    broken = replace(log, entries=[*log.entries[:at], edited, *log.entries[at + 1 :]]).broken()
    assert broken.number == entry.number or name == "number"


@given(LOGS, PLACES, st.booleans())
def test_any_deletion_is_found(log: Log, place: int, rewritten: bool) -> None:
    """The first and the last entry too; also where everything after it is reckoned anew."""
    at = place % len(log.entries)
    left = [*log.entries[:at], *log.entries[at + 1 :]]
    changed = rechained(left) if rewritten else Log(left, log.head)
    broken = replace(changed, checkpoints=log.checkpoints).broken()
    assert rewritten or broken.number == at + 1


@given(LOGS, PLACES, ACTS, st.booleans())
def test_any_insertion_is_found(log: Log, place: int, act: Act, rewritten: bool) -> None:
    """Before any entry; those after it make room, or are reckoned anew as well."""
    at = place % len(log.entries)
    previous = log.entries[at - 1].hash if at else GENESIS
    inserted = Entry.following(at + 1, previous, act, AT)
    after = [replace(entry, number=entry.number + 1) for entry in log.entries[at:]]
    everything = [*log.entries[:at], inserted, *after]
    assume(everything[: len(log.entries)] != list(log.entries))
    head = Head(log.head.number + 1, log.head.hash)
    changed = rechained(everything) if rewritten else Log(everything, head)
    replace(changed, checkpoints=log.checkpoints).broken()


@given(LOGS, PLACES, PLACES, st.booleans())
def test_any_swap_is_found(log: Log, one: int, other: int, rewritten: bool) -> None:
    """Two entries that exchange their numbers, and even all hashes after them."""
    first, second = sorted((one % len(log.entries), other % len(log.entries)))
    a, b = log.entries[first], log.entries[second]
    entries = list(log.entries)
    entries[first], entries[second] = replace(b, number=a.number), replace(a, number=b.number)
    changed = rechained(entries) if rewritten else Log(entries, log.head)
    assume(changed.entries != log.entries)
    replace(changed, checkpoints=log.checkpoints).broken()


@given(LOGS, PLACES)
def test_any_cut_of_the_end_is_found(log: Log, place: int) -> None:
    """Also where the log's own record of its end is set back; by the checkpoints alone."""
    kept = place % len(log.entries)
    head = rechained(log.entries[:kept]).head
    cut = Log(log.entries[:kept], head, (), log.checkpoints)
    broken = cut.broken()
    assert broken.number == kept + 1
    assert "the end was cut off" in broken.reason
    assert "missing" in replace(cut, head=log.head, checkpoints=()).broken().reason
    assert replace(cut, checkpoints=()).verified()  # what checkpoints are for


@given(LOGS, PLACES, ACTS)
def test_an_edit_with_all_hashes_reckoned_anew_is_found_by_a_checkpoint(
    log: Log, place: int, act: Act
) -> None:
    """Whoever may write the whole store still has no key."""
    at = place % len(log.entries)
    entries = list(log.entries)
    entries[at] = Entry.following(at + 1, GENESIS, act, AT + timedelta(seconds=1))
    broken = replace(rechained(entries), checkpoints=log.checkpoints).broken()
    assert broken.number > at
    assert "rewritten" in broken.reason


@given(LOGS, PLACES)
def test_a_checkpoint_of_another_key_is_found(log: Log, place: int) -> None:
    """One that is signed by a stranger, or not for what it says."""
    at = place % len(log.checkpoints)
    checkpoint = log.checkpoints[at]
    forged = Checkpoint.signed(Head(checkpoint.number, checkpoint.hash), AT, STRANGER)
    for wrong in (
        forged,
        replace(forged, key_id=SIGNER.key_id),
        replace(checkpoint, at=AT + timedelta(seconds=1)),
        replace(checkpoint, signature=""),
        replace(checkpoint, signature="物見"),
    ):
        checkpoints = [*log.checkpoints[:at], wrong, *log.checkpoints[at + 1 :]]
        assert "not signed" in replace(log, checkpoints=checkpoints).broken().reason


def purged(log: Log, cuts: Sequence[int], signer: Signer = SIGNER) -> Log:
    """Return the log after purges up to each of these numbers."""
    first, previous, purges = 1, GENESIS, []
    for last in sorted({cut % len(log.entries) + 1 for cut in cuts}):
        end = log.entries[last - 1]
        purges.append(Purge.signed(first, Head(last, end.hash), previous, AT, signer))
        first, previous = last + 1, end.hash
    return replace(log, entries=log.entries[first - 1 :], purges=purges)


@given(LOGS, st.lists(PLACES, min_size=1, max_size=3), st.randoms())
def test_a_purged_log_still_holds(log: Log, cuts: list[int], random: Random) -> None:
    """All that is left of it, with the checkpoints that can still be compared."""
    after = purged(log, cuts)
    shuffled = random.sample(after.purges, len(after.purges))
    span = replace(after, purges=shuffled).verified()
    assert span.entries + span.purged == len(log.entries)
    assert span.head == log.head


@given(LOGS, st.lists(PLACES, min_size=1, max_size=3), PLACES)
def test_a_purge_that_we_did_not_sign_is_found(log: Log, cuts: list[int], place: int) -> None:
    """A stranger's, a changed one, a lost one, and entries that come back."""
    after = purged(log, cuts)
    at = place % len(after.purges)
    purge = after.purges[at]
    others = [*after.purges[:at], *after.purges[at + 1 :]]
    for wrong in (
        [*others, replace(purge, last=purge.last + 1)],
        [*others, replace(purge, hash=GENESIS)],
        [*others, replace(purge, previous="0" * 63 + "1")],
        # Signed, but of another log.
        [*others, Purge.signed(purge.first, Head(purge.last, purge.hash), "1" * 64, AT, SIGNER)],
        others,
        purged(log, cuts, STRANGER).purges,
    ):
        replace(after, purges=wrong).broken()
    back = log.entries[purge.first - 1]
    replace(after, entries=[back, *after.entries]).broken()
    with pytest.raises(BrokenError, match="public key"):
        Walk(after.purges).end(after.head)


@given(st.lists(ACTS, max_size=5))
def test_every_act_can_be_kept(acts: list[Act]) -> None:
    """Also one whose texts hold what databases refuse, or too much; times become UTC."""
    odd = Act("a\0b\ud800" * 200, "r" * 99, "x" * 99, Verb.SEARCH, "t" * 999, {"q": "\0\ud800"})
    for entry in log_of([*acts, odd]).entries:
        texts = (entry.who, entry.role, entry.address, entry.target, entry.details)
        assert not any("\0" in text for text in texts)
        assert all(text.encode() is not None for text in texts)
        assert len(entry.who) <= 200
        assert entry.at.tzinfo is UTC


def test_an_empty_log_holds_and_one_that_was_emptied_does_not() -> None:
    """A checkpoint of the time before tells the two apart."""
    assert Walk().end(None) == Span(0, 0, 0, Head(0, GENESIS))
    log = log_of([Act("a", "b", "c", Verb.VIEW, "d")])
    emptied = Log([], Head(0, GENESIS), (), log.checkpoints)
    assert emptied.broken().number == 1
