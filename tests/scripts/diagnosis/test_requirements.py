import sys
from importlib.util import find_spec

import pytest

from cookie_jar.scripts.diagnosis import requirements as module
from cookie_jar.scripts.diagnosis.requirements import Requirement, requirements, within


@pytest.mark.parametrize(
    ("found", "bounds", "fits"),
    [
        ("2.10.0", ">=2.9", True),
        ("2.9", ">=2.9.0", True),
        ("2.8.9", ">=2.9", False),
        ("0.8.0", ">=0.5,!=0.8.0", False),
        ("0.8.1", ">=0.5, !=0.8.0", True),
        ("2.13.0+cpu", "==2.13.0", True),
        ("3.0.0rc1", ">=3", True),
        ("1.0", "", True),
        ("1.9", "<2,>1.8", True),
        ("2", "<2", False),
    ],
)
def test_versions_are_compared_by_their_numbers(found, bounds, fits):
    assert within(found, bounds) is fits


def test_the_requirements_are_those_of_the_project():
    needed = requirements()
    assert needed.python == ">=3.11"
    assert {"numpy", "gymnasium", "pygame-ce"} <= {requirement.name for requirement in needed.core}
    assert all(find_spec(requirement.module) for requirement in needed.core)
    assert needed.extras["sb3"][0].module == "stable_baselines3"


def test_requirements_of_other_systems_are_left_out():
    here, elsewhere = f"sys_platform == '{sys.platform}'", f"sys_platform != '{sys.platform}'"
    texts = [f"numba>=0.60; {here}", f"numba<0.63; {elsewhere}", f"rich>=13; ({here}) and extra == 'a'"]
    assert module.parsed(texts, "a") == (Requirement("numba", ">=0.60"), Requirement("rich", ">=13"))
    assert module.parsed(texts) == (Requirement("numba", ">=0.60"),)


def test_an_installed_package_says_the_same(monkeypatch, tmp_path):
    class Metadata(dict):
        def get_all(self, name):
            return ["sb3"]

    texts = ["numpy>=2.0", "ray[a]; extra == 'dev'", 'stable-baselines3>=2.9; extra == "sb3"']
    monkeypatch.setattr(module, "PYPROJECT", tmp_path / "absent.toml")
    monkeypatch.setattr(module, "metadata", lambda name: Metadata({"Requires-Python": ">=3.11"}))
    monkeypatch.setattr(module, "requires", lambda name: texts)
    needed = requirements()
    assert needed.python == ">=3.11"
    assert needed.core == (Requirement("numpy", ">=2.0"),)
    assert needed.extras == {"sb3": (Requirement("stable-baselines3", ">=2.9"),)}
