"""Random calls of the public API: every public name, with good and odd arguments."""

import inspect
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from fuzzing import ODD_VALUES
from gymnasium.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete, Text
from gymnasium.vector import AutoresetMode
from gymnasium.wrappers import FlattenObservation, TimeLimit
from toys import Corridor, Sampled, corridor

import cookie_jar.agents as agents
import cookie_jar.envs as envs
from cookie_jar.agents.runs import memory_file, snapshots
from cookie_jar.envs import IDS, KITCHENS, CookieJarEnv, CookieJarVectorEnv, Happiness, Kitchen, State

SMALL = {"n_envs": 2, "n_steps": 4, "net_arch": [3], "filters": 2, "n_epochs": 1, "batch_size": 4}
CORNER = "CookieJarCorner-v0"
HOOKS = {  # public for subclasses, and called by the agents themselves only
    *("array_shapes", "batch", "checked", "collect", "encoding", "encoding_of", "evaluate_network", "loss"),
    *("gradient_step", "learn_steps", "policy_loss", "reset_episode", "restore", "update", "outputs"),
    "enter_env",
}


class Unprintable:
    def __repr__(self):
        raise RuntimeError("no")


ODD = [
    *ODD_VALUES,
    *(float("nan"), float("inf"), 1j, 1.0, b"a", "\ud800", (), (0, 9), (5, 2), (True, 3), {1, 2}, range(3)),
    *({"act": float("nan")}, {"state": True}, {1: 2}, {"reset_mask": np.zeros(3, bool)}, {"q_table": [[1]]}),
    *(np.int8(-1), np.uint64(2**63), np.float32(0.1), np.True_, np.str_("corner"), np.array(1), np.arange(3)),
    *(np.full(3, np.nan), np.zeros((3, 0)), np.array("a"), np.array([None] * 3), np.datetime64("2020")),
    *(State(*[10**9] * 5), State("a", 0, 0, 0, 0), State(0, 0, 1, 8, 0), object(), Unprintable(), int, print),
    *(slice(3), Ellipsis, memoryview(b"a"), Exception, Kitchen.parse(KITCHENS["corner"])),
]
SPACES = [
    *(Discrete(3), Discrete(3, start=1), Discrete(10**12), MultiDiscrete([2, 3]), MultiDiscrete([2] * 80)),
    *(MultiBinary(4), Box(0, 1, (2,)), Box(0, 1, ()), Box(0, 1, (0,)), Box(0, 255, (9, 9, 3), np.uint8)),
    *(Box(-9, 9, (2,), np.int64), Text(5), Dict({"a": Discrete(2)})),
]
OPTIONS = {
    "kitchen": ["home", "corner", "#J##\n#SC#\n####"],
    "likes": ["raisin", "plain", "chocolate chip"],
    "clumsiness": [0, 0.2],
    "shuffle_cookies": [True, False],
    "random_start": [True, False],
    "hints": [True, False],
    "happiness": [{"act": -1}, None],
    "max_states": [None, 10**6],
}


class Steady(Corridor):
    """A corridor that steps rightly, with an odd attribute, or odd outcomes in one place of `P`."""

    def __init__(self, outcomes=None, **attributes):
        super().__init__()
        self.corridor = Corridor()
        if outcomes is not None:
            self.P[1][0] = outcomes
        vars(self).update(attributes)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self.corridor.reset(seed=seed, options=options)

    def step(self, action):
        return self.corridor.step(action)


def odd_environment(rng: Random) -> gym.Env:
    """Return an environment of another package, with or without a table, that may be wrong."""
    changes = {rng.choice(("obs", "reward", "terminated", "truncated", "info")): rng.choice(ODD)}
    attribute = {
        rng.choice(("P", "initial_state_distrib", "tabular_model", "unshaped_model")): rng.choice(ODD)
    }
    outcome = [
        rng.choice((1.0, *ODD)),
        rng.choice((0, *ODD)),
        rng.choice((0.0, *ODD)),
        rng.choice((False, *ODD)),
    ]
    env = rng.choice(
        [
            Corridor,
            lambda: Sampled(rng.choice(SPACES), rng.choice((Discrete(2), *SPACES))),
            lambda: corridor(**{part: lambda env, value, new=new: new for part, new in changes.items()}),
            lambda: Steady(**attribute),
            lambda: Steady(outcomes=[tuple(outcome)]),
            lambda: Steady(outcomes=rng.choice(ODD)),
            lambda: gym.make("FrozenLake-v1"),
        ]
    )()
    return TimeLimit(env, 20)


def environment(rng: Random) -> gym.Env:
    """Return an environment of this package, with wrappers, in the middle of an episode."""
    options = rng.choice(
        ({}, {"observation": "vector"}, {"random_start": True}, {"clumsiness": 0.2, "hints": True})
    )
    env = gym.make(CORNER, **options)
    wrap = rng.choice((lambda e: e, FlattenObservation))
    return moved(wrap(env), rng)


def moved(env, rng: Random):
    """Return an environment after a reset and some steps."""
    env.reset(seed=rng.randrange(100))
    shape = (env.num_envs,) if hasattr(env, "num_envs") else ()
    for _ in range(rng.randrange(4)):
        env.step(np.array(np.reshape([rng.randrange(7) for _ in range(np.prod(shape, dtype=int))], shape)))
    return env


def single(rng: Random) -> CookieJarEnv:
    more = rng.choice(
        ({"observation": "grid"}, {"observation": "vector"}, {"clumsiness": 0.2}, {"hints": True})
    )
    options = rng.choice(({"kitchen": "corner"}, {"levels": (3, 4), "observation": "grid"}))
    return (
        moved(CookieJarEnv(**(more | options)), rng) if rng.random() < 0.9 else CookieJarEnv(kitchen="corner")
    )


def many(rng: Random) -> CookieJarVectorEnv:
    mode = rng.choice(list(AutoresetMode))
    options = rng.choice(({"kitchen": "corner"}, {"levels": (3, 4), "observation": "grid"}, {"hints": True}))
    if rng.random() < 0.1:
        return CookieJarVectorEnv(3, autoreset_mode=mode, kitchen="corner")
    return moved(CookieJarVectorEnv(3, autoreset_mode=mode, max_episode_steps=9, **options), rng)


def trained(rng: Random) -> agents.Agent:
    kind = rng.choice(KINDS)
    small = {name: value for name, value in SMALL.items() if name in kind.hyperparameters}
    if kind is agents.ImportedPolicy:
        return kind(CORNER, algorithm="DQN", net_arch=(3,), seed=0)
    sees = rng.choice(({}, {"observation": "vector"})) if "n_envs" in small else {}
    return kind(gym.make(CORNER, **sees), **small, seed=rng.randrange(9)).learn(20)


KINDS = [*agents.AGENTS.values(), agents.Random, agents.Optimal, agents.ImportedPolicy]
WORLDS = [
    CookieJarEnv(kitchen="corner").world,
    CookieJarEnv(kitchen="corner", clumsiness=0.2, hints=True).world,
]


class Subject(NamedTuple):
    """A kind of object with public members: how to make one, and what may not change in a refused call."""

    kind: type
    make: Callable[[Random], Any]
    state: Callable[[Any], Any] = lambda value: value
    extra: tuple[str, ...] = ()  # members of the base classes, or of subclasses


def agent_state(agent: agents.Agent) -> Any:
    parameters = {name: array.tobytes() for name, array in agent.get_parameters().items()}
    counts = agent.num_timesteps, agent.num_episodes, agent.seed, agent.notes, agent.episode_returns
    return parameters, counts, agent.settings(), agent.rng.bit_generator.state, agent.resume_state()


def env_state(env: Any) -> Any:
    """Return what the next steps of an environment give; of a twin, the same."""
    told = []
    for action in (0, 4, 5, 6, 7, 8, 9, 3):
        try:
            told.append(env.step(np.full(env.num_envs, action) if hasattr(env, "num_envs") else action))
        except gym.error.ResetNeeded:
            told.append(env.reset())
    return plain(told)


def plain(value: Any) -> Any:
    """Return a value with lists in place of arrays, to compare."""
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, plain(value.tolist())
    return [plain(part) for part in value] if isinstance(value, (list, tuple)) else value


def evaluator(rng: Random) -> agents.Evaluator:
    return agents.Evaluator(gym.make(CORNER))


SUBJECTS = {
    "CookieJarEnv": Subject(CookieJarEnv, single, env_state),
    "gym.make": Subject(gym.Wrapper, environment, env_state, ("reset", "step", "render", "close")),
    "CookieJarVectorEnv": Subject(CookieJarVectorEnv, many, env_state, ("close",)),
    "World": Subject(envs.World, lambda rng: rng.choice(WORLDS)),
    "Kitchen": Subject(Kitchen, lambda rng: Kitchen.parse(KITCHENS[rng.choice(list(KITCHENS))])),
    "Happiness": Subject(Happiness, lambda rng: Happiness()),
    "Evaluation": Subject(agents.Evaluation, lambda rng: agents.Evaluation(0.5, rng.choice((0.0, 0.5)), 3.0)),
    "ExactEvaluation": Subject(
        agents.ExactEvaluation, lambda rng: agents.evaluate_exactly(lambda state: rng.randrange(1), CORNER)
    ),
    "Evaluator": Subject(agents.Evaluator, evaluator, lambda subject: (subject.random, subject.optimum)),
    "Agent": Subject(
        agents.Agent,
        trained,
        agent_state,
        ("q_table", "probabilities", "values", "set_weights", "can_count_states"),
    ),
}


def members(subject: Subject) -> list[str]:
    """Return the public members of a kind of object, apart from constants."""
    own = [vars(base) for base in subject.kind.__mro__ if base.__module__.startswith("cookie_jar")]
    names = {
        name for each in own for name, value in each.items() if callable(value) or hasattr(value, "__get__")
    }
    public = {name for name in names if not name.startswith("_")} - set(getattr(subject.kind, "_fields", ()))
    return sorted((public - HOOKS) | set(subject.extra))


MEMBERS = [f"{name}.{member}" for name, subject in SUBJECTS.items() for member in members(subject)]
NAMES = [f"{package.__name__}.{name}" for package in (agents, envs) for name in package.__all__]
FUNCTIONS = {"runs.memory_file": memory_file, "runs.snapshots": snapshots}
TARGETS = [*NAMES, *MEMBERS, *FUNCTIONS]

# By the name of the parameter: functions of the object that is called, a generator and the folder.
Maker = Callable[[Any, Random, Path], Any]


def _choice(*values: Any) -> Maker:
    return lambda it, rng, room: rng.choice(values)


def _model(it, rng, room):
    return rng.choice((WORLDS[0].tabular_model, WORLDS[1].unshaped_model, agents.tabular_model(Corridor())))


def _observations(it, rng, room):
    space = getattr(it, "observation_space", None)
    if space is None:
        return np.arange(3)
    return np.array([space.sample() for _ in range(2)])


def _states(it, rng, room):
    return np.arange(3) if rng.random() < 0.7 else WORLDS[0].state(rng.randrange(9))


GOOD: dict[str, Maker] = {
    "env": lambda it, rng, room: rng.choice((CORNER, environment(rng), odd_environment(rng))),
    "gamma": _choice(0, 0.5, 0.99),
    "seed": _choice(None, 0, 7),
    "model": _model,
    "horizon": _choice(0, 1, 200),
    "epsilon": _choice(0, 0.1, 1.0),
    "policy": lambda it, rng, room: rng.choice((np.zeros(45, int), np.full((45, 10), 0.1), np.zeros(4, int))),
    "unshaped": _choice(True, False),
    "levels": _choice(None, (3, 4)),
    "run": lambda it, rng, room: rng.choice((room / "run", str(room / "run") + "@20", room / "run@5")),
    "folder": lambda it, rng, room: room / "run",
    "path": lambda it, rng, room: room / rng.choice(("saved", "run/agent.safetensors", "missing")),
    "render_mode": _choice(None, "ansi", "rgb_array"),
    "observation": lambda it, rng, room: _observations(it, rng, room)[0],
    "observations": _observations,
    "deterministic": _choice(True, False),
    "state": _states,
    "states": _states,
    "number": _choice(0, 3),
    "numbers": lambda it, rng, room: np.arange(3),
    "outcome": _choice(0),
    "action": _choice(*range(10)),
    "actions": lambda it, rng, room: np.arange(3),
    "options": lambda it, rng, room: rng.choice((None, {}, {"state": 3})),
    "kitchen": lambda it, rng, room: Kitchen.parse(KITCHENS["corner"]),
    "likes": _choice(0, 1, 2),
    "text": lambda it, rng, room: rng.choice(list(KITCHENS.values())),
    "rows": _choice(("#J##", "#SC#", "####")),
    "characters": _choice("SC", "#"),
    "config": lambda it, rng, room: WORLDS[0].config,
    "agent": lambda it, rng, room: trained(rng),
    "mean_return": _choice(0.5, -1),
    "total_timesteps": _choice(1, 30),
    "callback": _choice(None, lambda agent: True, lambda agent: False),
    "callback_interval": _choice(5, 1000, lambda now: now + 7),
    "log_interval": _choice(None),
    "progress_bar": _choice(False),
    "reset_num_timesteps": _choice(True, False),
    "parameters": lambda it, rng, room: it.get_parameters(),
    "weights": lambda it, rng, room: it.get_parameters(),
    "exact_match": _choice(True, False),
    "num_envs": _choice(1, 3),
    "max_episode_steps": _choice(None, 5),
    "autoreset_mode": _choice(*AutoresetMode, "SAME_STEP"),
    "name": _choice("levels", "world", "action_masks", "new"),
    "values": _choice([1, 2, 3], 5),
    "size": _choice((160, 160), (200, 160)),
    "speed": _choice(5, 8.0),
    "set_resume_state.state": lambda it, rng, room: it.resume_state(),
    "CookieJarVectorEnv.set_state.state": lambda it, rng, room: moved(many(Random(1)), rng).get_state(),
    "CookieJarVectorEnv.step.actions": lambda it, rng, room: np.array([rng.randrange(10) for _ in range(3)]),
    "cookie_jar.envs.transition.state": lambda it, rng, room: WORLDS[0].state(rng.randrange(20)),
    "show_episode.policy": lambda it, rng, room: rng.choice((agents.Random(CORNER, seed=0), lambda obs: 4)),
    "evaluate_exactly.policy": lambda it, rng, room: rng.choice(
        (trained(rng), lambda obs: 4, np.zeros(40, int))
    ),
    "ImportedPolicy.net_arch": _choice((3,), ()),
    "activation": _choice("relu", "tanh"),
}
CHECKED_BEFORE = ("Agent.best", "Agent.sample", "Agent.probabilities", "Agent.values")  # `predict` checks
CAPS = {
    "total_timesteps": 1_000,
    "horizon": 10_000,
    "n_envs": 8,
    "n_steps": 64,
    "num_envs": 1_000,
    "n_epochs": 5,
}


class Call(NamedTuple):
    """A call of the public API.

    Attributes:
        function: What is called.
        arguments: The arguments by name.
        fits: Whether the arguments fit the signature.
        good: Whether all arguments are good ones.
        it: The object whose member is called, or None.
        twin: An equal object, or None.
        state: Returns what a refused call may not change.
    """

    function: Callable[..., Any]
    arguments: dict[str, Any]
    fits: bool
    good: bool
    it: Any = None
    twin: Any = None
    state: Callable[[Any], Any] = lambda it: None


def argument(name: str, parameter: str, it: Any, rng: Random, room: Path) -> tuple[Any, bool]:
    """Return a value of a parameter, and whether it is a good one."""
    keys = (f"{name}.{parameter}", f"{name.rpartition('.')[2]}.{parameter}", parameter)
    good = next((GOOD[key] for key in keys if key in GOOD), None)
    if good is not None and (rng.random() < 0.6 or name in CHECKED_BEFORE):
        return good(it, rng, room), True
    value = rng.choice(ODD)
    if parameter in CAPS and isinstance(value, int) and CAPS[parameter] < value <= 10**16:
        value = CAPS[parameter]  # right, but longer than a test may take
    if parameter == "speed" and isinstance(value, (int, float)) and 0 < value < 5:
        value = 5
    if isinstance(value, str) and value.startswith("/"):
        value = value.lstrip("/")  # nothing is written outside of the folder of the test
    return value, False


def arguments(
    name: str, function: Any, it: Any, rng: Random, room: Path
) -> tuple[dict[str, Any], bool, bool]:
    """Return arguments by name, whether they fit the signature, and whether all are good."""
    chosen, all_good, takes_any = {}, True, False
    for parameter in inspect.signature(function).parameters.values():
        required = parameter.default is parameter.empty
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            takes_any = takes_any or parameter.kind is parameter.VAR_KEYWORD
            continue
        if required or rng.random() < 0.3:
            chosen[parameter.name], good = argument(name, parameter.name, it, rng, room)
            all_good = all_good and good
    if takes_any or rng.random() < 0.97:
        return chosen, True, all_good
    return chosen | {"no_such_argument": 1}, False, False


def options_of(kind: type, rng: Random) -> dict[str, Any]:
    """Return some options or hyperparameters of a constructor that takes `**options`."""
    if issubclass(kind, agents.Agent):
        small = {name: value for name, value in SMALL.items() if name in kind.hyperparameters}
        name = rng.choice(list(kind.hyperparameters))
        value = rng.choice((kind.hyperparameters[name].default, *ODD))
        return small | {name: min(value, CAPS[name]) if name in CAPS and type(value) is int else value}
    names = rng.sample(list(OPTIONS), rng.choice((0, 1, 1, 2)))
    return {name: rng.choice(OPTIONS[name]) if rng.random() < 0.5 else rng.choice(ODD) for name in names}


def plan(target: str, rng: Random, room: Path) -> Call:
    """Return a call of a public name or member."""
    if target in MEMBERS:
        return member_call(target, rng, room)
    function = FUNCTIONS[target] if target in FUNCTIONS else SPECIAL.get(target) or public(target)
    if isinstance(function, type) and issubclass(function, Exception):
        return Call(
            lambda: str(function("expected x", *([()] * (function is envs.KitchenError)))), {}, True, True
        )
    chosen, fits, good = arguments(target, function, None, rng, room)
    if target.endswith("show_episode"):
        chosen = {"size": (160, 160), "speed": 5} | chosen  # a film of 200 acts takes longer
    if function in (*KINDS, CookieJarEnv, CookieJarVectorEnv):
        chosen, good = options_of(function, rng) | chosen, False
    return Call(function, chosen, fits, good)


def member_call(target: str, rng: Random, room: Path) -> Call:
    """Return a call of a method, or a use of an attribute, of a new object."""
    name, member = target.split(".", 1) if not target.startswith("gym.make") else ("gym.make", target[9:])
    subject, seed = SUBJECTS[name], rng.random()
    it, twin = subject.make(Random(seed)), subject.make(Random(seed))
    if not hasattr(type(it), member):
        return Call(lambda: None, {}, True, True)  # of other agents
    attribute = inspect.getattr_static(type(it), member)
    if isinstance(attribute, (property, cached_property)):
        if getattr(attribute, "fset", None) is not None and rng.random() < 0.7:
            value, good = argument(target, member, it, rng, room)
            return Call(partial(setattr, it, member, value), {}, True, good, it, twin, subject.state)
        return Call(partial(getattr, it, member), {}, True, True, it, twin, subject.state)
    method = getattr(it, member) if not isinstance(attribute, classmethod) else getattr(type(it), member)
    chosen, fits, good = arguments(target, method, it, rng, room)
    return Call(method, chosen, fits, good, it, twin, subject.state)


def public(name: str) -> Any:
    """Return the object of a public name such as "cookie_jar.envs.State"."""
    package, _, own = name.rpartition(".")
    return getattr({"cookie_jar.agents": agents, "cookie_jar.envs": envs}[package], own)


SPECIAL: dict[str, Callable[..., Any]] = {  # calls that use a name that cannot be called itself
    "cookie_jar.envs.IDS": lambda: [gym.make(env_id).reset(seed=0) for env_id in IDS],
    "cookie_jar.envs.Action": lambda action: envs.Action(action).label,
    "cookie_jar.envs.Cookie": lambda likes: envs.Cookie(likes).label,
    "cookie_jar.envs.Event": lambda number: envs.Event(number).label,
    "cookie_jar.envs.KITCHENS": lambda: [Kitchen.parse(text) for text in KITCHENS.values()],
    "cookie_jar.envs.TRAIN_LEVELS": lambda levels=envs.TRAIN_LEVELS: CookieJarEnv(levels=levels),
    "cookie_jar.envs.VALIDATION_LEVELS": lambda levels=envs.VALIDATION_LEVELS: CookieJarEnv(levels=levels),
    "cookie_jar.envs.TEST_LEVELS": lambda levels=envs.TEST_LEVELS: CookieJarVectorEnv(levels=levels),
    "cookie_jar.envs.TRAIN_PICTURES": lambda pictures=envs.TRAIN_PICTURES: CookieJarEnv(
        observation="pictures", pictures=pictures
    ),
    "cookie_jar.envs.TEST_PICTURES": lambda pictures=envs.TEST_PICTURES: CookieJarVectorEnv(
        observation="pictures", pictures=pictures
    ),
    "cookie_jar.agents.CLASSIFIERS": lambda rows: [
        kind().fit(rows, [0, 1]) for kind in agents.CLASSIFIERS.values()
    ],
    "cookie_jar.agents.AGENTS": lambda env: [kind(env) for kind in agents.AGENTS.values()],
    "cookie_jar.agents.Agent": agents.Agent.load,
}
