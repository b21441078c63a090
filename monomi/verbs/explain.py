"""`monomi explain`: every detector's view of one look-up, and why it did or did not alert."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from monomi.verbs.replay import (
    AsRecorded,
    ContextFolder,
    EventFilesGiven,
    PolicyFile,
    Timezone,
    name_faults,
    with_progress,
    zone_named,
)
from schemas.errors import MonomiError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from models.account import Account
    from models.recordings import Fault
    from models.replay import TopicEvent
    from monomi.explanation import Told

Language = Literal["en", "ja", "both"]
_WIDTH = 120
"""Columns where nobody's terminal says how many it has."""
_TITLES = {
    "arrival": ("As judged on arrival", "受信時の判定"),
    "sign_in": ("As judged when no sign-in record had come", "サインイン記録を待った後の判定"),
    "clock": ("As judged when its clock ended", "期限到来時の判定"),
}
_COLUMNS = (
    ("detector", "検知器"),
    ("score", "スコア"),
    ("nats", "ナット"),
    ("observed", "観測"),
    ("expected", "通常"),
    ("in words", "説明"),
)


def explain(
    events: EventFilesGiven,
    event: Annotated[str, typer.Option(help="Event id of the look-up")],
    context: ContextFolder,
    policy: PolicyFile = None,
    as_recorded: AsRecorded = False,
    timezone: Timezone = "Asia/Tokyo",
    lang: Annotated[Language, typer.Option(help="Language of the words")] = "both",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object")] = False,
) -> None:
    """Say how every detector saw one look-up, and why that did or did not alert."""
    from models.calendar import Calendar
    from models.policy_file import load_policy
    from models.recordings import EventFiles, load_context
    from models.replay import Replay
    from monomi.explanation import Teller

    zone = zone_named(timezone)
    faults: list[Fault] = []
    accounts: list[Account] = []
    the_policy = load_policy(policy)
    calendar = Calendar(zone, the_policy.closures)
    _refuse_unknown(events, event)
    known = load_context(context, faults.append)
    run = Replay(known, the_policy, calendar, lambda _: None)
    run.watch(event, accounts.append)
    files = EventFiles(events, faults.append, as_recorded)
    run.run(_until_told(with_progress(iter(files)), accounts))
    name_faults(faults)
    if not accounts:
        raise _unknown(event)
    told = Teller(the_policy, known, calendar).tell(accounts)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        _print(told, lang)


def _unknown(event_id: str) -> MonomiError:
    return MonomiError(
        "event_unknown", f"no look-up of these files has the event id {event_id}; check both"
    )


def _refuse_unknown(files: list[Path], event_id: str) -> None:
    """Raise MonomiError `event_unknown` before a long replay, where no file holds the id."""
    from schemas.lines import open_blocks

    # A record may spell any letter as \\u…: then only reading it tells.
    needle = event_id.encode()
    for path in files:
        if any(needle in block or b"\\u" in block for block in open_blocks(path)):
            return
    raise _unknown(event_id)


def _until_told(events: Iterator[TopicEvent], accounts: list[Account]) -> Iterator[TopicEvent]:
    """Yield events until the look-up has been judged for good."""
    for event in events:
        if accounts and len(accounts) > len(accounts[0].awaits):
            return
        yield event


def _print(told: Told, lang: Language) -> None:
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)
    _print_look_up(console, told)
    for judged in told["judged"]:
        console.print()
        _print_judged(console, judged, lang)
    for moment, at in told["still_to_come"].items():
        console.print()
        _say(
            console,
            {
                "en": f"The files end before its {_WAITS[moment][0]}, {_minute(at)}.",
                "ja": f"記録は{_WAITS[moment][1]}({_minute(at)})の前に終わっています。",
            },
            lang,
        )


_WAITS = {
    "sign_in": ("sign-in record had time to come", "サインイン記録の待ち時間"),
    "clock": ("clock ends", "期限"),
}


def _print_look_up(console: Console, told: Told) -> None:
    from rich.text import Text

    console.print(Text(f"{told['event_id']}  {_minute(told['occurred_at'])}", "bold"))
    names = ("operator_id", "terminal_id", "function", "action", "resident_id", "case_id")
    row = [f"{name.removesuffix('_id')} {told[name]}" for name in names if told[name]]
    console.print(Text(" · ".join(row)))


def _print_judged(console: Console, judged: Told, lang: Language) -> None:
    from rich.text import Text

    en, ja = _TITLES[judged["moment"]]
    title = {"en": en, "ja": ja, "both": f"{en} / {ja}"}[lang]
    console.print(Text(f"{title}  {_minute(judged['at'])}", "bold underline"))
    _say(console, judged["decision"]["because"], lang, style="bold")
    case, until = judged["case"], judged["warm_up_until"]
    if case is not None and judged["decision"]["code"] != "explained":
        opened = _minute(case["opened_at"])
        words = {
            "en": f"Case {case['case_id']} covers it, opened {opened}.",
            "ja": f"案件{case['case_id']}({opened}受付)の範囲内です。",
        }
        _say(console, words, lang)
    for words in judged.get("in_words", ()):
        _say(console, words, lang)
    words = {"en": "Warm-up is over.", "ja": "学習期間は終わっています。"}
    if until is not None:
        words = {
            "en": f"Warm-up lasts until {_minute(until)}: only tripwires alert.",
            "ja": f"{_minute(until)}まで学習期間です(重大な兆候のみ通知)。",
        }
    _say(console, words, lang)
    if "detectors" in judged:
        console.print(_table(judged["detectors"], lang))


def _table(detectors: list[Told], lang: Language) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for number, names in enumerate(_COLUMNS):
        right = 0 < number < len(_COLUMNS) - 1
        justify: Literal["left", "right"] = "right" if right else "left"
        # Japanese has no spaces to break a line at.
        table.add_column(names[lang == "ja"], justify=justify, overflow="fold")
    for row in sorted(detectors, key=lambda row: (_RANK[row["state"]], -(row["nats"] or 0.0))):
        quiet = "" if row["state"] == "seen" else "dim"
        told = row["observed"] is not None
        table.add_row(
            Text.assemble(row["detector"], (f"\n{row['unit']}" if told else "", "dim")),
            "–" if row["score"] is None else f"{row['score']:.3f}",
            "–" if row["nats"] is None else f"{row['nats']:.2f}",
            f"{row['observed']:.4g}" if told else "–",
            f"{row['expected']:.4g}" if told else "–",
            Text((" " if quiet else "\n").join(_chosen(row["summary"], lang))),
            style=quiet,
        )
    return table


_RANK = {"seen": 0, "nothing": 1, "warming_up": 2, "not_fed": 3, "switched_off": 4}


def _say(console: Console, words: dict[str, str], lang: Language, *, style: str = "") -> None:
    from rich.text import Text

    for line in _chosen(words, lang):
        console.print(Text(line, style, overflow="fold"))


def _chosen(words: dict[str, str], lang: Language) -> list[str]:
    return [words["en"], words["ja"]] if lang == "both" else [words[lang]]


def _minute(at: str) -> str:
    from monomi.explanation import minute_text

    return minute_text(at)
