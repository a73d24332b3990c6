"""The layers: which module may import which, where libraries are used, and how long a program may be."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = (
    *("pygame", "matplotlib", "numba", "torch", "stable_baselines3", "PIL"),
    *("scipy.stats", "scipy.sparse.linalg"),
)
LONGEST_PROGRAM = 150  # lines

BOTH_SIDES = ("agents", "envs")
MAY_IMPORT = {  # of the project; the longest name that fits a module holds for it
    "agents": ("agents",),
    "envs": ("envs",),
    "envs.rendering": (
        "envs.rendering",
        *("envs.arrays", "envs.checks", "envs.errors", "envs.kitchen", "envs.dynamics", "envs.tabular"),
        "envs.cookies.recipe",
    ),
    "envs.cookies": (
        "envs.cookies",
        *("envs.arrays", "envs.checks", "envs.errors", "envs.dynamics"),
    ),
    "scripts.common": (*BOTH_SIDES, "scripts.common"),
    "scripts.viewer": (*BOTH_SIDES, "scripts.common", "scripts.viewer"),
    "scripts.viewer.widgets": (
        "scripts.viewer.widgets",
        *("envs.rendering.palette", "envs.rendering.lettering", "envs.rendering.canvas"),
        "scripts.common.bars",
    ),
    "scripts.classification": (*BOTH_SIDES, "scripts.common", "scripts.classification", "scripts.viewer"),
    "scripts.comparison": (*BOTH_SIDES, "scripts.common", "scripts.comparison", "scripts.sb3"),
    "scripts.inspection": (*BOTH_SIDES, "scripts.common", "scripts.inspection"),
    "scripts.sb3": (*BOTH_SIDES, "scripts.common", "scripts.sb3"),
    "scripts.teaching": (*BOTH_SIDES, "scripts.common", "scripts.teaching"),
    "scripts.diagnosis": (*BOTH_SIDES, "scripts.common.blas", "scripts.common.cores", "scripts.diagnosis"),
    "scripts.webpage": (*BOTH_SIDES, "scripts.common", "scripts.webpage"),
    "scripts.benchmarks": (*BOTH_SIDES, "scripts.common", "scripts.benchmarks"),
}
PROGRAMS = "programs"  # the files scripts/*.py: they import packages, and no package imports them
MAY_IMPORT[PROGRAMS] = (*BOTH_SIDES, *(package for package in MAY_IMPORT if package.startswith("scripts.")))
ONLY_IN = {
    "pygame": ("envs.rendering", "scripts.viewer"),
    "rich.console": ("scripts.common.console",),  # its consoles interpret markup in foreign text
    **dict.fromkeys(("matplotlib", "torch", "stable_baselines3"), ("scripts",)),
}


class Import(NamedTuple):
    """An import statement: the module in full, without `cookie_jar.`; early if it runs with the module."""

    module: str
    line: int
    early: bool


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {
    module_name(path): path
    for folder in ("agents", "envs", "scripts")
    for path in (ROOT / folder).rglob("*.py")
}


def statements(tree: ast.AST, early: bool = True) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    """All import statements; late ones are in functions or for type checkers."""
    for node in ast.iter_child_nodes(tree):
        late = isinstance(node, ast.FunctionDef) or (
            isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        )
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node, early
        yield from statements(node, early and not late)


@cache
def imports(name: str) -> list[Import]:
    path, listed = MODULES[name], []
    package = ["cookie_jar", *path.relative_to(ROOT).parts[:-1]]
    for node, early in statements(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        else:
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            base = ".".join(part for part in (base, node.module) if part)
            names = [f"{base}.{alias.name}" for alias in node.names]
            found = [full if full.removeprefix("cookie_jar.") in MODULES else base for full in names]
        names = [module.removeprefix("cookie_jar.") for module in dict.fromkeys(found)]
        listed += [Import(module, node.lineno, early) for module in names]
    return listed


def within(module: str, places: tuple[str, ...]) -> bool:
    return any(module == place or module.startswith(f"{place}.") for place in places)


def layer(name: str) -> str:
    if name.startswith("scripts") and MODULES[name].parent == ROOT / "scripts":
        return PROGRAMS
    fitting = [layer for layer in MAY_IMPORT if within(name, (layer,))]
    assert fitting, f"{name}: say in MAY_IMPORT what its package may import"
    return max(fitting, key=len)


def test_modules_import_only_what_their_layer_may():
    wrong = [
        f"{name}, line {line}, imports {module}; it may import only {', '.join(MAY_IMPORT[layer(name)])}"
        for name in MODULES
        for module, line, _ in imports(name)
        if within(module, ("agents", "envs", "scripts")) and not within(module, MAY_IMPORT[layer(name)])
    ]
    assert not wrong, "\n".join(wrong)


def test_libraries_are_used_only_where_they_belong():
    wrong = [
        f"{name}, line {line}, imports {module}, which only {' and '.join(places)} may"
        for name in MODULES
        for module, line, _ in imports(name)
        for library, places in ONLY_IN.items()
        if within(module, (library,)) and not within(name, places)
    ]
    assert not wrong, "\n".join(wrong)


def cycle(graph: dict[str, set[str]]) -> list[str]:
    """A chain of modules, each importing the next, that ends where it began; empty if there is none."""
    graph = dict(graph)
    while free := [name for name, needed in graph.items() if not needed & graph.keys()]:
        for name in free:
            del graph[name]
    chain = list(graph)[:1]
    while chain and (following := min(graph[chain[-1]] & graph.keys())) not in chain:
        chain.append(following)
    return [*chain[chain.index(following) :], following] if chain else []


def test_no_modules_import_each_other():
    graph = {
        name: {module for module, _, early in imports(name) if early and module in MODULES}
        for name in MODULES
    }
    found = cycle(graph)
    assert not found, " imports ".join(found)


@pytest.mark.parametrize("path", sorted((ROOT / "scripts").glob("*.py")), ids=lambda path: path.name)
def test_programs_are_short(path):
    lines = len(path.read_text().splitlines())
    assert lines <= LONGEST_PROGRAM, f"{path.name} has {lines} lines: move what is no program to a package"


@pytest.mark.parametrize("name", [name for name in MODULES if layer(name) == PROGRAMS])
def test_programs_import_their_package_before_any_library(name):
    """From then on Ctrl-C prints no traceback, and NumPy is loaded with the right limit on threads."""
    foreign = [one for one in imports(name) if one.module.split(".")[0] not in sys.stdlib_module_names]
    assert foreign[0].module.startswith("scripts."), foreign[0]


def modules_after(code: str) -> set[str]:
    code = f"import sys; {code}; print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(result.stdout.split())


@pytest.mark.parametrize("module", ["envs", "agents", "scripts.cli", "scripts.train", "scripts.compare"])
def test_heavy_libraries_are_not_imported_with_the_package(module):
    imported = modules_after(f"import cookie_jar.{module}").intersection(HEAVY)
    assert not imported


def test_learning_needs_no_drawing():
    code = (
        "from cookie_jar.agents import QLearning; import cookie_jar.envs;"
        "QLearning('CookieJar-v0', seed=0).learn(100)"
    )
    imported = {"pygame", "matplotlib", "PIL", "torch"} & modules_after(code)
    assert not imported


def test_both_sides_mean_the_same_by_a_tabular_model():
    import cookie_jar.agents
    import cookie_jar.envs

    assert cookie_jar.envs.TabularModel._fields == cookie_jar.agents.TabularModel._fields


def test_no_script_has_the_name_of_a_standard_module():
    scripts = [name for name in MODULES if name.startswith("scripts.")]
    assert len(scripts) > 100
    assert [name for name in scripts if name.rpartition(".")[2] in sys.stdlib_module_names] == []
