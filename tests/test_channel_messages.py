"""What leaves the house about an alert: never a resident, in words, in both languages."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from alerting.channels.file import KINDS
from alerting.channels.http import as_json
from alerting.channels.line_works.channel import body_of as line_works_body
from alerting.channels.mail.letter import letter_of
from alerting.channels.message import (
    Audience,
    Message,
    alert_message,
    digest_message,
    sample_message,
)
from alerting.channels.phrases import PHRASES
from alerting.channels.slack.channel import body_of as slack_body
from alerting.channels.teams.channel import body_of as teams_body
from alerting.channels.wording import Wording
from alerting.console.messages import LANGUAGES, Language
from schemas.alerts import Alert, Reason
from schemas.record import Words
from tests.sample_alerts import REPEATED, alert, morning
from tests.sample_messages import AT, BYTES, MAIL, SECTION, audience


def messages(about: Alert, reader: Audience, section: Words | None = SECTION) -> list[Message]:
    """Return an alert's own message and a digest that holds it."""
    key = f"{about.alert_id}:{about.resident_id}"
    return [
        alert_message(key, about, section, reader),
        digest_message(key, [(about, section), (about, section)], reader),
    ]


def test_every_kind_of_channel_is_looked_at_here() -> None:
    """A channel that is added is held to what all are held to."""
    assert BYTES.keys() == KINDS.keys()


_AROUND = st.text(max_size=12)
_TOKENS = st.one_of(
    st.from_regex(r"[a-z]{1,4}-[0-9a-f]{8,32}", fullmatch=True),
    st.from_regex(r"[0-9a-f]{16,64}", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9._:-]{6,64}", fullmatch=True),
)


@given(_TOKENS, st.lists(st.tuples(_AROUND, _AROUND), min_size=1, max_size=7), st.booleans())
def test_no_resident_gets_into_any_channel(
    resident: str, around: list[tuple[str, str]], show_operator: bool
) -> None:
    """Whatever stands around a resident's token in a sentence or a section's name."""
    harmless = [m for lang in LANGUAGES for m in messages(alert(), audience(lang))]
    # A token that every message holds anyway, such as "alerts", would prove nothing.
    assume(not any(_holds(render(m), resident) for m in harmless for render in BYTES.values()))
    sentences = [f"{before}{resident}{after}".replace("\0", "") for before, after in around]
    reasons = tuple(
        REPEATED.model_copy(update={"summary": Words(en=text, ja=text)}) for text in sentences
    )
    about = alert(resident_id=resident, reasons=reasons)
    section = Words(en=sentences[0], ja=sentences[0])
    for language in LANGUAGES:
        for message in messages(about, audience(language, show_operator=show_operator), section):
            for kind, render in BYTES.items():
                assert not _holds(render(message), resident), kind


def _holds(sent: bytes, resident: str) -> bool:
    return resident.casefold() in sent.decode("utf-8", "replace").casefold()


@pytest.mark.parametrize("token", ["r-8f2c41d09b7e", "5501aa0e6677c2", "20481234567"])
def test_tokens_that_nobody_named_are_left_out_too(token: str) -> None:
    """A sentence about another resident than the alert's loses that token as well."""
    summary = Words(en=f"Also looked up {token}.", ja=f"{token}も照会しました。")
    about = alert(resident_id=None, reasons=(REPEATED.model_copy(update={"summary": summary}),))
    for language in LANGUAGES:
        for message in messages(about, audience(language)):
            assert not any(_holds(render(message), token) for render in BYTES.values())


def test_residents_known_from_elsewhere_are_left_out_by_their_names() -> None:
    """A token without a digit does not look like one; who knows it can name it."""
    summary = Words(en="Also looked up taro-yamada.", ja="taro-yamadaも照会しました。")
    about = alert(reasons=(REPEATED.model_copy(update={"summary": summary}),))
    message = alert_message("k", about, SECTION, audience("en"), residents=["taro-yamada"])
    assert message.notices[0].reasons == ("Also looked up (left out).",)


def test_the_operator_is_shown_only_where_asked_for() -> None:
    """By default no channel says whom an alert is about, not even in a reason's sentence."""
    summary = Words(en="op-32780 worked late.", ja="op-32780は遅くまで勤務しました。")
    about = alert(
        operator_id="op-32780", reasons=(REPEATED.model_copy(update={"summary": summary}),)
    )
    for language in LANGUAGES:
        for render in BYTES.values():
            hidden, shown = (
                [_holds(render(m), "op-32780") for m in messages(about, reader)]
                for reader in (audience(language), audience(language, show_operator=True))
            )
            assert hidden == [False, False]
            assert shown[0]


def test_real_sentences_keep_all_their_figures() -> None:
    """Times, counts and shares in a reason are no identifiers."""
    for language in LANGUAGES:
        for about in morning():
            (notice,) = alert_message("k", about, SECTION, audience(language)).notices
            said = tuple(getattr(reason.summary, language) for reason in about.reasons)
            assert notice.reasons == said


def test_a_message_says_what_a_ward_office_needs() -> None:
    """Severity, section, local time, count, reasons, the link, and what to do; in Japanese."""
    message = alert_message("k", alert(severity="critical"), SECTION, audience())
    wording = Wording(message)
    assert wording.title == "【物見・至急】住民情報照会アラート(重要度:緊急) 区民課"
    text = wording.text()
    for part in (
        "重要度: 緊急",
        "部署: 区民課",
        "発生日時: 2015年3月4日(水) 10:03",
        "照会件数: 2件",
        "- 案件の裏付けがない同じ住民への照会が2日目です(前回から134日後)。",
        "アラートを開く: https://monomi.example.jp/alerts/a-1",
        "対象の職員本人には声をかけず",
    ):
        assert part in text
    english = Wording(alert_message("k", alert(severity="critical"), None, audience("en")))
    assert english.title == "[Monomi] URGENT: critical alert, unknown section"
    assert "Do not speak to the person it is about" in english.text()


def test_a_digest_names_each_alert_on_one_line() -> None:
    """With its section and first reason, and how many are left out."""
    pairs = [(alert(f"a-{n}", severity="low"), SECTION) for n in range(30)]
    message = digest_message("k", pairs, audience("en"))
    wording = Wording(message)
    assert wording.title == "[Monomi] 30 alerts of low urgency"
    rows = wording.rows(20)
    assert len(rows) == 21
    assert rows[0].startswith("Wed 4 Mar 2015, 10:03 · Resident Affairs · Low · 2 look-ups: Second")
    assert rows[-1] == "And 10 more in the console."
    assert message.link == "https://monomi.example.jp/"


LONG = Reason(
    detector="behaviour",
    score=0.5,
    observed=1,
    expected=0,
    unit="signs",
    summary=Words(en="word " * 400, ja="長い文" * 400),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_messages_fit_each_service(language: Language) -> None:
    """LINE WORKS takes 2,000 characters, Teams 28 KB, Slack 3,000 a block and 50 blocks."""
    about = alert("a" * 64, reasons=(LONG,) * 14)
    section = Words(en="s" * 900, ja="課" * 900)
    digest = digest_message("k", [(about, section)] * 200, audience(language))
    for message in (alert_message("k", about, section, audience(language)), digest):
        spoken = line_works_body(message)["content"]["text"]
        assert len(spoken) <= 2000
        assert message.link in spoken
        assert len(as_json(teams_body(message))) < 24_000
        blocks = slack_body(message)["blocks"]
        assert len(blocks) <= 50
        assert all(len(b["text"]["text"]) <= 3000 for b in blocks if "text" in b)
        assert len(blocks[0]["text"]["text"]) <= 150


def test_a_sentence_cannot_speak_for_the_channel() -> None:
    """Markup, links and calls to all in a reason arrive as plain words."""
    text = "<!channel> @all [here](https://evil.example) <b>*now*</b>"
    about = alert(reasons=(REPEATED.model_copy(update={"summary": Words(en=text, ja=text)}),))
    message = alert_message("k", about, SECTION, audience("en"))
    assert "&lt;!channel&gt;" in BYTES["slack"](message).decode()
    assert "<!channel>" not in BYTES["slack"](message).decode()
    for kind in ("mattermost", "teams"):
        sent = BYTES[kind](message).decode()
        assert "@all" not in sent
        assert "[here]" not in sent
    html = letter_of(message, MAIL, ["a@b.example"], AT).get_body(("html",))
    assert html is not None
    assert "<b>" not in html.get_content()


def test_a_test_message_is_about_nobody() -> None:
    """And says that there is nothing to do."""
    for language in LANGUAGES:
        message = sample_message("k", audience(language))
        for render in BYTES.values():
            assert _holds(render(message), PHRASES[language]["test.lead"])


def test_both_languages_have_the_same_phrases_and_places() -> None:
    """No message fails for want of a word, or of a value in it."""
    japanese, english = PHRASES["ja"], PHRASES["en"]
    assert japanese.keys() == english.keys()
    for key, text in english.items():
        places = {part.partition("}")[0] for part in text.split("{")[1:]}
        assert places == {part.partition("}")[0] for part in japanese[key].split("{")[1:]}, key


def test_the_key_tells_nothing_and_stays() -> None:
    """Receivers know a message again by it, and learn nobody's id from it."""
    one, again = (alert_message("op-002:r-8f2c41d09b7e", alert(), None, audience()) for _ in "ab")
    assert one.opaque_key == again.opaque_key
    assert len(one.opaque_key) == 32
    other = sample_message("op-003", audience())
    assert other.opaque_key != one.opaque_key
