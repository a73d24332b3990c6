import gymnasium as gym
import numpy as np
import pytest

from cookie_jar.agents import PPO, QLearning
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.envs.rendering.episode import EpisodeRunner
from cookie_jar.scripts.viewer.panel_text import (
    ACT,
    CHECK,
    SENSE,
    action_names,
    best_return,
    make_panel,
    step_facts,
)
from cookie_jar.scripts.viewer.replays import ReplayedAgent
from cookie_jar.scripts.viewer.training_phases import TrainingPhases


@pytest.fixture
def replay(corner_run):
    replay = ReplayedAgent.from_run(str(corner_run), {})
    replay.start(0)
    return replay


def other(env_id):
    env = gym.make(env_id, render_mode="rgb_array")
    replay = ReplayedAgent(QLearning(env_id, seed=0).learn(200), EpisodeRunner(env), "lake", Evaluator(env))
    replay.start(0)
    return replay


def numbers(panel):
    return [(fact.number, fact.name) for fact in panel.facts]


def test_before_the_first_action(replay):
    panel = make_panel(replay, 0, 1.0)
    assert (panel.title, panel.phase) == ("corner", SENSE)
    assert panel.subtitle == "QLearning, trained for 5,000 steps"
    assert panel.names == ("Sense", "Act", "Check")
    assert panel.phases == (
        "state 0 of 40: child row 1, column 1; chair row 1, column 2; jar closed",
        "about to act",
        "",
    )
    assert numbers(panel) == [("0", "acts"), ("0.00", "this act"), ("0.00", "so far"), ("1.45", "optimum")]
    assert panel.bars.chosen is None
    assert panel.bars.values == tuple(replay.agent.q_table[replay.episode.time_steps[0].obs])


def test_the_phases_of_an_action_follow_each_other(replay):
    panels = [make_panel(replay, 1, progress) for progress in (0.1, 0.4, 0.7, 1.0)]
    assert [panel.phase for panel in panels] == [SENSE, ACT, CHECK, CHECK]
    action = replay.episode.time_steps[1].action
    assert [panel.bars.chosen for panel in panels] == [None, action, action, None]
    last = make_panel(replay, replay.episode.last, 1.0)  # no further state is shown
    assert last.bars.chosen == replay.episode.time_steps[-1].action


def test_happiness_is_known_only_when_it_is_felt(replay):
    before, after = (make_panel(replay, 1, progress) for progress in (0.5, 0.7))
    assert numbers(before)[1:3] == [("...", "this act"), ("0.00", "so far")]
    assert numbers(after)[:3] == [("1", "act"), ("-0.01", "this act"), ("-0.01", "so far")]
    assert before.phases[1:] == ("right ...", "")
    assert after.phases[1].startswith("right: ")


def test_the_surprise_agrees_with_the_numbers_beside_it(replay):
    q, steps = replay.agent.q_table, replay.episode.time_steps
    for act in range(1, 8):
        expected = round(q[steps[act - 1].obs, steps[act].action], 2)
        after = 0.0 if steps[act].terminated else replay.agent.gamma * q[steps[act].obs].max()
        target = round(steps[act].reward + after, 2)
        text = make_panel(replay, act, 1.0).phases[CHECK]
        right = f"expected {expected:+.2f}, got {target:+.2f}, surprise {target - expected:+.2f}"
        assert text == right.replace("+0.00", "0.00").replace("-0.00", "0.00")


def test_small_expectations_have_more_digits(replay):
    replay.agent.q_table /= 1_000
    replay.agent.q_table[replay.episode.time_steps[1].obs] = 0.0
    replay.episode = replay.episode._replace(
        time_steps=tuple(step._replace(env_reward=0.002) for step in replay.episode.time_steps)
    )
    expected = replay.agent.q_table[0, replay.episode.time_steps[1].action]
    text = make_panel(replay, 1, 1.0).phases[CHECK]
    assert text == f"expected {expected:+.4f}, got +0.0020, surprise {0.002 - expected:+.4f}"


def test_nothing_is_expected_of_an_action_that_was_never_tried(replay):
    step = replay.episode.time_steps[1]
    replay.agent.q_table[0, step.action] = 0.0
    assert make_panel(replay, 1, 1.0).phases[CHECK].startswith("expected nothing (never tried), got +1")
    assert not make_panel(replay, 0, 1.0).bars.tried[step.action]


def test_shaped_rewards_are_compared_with_the_values_that_were_learned_from_them(replay):
    """The values of an environment with hints are sums of shaped rewards."""
    q, steps = replay.agent.q_table, replay.episode.time_steps
    shaped = steps[1]._replace(env_reward=0.3)
    replay.episode = replay.episode._replace(time_steps=(steps[0], shaped, *steps[2:]))
    target = 0.3 + replay.agent.gamma * q[shaped.obs].max()
    assert f"got {target:+.2f}" in make_panel(replay, 1, 1.0).phases[CHECK]


def test_the_bars_are_those_of_the_decision(replay):
    steps, q = replay.episode.time_steps, replay.agent.q_table
    panel = make_panel(replay, 2, 0.3)
    assert panel.bars.values == tuple(q[steps[1].obs])
    assert panel.bars.chosen == steps[2].action
    assert make_panel(replay, 2, 1.0).bars.values == tuple(q[steps[2].obs])
    assert make_panel(replay, 99, 1.0).bars.values == tuple(q[steps[6].obs])  # none after the end


@pytest.mark.parametrize("kind", ["table", "network"])
def test_an_untrained_agent_shows_no_values(replay, kind):
    if kind == "table":
        replay.show_snapshot(0)
    else:
        env = replay.runner.env
        agent = PPO(env, policy="network", net_arch=(4,), n_envs=2, seed=0)
        replay = ReplayedAgent(agent, replay.runner, "network", replay.evaluator)
        replay.start(0)
    panel = make_panel(replay, 0, 1.0)
    assert panel.subtitle.endswith("not trained yet")
    assert (panel.bars, panel.note) == (None, "Nothing is known in this state yet.")


def test_the_phases_of_training_are_those_of_the_learner(replay):
    training = TrainingPhases(replay.agent, 10_000)
    panel = make_panel(replay, 1, 0.4, training)
    assert panel.names == ("Initialisation", "Doing", "Learning")
    assert (panel.phase, panel.phases) == (training.current, training.texts())
    assert panel.subtitle == "QLearning; the picture shows its greedy policy"


def test_other_environments():
    replay = other("FrozenLake-v1")
    replay.agent.q_table[:, 2] = 0.5
    assert action_names(replay) == ["action 0", "action 1", "action 2", "action 3"]
    panel = make_panel(replay, 1, 1.0)
    assert panel.phases[1].startswith("action ")
    assert len(panel.bars.values) == 4
    assert best_return(replay) == replay.evaluator.optimum.mean_return


def test_an_unknown_optimum_is_a_question_mark(replay):
    replay.episode = replay.episode._replace(world=None)
    replay.evaluator.optimum = None
    assert numbers(make_panel(replay, 0, 1.0))[3] == ("?", "optimum")


def test_an_agent_without_values_has_a_note_in_the_place_of_bars(replay):
    class Predictor:
        def predict(self, observation, deterministic=True):
            return 0, None

    foreign = ReplayedAgent(Predictor(), replay.runner, "foreign", replay.evaluator)
    foreign.start(0)
    panel = make_panel(foreign, 1, 1.0)
    assert (panel.title, panel.bars, panel.subtitle) == ("foreign", None, "")
    assert "no action values" in panel.note
    assert panel.phases[CHECK] == "got -0.01; its expectation is not known"


def test_a_policy_without_values_expects_nothing_that_is_known(replay):
    class Policy:
        def predict(self, observation, deterministic=True):
            return 3, None

        def probabilities(self, observations):
            return np.full((len(observations), 10), 0.1)

    foreign = ReplayedAgent(Policy(), replay.runner, "foreign", replay.evaluator)
    foreign.start(0)
    panel = make_panel(foreign, 1, 1.0)
    assert panel.bars.probabilities
    assert panel.phases[CHECK] == "got -0.01; its expectation is not known"


def test_facts_of_a_time_step(replay):
    one, many = replay.episode.time_steps[1], replay.episode.time_steps[7]
    assert [fact.name for fact in step_facts(one, felt=True, total=0.0)] == ["act", "this act", "so far"]
    assert [fact.number for fact in step_facts(many, felt=True, total=many.total)] == ["7", "+1.00", "+1.45"]
