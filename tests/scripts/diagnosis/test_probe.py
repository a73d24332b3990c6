import os
import re

import pytest

from cookie_jar.scripts.diagnosis import probe as probes
from cookie_jar.scripts.diagnosis.probe import Outcome, do, probe


def test_a_step_says_what_went_wrong():
    assert do("json") == Outcome("imported")
    assert do("no_such_module_here").error.startswith("ModuleNotFoundError: ")


def test_a_library_that_ends_the_process_does_not_stop_the_others(tmp_path, monkeypatch):
    (tmp_path / "ends_here.py").write_text("print('hello\\nstep: one'); import os; os._exit(7)")
    (tmp_path / "raises.py").write_text("raise SystemExit('no\\nlicence')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    found = probe(["json", "ends_here", "raises", "csv"])
    assert found == {
        "json": Outcome("imported"),
        "ends_here": Outcome(error="the process ended with status 7"),
        "raises": Outcome(error="SystemExit: no licence"),
        "csv": Outcome("imported"),
    }


@pytest.mark.parametrize("step", ["numba cache", "matplotlib cache"])
def test_the_folders_of_caches_are_found(step):
    assert do(step).error is None


def test_libraries_that_hang_wait_together(tmp_path, monkeypatch, capsys):
    for name in ("hangs", "hangs_too"):
        (tmp_path / f"{name}.py").write_text("import time; time.sleep(600)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(probes, "TOGETHER", 2)
    monkeypatch.setattr(probes, "ALONE", 5)
    found = probe(["hangs", "hangs_too"])
    assert found == dict.fromkeys(["hangs", "hangs_too"], Outcome(error="no answer within 5 s"))
    assert "no answer within 2 s; checking the rest for up to 5 s" in capsys.readouterr().err


def test_the_arithmetic_names_the_library_of_matrix_products():
    assert re.search(r"BLAS \S+.*, threads \d", do("arithmetic").value)
