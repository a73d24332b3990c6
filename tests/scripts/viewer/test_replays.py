import gymnasium as gym
import numpy as np
import pytest
from lookers import CORNER, JAR, Predictor, make_replay

from cookie_jar.agents import QLearning
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.envs import Action
from cookie_jar.envs.rendering.episode import EpisodeRunner
from cookie_jar.scripts.viewer.jar_view import jar_pictures
from cookie_jar.scripts.viewer.replays import Learner, ReplayedAgent, baseline_lines, read_learning_curve


@pytest.fixture
def replay(corner_run):
    replay = ReplayedAgent.from_run(str(corner_run), {})
    replay.start(0)
    return replay


def test_a_run_is_shown_as_it_is_at_its_end(replay, corner_run):
    assert (replay.name, replay.steps) == ("corner", 5000)
    assert replay.has_snapshots
    assert replay.has_policy
    assert replay.timeline.now == len(replay.timeline.steps) - 1
    assert (replay.timeline.steps[0], replay.episode.last) == (0, 7)
    assert replay.timeline.curve == read_learning_curve(corner_run)


def test_a_snapshot_of_a_run(corner_run):
    replay = ReplayedAgent.from_run(f"{corner_run}@150", {})
    assert (replay.name, replay.steps, replay.timeline.now) == ("corner", 126, 2)


def test_a_file_of_its_own_has_no_timeline(corner_memory):
    replay = ReplayedAgent.from_run(str(corner_memory / "agent.safetensors"), {})
    assert (replay.steps, replay.has_snapshots, replay.timeline.curve) == (5000, False, ())


def test_snapshots_change_the_agent_and_its_episode(replay):
    assert replay.show_snapshot(0)
    assert (replay.steps, replay.episode.last) == (0, 200)
    assert not replay.agent.q_table.any()
    assert not replay.show_snapshot(0)  # the same
    assert not replay.show_snapshot(-1)
    assert not replay.show_snapshot(10_000)
    assert replay.steps == 0


def test_the_evaluator_of_an_environment_is_shared(corner_run):
    evaluators = {}
    first, second = (ReplayedAgent.from_run(str(corner_run), evaluators) for _ in range(2))
    assert first.evaluator is second.evaluator
    assert len(evaluators) == 1


def test_decisions_are_made_before_an_action_and_never_after_the_end(replay):
    steps = replay.episode.time_steps
    assert replay.decision_step(0, 1.0) is steps[0]
    assert replay.decision_step(3, 0.4) is steps[2]
    assert replay.decision_step(3, 1.0) is steps[3]
    assert replay.decision_step(7, 1.0) is steps[6]


def test_the_learning_curve_is_that_of_the_file(corner_run):
    steps, happiness = np.array(read_learning_curve(corner_run)).T
    assert steps[0] == 0
    assert steps[-1] == 5000
    assert (np.diff(steps) > 0).all()
    assert happiness[-1] == pytest.approx(1.45)


@pytest.mark.parametrize("text", ["", "steps,other\n1,2\n", "steps,happiness\n1,x\n"])
def test_a_learning_curve_that_cannot_be_read_is_left_out(tmp_path, text):
    assert read_learning_curve(tmp_path) == ()
    (tmp_path / "evaluations.csv").write_text(text)
    assert read_learning_curve(tmp_path) == ()


def test_baselines(replay):
    (_, chance), (best, optimum) = baseline_lines(replay.evaluator)
    assert chance.startswith("random -")
    assert (best, optimum) == (pytest.approx(1.45), "optimum 1.45")


@pytest.fixture
def learner():
    env = gym.make("CookieJarCorner-v0", render_mode="rgb_array")
    learner = Learner(QLearning("CookieJarCorner-v0", seed=0), EpisodeRunner(env), "run", Evaluator(env))
    learner.start(0)
    return learner


def test_actions_are_chosen_when_they_are_shown(learner):
    assert learner.episode.last == 0
    learner.extend(4.5)
    assert learner.episode.actions == (Action.UP,) * 5
    learner.agent.q_table[:, Action.REACH] = 1  # now it believes in reaching
    learner.extend(4.9)
    assert learner.episode.last == 5
    learner.extend(7.0)
    assert learner.episode.actions == (*[Action.UP] * 5, *[Action.REACH] * 3)


def test_an_episode_ends_where_it_ends(learner):
    learner.agent.learn(5_000)
    learner.start(1)
    learner.extend(100.0)
    assert learner.episode.last == 7
    assert learner.episode.time_steps[-1].terminated
    assert (learner.seed, learner.steps) == (1, 5_000)


def test_an_episode_without_end_is_cut(learner):
    learner.extend(1_000.0)
    assert learner.episode.last == 30 + 2 * 7
    learner.extend(2_000.0)
    assert learner.episode.last == 30 + 2 * 7


def test_what_an_agent_sees_in_the_jar_when_it_chooses():
    replay = make_replay(CORNER)
    assert replay.has_pictures
    assert replay.likes == "chocolate chip"
    episode, opened = replay.episode, 6
    assert replay.jar_view(opened - 1, 1.0) is None
    view = replay.jar_view(opened, 1.0)
    assert (view.belief, view.pick) == ((0.5, 0.3, 0.2), 0)
    np.testing.assert_array_equal(view.pictures, jar_pictures(episode.time_steps[opened].obs))
    assert replay.jar_view(opened + 1, 0.5).pick == 0  # while the action happens
    last = replay.jar_view(episode.last, 1.0)
    assert last.pick == episode.last - opened - 1
    assert [picture is None for picture in last.pictures] == [place < last.pick for place in range(3)]


def test_without_a_belief_the_pick_is_that_of_the_episode():
    replay = make_replay(JAR, Predictor)
    view = replay.jar_view(0, 1.0)
    assert (view.belief, view.pick) == (None, 0)
    assert all(picture.shape == (32, 32, 3) for picture in view.pictures)
    assert not replay.can_walk


def test_a_kitchen_without_pictures_has_no_close_up(replay):
    assert not replay.has_pictures
    assert replay.can_walk
