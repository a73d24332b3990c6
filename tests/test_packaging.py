"""pyproject.toml names the packages that exist, and .ci/lowest.txt repeats its lower bounds."""

import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TOOLS = {"dev", "docs"}  # extras for developers, who install the newest versions


def test_the_lowest_versions_are_the_lower_bounds():
    project = PROJECT["project"]
    extras = [texts for name, texts in project["optional-dependencies"].items() if name not in TOOLS]
    bounds = {
        (requirement.name, bound.version)
        for requirement in map(Requirement, sum(extras, project["dependencies"]))
        for bound in requirement.specifier
        if bound.operator == ">="
    }
    lines = (ROOT / ".ci" / "lowest.txt").read_text(encoding="utf-8").splitlines()
    assert {tuple(line.split("==")) for line in lines if line and not line.startswith("#")} == bounds


def test_every_folder_with_files_of_a_package_is_listed():
    exercises = ROOT / "scripts" / "teaching" / "exercises"  # one package, with a folder for each
    files = [
        path for top in ("agents", "envs", "scripts") for path in (ROOT / top).rglob("*.*") if path.is_file()
    ]
    folders = {exercises if exercises in path.parents else path.parent for path in files}
    packages = {
        ".".join(("cookie_jar", *folder.relative_to(ROOT).parts))
        for folder in folders
        if folder.name != "__pycache__"
    }
    assert packages == set(PROJECT["tool"]["setuptools"]["packages"])
