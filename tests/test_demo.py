"""The demo: the whole system catches the founding case, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.processes import eventually


def demo(folder: Path, *options: str) -> subprocess.Popen[str]:
    """Start a demo whose temporary files lie in a folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "monomi.cli", "demo", *options],
        env={**os.environ, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def left_over(folder: Path) -> list[str]:
    """Return the processes that still speak of a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().decode(errors="replace")
            around = (process / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if f"TMPDIR={folder}" in around or str(folder) in command:
            found.append(command)
    return found


@pytest.mark.kafka
@pytest.mark.timeout(240)
def test_the_demo_catches_the_founding_case_and_ends_by_itself(tmp_path: Path) -> None:
    """At its second or third look-up, among the cases of the closing object."""
    process = demo(tmp_path, "--duration", "90", "--json")
    out, err = process.communicate(timeout=230)
    assert process.returncode == 0, err
    summary = json.loads(out.splitlines()[-1])
    founding = [c for c in summary["cases_found"].values() if c["kind"] == "founding"]
    assert founding, summary
    assert founding[0]["of"] == 3
    assert founding[0]["at_look_up"] in (2, 3)
    assert summary["events"] > 50_000
    assert summary["alerts"] > 0
    assert set(summary["alert_latency_s"]) == {"p50", "p99", "max"}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.kafka
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs Linux's /proc")
def test_ctrl_c_leaves_nothing_running(tmp_path: Path) -> None:
    """Whatever it has started by then is gone, and its temporary folder with it."""
    process = demo(tmp_path, "--no-console")
    assert eventually(lambda: len(left_over(tmp_path)) > 2)
    time.sleep(1.0)  # amid the start, wherever that is
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 1
    assert eventually(lambda: left_over(tmp_path) == [])
    assert list(tmp_path.iterdir()) == []
