"""Which slow libraries a command imports: what it does not need, it does not wait for."""

import subprocess
import sys

import pytest

import cookie_jar.agents
import cookie_jar.envs
from cookie_jar.agents import QLearning
from cookie_jar.agents.runs import AGENT_FILE
from cookie_jar.scripts.cli import PROGRAMS

SLOW = {
    *("gymnasium", "matplotlib", "numba", "numpy", "pebble", "PIL", "pygame", "rich", "sb3_contrib", "scipy"),
    *("stable_baselines3", "tensorboard", "torch"),
}
USUAL = {"gymnasium", "numpy", "rich"}  # of every program but `doctor`: the environments and the output
DRAWING = ("page", "tour", "play", "watch")  # programs that draw with pygame, and save films with Pillow
RUNS = {  # commands in a folder with the run `runs/corner`, and what they may import
    ("memory", "show", "runs/corner"): set(),
    ("memory", "diff", "runs/corner", "runs/corner"): set(),
    ("train", "--env", "CookieJarCorner-v0", "--timesteps", "100"): {"scipy", "numba", "matplotlib", "PIL"},
    ("memory", "edit", "runs/corner", "0", "reach", "1", "-o", "new"): set(),
}


def slow_imports(*commands, folder=None):
    """The slow libraries that are imported when these commands have ended, one after the other."""
    code = (
        "import sys\nfrom cookie_jar.scripts.cli import main\n"
        f"for words in {commands!r}:\n"
        "    sys.argv = ['cookie-jar', *words]\n"
        "    try:\n        status = main()\n    except SystemExit as error:\n        status = error.code\n"
        "    assert not status, words\n"
        "print('\\n' + ' '.join({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr
    return SLOW & set(done.stdout.splitlines()[-1].split())


def test_the_list_of_programs_needs_no_library():
    assert slow_imports(("--help",), ("--version",), ("doctor", "--help")) == set()


def test_help_imports_no_slow_library():
    assert slow_imports(*((name, "--help") for name in PROGRAMS if name not in DRAWING)) <= USUAL


def test_help_of_programs_that_draw_imports_nothing_else():
    assert slow_imports(*((name, "--help") for name in DRAWING)) <= USUAL | {"pygame", "PIL"}


@pytest.mark.parametrize("words", RUNS, ids=" ".join)
def test_a_command_imports_what_it_needs(words, tmp_path):
    agent = QLearning("CookieJarCorner-v0", seed=0)
    (tmp_path / "runs" / "corner").mkdir(parents=True)
    agent.save(tmp_path / "runs" / "corner" / AGENT_FILE)
    assert slow_imports(words, folder=tmp_path) <= USUAL | RUNS[words]


def test_the_public_names_of_agents_are_imported_on_first_use():
    code = (
        "import sys, cookie_jar.agents\n"
        "print(*(name for name in sys.modules if name.startswith('cookie_jar')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {"cookie_jar", "cookie_jar.agents"}


def test_every_public_name_of_agents_is_found():
    module = cookie_jar.agents
    for name in module.__all__:
        assert getattr(module, name) is not None
    assert set(module.__all__) <= set(dir(module))
    assert module.runs.load is module.load
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = module.nothing
