"""Files written by an earlier version are read, and lead to the same numbers: see data/before/README.md."""

import json
import shutil

import pytest
from before import (
    AGENTS,
    BEFORE,
    COMPARE,
    MORE,
    RESUMED,
    RUNS,
    STEPS,
    SWEEP,
    TRAINED,
    assert_same,
    assert_same_arrays,
    assert_same_memory,
    clockless,
    episodes,
    metrics,
    read,
    score_tolerance,
    settings_now,
    table,
    told,
    tolerance,
)

from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.scripts import card, compare, sweep, train, watch


@pytest.fixture(autouse=True)
def inside(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for variable in ("SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY"):  # `watch` then prints episodes as text
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


@pytest.fixture
def by_steps(monkeypatch):
    """Let new agents learn by steps, as earlier versions did, also where they could learn on tables."""
    monkeypatch.setattr(OnPolicy, "tables", lambda agent: None)


@pytest.mark.parametrize("name", RUNS)
def test_a_run_goes_on_to_the_same_numbers(inside, name):
    shutil.copytree(TRAINED / name, inside / name)
    train.main(["--resume", name, "--timesteps", str(MORE)])
    kept, within = RESUMED / name, tolerance(name)
    assert_same_memory(inside / name / "agent.safetensors", kept / "agent.safetensors", within)
    assert_same(
        table(inside / name / "evaluations.csv"), table(kept / "evaluations.csv"), score_tolerance(name)
    )
    assert episodes(inside / name) == episodes(kept)
    assert json.loads((inside / name / "target.json").read_text()) == {"timesteps": STEPS + MORE}


@pytest.mark.parametrize("name", [name for name in RUNS if name != "ppo-network"])
def test_the_same_command_gives_the_same_numbers(inside, by_steps, name):
    """The network is left out: its first layer now has orthogonal initial weights."""
    train.main([*RUNS[name], "--timesteps", str(STEPS + MORE), "--name", "new"])
    arrays, description = read(inside / "runs" / "new" / "agent.safetensors")
    kept_arrays, kept_description = read(RESUMED / name / "agent.safetensors")
    assert_same_arrays(arrays, kept_arrays, tolerance(name))
    assert description["hyperparameters"] == settings_now(kept_description["hyperparameters"])
    for part in ("algorithm", "random_state", "num_timesteps", "num_episodes"):
        assert description[part] == kept_description[part]
    assert episodes(inside / "runs" / "new") == episodes(RESUMED / name)


@pytest.mark.parametrize("name", AGENTS)
def test_an_agent_of_the_library_goes_on_to_the_same_numbers(inside, name):
    within = tolerance(name)
    new = AGENTS[name]()
    options = {"use_model": False} if name == "steps" else {}
    loaded = type(new).load(BEFORE / "agents" / f"{name}-400", **options)
    for agent, steps in ((new, 700), (loaded, 300)):
        agent.learn(steps).save(inside / "agent")
        assert_same_memory(
            inside / "agent.safetensors", BEFORE / "agents" / f"{name}-700.safetensors", within
        )


@pytest.mark.parametrize("name", ["q-learning", "ppo-network"])
def test_a_snapshot_is_found(name, capsys):
    [_, file] = sorted((TRAINED / name / "snapshots").iterdir())
    watch.main([f"{TRAINED / name}@500"])
    shown = capsys.readouterr().out
    watch.main([str(file)])
    assert told(shown) == told(capsys.readouterr().out)
    if name == "ppo-network":
        before = told((BEFORE / "episodes" / "ppo-snapshot.txt").read_text())
        assert len({action for action, *_ in before}) == 1  # the same action 40 times: it is shown twice
        assert told(shown) == before[:2]
        assert "act 1 repeats until act 200" in shown


@pytest.mark.parametrize("name", ["story", "luck"])
def test_an_episode_is_replayed(name, capsys):
    file = BEFORE / "episodes" / f"{name}.json"
    watch.main([str(file)])
    lines, kept = told(capsys.readouterr().out), json.loads(file.read_text())
    assert lines == told(file.with_suffix(".txt").read_text())
    assert len(lines) == len(kept["actions"])
    assert float(lines[-1][-1]) == kept["happiness"]


def test_an_episode_becomes_a_picture(inside, monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    watch.main([str(BEFORE / "episodes" / "story.json"), "--save", "story.png", "--size", "320x320"])
    assert (inside / "story.png").stat().st_size > 5_000


def in_order(cells, more):
    """Return whether a row has these cells in this order; later versions have more columns."""
    rest = iter(more)
    return all(cell in rest for cell in cells)


def test_a_comparison_is_shown_again(inside, capsys):
    compare.main(["--from", str(BEFORE / "comparison"), "--out", "shown", "--no-page"])
    printed = capsys.readouterr().out.splitlines()
    for line in (BEFORE / "comparison.txt").read_text().splitlines():
        if line.startswith(("Q-learning", "PPO", "SB3 PPO", "random", "optimum")):
            assert any(in_order(line.split(), other.split()) for other in printed)
    for file in ("results.csv", "evaluations.csv", "improvement.csv"):
        kept = table(BEFORE / "comparison" / file)
        new = [
            {key: row[key] for key in kept[0]} for row in table(inside / "shown" / file)
        ]  # it may have more
        assert_same(new, kept, 1e-9, file)


def test_a_comparison_goes_on_from_its_folder(inside):
    """With all records, nothing is run; a lost one is run again, with the same result."""
    pytest.importorskip("stable_baselines3")
    records, kept = inside / "comparison" / "records.jsonl", BEFORE / "comparison" / "records.jsonl"
    shutil.copytree(BEFORE / "comparison", inside / "comparison")
    compare.main([*COMPARE, "--out", "comparison"])
    assert records.read_bytes() == kept.read_bytes()
    plans = [json.loads((folder / "comparison" / "plan.json").read_text()) for folder in (inside, BEFORE)]
    assert plans[0] == plans[1]
    lines = kept.read_text().splitlines(keepends=True)
    lost = next(line for line in lines if json.loads(line)["cell"]["contender"] == "q-learning")
    records.write_text("".join(line for line in lines if line != lost))
    compare.main([*COMPARE, "--out", "comparison"])
    assert records.read_text().splitlines()[:-1] == [line.rstrip() for line in lines if line != lost]
    assert_same(clockless(records), clockless(kept), 1e-9)


@pytest.mark.parametrize("name", ["q-learning-0", "ppo-1", "sb3-ppo-0"])
def test_the_memories_of_a_comparison_are_worth_what_its_records_say(inside, name):
    algorithm, _, seed = name.rpartition("-")
    card.main([str(BEFORE / "comparison" / "runs" / f"cookie-jar-corner-{name}"), "-o", "card.md"])
    records = [
        json.loads(line) for line in (BEFORE / "comparison" / "records.jsonl").read_text().splitlines()
    ]
    [record] = [r for r in records if (r["cell"]["contender"], r["cell"]["seed"]) == (algorithm, int(seed))]
    _, _, _, greedy, _, success, _ = record["checks"][-1]
    assert metrics(inside / "card.md") == pytest.approx(
        {"mean_reward": greedy, "success_rate": success}, abs=1e-6
    )


def test_a_sweep_goes_on_from_its_folder(inside):
    """With all records, nothing is run; in an empty folder, all comes out the same, under the same keys.

    Actor-critic in a table now draws other random numbers: only its keys are the same.
    """
    kept = BEFORE / "sweep" / "records.jsonl"
    shutil.copytree(BEFORE / "sweep", inside / "sweep")
    sweep.main([*SWEEP, "--out", "sweep"])
    assert (inside / "sweep" / "records.jsonl").read_bytes() == kept.read_bytes()
    sweep.main([*SWEEP, "--out", "new"])
    new, before = clockless(inside / "new" / "records.jsonl"), clockless(kept)
    assert list(new) == list(before)
    exact = [key for key in before if json.loads(key)["contender"] != "actor-critic"]
    assert len(exact) == len(before) // 2
    assert_same({key: new[key] for key in exact}, {key: before[key] for key in exact}, 1e-9)
