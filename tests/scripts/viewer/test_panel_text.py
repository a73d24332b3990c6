import gymnasium as gym
import pytest

from cookie_jar.agents import QLearning
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.envs.rendering.episode import EpisodeRunner
from cookie_jar.scripts.viewer.panel_text import action_names, best_return, make_panel, step_facts
from cookie_jar.scripts.viewer.replays import ReplayedAgent


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
    assert (panel.title, panel.phase) == ("corner (QLearning)", 0)
    assert panel.phases == ("trained for 5,000 steps", "about to act", "off: this is a replay")
    assert numbers(panel) == [("0", "acts"), ("0.00", "this act"), ("0.00", "so far"), ("1.45", "optimum")]
    assert panel.bars.chosen is None
    assert panel.bars.values == tuple(replay.agent.q_table[replay.episode.time_steps[0].obs])


def test_happiness_is_known_only_when_it_is_felt(replay):
    before, after = (make_panel(replay, 1, progress) for progress in (0.5, 0.7))
    assert (before.phase, after.phase) == (1, 2)
    assert numbers(before)[1:3] == [("...", "this act"), ("0.00", "so far")]
    assert numbers(after)[:3] == [("1", "act"), ("-0.01", "this act"), ("-0.01", "so far")]
    assert before.phases[1:] == ("right ...", "")
    assert after.phases[1].startswith("right: ")


def test_the_error_agrees_with_the_numbers_beside_it(replay):
    q, steps = replay.agent.q_table, replay.episode.time_steps
    for act in range(1, 8):
        expected = round(q[steps[act - 1].obs, steps[act].action], 2)
        after = 0.0 if steps[act].terminated else replay.agent.gamma * q[steps[act].obs].max()
        target = round(steps[act].reward + after, 2)
        text = make_panel(replay, act, 1.0).phases[2]
        assert text == f"expected {expected:+.2f}, got {target:+.2f}: error {target - expected:+.2f}".replace(
            "+0.00", "0.00"
        ).replace("-0.00", "0.00")


def test_the_bars_are_those_of_the_decision(replay):
    steps, q = replay.episode.time_steps, replay.agent.q_table
    panel = make_panel(replay, 2, 0.3)
    assert panel.bars.values == tuple(q[steps[1].obs])
    assert panel.bars.chosen == steps[2].action
    assert make_panel(replay, 2, 1.0).bars.values == tuple(q[steps[2].obs])
    assert make_panel(replay, 99, 1.0).bars.values == tuple(q[steps[6].obs])  # none after the end


def test_an_untrained_agent(replay):
    replay.show_snapshot(0)
    assert make_panel(replay, 0, 1.0).phases[0] == "not trained yet"
    assert make_panel(replay, 0, 1.0, learns=True).phases[2] == "learns while acting"


def test_other_environments(monkeypatch):
    replay = other("FrozenLake-v1")
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
    assert (panel.title, panel.bars) == ("foreign", None)
    assert "no action values" in panel.note


def test_facts_of_a_time_step(replay):
    one, many = replay.episode.time_steps[1], replay.episode.time_steps[7]
    assert [fact.name for fact in step_facts(one, felt=True, total=0.0)] == ["act", "this act", "so far"]
    assert [fact.number for fact in step_facts(many, felt=True, total=many.total)] == ["7", "+1.00", "+1.45"]
