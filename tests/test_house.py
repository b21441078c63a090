"""The house as the contract of the repository has it: imports, sizes, commands, locks."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("schemas", "models", "streams", "alerting", "simulation", "monomi", "benchmarks")
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def test_imports_go_one_way() -> None:
    """The contracts of import-linter in pyproject.toml hold."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_each_file_has_one_reason_to_be(path: Path) -> None:
    """Under 300 lines, functions under 40, and a docstring that says what it is for."""
    text = path.read_text("utf-8")
    assert text.count("\n") < 300
    tree = ast.parse(text)
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            first = body[0].lineno if body else node.lineno
            assert (node.end_lineno or 0) - first < 40, f"{node.name} is long"


def test_nothing_is_named_for_no_reason() -> None:
    """No utils, helpers, manager, common."""
    names = {part for path in FILES for part in path.relative_to(ROOT).with_suffix("").parts}
    assert not names & {"utils", "helpers", "helper", "manager", "common", "misc"}


def test_broad_excepts_stand_only_at_the_edges() -> None:
    """At the agent's, which stops the worker; at RocksDB's, whose errors have no class; and at
    the outbox's, where one sender's fault must not stop the others.
    """
    broad = {
        str(path.relative_to(ROOT))
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and isinstance(node.type, ast.Name)
        and node.type.id == "Exception"
    }
    assert broad == {
        "streams/app.py",
        "streams/state_folder.py",
        "alerting/outbox/dispatcher.py",
    }


@pytest.mark.parametrize(
    "lock", ["requirements.txt", "requirements-dev.txt", "requirements-uv.txt"]
)
def test_versions_are_locked_with_hashes_and_no_address(lock: str) -> None:
    """Every requirement has its hashes; where it comes from is the machine's affair."""
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text
    pins = re.findall(r"^[a-zA-Z0-9._-]+==.*$", text, re.MULTILINE)
    assert pins
    assert all(pin.endswith("\\") for pin in pins)


def test_every_verb_is_in_the_readme() -> None:
    """Who reads the README knows what the program can do."""
    from monomi.cli import VERBS, app

    readme = (ROOT / "README.md").read_text("utf-8")
    verbs = [verb.__name__ for verb in VERBS]
    for group in app.registered_groups:
        assert group.typer_instance is not None
        for command in group.typer_instance.registered_commands:
            name = command.name or getattr(command.callback, "__name__", "")
            verbs.append(f"{group.typer_instance.info.name} {name}")
    assert not [verb for verb in verbs if f"monomi {verb}" not in readme]


VERBS_WITH_HELP = [
    *("", "demo", "broker", "worker", "replay", "evaluate", "produce"),
    *("channels test", "audit verify"),
]


@pytest.mark.parametrize("verb", VERBS_WITH_HELP)
def test_help_is_given(verb: str) -> None:
    """Each verb has its help, and exits 0 with it; a wrong option exits 2."""
    program = [sys.executable, "-m", "monomi.cli", *verb.split()]
    assert subprocess.run([*program, "--help"], capture_output=True, check=False).returncode == 0
    wrong = subprocess.run([*program, "--no-such-option"], capture_output=True, check=False)
    assert wrong.returncode == 2
