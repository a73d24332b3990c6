"""pyproject.toml names the packages that exist, and .ci/lowest.txt repeats its lower bounds."""

import shutil
import subprocess
import sys
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


def test_a_release_has_absolute_addresses(tmp_path):
    for name in ("README.md", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    address = "https://example.org/someone/cookie-jar"
    command = [sys.executable, ROOT / ".ci" / "addresses.py", address, "v1", "--folder", tmp_path]
    subprocess.run(command, check=True)
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert f"]({address}/raw/v1/docs/images/story.gif)" in readme
    assert f"]({address}/blob/v1/docs/install.md)" in readme
    assert "](docs/" not in readme
    assert "](https://gymnasium.farama.org)" in readme
    made = tomllib.loads((tmp_path / "pyproject.toml").read_text(encoding="utf-8"))
    assert made["project"].pop("urls")["Homepage"] == address
    assert made == PROJECT
    again = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (again.returncode, "no [project.urls]" in again.stderr) == (1, True)
