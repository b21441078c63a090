"""The policy file: what it may hold, how faults are told, and what the verbs print."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner, Result

from models.calendar import Calendar
from models.closure import Closure
from models.detectors import DETECTOR
from models.policy import Policy, SectionPolicy, Severities
from models.policy_file import BadPolicyError, allowed_at, load_policy
from monomi.cli import app
from monomi.policy_text import policy_text
from schemas.toml_lines import line_of
from tests.workers import EAGER_TOML

ROOT = Path(__file__).parents[1]
TOKYO = ZoneInfo("Asia/Tokyo")
OF_A_WARD = """\
budget_per_day = 0.5  # one every other day
alert_days = 14
tripwires = ["u.own", "two_sites"]
switched_off = ["off_hours"]
closures = [{from = "12-28", to = "01-04"}, {date = 2014-10-14}]

[severities]
medium = 0.99

[weights]
relation = 2

[sections.koseki]
clock_working_days = 3

[sections."zeimu:1"]
budget_per_day = 1.5
lowest_risk = 0.9
"""


def loaded(folder: Path, text: str) -> Policy:
    """Return the policy of a file with this text."""
    path = folder / "policy.toml"
    path.write_text(text, "utf-8")
    return load_policy(path)


def faults_of(folder: Path, text: str) -> list[str]:
    """Return the faults of a file with this text, without its folder."""
    with pytest.raises(BadPolicyError) as caught:
        loaded(folder, text)
    return [fault.removeprefix(f"{folder}/") for fault in caught.value.faults]


def run(*arguments: str | Path) -> Result:
    """Run `monomi policy` without the machine's own settings."""
    environment = {"MONOMI_POLICY": None}
    return CliRunner().invoke(app, ["policy", *map(str, arguments)], env=environment)


def test_a_section_has_its_own_budget_clock_and_least_risk(tmp_path: Path) -> None:
    """What it leaves out, other sections, and no section have those of all."""
    policy = loaded(tmp_path, OF_A_WARD)
    sections = ("koseki", "zeimu:1", "hoken", None)
    assert [policy.budget_of(s) for s in sections] == [0.5, 1.5, 0.5, 0.5]
    assert [policy.clock_of(s) for s in sections] == [3, 1, 1, 1]
    assert [policy.lowest_risk_of(s) for s in sections] == [0.98, 0.9, 0.98, 0.98]


def test_a_weight_that_is_given_leaves_the_other_defaults(tmp_path: Path) -> None:
    """What is learned is multiplied by 1 where nobody says otherwise."""
    policy = loaded(tmp_path, OF_A_WARD)
    weights = [policy.weight_of(name) for name in ("relation", "behaviour", "off_hours")]
    assert weights == [2.0, 1.0, 1.0]
    assert all(Policy().weight_of(name) == 1.0 for name in DETECTOR)
    assert Policy(weights={"behaviour": 0.0}).weight_of("behaviour") == 0.0


def test_closures_wrap_the_year_and_replace_the_default(tmp_path: Path) -> None:
    """Both ends included; a dated one is of its own year alone."""
    calendar = Calendar(TOKYO, loaded(tmp_path, OF_A_WARD).closures)
    closed = [date(2014, 12, 28), date(2015, 1, 4), date(2014, 10, 14)]
    assert all(calendar.is_closed(day) for day in closed)
    assert not any(map(calendar.is_closed, [date(2014, 12, 26), date(2015, 10, 14)]))
    never = Calendar(TOKYO, loaded(tmp_path, "closures = []").closures)
    assert not never.is_closed(date(2014, 12, 30))
    assert never.is_closed(date(2015, 1, 1)), "a national holiday"


def test_a_closure_within_a_year_is_closed_between_its_ends() -> None:
    """Where the first day comes before the last."""
    summer = Closure.model_validate({"from": "08-13", "to": "08-15"})
    days = [date(2014, 8, day) for day in (12, 13, 15, 16)]
    assert [summer.covers(day) for day in days] == [False, True, True, False]


def test_a_fault_is_told_as_file_line_value_and_what_is_allowed(tmp_path: Path) -> None:
    """In one sentence, as whoever started the worker reads it."""
    with pytest.raises(BadPolicyError) as caught:
        loaded(tmp_path, "# ours\n\nalert_days = 30\nbudget_per_day = 500\n")
    path = tmp_path / "policy.toml"
    assert str(caught.value) == (
        f"{path}, line 4: budget_per_day is 500; allowed: above 0 up to 100 [bad_policy]"
    )


def test_the_error_is_one_line_and_counts_the_other_faults(tmp_path: Path) -> None:
    """And says which command lists them."""
    with pytest.raises(BadPolicyError) as caught:
        loaded(tmp_path, "alert_days = 0\ncut_hour = 0\n[weights]\nrelation = 9\n")
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert "line 1: alert_days is 0" in sentence
    assert "and 2 more: `monomi policy check" in sentence


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('alert_days = "30"', 'line 1: alert_days is "30"; allowed: a whole number from 1 to 366'),
        ("alert_days = 3.0", "line 1: alert_days is 3.0; allowed: a whole number from 1 to 366"),
        ("alert_days = true", "line 1: alert_days is true; allowed: a whole number"),
        ("gate_risk = nan", "line 1: gate_risk is NaN; allowed: above 0 and below 1"),
        ("budget = 1", "line 1: budget is unknown; allowed: warm_up_days, case_after_close_days"),
        ('tripwires = [\n"u.own",\n"u.boss"]', 'line 3: tripwires has "u.boss"; allowed: u.prot'),
        ('switched_off = ["x"]', 'line 1: switched_off has "x"; allowed: behaviour, contract'),
        ("[weights]\nx = 1", 'line 2: weights has "x"; allowed: behaviour, contract'),
        ("weights.relation = 3.1", "line 1: weights.relation is 3.1; allowed: from 0 to 3"),
        ("weights = 3", "line 1: weights is 3; allowed: a table"),
        ("severities = 3", "line 1: severities is 3; allowed: a table of medium, high, critical"),
        ("[severities]\nhigh = 0.9", 'line 1: severities is {"high": 0.9}; allowed: medium up to'),
        (
            "[sections.a]\nlowest_risk = 0.5\n[sections.b]\nlowest_risk = 2",
            "line 4: sections.b.lowest_risk is 2; allowed: above 0 and below 1",
        ),
        (
            "[sections.a]\ngate_risk = 0.5",
            "line 2: sections.a.gate_risk is unknown; allowed: budget_per_day, clock_working_days",
        ),
        ('[sections."b c"]', 'line 1: sections has "b c"; allowed: 1 to 64 characters of A-Z'),
        (
            'closures = [\n{from = "12-29", to = "01-03"},\n\n{from = "02-30", to = "03-01"},\n]',
            'line 4: closures.from is "02-30"; allowed: a month and day from 01-01 to 12-31',
        ),
        (
            '[[closures]]\ndate = 2014-01-06\n[[closures]]\ndate = "2014-13-01"',
            'line 4: closures.date is "2014-13-01"; allowed: a date YYYY-MM-DD',
        ),
        ('closures = [{from = "12-29"}]', 'line 1: closures has {"from": "12-29"}; allowed: a sp'),
        ('[[closures]]\nfrom = "01-01"\nto = "08-31"', "allowed: yearly spans of at most 180 days"),
        ("alert_days =", "line 1: not TOML: Invalid value"),
        ("\n\nx = [1,", "line 3: not TOML"),
        ("alert_days = 3\nalert_days = 4", "line 2: not TOML: Cannot overwrite"),
    ],
)
def test_each_kind_of_fault_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    """Wrong types, bounds, names and combinations, wherever TOML lets them stand."""
    (fault,) = faults_of(tmp_path, text)
    assert told in fault


def test_all_faults_are_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    """Also those of names, which need another look than those of values."""
    text = (
        '[weights]\nx = 1\nrelation = 9\n[severities]\nlow = 1\n[sections.a]\nbudget_per_day = ""'
    )
    lines = [fault.split(":")[0] for fault in faults_of(tmp_path, text)]
    assert lines == [f"policy.toml, line {number}" for number in (2, 3, 5, 7)]


def test_a_file_of_windows_is_read_and_one_of_shift_jis_is_refused(tmp_path: Path) -> None:
    """A mark before UTF-8 and CRLF do no harm; other bytes are named with their line."""
    path = tmp_path / "policy.toml"
    path.write_bytes(b"\xef\xbb\xbfalert_days = 3\r\ncut_hour = 5\r\n")
    assert load_policy(path).cut_hour == 5
    path.write_bytes("alert_days = 3\n# 方針\n".encode("shift_jis"))
    with pytest.raises(BadPolicyError, match="line 2: not UTF-8"):
        load_policy(path)
    with pytest.raises(BadPolicyError, match="cannot be read: No such file"):
        load_policy(tmp_path / "none.toml")


def test_a_line_is_found_under_strings_comments_and_dotted_keys() -> None:
    """Text that only looks like a key is none."""
    text = 'a = """\nb = 1\n"""\n# b = 2\nc.d = 3\n[t] # [u]\nb = 4\n[u]\nb = [\n 1, # ]\n 2,\n]\n'
    places = [("a",), ("c", "d"), ("t", "b"), ("u", "b", 0), ("u", "b", 1), ("u", "x")]
    assert [line_of(text, place) for place in places] == [1, 5, 7, 10, 11, 8]


@pytest.mark.parametrize("model", [Policy, SectionPolicy, Severities, Closure])
def test_every_field_is_described(model: type[BaseModel]) -> None:
    """`monomi policy show` has nothing else to say about it."""
    assert all(field.description for field in model.model_fields.values())


def test_every_number_has_bounds() -> None:
    """And words for them."""
    default = Policy()
    numbers = [n for n in Policy.model_fields if isinstance(getattr(default, n), int | float)]
    assert len(numbers) > 10
    assert all(allowed_at((name,)) for name in numbers)


def test_check_says_that_a_policy_is_good_or_lists_all_faults(tmp_path: Path) -> None:
    """With exit 0 and 1; without a file the built-in policy is good."""
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(OF_A_WARD)
    bad.write_text("alert_days = 0\ncut_hour = 0\n")
    for arguments in ([good], []):
        result = run("check", *arguments)
        assert (result.exit_code, result.stdout) == (0, "the policy is good\n")
    result = run("check", bad)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [
        f"{bad}, line 1: alert_days is 0; allowed: a whole number from 1 to 366 [bad_policy]",
        f"{bad}, line 2: cut_hour is 0; allowed: a whole number from 1 to 12 [bad_policy]",
    ]


@pytest.mark.parametrize("text", ["", OF_A_WARD, EAGER_TOML, "closures = []"])
def test_what_show_prints_is_the_same_policy_again(tmp_path: Path, text: str) -> None:
    """All fields, defaults included."""
    shown = policy_text(loaded(tmp_path, text))
    assert policy_text(loaded(tmp_path, shown)) == shown
    before, after = loaded(tmp_path, text).as_json(), loaded(tmp_path, shown).as_json()
    full = {name: Policy().weight_of(name) for name in DETECTOR}
    assert after == before | {"weights": full | before["weights"]}


def test_show_marks_what_differs_from_the_default(tmp_path: Path) -> None:
    """And nothing else; a section's own beside what holds elsewhere."""
    path = tmp_path / "policy.toml"
    path.write_text(OF_A_WARD)
    result = run("show", path)
    assert result.exit_code == 0
    marked = [line for line in result.stdout.splitlines() if "# differs" in line]
    assert "budget_per_day = 0.5  # differs: the default is 3.5" in marked
    assert "relation = 2.0  # differs: the default is 1.0" in marked
    assert "budget_per_day = 1.5  # differs: elsewhere is 0.5" in marked
    assert len(marked) == 10
    assert "# differs" not in run("show").stdout


def test_show_ends_with_one_json_object(tmp_path: Path) -> None:
    """The policy under the names of the file, and what differs."""
    path = tmp_path / "policy.toml"
    path.write_text(OF_A_WARD)
    printed = json.loads(run("show", path, "--json").stdout.splitlines()[-1])
    assert printed["file"] == str(path)
    assert printed["policy"]["closures"][1] == {"date": "2014-10-14"}
    assert printed["policy"]["sections"]["koseki"] == {"clock_working_days": 3}
    assert "sections.koseki" in printed["differs"]
    assert "weights.relation" in printed["differs"]
    assert json.loads(run("show", "--json").stdout)["differs"] == []


def test_the_example_of_deploy_is_the_built_in_policy() -> None:
    """To renew it: `monomi policy show > deploy/policy.toml`, without MONOMI_POLICY."""
    assert (ROOT / "deploy/policy.toml").read_text("utf-8") == policy_text(Policy())


def test_the_readme_names_the_verbs() -> None:
    """Both of them."""
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "monomi policy check" in readme
    assert "monomi policy show" in readme
