import gymnasium as gym
import numpy as np
import pytest
from gymnasium.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import ActorCritic, AgentError, FileError, QLearning, Random


def steps_at_callbacks(agent, total, interval):
    seen = []
    agent.learn(total, lambda agent: seen.append(agent.num_timesteps), callback_interval=interval)
    return seen


def test_an_interval_of_steps():
    agent = QLearning("CookieJarCorner-v0", seed=0)
    assert steps_at_callbacks(agent, 1_000, 300) == [300, 600, 900, 1_000]


def test_an_interval_that_depends_on_the_steps():
    agent = QLearning("CookieJarCorner-v0", seed=0)
    assert steps_at_callbacks(agent, 1_000, lambda now: max(10, 3 * now)) == [10, 30, 90, 270, 810, 1_000]
    undisturbed = QLearning("CookieJarCorner-v0", seed=0).learn(1_000)
    assert (agent.q_table == undisturbed.q_table).all()


def test_the_interval_goes_on_from_earlier_calls():
    agent = QLearning("CookieJarCorner-v0", seed=0).learn(250)
    assert steps_at_callbacks(agent, 500, lambda now: (now // 100 + 1) * 100) == [
        300,
        400,
        500,
        600,
        700,
        750,
    ]


def test_environments_are_stepped_together_to_the_next_callback():
    agent = ActorCritic("CookieJarCorner-v0", seed=0, n_envs=8)
    assert steps_at_callbacks(agent, 100, lambda now: now + 10) == [16, 32, 48, 64, 80, 96, 104]


@pytest.mark.parametrize(
    "interval", [0, -5, 2.5, lambda now: now, lambda now: now - 1, lambda now: "9", type]
)
def test_an_interval_has_to_lead_on(interval):
    with pytest.raises(AgentError, match="callback_interval: expected a whole number of at least 1"):
        QLearning("CookieJarCorner-v0", seed=0).learn(100, callback_interval=interval)


def test_a_callback_sees_the_episodes_of_its_part():
    agent, lengths = QLearning("CookieJarCorner-v0", seed=0), []

    def callback(agent):
        assert len(agent.episode_returns) == len(agent.episode_lengths) == len(agent.episode_ends)
        lengths.append(list(agent.episode_lengths))

    agent.learn(5_000, callback, callback_interval=500)
    assert len(lengths) == 10
    assert sum(map(len, lengths)) == agent.num_episodes > 10
    ends = np.cumsum([length for part in lengths for length in part])
    parts = np.repeat(range(10), [len(part) for part in lengths])
    assert ((ends - 1) // 500 == parts).all()  # every episode is seen in the part where it ends


def test_an_environment_is_replaced_by_one_of_the_same_spaces():
    agent = QLearning("CookieJarCorner-v0", seed=0).learn(500)
    agent.env = gym.make("CookieJarCorner-v0", likes="raisin")
    assert agent.episode_returns == []
    assert agent.resume_state() == {}
    with pytest.raises(AgentError, match="expected an environment with Discrete"):
        agent.env = gym.make("CookieJar-v0")


def state(agent):
    arrays = {name: array.tobytes() for name, array in (agent.arrays() | agent.optimizer_state()).items()}
    counts = agent.num_timesteps, agent.num_episodes
    return arrays, counts, agent.rng.bit_generator.state, agent.settings(), agent.resume_state()


@pytest.mark.parametrize("kind", [QLearning, ActorCritic])
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("total_timesteps", [0, -1, 1.5, 1e5, True, "10", None, [10], float("nan"), 1 << 60]),
        ("callback", [5, "print", [print], {}]),
        ("callback_interval", [0, 1.5, True, "10", None]),
        ("progress_bar", ["False", 0, None]),
        ("log_interval", [0, -1, 1.5, True, "1"]),
        ("reset_num_timesteps", ["False", 0, None]),
    ],
)
def test_other_arguments_of_learn_are_refused_and_change_nothing(kind, name, values):
    agent = kind("CookieJarCorner-v0", seed=0).learn(100)
    before = state(agent)
    for value in values:
        others = {} if name == "reset_num_timesteps" else {"reset_num_timesteps": True}
        with pytest.raises(AgentError, match=f"^{name}: expected .*, got ") as caught:
            agent.learn(**{"total_timesteps": 50, **others, name: value})
        assert len(str(caught.value)) < 200
        assert state(agent) == before


def test_changed_hyperparameters_are_checked_before_training():
    agent = QLearning("CookieJarCorner-v0", seed=0).learn(100)
    agent.learning_rate = 0.01
    agent.learn(100)
    for name, bad in (("learning_rate", "fast"), ("gamma", 5), ("exploration_steps", 0.5)):
        good = getattr(agent, name)
        setattr(agent, name, bad)
        with pytest.raises(AgentError, match=f"^{name}: expected"):
            agent.learn(100)
        setattr(agent, name, good)
    assert agent.num_timesteps == 200


@pytest.mark.parametrize("stop", [False, np.False_])
def test_a_callback_stops_only_with_false(stop):
    agent = QLearning("CookieJarCorner-v0", seed=0)
    assert agent.learn(1_000, lambda agent: stop, callback_interval=100).num_timesteps == 100
    for going_on in (None, True, 0, "", "stop", np.zeros(2)):
        assert (
            agent.learn(100, lambda agent, value=going_on: value, callback_interval=50).num_timesteps % 100
            == 0
        )


@pytest.mark.parametrize("kind", [QLearning, ActorCritic])
def test_steps_are_counted_again_if_asked_for(kind):
    agent = kind("CookieJarCorner-v0", seed=0).learn(1_024)
    learned = {name: array.copy() for name, array in agent.arrays().items()}
    assert agent.learn(1_024).num_timesteps == 2_048  # the default continues
    agent.set_parameters(learned, exact_match=False)
    counts = []
    agent.learn(
        64, lambda agent: counts.append(agent.num_timesteps), reset_num_timesteps=True, callback_interval=64
    )
    assert counts == [64]
    assert agent.num_timesteps == 64
    assert agent.num_episodes <= 64
    assert any((agent.arrays()[name] != 0).any() for name in learned)  # what was learned is kept
    assert agent.learn(64, reset_num_timesteps=False).num_timesteps == 128


def test_episodes_are_printed_if_asked_for(capsys):
    agent = QLearning("CookieJarCorner-v0", seed=0)
    agent.learn(2_000)
    assert capsys.readouterr().out == ""
    agent.learn(20_000, log_interval=100)
    lines = capsys.readouterr().out.splitlines()
    assert 1 < len(lines) <= agent.num_episodes // 100
    assert all(" steps: mean return " in line for line in lines)


@pytest.mark.parametrize("path", [None, 5, "", ".", "a\0b", b"x", ["a"], "a\ud800"])
def test_what_is_no_path_is_refused(path):
    agent = QLearning("CookieJarCorner-v0", seed=0)
    for use in (agent.save, QLearning.load):
        with pytest.raises(FileError, match="expected the path of a file") as caught:
            use(path)
        assert str(caught.value).isprintable()


OBSERVATIONS = [
    (Discrete(3), [0.0, 3, -1, None, "1", True, [[0]], {}, 1 << 70, np.nan, [0, 5], ["a"], object()]),
    (MultiDiscrete([2, 3]), [[0, 3], [0, 1, 2], [0.0, 1.0], None, [[0], [1, 2]], 5, {"a": 1}]),
    (MultiBinary(2), [[0, 2], [0, 0.5], [0, 1, 0], "01"]),
    (
        Box(-1, 1, (2,)),
        [[0.0], [0.0, np.nan], [0, np.inf], [0.0, 1e300], None, ["a", "b"], [[1.0, 2.0], [3.0]], {}, [1j, 0]],
    ),
    (Box(0, 255, (4, 4, 3), np.uint8), [np.full((4, 4, 3), 256), np.full((4, 4, 3), 0.5), np.zeros((4, 4))]),
    (Dict({"a": Discrete(2)}), [{"a": 5}, 3, None, {}]),
]


class Plain(gym.Env):
    """Observations of a space."""

    action_space = Discrete(2)

    def __init__(self, space):
        self.observation_space = space

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self.observation_space.sample(), {}

    def step(self, action):
        return self.observation_space.sample(), 0.0, False, False, {}


@pytest.mark.parametrize(("space", "bad"), OBSERVATIONS)
def test_observations_that_are_not_in_the_space_are_refused(space, bad):
    kinds = [Random] if isinstance(space, Dict) else [Random, ActorCritic]
    for agent in (kind(Plain(space), seed=0) for kind in kinds):
        assert agent.predict(space.sample())[0].shape == ()
        before = state(agent)
        for observation in bad:
            with pytest.raises(AgentError, match="expected one observation of ") as caught:
                agent.predict(observation)
            assert len(str(caught.value)) < 300
            assert str(caught.value).isprintable()
        assert state(agent) == before
