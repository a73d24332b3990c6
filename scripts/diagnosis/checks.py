"""The checks of `doctor`: Python, libraries, folders, display, extras and processors."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryFile

from cookie_jar.scripts.common.blas import VARIABLES
from cookie_jar.scripts.common.cores import available_cores
from cookie_jar.scripts.diagnosis.findings import NOTE, OK, PROBLEM, Finding
from cookie_jar.scripts.diagnosis.probe import STEPS, Outcome, probe
from cookie_jar.scripts.diagnosis.requirements import PYPROJECT, Requirements, installed, requirements, within

PIP = "python -m pip"
LITTLE, FEW = 50e6, 1e9  # bytes of free disk: too little for a run, little
EXTRAS = {  # what they are for
    "sb3": "the agents of Stable-Baselines3 in `compare` and `sweep`; needs torch (several GB on Linux)",
    "sb3-contrib": "two more algorithms for `compare`",
    "cluster": "`sweep --engine ray`",
    "tensorboard": "showing what `events` exports",
    "video": "`watch --save FILE.mp4`; GIF, WebP and PNG need no extra",
    "peers": "one more row of `benchmark`",
    "yardsticks": "other methods in the table of `cookies test`",
    "docs": "building the documentation",
    "test": "the tests",
    "dev": "all tests and the development tools",
}
IMPORTED_FIRST = ("numpy", "scipy")  # the others import them


def findings() -> list[Finding]:
    """Do all checks."""
    needed = requirements()
    modules = [requirement.module for requirement in needed.core if requirement.installed]
    modules.sort(key=lambda module: module not in IMPORTED_FIRST)
    outcomes = probe([*modules, *STEPS])
    return [
        *python(needed),
        *libraries(needed, outcomes),
        *pygames(outcomes["drawing"]),
        training(outcomes["training"]),
        *folders(outcomes),
        display(outcomes["display"]),
        *extras(needed),
        processors(),
        arithmetic(outcomes["arithmetic"]),
    ]


def install(extra: str = "") -> str:
    """Return the command that installs the project again, perhaps with an extra."""
    option = f"[{extra}]" if extra else ""
    return f'{PIP} install -e ".{option}"' if PYPROJECT.is_file() else f'{PIP} install "cookie-jar{option}"'


def python(needed: Requirements) -> Iterator[Finding]:
    """Check the version of Python, the project itself, its command, and the virtual environment."""
    found, system = platform.python_version(), f"{platform.system()} {platform.machine()}"
    if within(found, needed.python):
        yield Finding(OK, "Python", f"{found} (needs {needed.python or 'any'}), {system}")
    else:
        advice = f"Install Python {needed.python}, and create a new virtual environment with that version."
        yield Finding(PROBLEM, "Python", f"{found} (needs {needed.python}), {system}", advice)
    project = installed("cookie-jar")
    if project is None:
        yield Finding(PROBLEM, "cookie-jar", "not installed", f"Run: {install()}")
    else:
        yield Finding(OK, "cookie-jar", f"{project}, in {Path(__file__).parents[2]}")
    if shutil.which("cookie-jar") is None:
        advice = "Activate the virtual environment, or use: python -m cookie_jar.scripts.cli"
        yield Finding(NOTE, "command", "`cookie-jar` is not on the PATH", advice)
    if sys.prefix == sys.base_prefix:
        advice = "Nothing to do if it works; to keep libraries of projects apart: python -m venv .venv"
        yield Finding(NOTE, "environment", "no virtual environment", advice)


def libraries(needed: Requirements, outcomes: Mapping[str, Outcome]) -> Iterator[Finding]:
    """Check the version of each required library, and whether it can be imported."""
    fine = []
    for requirement in needed.core:
        name, version = requirement.name, requirement.installed
        error = outcomes.get(requirement.module, Outcome()).error
        again = f'Run: {PIP} install --force-reinstall --no-deps "{name}{requirement.bounds}"'
        if version is None:
            yield Finding(PROBLEM, name, f"not installed (needs {requirement.bounds})", f"Run: {install()}")
        elif not requirement.fits:
            yield Finding(PROBLEM, name, f"{version} (needs {requirement.bounds})", f"Run: {install()}")
        elif error is not None:
            yield Finding(PROBLEM, name, f"{version} is installed, but cannot be imported; {error}", again)
        else:
            fine.append(f"{name} {version}")
    if fine:
        yield Finding(OK, "libraries", ", ".join(fine))


def pygames(outcome: Outcome) -> Iterator[Finding]:
    """Check that the package pygame, which has the same import name, does not hide pygame-ce."""
    advice = f"Run: {PIP} uninstall -y pygame pygame-ce; then: {PIP} install pygame-ce"
    if outcome.error is not None and "has the same import name" in outcome.error:
        found = "pygame is imported in its place, or only a part of it is left; nothing can be drawn"
        yield Finding(PROBLEM, "pygame-ce", found, advice)
    elif installed("pygame") is not None:
        found = "pygame is installed too, with the same import name; an update of pygame would hide pygame-ce"
        yield Finding(NOTE, "pygame-ce", found, advice)


def training(outcome: Outcome) -> Finding:
    """Check that an agent learns, and that its memory can be saved and loaded."""
    if outcome.error is None:
        return Finding(OK, "training", f"works: {outcome.value}")
    advice = f"Correct the problems above; if there is none, run: {install()}"
    return Finding(PROBLEM, "training", f"does not work; {outcome.error}", advice, blocks=True)


def folders(outcomes: Mapping[str, Outcome]) -> Iterator[Finding]:
    """Check that the programs can write, and how much space is left."""
    try:
        here = Path.cwd()
    except OSError as error:
        yield Finding(PROBLEM, "folder", f"none; {error.strerror}", "Change to a folder that exists.", True)
        return
    for folder in (here, here / "runs"):
        if not folder.exists():
            continue
        if reason := not_writable(folder):
            advice = "Change to a folder that you can write to, or add --run-dir FOLDER to `train`."
            yield Finding(PROBLEM, "folder", f"{folder} is not writable: {reason}", advice, blocks=True)
        else:
            yield Finding(OK, "folder", f"{folder} is writable")
    free = shutil.disk_usage(here).free
    found, room = f"{free / 1e9:,.1f} GB free", "Free some space: a run takes about 1 to 100 MB."
    status = PROBLEM if free < LITTLE else NOTE if free < FEW else OK
    yield Finding(status, "disk", found, "" if status == OK else room, blocks=status == PROBLEM)
    caches = (
        (
            "numba cache",
            "NUMBA_CACHE_DIR",
            "otherwise each program compiles again, which takes seconds",
        ),
        ("matplotlib cache", "MPLCONFIGDIR", "otherwise figures take longer"),
    )
    for name, variable, reason in caches:
        yield cache(name, outcomes[name], f"Set {variable} to a folder that is writable; {reason}.")


def cache(name: str, outcome: Outcome, advice: str) -> Finding:
    """Check that a library can write to its cache."""
    if outcome.error is not None:
        return Finding(NOTE, name, f"unknown; {outcome.error}", "See the problems above.")
    problem = not_writable(Path(outcome.value)) if outcome.value else "there is none"
    if problem:
        return Finding(NOTE, name, f"{outcome.value or 'folder'} is not writable: {problem}", advice)
    return Finding(OK, name, f"{outcome.value} is writable")


def not_writable(folder: Path) -> str:
    """Return why no file can be written in a folder, or ""; a folder that is missing is one to create."""
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    try:
        with TemporaryFile(dir=existing):
            return ""
    except OSError as error:
        return error.strerror or str(error)


def display(outcome: Outcome) -> Finding:
    """Check whether windows can be opened."""
    if outcome.error is not None:
        return Finding(PROBLEM, "display", f"unknown; {outcome.error}", "See the problems above.")
    if outcome.value:
        found = f"{outcome.value} pixels: `play`, `watch` and `train --watch` can open a window"
        return Finding(OK, "display", found)
    names = [name for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER") if name in os.environ]
    shown = ", ".join(f"{name}={os.environ[name]}" for name in names)
    found = f"none ({shown}, but no window can be opened)" if shown else "none"
    advice = (
        "Training needs no display. To save an episode: cookie-jar watch RUN --save episode.gif; "
        "over SSH, try `ssh -X`."
    )
    return Finding(NOTE, "display", found, advice)


def extras(needed: Requirements) -> Iterator[Finding]:
    """Check which extras are installed; their libraries are not imported."""
    for name, libraries in needed.extras.items():
        missing = [library.name for library in libraries if library.installed is None]
        wrong = [
            f"{library.name} {library.installed} (needs {library.bounds})"
            for library in libraries
            if library.installed is not None and not library.fits
        ]
        if missing or wrong:
            found = ", ".join([*(f"{library} is not installed" for library in missing), *wrong])
            advice = f"For {EXTRAS.get(name, 'optional features')}: {install(name)}"
            yield Finding(NOTE, f"extra {name}", found, advice)
        else:
            parts = [f"{library.name} {library.installed}" for library in libraries]
            few = ", ".join(parts) if len(parts) < 5 else f"{len(parts)} libraries"
            yield Finding(OK, f"extra {name}", few)


def processors() -> Finding:
    """Return the number of cores, and the variables that give libraries another number of threads than 1."""
    variables = (*VARIABLES, "NUMBA_NUM_THREADS")
    limits = [f"{name}={os.environ[name]}" for name in variables if os.environ.get(name, "1") != "1"]
    found = (
        f"{available_cores()} for `compare`, `sweep` and `train --seeds`; the other programs use one thread"
    )
    return Finding(OK, "processors", "; ".join([found, *limits]))


def arithmetic(outcome: Outcome) -> Finding:
    """Return the parts of the machine on which the last digits of networks depend."""
    if outcome.error is not None:
        return Finding(NOTE, "arithmetic", f"unknown; {outcome.error}", "See the problems above.")
    return Finding(OK, "arithmetic", outcome.value)
