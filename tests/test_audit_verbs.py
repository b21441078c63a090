"""`monomi audit`: keys that stay with their owner, and a verdict in one line."""

from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from alerting.audit.signing import PublicKeys, Signer, make_keys
from monomi.cli import app
from schemas.errors import MonomiError
from tests.audit_logs import changed, checkpointer, filled, opened


def run_audit(*arguments: object, **environment: str) -> Result:
    """Run `monomi audit` as a shell would."""
    return CliRunner().invoke(app, ["audit", *map(str, arguments)], env=environment)


def test_keys_are_made_once_and_kept_from_others(tmp_path: Path) -> None:
    """The private one is its owner's alone; what is there is not overwritten."""
    folder = tmp_path / "keys"
    assert run_audit("keys", "--out", folder).exit_code == 0
    assert stat.S_IMODE((folder / "audit.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "audit.pub").stat().st_mode) == 0o644
    before = (folder / "audit.key").read_bytes()
    again = run_audit("keys", "--out", folder)
    assert isinstance(again.exception, MonomiError)
    assert again.exception.code == "keys_exist"
    assert (folder / "audit.key").read_bytes() == before
    signed = Signer.load(folder / "audit.key").sign("checkpoint", {"number": 1})
    keys = PublicKeys.load([folder / "audit.pub"])
    key_id = Signer.load(folder / "audit.key").key_id
    assert keys.hold("checkpoint", {"number": 1}, key_id, signed)
    assert not keys.hold("purge", {"number": 1}, key_id, signed)


def test_a_private_key_that_others_can_read_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As a warning: in a container it may be wanted."""
    private, public = make_keys(tmp_path / "keys")
    Signer.load(private)
    assert caplog.text == ""
    private.chmod(0o644)
    Signer.load(private)
    assert "chmod 600" in caplog.text
    for path in (public, tmp_path / "none"):
        with pytest.raises(MonomiError) as raised:
            Signer.load(path)
        assert raised.value.code == "key_unusable"


def test_verify_says_in_one_line_whether_all_holds(tmp_path: Path) -> None:
    """With exit 0 and 1, in words and as JSON."""
    folder = tmp_path / "console"
    location = filled(str(folder / "alerts.sqlite3"), 3)
    environment = {"MONOMI_DATA_DIR": str(tmp_path)}
    bare = run_audit("verify", **environment)
    assert bare.output.startswith(
        "the audit log holds: 3 entries, up to number 3; 0 checkpoints agree; "
    )
    assert (bare.exit_code, bare.output.count("\n")) == (0, 1)
    private, public = make_keys(tmp_path / "audit")
    witness = tmp_path / "witness"

    async def witnessed() -> None:
        async with opened(location) as engine:
            await checkpointer(engine, witness, Signer.load(private)).write()

    asyncio.run(witnessed())
    options = ("--store", location, "--checkpoints", witness, "--public-key", public)
    good = run_audit("verify", *options)
    assert good.output == "the audit log holds: 3 entries, up to number 3; 1 checkpoint agrees\n"
    changed(location, lambda c: c.execute(text("UPDATE audit_entries SET who='x' WHERE number=2")))
    bad = run_audit("verify", *options)
    assert bad.exit_code == 1
    assert bad.output == (
        "monomi: the audit log does not hold at entry 2: it was changed, or is not where it was "
        "written [audit_broken]\n"
    )
    printed = run_audit("verify", "--json", *options)
    assert printed.exit_code == 1
    assert json.loads(printed.output) == {
        "holds": False,
        "entries": None,
        "purged": None,
        "last": None,
        "checkpoints": None,
        "broken": {"entry": 2, "reason": "it was changed, or is not where it was written"},
        "unproven": [],
    }


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """A log that is nowhere must not look like one that holds."""
    path = tmp_path / "none.sqlite3"
    empty = tmp_path / "empty.sqlite3"
    empty.touch()
    for location in (str(path), f"sqlite:///{path}", str(empty)):
        result = run_audit("verify", "--store", location, MONOMI_DATA_DIR=str(tmp_path))
        assert isinstance(result.exception, MonomiError)
        assert result.exception.code == "no_audit_log"
    assert not path.exists()
