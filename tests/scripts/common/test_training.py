import pytest

from cookie_jar.agents import PPO, QLearning, evaluation
from cookie_jar.agents import training as training_module
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.training import TrainingRun
from cookie_jar.scripts.common.console import Console
from cookie_jar.scripts.common.training import CLOCK, NO_CLOCK, print_report, score_rows


def new_training(agent, folder):
    training = TrainingRun(agent, Evaluator(agent.env), folder, 10)
    training.begin()
    return training


def test_the_scores_go_from_random_to_optimum(tmp_path):
    rows = score_rows(new_training(QLearning("CookieJarCorner-v0"), tmp_path))
    assert [name for name, _, _ in rows] == ["random", "learned (greedy)", "optimum"]
    assert rows[-1][2].mean_return == pytest.approx(1.45)


def test_policy_gradients_and_levels_have_rows_of_their_own(tmp_path, monkeypatch):
    monkeypatch.setattr(evaluation, "LEVELS", 2)
    monkeypatch.setattr(training_module, "ALL_LEVELS", 3)
    agent = PPO("CookieJarRandom-v0", n_envs=2, filters=2, net_arch=[4])
    training = new_training(agent, tmp_path)
    rows = score_rows(training)
    assert max(len(name) for name, _, _ in rows) <= 21  # so that the table has 80 columns
    assert [name for name, _, _ in rows] == [
        "random",
        "learned (greedy)",
        "stochastic policy",
        "unseen levels, greedy",
        "unseen, stochastic",
        "test levels, greedy",
        "test, stochastic",
        "optimum",
    ]
    assert [by is training.held_out for _, by, _ in rows] == [False] * 3 + [True] * 2 + [False] * 3
    assert [by is training.test for _, by, _ in rows] == [False] * 5 + [True] * 2 + [False]


@pytest.mark.slow
def test_the_test_levels_are_100_for_every_agent(tmp_path):
    agent = PPO("CookieJarRandom-v0", n_envs=2, filters=2, net_arch=[4])
    training = TrainingRun(agent, Evaluator(agent.env), tmp_path, 10)
    assert training.test.how == "exact, without sampling noise, mean of 100 levels (2,000 to 2,099)"
    assert TrainingRun(QLearning("CookieJarCorner-v0"), training.evaluator, tmp_path, 10).test is None


def test_the_report_names_the_file_and_the_next_command(tmp_path):
    console = Console(width=100)
    with console.capture() as captured:
        print_report(console, new_training(QLearning("CookieJarCorner-v0"), tmp_path / "a run"))
    shown = captured.get()
    assert [word.strip() for word in shown.splitlines()[1].split("   ") if word.strip()] == [
        "happiness",
        "of possible",
        "success",
        "actions per success",
    ]
    assert "never" in next(line for line in shown.splitlines() if line.startswith("learned"))
    assert f"Saved as {tmp_path / 'a run' / 'agent.safetensors'}" in shown
    assert f'watch "{tmp_path / "a run"}"' in shown


def test_unknown_scores_are_left_out(tmp_path):
    agent = PPO("CartPole-v1", n_envs=2, net_arch=[4])
    console = Console(width=100)
    with console.capture() as captured:
        print_report(console, new_training(agent, tmp_path))
    assert "%" not in captured.get()
    assert "nan" not in captured.get()


def test_the_report_says_where_an_edited_model_card_is(tmp_path):
    (tmp_path / "README.md").write_text("---\nlibrary_name: cookie-jar\n---\n")
    console = Console(width=200)
    with console.capture() as captured:
        print_report(console, new_training(QLearning("CookieJarCorner-v0"), tmp_path))
    assert f"The edited model card is now {tmp_path / 'README.old.md'}" in captured.get()


def test_the_optimum_without_a_clock_is_shown_where_it_differs(tmp_path):
    training = new_training(QLearning("FrozenLake8x8-v1"), tmp_path)
    rows = {name: score.mean_return for name, _, score in score_rows(training)}
    assert [*rows] == ["random", "learned (greedy)", NO_CLOCK, "optimum"]
    assert rows[NO_CLOCK] == pytest.approx(0.8936, abs=5e-5)
    assert rows["optimum"] == pytest.approx(0.9132, abs=5e-5)
    console = Console(width=100)
    with console.capture() as captured:
        print_report(console, training)
    assert CLOCK in " ".join(captured.get().split())
