import pytest
from needs import needs_links
from trials import CORNER, record

from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.comparison.folders import (
    check_agents,
    check_folder,
    check_outputs,
    check_trials,
    lock,
)
from cookie_jar.scripts.comparison.store import Store, trial_folder
from cookie_jar.scripts.comparison.trials import failed


@pytest.fixture
def done(tmp_path):
    """The finished trials in a folder: two seeds."""
    records = [record([0, 1], seed) for seed in range(2)]
    Store(tmp_path).add([*records, failed(records[0].trial._replace(seed=7), "why")])
    return [one.trial for one in records]


def test_a_plan_that_has_all_finished_trials_goes_on(tmp_path, done):
    more = [done[0]._replace(seed=5), done[0]._replace(algorithm="sarsa"), done[0]._replace(env_id="E-v0")]
    check_trials(tmp_path, [*more, *done])
    check_folder(tmp_path, [*more, *done])


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ({"timesteps": 300}, "with --timesteps 100;"),
        ({"n_evaluations": 3}, "with --checks 100;"),
        ({"algorithm": "sarsa"}, "with --agents ppo;"),
        ({"env_id": "E-v0"}, f"with --env {CORNER};"),
        ({"settings": {"gamma": 0.5}}, "with other settings of ppo;"),
        ({"algorithm": "sarsa", "timesteps": 300}, "with --agents ppo, --timesteps 100;"),
    ],
)
def test_another_plan_is_refused_with_what_differs(tmp_path, done, change, difference):
    with pytest.raises(UsageError, match="holds 2 finished runs of another plan") as error:
        check_trials(tmp_path, [trial._replace(**change) for trial in done])
    assert difference in str(error.value)
    assert "choose another folder with --out" in str(error.value)


def test_fewer_seeds_are_another_plan_except_in_a_sweep(tmp_path, done):
    with pytest.raises(UsageError, match="holds 1 finished run of another plan, with --seeds 2;"):
        check_trials(tmp_path, done[:1])
    check_trials(tmp_path, done[:1], ignore=("--seeds",))


def test_results_of_other_records_are_not_replaced(tmp_path, done):
    check_outputs(tmp_path, [tmp_path])
    with pytest.raises(UsageError, match="holds another comparison"):
        check_outputs(tmp_path, [tmp_path / "elsewhere"])


@pytest.mark.parametrize("name", ["index.html", "results.csv", "evaluations.csv", "plan.json"])
def test_files_of_others_are_not_replaced(tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(UsageError, match=f"{name}: exists, and is not a result of `compare`"):
        check_folder(tmp_path, [])
    assert (tmp_path / name).read_text() == "mine"


@needs_links
@pytest.mark.parametrize("name", ["figures", "runs"])
def test_links_are_not_followed(tmp_path, name):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="expected a folder, not a link"):
        check_folder(tmp_path, [])


def test_agents_of_others_are_not_replaced(tmp_path):
    trial = record([0, 1]).trial
    run = trial_folder(tmp_path, trial)
    run.mkdir(parents=True)
    check_agents(tmp_path, [trial])
    (run / "agent.safetensors").touch()
    for mark in (None, "0" * 16):  # of `train`, and of another trial
        if mark:
            (run / "cell").write_text(mark)
        with pytest.raises(UsageError, match="holds the agent of another run"):
            check_agents(tmp_path, [trial])
    (run / "cell").write_text(trial.key)
    check_agents(tmp_path, [trial])


def test_two_environments_do_not_share_a_folder(tmp_path):
    trial = record([0, 1]).trial
    with pytest.raises(UsageError, match=r"would hold the agents of other/X-v1 and X-v0"):
        check_agents(tmp_path, [trial._replace(env_id="X-v0"), trial._replace(env_id="other/X-v1")])


def test_two_processes_do_not_write_to_one_folder(tmp_path):
    first = lock(tmp_path / "new")
    with pytest.raises(UsageError, match="another process is writing to it"):
        lock(tmp_path / "new")
    first.release()
    lock(tmp_path / "new")
