"""The channels file: how faults are told, where secrets come from, and what the verbs say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner, Result

from alerting.channels.file import BadChannelsError, Channels, load_channels
from alerting.channels.message import Audience
from monomi.cli import app
from schemas.errors import MonomiError
from tests.receivers import Reply, Sink, http_sink, mail_server

ROOT = Path(__file__).parents[1]
HEAD = 'console_url = "https://monomi.example.jp/"\n'
SLACK = '[slack.privacy]\nurl_env = "SLACK_URL"\n'


@pytest.fixture
def sink() -> Iterator[Sink]:
    """Run an HTTP sink for one test."""
    with http_sink() as running:
        yield running


def written(folder: Path, text: str) -> Path:
    """Return a channels file with this text."""
    path = folder / "channels.toml"
    path.write_text(HEAD + text, "utf-8")
    return path


def faults(folder: Path, text: str) -> list[str]:
    """Return what is said of a file, without its path."""
    path = written(folder, text)
    with pytest.raises(BadChannelsError) as raised:
        load_channels(path)
    return [fault.removeprefix(f"{path}, ") for fault in raised.value.faults]


def run(*arguments: object, **environment: str) -> Result:
    """Run `monomi channels` as a shell would."""
    return CliRunner().invoke(
        app, ["channels", *map(str, arguments)], env=environment, catch_exceptions=True
    )


def test_the_example_of_deploy_is_good_and_has_every_kind() -> None:
    """Whoever starts from it starts from something that works."""
    example = load_channels(ROOT / "deploy/channels.toml")
    kinds = {name.partition(".")[0] for name in example.by_name()}
    assert kinds == set(Channels.model_fields) - {"console_url", "routes", "people"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[mail.a]\nhost = 'x'\n",
            "line 2: mail.a.sender is missing: Address that mails come from",
        ),
        (
            "[mail.a]\nhost = 'x'\nsender = 'me'\n",
            'line 4: mail.a.sender is "me"; allowed: an address name@host',
        ),
        (
            "[mail.a]\nhost = 'x'\nsender = 'a@b'\nport = 70000\n",
            "line 5: mail.a.port is 70000; allowed: a whole number from 1 to 65535",
        ),
        (
            "[mail.a]\nhost = 'x'\nsender = 'a@b'\nsecurity = 'ssl'\n",
            'line 5: mail.a.security is "ssl"; allowed: starttls, tls, plain',
        ),
        (
            "[slack.A]\nurl_env = 'X'\n",
            'line 2: slack has "A"; allowed: 1 to 40 characters of a-z 0-9 _ -',
        ),
        (SLACK + "show_operator = 1\n", None),
        (SLACK + "language = 'fr'\n", 'line 4: slack.privacy.language is "fr"; allowed: ja, en'),
        ("[sms.x]\n", None),
    ],
)
def test_a_fault_names_its_line_and_what_is_allowed(
    tmp_path: Path, text: str, said: str | None
) -> None:
    """As a policy's do."""
    told = faults(tmp_path, text)
    assert len(told) == 1
    if said is None:
        assert "; allowed: " in told[0]
    else:
        assert told == [said]


@pytest.mark.parametrize(
    "text",
    [
        "[slack.a]\nurl_env = 'https://hooks.slack.com/services/s3cr3t'\n",
        "[slack.a]\nurl = 'https://hooks.slack.com/services/s3cr3t'\n",
        "[slack.a]\n",
        "[webhook.a]\nurl = 'https://user:s3cr3t@example.com'\nsecret_env = 'X'\n",
        "[mail.a]\nhost = 'x'\nsender = 'a@b'\npassword = 's3cr3t'\n",
        "[mail.a]\nhost = 'x'\nsender = 'a@b'\nusername = 's3cr3t'\n",
        "[mail.a]\nhost='x'\nsender='a@b'\nsecurity='plain'\nusername='s3cr3t'\npassword_env='P'\n",
        "[slack.a]\nurl_env = 'X'\nurl_file = 's3cr3t'\n",
    ],
)
def test_a_secret_in_the_wrong_place_is_told_without_being_shown(tmp_path: Path, text: str) -> None:
    """What a check prints may be read over a shoulder, and land in a ticket."""
    told = faults(tmp_path, text)
    assert "; allowed: " in told[0]
    assert "s3cr3t" not in "".join(told)


def test_a_secret_comes_from_a_variable_or_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its last newline left out; where it is not, that is said, without the rest."""
    file = tmp_path / "slack"
    file.write_text("https://hooks.slack.com/services/x\n")
    text = SLACK + f"[slack.other]\nurl_file = '{file}'\n"
    channels = load_channels(written(tmp_path, text))
    monkeypatch.setenv("SLACK_URL", "https://hooks.slack.com/services/y")
    assert channels.open("slack.privacy")
    assert channels.open("slack.other")
    monkeypatch.delenv("SLACK_URL")
    file.unlink()
    for name, place in (("slack.privacy", "SLACK_URL"), ("slack.other", str(file))):
        with pytest.raises(MonomiError, match=place) as raised:
            channels.open(name)
        assert raised.value.code == "secret_missing"


def test_each_channel_has_its_own_audience(tmp_path: Path) -> None:
    """Its language, and whether operators are named; by default Japanese, and not."""
    text = SLACK + "[slack.siem]\nurl_env = 'X'\nlanguage = 'en'\nshow_operator = true\n"
    channels = load_channels(written(tmp_path, text))
    zone = ZoneInfo("Asia/Tokyo")
    url = "https://monomi.example.jp/"
    assert channels.audience("slack.privacy", zone) == Audience("ja", zone, url)
    assert channels.audience("slack.siem", zone) == Audience("en", zone, url, show_operator=True)


def test_check_says_that_channels_are_good_or_lists_all_faults(tmp_path: Path) -> None:
    """With exit 0 and 1."""
    good = run("check", written(tmp_path, SLACK))
    assert (good.exit_code, good.output) == (0, "the channels are good\n")
    bad = run("check", written(tmp_path, "[slack.a]\nx = 1\n[slack.b]\n"))
    assert bad.exit_code == 1
    assert [line.split("channels.toml, ")[1][:6] for line in bad.output.splitlines()] == [
        "line 3",
        "line 4",
    ]
    missing = run("check", tmp_path / "none.toml")
    assert "cannot be read" in missing.output


def test_list_tells_which_channels_are_ready(tmp_path: Path) -> None:
    """Their secrets are looked for, and not shown."""
    path = written(tmp_path, SLACK + "[slack.other]\nurl_env = 'NO_SUCH_URL'\n")
    url = "https://hooks.slack.com/services/s3cr3t"
    result = run("list", "--channels", path, SLACK_URL=url)
    ready, other = result.output.splitlines()
    assert ready.split() == ["slack.privacy", "ja", "ready"]
    assert "NO_SUCH_URL is empty" in other
    printed = run("list", "--json", MONOMI_CHANNELS=str(path), SLACK_URL=url)
    assert json.loads(printed.output)["channels"][0] == {
        "name": "slack.privacy",
        "language": "ja",
        "state": "ready",
    }
    assert "s3cr3t" not in result.output + printed.output


def test_a_test_message_says_what_happened_in_one_line(tmp_path: Path, sink: Sink) -> None:
    """Taken; refused for good; refused for now."""
    path = written(tmp_path, SLACK)
    sink.replies.extend([Reply(), Reply(404), Reply(429, {"Retry-After": "7"})])
    results = [
        run("test", "slack.privacy", "--channels", path, SLACK_URL=sink.url) for _ in range(3)
    ]
    assert [result.exit_code for result in results] == [0, 1, 1]
    assert results[0].output == "slack.privacy took the test message\n"
    for result, outlook in zip(results[1:], ("will not help", "try again in 7 s"), strict=True):
        assert result.output.count("\n") == 1
        assert outlook in result.output
    assert "テスト送信" in sink.requests[0].body.decode()


def test_a_test_mail_goes_to_whom_one_names(tmp_path: Path) -> None:
    """So that a person's own address can be tried."""
    with mail_server() as server:
        text = (
            f"[mail.a]\nhost = '127.0.0.1'\nport = {server.port}\nsecurity = 'plain'\n"
            "sender = 'a@city.example.jp'\n"
        )
        path = written(tmp_path, text)
        result = run("test", "mail.a", "--channels", path, "--to", "me@city.example.jp")
    assert result.output == "mail.a took the test message\n"
    assert server.receivers == [["me@city.example.jp"]]


def test_an_unknown_channel_is_answered_with_those_there_are(tmp_path: Path) -> None:
    """So that one need not look them up."""
    result = run("test", "slack.none", "--channels", written(tmp_path, SLACK))
    assert isinstance(result.exception, MonomiError)
    assert result.exception.sentence == ("no channel is named slack.none; there are: slack.privacy")
