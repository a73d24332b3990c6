"""The libraries that the project requires, and those that are installed."""

import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from pathlib import Path
from typing import NamedTuple

PYPROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"  # in a clone
MODULES = {  # by distribution, where the names differ
    "pillow": "PIL",
    "pyyaml": "yaml",
    "pygame-ce": "pygame",
    "scikit-learn": "sklearn",
    "xgboost-cpu": "xgboost",
}


class Requirement(NamedTuple):
    """A required library.

    Attributes:
        name: The name of its distribution.
        bounds: Its versions, such as ">=0.5,!=0.8.0"; empty for any.
    """

    name: str
    bounds: str

    @property
    def module(self) -> str:
        """The name of its module."""
        return MODULES.get(self.name, self.name.replace("-", "_"))

    @property
    def installed(self) -> str | None:
        """The installed version, or None."""
        return installed(self.name)

    @property
    def fits(self) -> bool:
        """Whether the installed version is within the bounds."""
        return self.installed is not None and within(self.installed, self.bounds)


class Requirements(NamedTuple):
    """The requirements of the project.

    Attributes:
        python: The versions of Python, such as ">=3.11".
        core: The libraries that are always needed.
        extras: The libraries of each extra.
    """

    python: str
    core: tuple[Requirement, ...]
    extras: dict[str, tuple[Requirement, ...]]


def requirements() -> Requirements:
    """Return the requirements of a clone, or else those of the installed package."""
    if PYPROJECT.is_file():
        project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
        extras = {name: parsed(texts, name) for name, texts in project["optional-dependencies"].items()}
        return Requirements(project["requires-python"], parsed(project["dependencies"]), extras)
    try:
        about, texts = metadata("cookie-jar"), requires("cookie-jar") or []
    except PackageNotFoundError:
        return Requirements("", (), {})
    extras = {
        name: parsed((text for text in texts if re.search(f"extra == ['\"]{name}['\"]", text)), name)
        for name in about.get_all("Provides-Extra") or ()
    }
    return Requirements(
        about["Requires-Python"] or "", parsed(text for text in texts if "extra ==" not in text), extras
    )


def installed(name: str) -> str | None:
    """Return the version of an installed distribution, or None."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def within(found: str, bounds: str) -> bool:
    """Return whether a version is within bounds that are joined by commas: >=, >, <=, <, == and !=."""
    for bound in filter(None, bounds.replace(" ", "").split(",")):
        match = re.match(r"(>=|<=|==|!=|>|<)(.+)", bound)
        if match is None:
            continue
        mine, other = _release(found), _release(match[2])
        holds = {
            ">=": mine >= other, ">": mine > other, "<=": mine <= other, "<": mine < other,
            "==": mine == other, "!=": mine != other,
        }  # fmt: skip
        if not holds[match[1]]:
            return False
    return True


def _release(text: str) -> tuple[int, ...]:
    """Return the numbers of a version without zeros at the end: "2.10.0rc1" is (2, 10)."""
    match = re.match(r"\d+(\.\d+)*", text)
    numbers = [int(part) for part in match[0].split(".")] if match else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def parsed(texts: Iterable[str], extra: str = "") -> tuple[Requirement, ...]:
    """Return requirements such as "safetensors>=0.5,!=0.8.0"; the project's own extras are left out."""
    found = []
    for text in texts:
        match = re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?\s*([^;]*)(?:;(.*))?", text)
        if match is not None and match[1] != "cookie-jar" and _applies(match[3] or "", extra):
            found.append(Requirement(match[1].lower(), match[2].strip().strip("()")))
    return tuple(found)


def _applies(marker: str, extra: str) -> bool:
    """Return whether a marker such as "sys_platform != 'darwin'" holds here, or cannot be evaluated."""
    try:
        from packaging.markers import Marker
    except ImportError:  # comes with Matplotlib
        return True
    return not marker.strip() or Marker(marker).evaluate({"extra": extra})
