import csv

import pytest

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import ActorCritic, AgentError, Evaluator, QLearning, load, runs
from cookie_jar.agents.training import TrainingRun, learn_with_stops, target_of


def training_run(folder, target=3_000, agent=None):
    agent = QLearning("CookieJarCorner-v0", seed=0) if agent is None else agent
    return TrainingRun(agent, Evaluator(agent.env), folder, target)


def snapshot_steps(folder):
    return [steps for steps, _ in runs.snapshots(folder)]


def test_stops_are_called_at_the_start_and_exactly_at_each_stop():
    agent, seen = QLearning("CookieJarCorner-v0", seed=0), []
    learn_with_stops(agent, [1_700, 20, 300], lambda agent: seen.append(agent.num_timesteps))
    assert seen == [0, 20, 300, 1_700]
    learn_with_stops(agent, [20, 300, 1_700], lambda agent: seen.append(agent.num_timesteps))
    assert seen[4:] == [1_700]  # nothing ahead
    undisturbed = QLearning("CookieJarCorner-v0", seed=0).learn(1_700)
    assert (agent.q_table == undisturbed.q_table).all()


def test_a_stop_that_returns_false_ends_learning():
    agent = QLearning("CookieJarCorner-v0", seed=0)
    learn_with_stops(agent, [20, 300, 1_700], lambda agent: agent.num_timesteps < 300)
    assert agent.num_timesteps == 300
    learn_with_stops(agent, [1_700], lambda agent: False)
    assert agent.num_timesteps == 300


def test_an_agent_of_many_environments_stops_at_the_first_possible_step():
    agent, seen = ActorCritic("CookieJarCorner-v0", seed=0, n_envs=8), []
    learn_with_stops(agent, [20, 23, 100], lambda agent: seen.append(agent.num_timesteps))
    assert seen == [0, 24, 104]


def test_the_record_does_not_depend_on_the_parts(tmp_path):
    records = {}
    for name, limit in (("slow", lambda now: 37), ("fast", lambda now: 10_000)):
        training = training_run(tmp_path / name)
        training.begin()
        training.learn(limit=limit)
        training.finish(lambda *_: b"curve")
        files = [tmp_path / name / runs.AGENT_FILE, *(file for _, file in runs.snapshots(tmp_path / name))]
        episodes = (tmp_path / name / runs.MONITOR_FILE).read_text().splitlines()[2:]
        evaluations = (tmp_path / name / runs.EVALUATIONS_FILE).read_bytes()
        records[name] = (
            [file.read_bytes() for file in files],
            [line.split(",")[:2] for line in episodes],
            evaluations,
        )
    assert records["slow"] == records["fast"]
    assert len(records["slow"][1]) == training.agent.num_episodes > 0
    assert snapshot_steps(tmp_path / "slow")[:4] == [0, 100, 126, 158]


def test_learning_stops_when_asked_and_goes_on_to_the_same_numbers(tmp_path):
    whole = training_run(tmp_path / "whole")
    whole.begin()
    whole.learn()
    whole.finish(lambda *_: b"curve")
    parts = training_run(tmp_path / "parts")
    parts.begin()
    parts.learn(lambda: parts.agent.num_timesteps >= 1_000, lambda now: 300)
    assert 1_000 <= parts.agent.num_timesteps < 3_000
    parts.finish(lambda *_: b"curve")
    again = training_run(tmp_path / "parts", agent=load(tmp_path / "parts"))
    again.resume()
    again.learn()
    again.finish(lambda *_: b"curve")
    agents = [(tmp_path / name / runs.AGENT_FILE).read_bytes() for name in ("whole", "parts")]
    assert agents[0] == agents[1]
    assert snapshot_steps(tmp_path / "whole") == snapshot_steps(tmp_path / "parts")
    with (tmp_path / "parts" / runs.EVALUATIONS_FILE).open() as file:
        steps = [int(row["steps"]) for row in csv.DictReader(file)]
    assert steps == sorted(set(steps))
    assert steps == again.steps


def test_without_a_drawing_a_finished_run_has_no_curve(tmp_path):
    training = training_run(tmp_path / "run")
    training.begin()
    training.finish()
    assert (tmp_path / "run" / runs.AGENT_FILE).exists()
    assert not (tmp_path / "run" / runs.CURVE_FILE).exists()


def test_a_finished_run_learns_no_more(tmp_path):
    training = training_run(tmp_path / "run", target=200)
    training.begin()
    training.learn()
    table = training.agent.q_table.copy()
    training.learn()
    assert training.agent.num_timesteps == 200
    assert (training.agent.q_table == table).all()


def test_the_target_is_read_back(tmp_path):
    training = training_run(tmp_path / "run", target=1_234)
    training.begin()
    assert target_of(tmp_path / "run") == 1_234


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"timesteps": true}', '{"timesteps": 0}'])
def test_an_invalid_target_is_refused(tmp_path, text):
    (tmp_path / runs.TARGET_FILE).write_text(text)
    with pytest.raises(AgentError, match="no valid target; add --timesteps"):
        target_of(tmp_path)
