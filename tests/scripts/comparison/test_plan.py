import json

import pytest
from trials import CORNER, record

from cookie_jar.agents.errors import FileError
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.comparison import algorithms
from cookie_jar.scripts.comparison import plan as plan_module
from cookie_jar.scripts.comparison.algorithms import settings_of
from cookie_jar.scripts.comparison.plan import Plan, SweepPlan, check_env_ids
from cookie_jar.scripts.comparison.results import read_plan
from cookie_jar.scripts.comparison.search import Range

SWEEP = SweepPlan([CORNER], ["q-learning"], {"gamma": [0.5, 0.9]}, None, 0, 2, 3, 500, 4)


def test_every_algorithm_runs_once_before_any_runs_twice_and_long_ones_first():
    trials = Plan(["CookieJar-v0", CORNER], ["sarsa", "sb3-dqn"], 2, 5_000, 7).trials()
    assert [trial.seed for trial in trials] == [0] * 4 + [1] * 4
    assert [trial.algorithm for trial in trials[:4]] == ["sb3-dqn", "sb3-dqn", "sarsa", "sarsa"]
    assert {(trial.timesteps, trial.n_evaluations) for trial in trials} == {(5_000, 7)}
    assert all(trial.settings == settings_of(trial.algorithm, trial.env_id) for trial in trials)


def test_without_steps_each_environment_has_its_budget():
    steps = {
        trial.env_id: trial.timesteps
        for trial in Plan([CORNER, "CookieJar-v0"], ["ppo"], 1, None, 1).trials()
    }
    assert steps[CORNER] < steps["CookieJar-v0"]


def test_maskable_ppo_needs_one_kitchen():
    plan = Plan(["CookieJar-v0", "CookieJarRandom-v0", "FrozenLake-v1"], ["sb3-maskable-ppo"], 1, 100, 1)
    assert [trial.env_id for trial in plan.trials()] == ["CookieJar-v0"]
    assert plan.left_out() == [
        f"left out in {env_id}, which has no action masks: sb3-maskable-ppo" for env_id in plan.env_ids[1:]
    ]


def test_a_missing_library_is_named_with_the_way_to_install_it(monkeypatch):
    monkeypatch.setattr(algorithms, "is_installed", lambda kind: False)
    [text] = Plan([CORNER], ["ppo"], 1, 100, 1).left_out(["ppo", "sb3-dqn", "sb3-ppo"])
    assert text.startswith("left out: sb3-dqn, sb3-ppo; the extra sb3 is not installed; run: pip install ")


def test_the_options_are_written_beside_the_results(tmp_path):
    Plan([CORNER], ["ppo"], 2, None, 100).write(tmp_path / "new")
    written = json.loads((tmp_path / "new" / "plan.json").read_text())  # as earlier versions read them
    assert written == {"env_ids": [CORNER], "agents": ["ppo"], "seeds": 2, "timesteps": None, "checks": 100}


def test_hints_with_the_gamma_of_each_agent(tmp_path):
    plan = Plan([CORNER, "CookieJar-v0", "CookieJarHints-v0"], ["q-learning", "sb3-ppo"], 1, 100, 1, True)
    kwargs = {(trial.algorithm, trial.env_id): trial.settings.get("env_kwargs") for trial in plan.trials()}
    for env_id in (CORNER, "CookieJar-v0"):  # there are no hints
        assert kwargs["q-learning", env_id] is None
        assert kwargs["sb3-ppo", env_id] == {"observation": "factors"}
    gammas = {name: settings_of(name, "CookieJarHints-v0")["gamma"] for name in plan.agents}
    assert gammas["q-learning"] != gammas["sb3-ppo"]
    assert kwargs["q-learning", "CookieJarHints-v0"] == {"hint_gamma": gammas["q-learning"]}
    assert kwargs["sb3-ppo", "CookieJarHints-v0"] == {
        "observation": "factors",
        "hint_gamma": gammas["sb3-ppo"],
    }
    assert "match_hints" in plan._fields
    plan.write(tmp_path)
    assert read_plan(tmp_path) == plan


def test_hints_with_the_default_gamma_of_an_agent(tmp_path, monkeypatch):
    """Settings without a gamma mean the default of the agent, or 0.99, that of Stable-Baselines3."""
    monkeypatch.setattr(plan_module, "settings_of", lambda name, env_id: {})
    trials = Plan(["CookieJarHints-v0"], ["ppo", "sb3-ppo"], 1, 100, 1, True).trials()
    assert [trial.algorithm for trial in trials] == ["sb3-ppo", "ppo"]
    assert all(trial.settings == {"env_kwargs": {"hint_gamma": 0.99}} for trial in trials)


@pytest.mark.parametrize("text", ["1", '"yes"', "null"])
def test_a_damaged_plan_is_refused(tmp_path, text):
    Plan([CORNER], ["ppo"], 2, None, 100, True).write(tmp_path)
    file = tmp_path / "plan.json"
    file.write_text(file.read_text().replace("true", text))
    with pytest.raises(FileError, match="match_hints: expected true or false"):
        read_plan(tmp_path)


def test_unknown_environments_are_refused():
    assert check_env_ids([CORNER, "FrozenLake-v1", CORNER]) == [CORNER, "FrozenLake-v1"]
    assert check_env_ids([f"cookie_jar.envs:{CORNER}"]) == [f"cookie_jar.envs:{CORNER}"]
    for env_id in ("Nothing-v0", "os:system", "no_module:X-v0", "a b"):
        with pytest.raises(UsageError, match="--env"):
            check_env_ids([env_id])


def test_a_grid_has_all_settings_and_seeds():
    trials = SWEEP.trials()
    assert [(trial.settings["gamma"], trial.seed) for trial in trials] == [
        (0.5, 3),
        (0.5, 4),
        (0.9, 3),
        (0.9, 4),
    ]
    assert [trial.variant for trial in trials[1:3]] == ["gamma=0.5", "gamma=0.9"]
    assert list(trials[0].settings) == sorted(trials[0].settings)
    assert trials[0].settings | {"gamma": 0} == settings_of("q-learning", CORNER) | {"gamma": 0}


def test_random_draws_come_with_the_present_setting_and_without_repetitions():
    plan = SWEEP._replace(ranges={"gamma": [0.5, 0.9]}, n_random=9, seeds=1)
    assert settings_of("q-learning", CORNER)["gamma"] == 0.9  # so this value is the present setting
    assert sorted(trial.variant for trial in plan.trials()) == ["", "gamma=0.5"]
    drawn = SWEEP._replace(ranges={"learning_rate": Range(0.1, 0.9)}, n_random=2, seeds=1)
    assert len(drawn.trials()) == 3
    assert drawn.trials() == drawn.trials() != drawn._replace(search_seed=1).trials()


def test_equal_settings_are_tried_once():
    texts = SWEEP._replace(ranges={"learning_rate": [0.1, ".1", "1e-1", "0.10"]}, seeds=1)
    assert [trial.settings["learning_rate"] for trial in texts.trials()] == [0.1]
    words = SWEEP._replace(
        agents=["ppo", "sb3-a2c"],
        ranges={"normalize_advantage": ["False", "no", 0, False, "true"]},
        seeds=1,
    )
    assert [trial.settings["normalize_advantage"] for trial in words.trials()] == [False, True] * 2
    assert words.trials()[0].variant == "normalize_advantage=false"


def test_a_text_that_is_no_value_is_refused_and_other_values_fail_alone():
    with pytest.raises(UsageError, match="--vary gamma: expected a number from 0 to 1, got 'many'"):
        SWEEP._replace(ranges={"gamma": [0.5, "many"]}).trials()
    assert [t.settings["gamma"] for t in SWEEP._replace(ranges={"gamma": [0.5, 7]}, seeds=1).trials()] == [
        0.5,
        7,
    ]


def test_the_best_settings_get_further_seeds():
    trials = SWEEP.trials()
    scores = {0.5: 20, 0.9: 80}
    records = [record([0, scores[trial.settings["gamma"]]])._replace(trial=trial) for trial in trials]
    finals = SWEEP.final_trials(records, 1, 3)
    assert [(trial.settings["gamma"], trial.seed) for trial in finals] == [(0.9, 5), (0.9, 6), (0.9, 7)]
    assert len(SWEEP.final_trials(records, 5, 1)) == 2
