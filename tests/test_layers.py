"""The laws of the layers: who may import whom, and what is imported only where it is used."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = {"pygame", "matplotlib", "numba", "torch", "stable_baselines3", "PIL"}


def files(*folders):
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def imports(path):
    """The modules that a file imports, with relative ones made absolute."""
    package = ["cookie_jar", *path.relative_to(ROOT).with_suffix("").parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            yield ".".join([*base, *([node.module] if node.module else [])])


@pytest.mark.parametrize("path", files("envs"), ids=str)
def test_environments_know_neither_agents_nor_scripts(path):
    assert not [
        name for name in imports(path) if name.startswith(("cookie_jar.agents", "cookie_jar.scripts"))
    ]


@pytest.mark.parametrize("path", files("agents"), ids=str)
def test_agents_know_neither_environments_nor_scripts(path):
    assert not [name for name in imports(path) if name.startswith(("cookie_jar.envs", "cookie_jar.scripts"))]


@pytest.mark.parametrize("path", files("envs", "agents"), ids=str)
def test_pygame_is_used_by_the_drawing_alone(path):
    if path.parent.name != "rendering":
        assert "pygame" not in [name.split(".")[0] for name in imports(path)]


@pytest.mark.parametrize("module", ["cookie_jar.envs", "cookie_jar.agents", "cookie_jar.scripts.cli"])
def test_heavy_libraries_are_not_imported_with_the_package(module):
    code = f"import sys, {module}; print(*{{name.split('.')[0] for name in sys.modules}})"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & set(result.stdout.split())


def test_learning_needs_no_drawing():
    code = (
        "import sys; from cookie_jar.agents import QLearning; import cookie_jar.envs;"
        "QLearning('CookieJar-v0', seed=0).learn(100); print(*{name.split('.')[0] for name in sys.modules})"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"pygame", "matplotlib", "PIL", "torch"} & set(result.stdout.split())


def test_both_sides_mean_the_same_by_a_tabular_model():
    import cookie_jar.agents
    import cookie_jar.envs

    assert cookie_jar.envs.TabularModel._fields == cookie_jar.agents.TabularModel._fields


@pytest.mark.parametrize("path", files("scripts"), ids=str)
def test_no_script_has_the_name_of_a_standard_module(path):
    assert path.stem == "__init__" or path.stem not in sys.stdlib_module_names
