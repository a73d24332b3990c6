import pytest

from cookie_jar.agents import AgentError
from cookie_jar.scripts.comparison.algorithms import ALGORITHMS
from cookie_jar.scripts.comparison.settings import canonical, check_names, effective, parse_setting

PPO, Q = ALGORITHMS["ppo"].kind, ALGORITHMS["q-learning"].kind


@pytest.mark.parametrize("kind", [Q, "PPO"], ids=["ours", "sb3"])
@pytest.mark.parametrize("value", ["0.1", ".1", "1e-1", " 0.10", 0.1])
def test_equal_numbers_are_one_value(kind, value):
    assert parse_setting(kind, "learning_rate", value) == 0.1


@pytest.mark.parametrize(("kind", "name"), [(PPO, "normalize_advantage"), ("A2C", "use_rms_prop")])
def test_words_for_true_and_false(kind, name):
    assert [parse_setting(kind, name, word) for word in ("False", "no", "0", 0, False)] == [False] * 5
    assert [parse_setting(kind, name, word) for word in ("true", "YES", "1", 1, True)] == [True] * 5


@pytest.mark.parametrize(
    ("kind", "name", "value", "message"),
    [
        (Q, "learning_rate", "lin_1e-3", "schedules are not supported"),
        ("PPO", "learning_rate", "lin_1e-3", "schedules are not supported"),
        ("PPO", "learning_rate", "NaN", "expected a number, got 'NaN'"),
        ("PPO", "learning_rate", False, "expected a number, got False"),
        ("A2C", "use_rms_prop", "maybe", "expected True or False, got 'maybe'"),
        ("PPO", "n_envs", 0, "expected a whole number of at least 1"),
        ("PPO", "n_envs", "0.5", "expected a whole number"),
        ("PPO", "policy", "MlpPolice", "expected one of MlpPolicy"),
        ("PPO", "policy", [3], "expected one of MlpPolicy"),
        ("PPO", "policy_kwargs", "dict(net_arch=[64])", "never evaluated"),
        ("PPO", "env_wrapper", "os.system", "no wrapper other than"),
        ("PPO", "tensorboard_log", "x", "the program sets it"),
        ("PPO", "seed", 3, "the program sets it"),
        (Q, "seed", 3, "expected a hyperparameter"),
        (Q, "learnig_rate", 0.1, "such as learning_rate"),
        (Q, "env_kwargs", "x", "expected options of the environment"),
    ],
)
def test_other_values_are_refused(kind, name, value, message):
    with pytest.raises(AgentError, match=message):
        parse_setting(kind, name, value)


def test_other_values_of_sb3_are_left_to_it():
    assert parse_setting("DQN", "train_freq", [4, "step"]) == [4, "step"]
    assert parse_setting("PPO", "target_kl", "none") is None
    assert parse_setting("PPO", "batch_size", "1e3") == 1_000


def test_names_of_sb3_are_those_of_its_classes():
    pytest.importorskip("stable_baselines3")
    check_names("PPO", ["n_envs", "learning_rate", "clip_range", "policy_kwargs"])
    with pytest.raises(AgentError, match="'learnig_rate': expected a hyperparameter such as learning_rate"):
        check_names("PPO", ["learnig_rate"])
    with pytest.raises(AgentError, match="'seed'"):
        check_names("PPO", ["seed"])


def test_equal_settings_have_equal_texts():
    assert canonical({"b": (1.0, True), "a": 0.5}) == canonical({"a": 0.5, "b": [1, True]})
    assert canonical(1) != canonical(True)
    default = Q.hyperparameters["gamma"].default
    assert effective(Q, {}) == effective(Q, {"gamma": default}) != effective(Q, {"gamma": default / 2})
