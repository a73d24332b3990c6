"""The change from NumPy's step to the compiled loop in the middle of a run, which nobody must notice."""

import copy
import pickle
import subprocess
import sys

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.envs import ActionError
from cookie_jar.envs.compiled import compiled
from cookie_jar.envs.vector import stepper

N = 7
AT_ONCE, NEVER = 0, 1 << 60  # steps before compiling
LATER = 5 * (N + stepper.CALL) - 1  # the fifth step is NumPy's last
MODES = list(AutoresetMode)
OPTIONS = {
    "plain": {"action_masks": True},
    "clumsy": {"clumsiness": 0.3, "action_masks": True, "observation": "factors"},
    "hints": {"clumsiness": 0.1, "hints": True, "random_start": True, "observation": "vector"},
    "levels": {"levels": (5, 9), "observation": "grid"},
    "hints on levels": {"levels": (5, 9), "observation": "pixels", "hints": True, "clumsiness": 0.2},
    "jar": {"kitchen": "corner", "jar_alone": True, "shuffle_cookies": True, "clumsiness": 0.0},
    "pictures": {"kitchen": "corner", "observation": "pictures", "shuffle_cookies": True},
    "endless": {"max_episode_steps": None, "kitchen": "corner"},
    "reused arrays": {"copy": False, "clumsiness": 0.2},
}


@pytest.fixture
def make(monkeypatch):
    """Make an environment that compiles after so much work, and count the times that one compiles."""

    def make(name, patience, mode=AutoresetMode.NEXT_STEP, number=N):
        monkeypatch.setattr(stepper, "COMPILE_AFTER", patience)
        options = {"max_episode_steps": 9, "autoreset_mode": mode} | OPTIONS[name]
        envs = gym.make_vec("CookieJar-v0", number, **options)
        envs.reset(seed=3)
        return envs

    make.compiled = 0
    found = stepper.compiled_step

    def counted():
        make.compiled += 1
        return found()

    monkeypatch.setattr(stepper, "compiled_step", counted)
    return make


def plain(value):
    """A copy of results as plain values, with the types and shapes of arrays."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, np.ndarray) and value.dtype != object:
        return value.dtype.str, value.shape, value.tobytes()
    return [plain(each) for each in value] if isinstance(value, (np.ndarray, tuple)) else value


def walk(envs, steps, seed=0):
    """The results of random steps, partial resets and saved states."""
    rng, told = np.random.default_rng(seed), []
    for step in range(steps):
        results = envs.step(rng.integers(envs.single_action_space.n, size=envs.num_envs))
        told.append(plain(results))
        mask = rng.random(envs.num_envs) < 0.1
        if envs.autoreset_mode is AutoresetMode.DISABLED:
            mask |= results[2] | results[3]
        if mask.any():
            told.append(plain(envs.reset(options={"reset_mask": mask})))
        if step % 7 == 0:
            told.append(envs.get_state())
    return told


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPTIONS)
def test_nobody_notices_when_it_compiles(make, name, mode):
    expected = walk(make(name, NEVER, mode), 40)
    assert make.compiled == 0
    for times, patience in enumerate((AT_ONCE, LATER), start=1):
        assert walk(make(name, patience, mode), 40) == expected
        assert make.compiled == times


@pytest.mark.parametrize("name", ["clumsy", "levels"])
def test_states_move_between_both(make, name):
    first, *others = (make(name, patience) for patience in (AT_ONCE, NEVER, AT_ONCE))
    walk(first, 20)
    state = first.get_state()
    expected = walk(first, 30, seed=1)
    for other in others:
        walk(other, 11, seed=2)
        other.set_state(state)
        assert walk(other, 30, seed=1) == expected


@pytest.mark.parametrize("patience", [AT_ONCE, NEVER])
@pytest.mark.parametrize("actions", [[0] * (N - 1) + [10], [-1] + [0] * (N - 1)])
def test_impossible_actions_change_nothing(make, patience, actions):
    envs, other = make("clumsy", patience), make("clumsy", patience)
    walk(envs, 5), walk(other, 5)
    for kind in (list, np.array):
        with pytest.raises(ActionError, match=r"each below 10; got (10|-1) at place (6|0)"):
            envs.step(kind(actions))
    assert walk(envs, 20, seed=1) == walk(other, 20, seed=1)


@pytest.mark.parametrize("patience", [AT_ONCE, NEVER])
def test_actions_of_every_form(make, patience):
    forms = (
        np.ndarray.tolist,
        lambda actions: actions.astype(np.int8),
        lambda actions: actions.astype(np.uint64),
        lambda actions: actions.astype(">i8"),
        lambda actions: np.repeat(actions, 2)[::2],
        lambda actions: np.frombuffer(actions.tobytes(), np.int64),  # read-only
    )
    envs, other = make("clumsy", patience), make("clumsy", patience)
    rng = np.random.default_rng(0)
    for form in forms * 3:
        actions = rng.integers(10, size=N)
        assert plain(envs.step(form(actions))) == plain(other.step(actions))


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda envs: pickle.loads(pickle.dumps(envs))])
@pytest.mark.parametrize("name", ["clumsy", "levels", "reused arrays"])
def test_copies_go_on_by_themselves(make, name, copied):
    envs = make(name, LATER)
    walk(envs, 20)
    twin = copied(envs)
    expected = walk(envs, 30, seed=1)
    assert walk(twin, 30, seed=1) == expected


def run(code, **environment):
    import os

    command = [sys.executable, "-c", f"import sys; {code}"]
    result = subprocess.run(command, capture_output=True, text=True, env=os.environ | environment)
    assert result.returncode == 0, result.stderr
    return result.stdout.split()


STEPS = (
    "import gymnasium, numpy, cookie_jar.envs; envs = gymnasium.make_vec('CookieJarClumsy-v0', 64);"
    "envs.reset(seed=0); results = [envs.step(numpy.arange(64) % 10) for _ in range(100)];"
)


def test_a_small_job_does_not_import_numba():
    assert run(STEPS + "print('numba' in sys.modules)") == ["False"]


@pytest.mark.parametrize(
    ("before", "environment"),
    [("", {"NUMBA_DISABLE_JIT": "1"}), ("sys.modules['numba'] = None;", {})],
    ids=["switched off", "not usable"],
)
def test_without_numba_numpy_goes_on(before, environment):
    at_once = "from cookie_jar.envs.vector import stepper; stepper.COMPILE_AFTER = 0;"
    told = "print(sum(r[0].sum() for r in results), 'cookie_jar.envs.vector.loops' in sys.modules)"
    expected, _ = run(STEPS + told)
    assert run(before + at_once + STEPS + told, **environment) == [expected, "False"]


def test_without_a_writable_folder_functions_are_compiled_in_memory(monkeypatch):
    def njit(*functions, cache=False):
        if cache:
            return lambda function: (_ for _ in ()).throw(RuntimeError("no locator available"))
        return ("compiled", *functions)

    monkeypatch.setattr("cookie_jar.envs.compiled.njit", njit)
    assert compiled(len) == ("compiled", len)
