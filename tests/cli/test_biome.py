"""The scripts of the boards keep the rules of Biome, where it is installed."""

import json
import subprocess

import pytest

from dlcourse.cli import biome
from dlcourse.cli.test import SKIPPED, Step, run
from dlcourse.layout import ROOT

needs_biome = pytest.mark.skipif(biome.find_biome() is None, reason=biome.MISSING)


def test_without_it_the_check_is_skipped_in_words(monkeypatch, capsys):
    monkeypatch.setattr(biome, "find_biome", lambda: None)
    assert biome.main() == SKIPPED
    assert "npm ci" in capsys.readouterr().out


def test_what_is_skipped_counts_as_skipped(monkeypatch):
    done = subprocess.CompletedProcess([], SKIPPED)
    monkeypatch.setattr(subprocess, "run", lambda *anything, **named: done)
    counts = run(Step("style", "", [["dlcourse.cli.biome"]]), {})
    assert (counts.passed, counts.failed, counts.skipped) == (0, 0, 1)


def test_the_lock_holds_the_version_and_names_no_registry():
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]
    assert wanted == {
        "@biomejs/biome": json.loads(lock)["packages"]["node_modules/@biomejs/biome"]["version"]
    }
    assert '"resolved"' not in lock


@needs_biome
@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("nowhere();\n", "noUndeclaredVariables"),
        ("let one = 1;\nexport const two = one + 1;\n", "useConst"),
        ("export function long() {\n" + "  console.log(1);\n" * 60 + "}\n", "LinesPerFunction"),
    ],
)
def test_what_breaks_a_rule_is_seen(tmp_path, text, rule):
    (tmp_path / "biome.json").write_text((ROOT / "biome.json").read_text("utf-8"))
    (tmp_path / "dlcourse/widgets").mkdir(parents=True)
    (tmp_path / "dlcourse/widgets/x.js").write_text(text)
    found = subprocess.run(
        [biome.find_biome(), "check", "dlcourse"], cwd=tmp_path, capture_output=True, text=True
    )
    assert found.returncode == 1
    assert rule in found.stdout + found.stderr
