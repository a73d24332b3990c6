import json
import os
import subprocess
import sys
from importlib.metadata import Distribution

import pytest

from cookie_jar.scripts import doctor
from cookie_jar.scripts.diagnosis import checks
from cookie_jar.scripts.diagnosis.findings import NOTE, OK, PROBLEM, Finding

FOUND = [
    Finding(OK, "Python", "3.11"),
    Finding(NOTE, "display", "none", "Training works without. " * 4),
    Finding(PROBLEM, "pygame-ce", "pygame\x1b[2J", "Run: pip uninstall pygame"),
]


@pytest.fixture
def found(monkeypatch):
    """What the checks find, a list to change."""
    findings = list(FOUND)
    monkeypatch.setattr(doctor, "findings", lambda: findings)
    return findings


def test_a_python_without_the_package_is_one_line():
    alone = subprocess.run(  # -I -S: without the packages that are installed
        [sys.executable, "-I", "-S", doctor.__file__], capture_output=True, text=True, check=False
    )
    assert alone.returncode == 1
    assert alone.stderr.startswith(f"error: cookie-jar is not installed in {sys.executable}; activate")
    assert alone.stderr.count("\n") == 1


@pytest.mark.parametrize("columns", [40, 60, 200])
def test_the_report_fits_the_terminal(found, capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    assert doctor.main([]) == 0
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= columns
    assert "Training works (problems: 1, notes: 1)." in shown
    assert "\x1b" not in shown


def test_the_status_says_whether_training_works(found, capsys):
    found.append(Finding(PROBLEM, "training", "does not work", blocks=True))
    assert doctor.main(["--json"]) == 1
    values = json.loads(capsys.readouterr().out)
    assert values["works"] is False
    assert [finding["status"] for finding in values["findings"]] == ["ok", "note", "problem", "problem"]
    assert doctor.main([]) == 1
    assert "does NOT work" in capsys.readouterr().out


def test_a_mistake_gives_one_line(found, capsys):
    assert doctor.main(["--jsn"]) == 2
    assert capsys.readouterr().err == "error: unrecognized arguments: --jsn\n"


@pytest.mark.slow
def test_a_broken_library_is_named_without_a_traceback(tmp_path):
    (tmp_path / "rich.py").write_text("raise ImportError('no such symbol')")
    folders = [str(tmp_path), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(folders)}
    for program, status, words in (("doctor", 1, "rich: "), ("train", 1, "run: cookie-jar doctor")):
        command = [sys.executable, "-m", "cookie_jar.scripts.cli", program]
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == status
        assert words in done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.slow
def test_this_installation_is_well():
    findings = checks.findings()
    assert doctor.works(findings)
    assert {"Python", "libraries", "training", "disk", "display"} <= {finding.name for finding in findings}
    assert Distribution.from_name("numpy").version in next(f.found for f in findings if f.name == "libraries")
